/* spellings.c - geometries from text and bytes, and as text and bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"

#include <math.h>

/* ---- from ------------------------------------------------------------------------ */

typedef struct spelling {
    elc_status (*read)(const char *text, size_t size, elc_string *out, int32_t *srid,
                       elc_error *err);
    uint32_t type; /* 0: any; others give NULL, as in PostGIS */
} spelling;

static elc_status read_wkb(const char *bytes, size_t size, elc_string *out,
                           int32_t *srid, elc_error *err) {
    return elc_wkb_from_ewkb(bytes, size, out, srid, err);
}

static elc_status from(elc_frame *f, size_t row, elc_error *err) {
    const spelling *how = f->function->detail;
    elc_bytes text = elc_frame_bytes(f, 0, row);
    elc_head head;
    ELC_TRY(how->read(text.data, text.size, &f->made, NULL, err));
    if (how->type == 0)
        return elc_give_made(f, err);
    ELC_TRY(elc_head_read((elc_bytes){f->made.data, f->made.size}, &head, err));
    return head.type == how->type ? elc_give_made(f, err) : ELC_OK;
}

static const spelling wkt = {elc_wkb_from_wkt, 0}, geojson = {elc_wkb_from_geojson, 0},
                      hex = {elc_wkb_from_hex, 0}, wkb = {read_wkb, 0},
                      wkb_point = {read_wkb, HEAD_POINT},
                      wkt_point = {elc_wkb_from_wkt, HEAD_POINT},
                      wkt_line = {elc_wkb_from_wkt, HEAD_LINE},
                      wkt_polygon = {elc_wkb_from_wkt, HEAD_POLYGON},
                      wkt_points = {elc_wkb_from_wkt, HEAD_MULTIPOINT},
                      wkt_lines = {elc_wkb_from_wkt, HEAD_MULTILINE},
                      wkt_polygons = {elc_wkb_from_wkt, HEAD_MULTIPOLYGON};

static elc_status bytes_of(elc_frame *f, size_t row, elc_error *err) {
    elc_bytes text = elc_frame_bytes(f, 0, row);
    return elc_give_bytes(f, text.data, text.size, err);
}

/* ---- as -------------------------------------------------------------------------- */

enum { MOST_DECIMALS = 20 };

static elc_status decimals_of(const elc_frame *f, size_t row, int *out,
                              elc_error *err) {
    int64_t n = elc_frame_int(f, 1, row);
    if (n < ELC_EXACT || n > MOST_DECIMALS)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "decimals is %lld; it may be 0 to %d, or -1: all that there are",
            (long long)n, MOST_DECIMALS);
    *out = (int)n;
    return ELC_OK;
}

typedef struct text_form {
    elc_status (*write)(const void *wkb, size_t size, int decimals, elc_string *out,
                        elc_error *err);
} text_form;
static const text_form as_wkt = {elc_wkb_to_wkt}, as_geojson = {elc_wkb_to_geojson};

static elc_status as_text(elc_frame *f, size_t row, elc_error *err) {
    const text_form *form = f->function->detail;
    elc_bytes bytes = elc_frame_bytes(f, 0, row);
    int decimals = 0;
    ELC_TRY(decimals_of(f, row, &decimals, err));
    ELC_TRY(form->write(bytes.data, bytes.size, decimals, &f->made, err));
    return elc_give_text(f, f->made.data, err);
}

/* As every function gives it: ISO, little endian. */
static elc_status as_binary(elc_frame *f, size_t row, elc_error *err) {
    elc_bytes bytes = elc_frame_bytes(f, 0, row);
    ELC_TRY(elc_wkb_from_ewkb(bytes.data, bytes.size, &f->made, NULL, err));
    return elc_give_made(f, err);
}

static elc_status as_hex(elc_frame *f, size_t row, elc_error *err) {
    elc_string iso = {0};
    elc_bytes bytes = elc_frame_bytes(f, 0, row);
    elc_status status = elc_wkb_from_ewkb(bytes.data, bytes.size, &iso, NULL, err);
    if (status == ELC_OK)
        status = elc_wkb_to_hex(iso.data, iso.size, &f->made, err);
    elc_string_free(&iso);
    return status == ELC_OK ? elc_give_text(f, f->made.data, err) : status;
}

/* ---- degrees, minutes and seconds ------------------------------------------------ */

static elc_status append_dms(elc_string *out, double degrees, char positive,
                             char negative, elc_error *err) {
    long long ms = llround(fabs(degrees) * 3600000);
    return elc_string_printf(out, err, "%lld\u00b0%lld'%lld.%03lld\"%c", ms / 3600000,
                             ms / 60000 % 60, ms / 1000 % 60, ms % 1000,
                             degrees < 0 ? negative : positive);
}

static elc_status as_lat_lon(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    bool empty;
    ELC_TRY(elc_frame_point(f, 0, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    if (!isfinite(p.x) || !(fabs(p.y) <= 90))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "(%.17g, %.17g) is no longitude and latitude in degrees", p.x,
                        p.y);
    double lon = fabs(p.x) > 180 ? remainder(p.x, 360) : p.x;
    ELC_TRY(append_dms(&f->made, p.y, 'N', 'S', err));
    ELC_TRY(elc_string_append(&f->made, " ", 1, err));
    ELC_TRY(append_dms(&f->made, lon, 'E', 'W', err));
    return elc_give_text(f, f->made.data, err);
}

#define FROM(NAME, ALIASES, TYPE, DETAIL, SUMMARY, EXAMPLE, GIVES)                     \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES,                                              \
        .arguments = {{TYPE == ELC_UTF8 ? "text" : "bytes", TYPE, NULL}},              \
        .result = ELC_GEOMETRY, .summary = SUMMARY, .example = NAME "(" EXAMPLE ")",   \
        .gives = GIVES, .row = from, .detail = &(DETAIL)                               \
    }
#define AS(NAME, ALIASES, RESULT, KERNEL, SUMMARY, EXAMPLE, GIVES)                     \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES, .arguments = {ARG_GEOM}, .result = RESULT,   \
        .summary = SUMMARY, .example = NAME "(" EXAMPLE ")", .gives = GIVES,           \
        .row = KERNEL                                                                  \
    }
#define DECIMALS                                                                       \
    { "decimals", ELC_INT32, "-1" }
#define HEX "0101000000000000000000F03F0000000000000040"

static const elc_function functions[] = {
    AS("st_asbinary", "st_aswkb", ELC_BINARY, as_binary,
       "its well-known binary: ISO, little endian", "st_point(1, 2)",
       "0101000000000000000000f03f0000000000000040"),
    {.name = "st_asgeojson",
     .arguments = {ARG_GEOM, DECIMALS},
     .result = ELC_UTF8,
     .summary =
         "the geometry object of GeoJSON, with so many decimals at most (-1: all)",
     .example = "st_asgeojson(st_point(1, 2))",
     .gives = "{\"type\":\"Point\",\"coordinates\":[1,2]}",
     .row = as_text,
     .detail = &as_geojson},
    AS("st_ashexwkb", "st_ashex", ELC_UTF8, as_hex,
       "its well-known binary in hexadecimal digits", "st_point(1, 2)", HEX),
    AS("st_aslatlontext", NULL, ELC_UTF8, as_lat_lon,
       "a point of longitude and latitude in degrees, minutes and seconds",
       "st_point(11.5, -48.1)", "48\u00b06'0.000\"S 11\u00b030'0.000\"E"),
    {.name = "st_astext",
     .aliases = "st_aswkt",
     .arguments = {ARG_GEOM, DECIMALS},
     .result = ELC_UTF8,
     .summary = "its well-known text, with so many decimals at most (-1: all)",
     .example = "st_astext(st_point(1.25, 2), 1)",
     .gives = "POINT (1.2 2)",
     .row = as_text,
     .detail = &as_wkt},
    {.name = "st_bytearray",
     .arguments = {ARG_TEXT("text")},
     .result = ELC_BINARY,
     .summary = "the bytes of a text",
     .example = "st_bytearray('abc')",
     .gives = "616263",
     .row = bytes_of},
    FROM("st_geomfromgeojson", NULL, ELC_UTF8, geojson,
         "the geometry that a geometry object of GeoJSON describes",
         "'{\"type\":\"Point\",\"coordinates\":[1,2]}'", "POINT (1 2)"),
    FROM("st_geomfromhexwkb", "st_geomfromhexewkb", ELC_UTF8, hex,
         "the geometry of WKB or EWKB in hexadecimal digits; its SRID is left out",
         "'" HEX "'", "POINT (1 2)"),
    FROM("st_geomfromtext", "st_geomfromwkt,st_geometryfromtext,st_geomfromewkt",
         ELC_UTF8, wkt, "the geometry of WKT or EWKT; its SRID is left out",
         "'POINT Z (1 2 3)'", "POINT Z (1 2 3)"),
    FROM("st_geomfromwkb", "st_geomfromewkb", ELC_BINARY, wkb,
         "the geometry of WKB or EWKB; its SRID is left out", "unhex('" HEX "')",
         "POINT (1 2)"),
    FROM("st_linefromtext", "st_linestringfromtext", ELC_UTF8, wkt_line,
         "the line of well-known text; NULL for another type",
         "'LINESTRING (1 2, 3 4)'", "LINESTRING (1 2, 3 4)"),
    FROM("st_mlinefromtext", NULL, ELC_UTF8, wkt_lines,
         "the MultiLineString of well-known text; NULL for another type",
         "'MULTILINESTRING ((1 2, 3 4))'", "MULTILINESTRING ((1 2, 3 4))"),
    FROM("st_mpointfromtext", NULL, ELC_UTF8, wkt_points,
         "the MultiPoint of well-known text; NULL for another type",
         "'MULTIPOINT ((1 2))'", "MULTIPOINT ((1 2))"),
    FROM("st_mpolyfromtext", NULL, ELC_UTF8, wkt_polygons,
         "the MultiPolygon of well-known text; NULL for another type",
         "'POLYGON ((0 0, 1 0, 1 1, 0 0))'", NULL),
    FROM("st_pointfromtext", NULL, ELC_UTF8, wkt_point,
         "the point of well-known text; NULL for another type", "'POINT (1 2)'",
         "POINT (1 2)"),
    FROM("st_pointfromwkb", NULL, ELC_BINARY, wkb_point,
         "the point of WKB; NULL for another type", "unhex('" HEX "')", "POINT (1 2)"),
    FROM("st_polygonfromtext", "st_polyfromtext", ELC_UTF8, wkt_polygon,
         "the polygon of well-known text; NULL for another type",
         "'POLYGON ((0 0, 1 0, 1 1, 0 0))'", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    {0},
};

const elc_function_family elc_function_family_spellings = {
    .name = "spellings",
    .summary = "geometries from text and bytes, and as text and bytes",
    .functions = functions,
};
