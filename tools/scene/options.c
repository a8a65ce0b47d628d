/* options.c - the renderer's command line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char elc_options_help[] =
    "scene - render a synthetic town with planted vehicles, and their truth\n"
    "\n"
    "usage: scene --out town.tif [--truth town.geojson] [options]\n"
    "\n"
    "  --out FILE         GeoTIFF to write (tiled, 8 bit, BigTIFF when large)\n"
    "  --truth FILE       GeoJSON of the planted objects\n"
    "  --pools FILE       swimming pools in yards, too, and their GeoJSON\n"
    "  --size WxH         pixels, to 100000x100000 (default 2000x2000)\n"
    "  --objects N        exactly so many objects (default 2,560 a square kilometre)\n"
    "  --seed N           the same seed gives the same bytes (default 1)\n"
    "  --parking SHARE    of the objects, in dense parking rows (default 0.33,\n"
    "                     or as near to it as the town has room)\n"
    "  --crowd IOU        most that two objects' boxes may overlap (default 0.4)\n"
    "  --gsd M            metres a pixel, 0.05 to 1 (default 0.125)\n"
    "  --epsg CODE        projected CRS in metres (default 32633)\n"
    "  --origin E,N       outer corner of the first pixel (default 500000,5400000;\n"
    "                     northing 6250000 in a southern UTM zone)\n"
    "  --rotation DEG     of the image against the grid, counter-clockwise (default "
    "0)\n"
    "  --code             add five bands after RGB that code each object pixel:\n"
    "                     x - xmin, y - ymin, xmax - x, ymax - y, class + 1\n"
    "  --code-only        those five bands alone\n"
    "  --compress NAME    none, packbits, lzw, deflate or zstd (default none)\n"
    "  --strips           strips over the whole width instead of 512 px tiles\n"
    "  --help             this text\n"
    "\n"
    "Classes: 0 car, 1 truck, 2 bus. A truth box is the tightest one round the pixels\n"
    "painted as that object. Exit status: 0 done, 1 failed, 2 wrong options.\n";

bool elc_scene_fail(elc_scene_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

static bool read_number(const char *name, const char *text, double low, double high,
                        double *out, elc_scene_error *err) {
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !(value >= low && value <= high))
        return elc_scene_fail(err, "%s %s: give a number from %g to %g", name, text,
                              low, high);
    *out = value;
    return true;
}

static bool read_whole(const char *name, const char *text, int64_t low, int64_t high,
                       int64_t *out, elc_scene_error *err) {
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < low || value > high)
        return elc_scene_fail(err, "%s %s: give a whole number from %lld to %lld", name,
                              text, (long long)low, (long long)high);
    *out = value;
    return true;
}

static bool read_size(const char *text, elc_scene_options *out, elc_scene_error *err) {
    int used = 0;
    int fields = sscanf(text, "%6dx%6d%n", &out->width, &out->height, &used);
    if (fields != 2 || text[used] != '\0' || out->width < 16 || out->height < 16 ||
        out->width > 100000 || out->height > 100000)
        return elc_scene_fail(err, "--size %s: give WIDTHxHEIGHT, 16 to 100000 px each",
                              text);
    return true;
}

static bool read_origin(const char *text, elc_scene_options *out,
                        elc_scene_error *err) {
    int used = 0;
    int fields = sscanf(text, "%lf,%lf%n", &out->origin_e, &out->origin_n, &used);
    if (fields != 2 || text[used] != '\0' || !isfinite(out->origin_e) ||
        !isfinite(out->origin_n))
        return elc_scene_fail(err, "--origin %s: give EASTING,NORTHING in metres",
                              text);
    out->origin_given = true;
    return true;
}

static bool read_compress(const char *text, elc_scene_options *out,
                          elc_scene_error *err) {
    static const char *const known[] = {"none", "packbits", "lzw", "deflate", "zstd"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(text, known[i]) == 0) {
            out->compress = known[i];
            return true;
        }
    return elc_scene_fail(
        err, "--compress %s: give none, packbits, lzw, deflate or zstd", text);
}

static bool read_seed(const char *text, elc_scene_options *out, elc_scene_error *err) {
    int64_t value = 0;
    if (!read_whole("--seed", text, 0, INT64_MAX, &value, err))
        return false;
    out->seed = (uint64_t)value;
    return true;
}

static bool read_layout(const char *name, const char *text, elc_scene_options *out,
                        elc_scene_error *err) {
    int64_t whole = 0;
    if (strcmp(name, "--objects") == 0) {
        out->objects_given = true;
        return read_whole(name, text, 0, 1000000000, &out->objects, err);
    }
    if (strcmp(name, "--epsg") == 0) {
        if (!read_whole(name, text, 1024, 999999, &whole, err))
            return false;
        out->epsg = (int)whole;
        return true;
    }
    if (strcmp(name, "--gsd") == 0)
        return read_number(name, text, 0.05, 1, &out->gsd_m, err);
    if (strcmp(name, "--rotation") == 0)
        return read_number(name, text, -360, 360, &out->rotation_deg, err);
    if (strcmp(name, "--parking") == 0) {
        out->parking_given = true;
        return read_number(name, text, 0, 1, &out->parking, err);
    }
    if (strcmp(name, "--crowd") == 0)
        return read_number(name, text, 0, 0.9, &out->crowd, err);
    return elc_scene_fail(err, "unknown option %s: see scene --help", name);
}

static bool read_valued(const char *name, const char *text, elc_scene_options *out,
                        elc_scene_error *err) {
    if (strcmp(name, "--out") == 0) {
        out->out = text;
        return true;
    }
    if (strcmp(name, "--truth") == 0) {
        out->truth = text;
        return true;
    }
    if (strcmp(name, "--pools") == 0) {
        out->pools = text;
        return true;
    }
    if (strcmp(name, "--size") == 0)
        return read_size(text, out, err);
    if (strcmp(name, "--origin") == 0)
        return read_origin(text, out, err);
    if (strcmp(name, "--compress") == 0)
        return read_compress(text, out, err);
    if (strcmp(name, "--seed") == 0)
        return read_seed(text, out, err);
    return read_layout(name, text, out, err);
}

static bool read_flag(const char *name, elc_scene_options *out) {
    if (strcmp(name, "--code") == 0)
        out->code = true;
    else if (strcmp(name, "--code-only") == 0) {
        out->code = true;
        out->rgb = false;
    } else if (strcmp(name, "--strips") == 0)
        out->strips = true;
    else if (strcmp(name, "--help") == 0)
        out->help = true;
    else
        return false;
    return true;
}

bool elc_options_parse(int argc, char **argv, elc_scene_options *out,
                       elc_scene_error *err) {
    *out = (elc_scene_options){.width = 2000,
                               .height = 2000,
                               .seed = 1,
                               .gsd_m = 0.125,
                               .epsg = 32633,
                               .origin_e = 500000,
                               .origin_n = 5400000,
                               .parking = 0.33,
                               .crowd = 0.4,
                               .rgb = true,
                               .compress = "none"};
    for (int i = 1; i < argc; i++) {
        if (read_flag(argv[i], out))
            continue;
        if (strncmp(argv[i], "--", 2) != 0)
            return elc_scene_fail(err, "%s: options begin with --, see scene --help",
                                  argv[i]);
        if (i + 1 == argc)
            return elc_scene_fail(err, "%s needs a value: see scene --help", argv[i]);
        if (!read_valued(argv[i], argv[i + 1], out, err))
            return false;
        i++;
    }
    if (!out->help && out->out == NULL)
        return elc_scene_fail(err, "--out is missing: name the GeoTIFF to write");
    if (!out->origin_given && out->epsg >= 32701 && out->epsg <= 32760)
        out->origin_n = 6250000;
    return true;
}
