/* truth.c - the planted objects as GeoJSON, streamed plot by plot. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <proj.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ledger {
    FILE *file;
    PJ_CONTEXT *context;
    PJ *to_lonlat;
    double affine[6], gsd_m;
    int64_t written;
    bool pools; /* instead of vehicles */
} ledger;

static const char *const kinds[] = {"car", "truck", "bus"};

static PJ_COORD lonlat_at(const ledger *l, double x, double y) {
    const double *a = l->affine;
    PJ_COORD at =
        proj_coord(a[0] + a[1] * x + a[2] * y, a[3] + a[4] * x + a[5] * y, 0, 0);
    return proj_trans(l->to_lonlat, PJ_FWD, at);
}

static void write_ring(ledger *l, elc_bounds box) {
    /* Counter-clockwise on the map, as RFC 7946 asks: the image's y points down. */
    const int corner[5][2] = {{box.xmin, box.ymax},
                              {box.xmax, box.ymax},
                              {box.xmax, box.ymin},
                              {box.xmin, box.ymin},
                              {box.xmin, box.ymax}};
    for (int i = 0; i < 5; i++) {
        PJ_COORD at = lonlat_at(l, corner[i][0], corner[i][1]);
        fprintf(l->file, "%s[%.9f,%.9f]", i ? "," : "", at.xy.x, at.xy.y);
    }
}

static void write_vehicle(ledger *l, const elc_vehicle *v) {
    elc_bounds b = v->box;
    PJ_COORD at = lonlat_at(l, (b.xmin + b.xmax) / 2.0, (b.ymin + b.ymax) / 2.0);
    double angle = atan2(v->slab.sine, v->slab.cosine) * 180 / M_PI;
    fprintf(l->file,
            "%s\n{\"type\":\"Feature\",\"id\":%lld,\"geometry\":{\"type\":\"Polygon\","
            "\"coordinates\":[[",
            l->written ? "," : "", (long long)l->written);
    write_ring(l, b);
    fprintf(l->file,
            "]]},\"properties\":{\"class\":\"%s\",\"class_id\":%d,\"xmin_px\":%d,"
            "\"ymin_px\":%d,\"xmax_px\":%d,\"ymax_px\":%d,\"lon\":%.9f,\"lat\":%.9f,"
            "\"angle_deg\":%.2f,\"parked\":%s}}",
            kinds[v->kind], v->kind, b.xmin, b.ymin, b.xmax, b.ymax, at.xy.x, at.xy.y,
            angle < 0 ? angle + 360 : angle, v->parked ? "true" : "false");
    l->written++;
}

static void write_pool(ledger *l, const elc_pool *pool) {
    elc_bounds b = pool->box;
    fprintf(l->file,
            "%s\n{\"type\":\"Feature\",\"id\":%lld,\"geometry\":{\"type\":\"Polygon\","
            "\"coordinates\":[[",
            l->written ? "," : "", (long long)l->written);
    write_ring(l, b);
    fprintf(l->file,
            "]]},\"properties\":{\"class\":\"pool\",\"class_id\":0,\"xmin_px\":%d,"
            "\"ymin_px\":%d,\"xmax_px\":%d,\"ymax_px\":%d}}",
            b.xmin, b.ymin, b.xmax, b.ymax);
    l->written++;
}

static void write_plot(ledger *l, const elc_town *town, elc_plot *plot, int col,
                       int row) {
    int streets, parked;
    elc_town_quota(town, col, row, &streets, &parked);
    if (streets + parked == 0 && !l->pools)
        return;
    elc_plot_make(plot, town, col, row);
    for (int i = 0; l->pools && i < plot->pools; i++)
        write_pool(l, &plot->pool[i]);
    for (int i = 0; !l->pools && i < streets; i++)
        write_vehicle(l, &plot->vehicle[i]);
    for (int i = 0; !l->pools && i < parked; i++)
        write_vehicle(l, &plot->vehicle[plot->streets + i]);
}

static bool write_all(ledger *l, const elc_town *town, elc_scene_error *err) {
    elc_plot *plot = malloc(sizeof *plot);
    if (plot == NULL)
        return elc_scene_fail(err, "out of memory for a plot");
    plot->full = false;
    fputs("{\"type\":\"FeatureCollection\",\"features\":[", l->file);
    for (int row = 0; row < town->rows; row++)
        for (int col = 0; col < town->cols; col++)
            write_plot(l, town, plot, col, row);
    fputs("\n]}\n", l->file);
    free(plot);
    return true;
}

static bool open_projection(ledger *l, int epsg, elc_scene_error *err) {
    char from[32];
    snprintf(from, sizeof from, "EPSG:%d", epsg);
    l->context = proj_context_create();
    proj_log_level(l->context, PJ_LOG_NONE);
    PJ *raw = proj_create_crs_to_crs(l->context, from, "OGC:CRS84", NULL);
    l->to_lonlat = raw ? proj_normalize_for_visualization(l->context, raw) : NULL;
    proj_destroy(raw);
    if (l->to_lonlat == NULL)
        return elc_scene_fail(err,
                              "--epsg %d: PROJ cannot bring it to longitude and "
                              "latitude: give a projected CRS in metres, such as 32633",
                              epsg);
    return true;
}

static bool close_file(ledger *l, const char *part, const char *path, bool ok,
                       elc_scene_error *err) {
    bool whole = ferror(l->file) == 0;
    whole = fclose(l->file) == 0 && whole;
    if (ok && !whole)
        ok = elc_scene_fail(err, "%s: cannot be written: %s", path, strerror(errno));
    if (ok && rename(part, path) != 0)
        ok = elc_scene_fail(err, "%s: cannot be renamed from %s", path, part);
    if (!ok)
        remove(part);
    return ok;
}

static bool write_part(ledger *l, elc_town *town, const char *part, const char *path,
                       elc_scene_error *err) {
    l->file = fopen(part, "w");
    if (l->file == NULL)
        return elc_scene_fail(err, "%s: cannot be created: %s", path, strerror(errno));
    return close_file(l, part, path, write_all(l, town, err), err);
}

bool elc_truth_write(elc_town *town, const char *path, bool pools,
                     elc_scene_error *err) {
    ledger l = {.gsd_m = town->options->gsd_m, .pools = pools};
    elc_raster_affine(town->options, l.affine);
    size_t room = strlen(path) + sizeof ".part";
    char *part = malloc(room);
    bool ok = part != NULL && open_projection(&l, town->options->epsg, err);
    if (part == NULL)
        elc_scene_fail(err, "%s: out of memory", path);
    if (ok) {
        snprintf(part, room, "%s.part", path);
        ok = write_part(&l, town, part, path, err);
    }
    proj_destroy(l.to_lonlat);
    if (l.context != NULL)
        proj_context_destroy(l.context);
    free(part);
    return ok;
}
