/* utm.c - longitude and latitude to UTM's eastings and northings and back, in bulk. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/frame.h"

#include <math.h>
#include <stdlib.h>

/* Rows of one zone that are turned at once: they stay in the nearest cache. */
enum { BLOCK = 1024 };

typedef enum utm_axis { UTM_X, UTM_Y } utm_axis;

typedef struct utm_wish {
    bool to_lonlat;
    utm_axis axis;
} utm_wish;

typedef struct run {
    elc_point points[BLOCK];
    size_t n;
    int zone;
    bool south;
} run;

/* ---- the zone of a row ----------------------------------------------------------- */

/* Numbers beyond int are no zone either. */
static int zone_number(int64_t zone) {
    return zone >= 1 && zone <= 60 ? (int)zone : 0;
}

/* Which zone the row's point is in or goes to: an argument, or that of its place, where
   the hemisphere is that of the latitude. */
static void zone_of(const elc_frame *f, size_t row, elc_point p, int *zone,
                    bool *south) {
    const utm_wish *wish = f->function->detail;
    *zone =
        f->n_arguments > 2 ? zone_number(elc_frame_int(f, 2, row)) : elc_utm_zone(p);
    *south = wish->to_lonlat ? elc_frame_int(f, 3, row) != 0 : p.y < 0;
}

/* ---- runs of rows ---------------------------------------------------------------- */

/* What cannot be turned is NULL. */
static elc_status give_run(elc_frame *f, run *r, elc_error *err) {
    const utm_wish *wish = f->function->detail;
    if (wish->to_lonlat)
        elc_utm_to_lonlat(r->zone, r->south, r->points, r->n);
    else
        elc_utm_from_lonlat(r->zone, r->south, r->points, r->n);
    for (size_t i = 0; i < r->n; i++) {
        double value = wish->axis == UTM_X ? r->points[i].x : r->points[i].y;
        if (!isnan(value))
            ELC_TRY(elc_give_real(f, value, err));
        ELC_TRY(elc_batch_end_row(f->results, err));
    }
    r->n = 0;
    return ELC_OK;
}

/* Rows with NULL are NaN, which comes out as NULL. */
static elc_status add_row(elc_frame *f, run *r, size_t row, elc_error *err) {
    elc_point p = {NAN, NAN};
    int zone = r->zone;
    bool south = r->south;
    if (!elc_frame_is_null(f, row)) {
        p = (elc_point){elc_frame_real(f, 0, row), elc_frame_real(f, 1, row)};
        zone_of(f, row, p, &zone, &south);
    }
    if (r->n == BLOCK || zone != r->zone || south != r->south)
        ELC_TRY(give_run(f, r, err));
    r->zone = zone;
    r->south = south;
    r->points[r->n++] = p;
    return ELC_OK;
}

static elc_status turn_all(elc_frame *f, elc_error *err) {
    run *r;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    for (size_t row = 0; row < f->n && status == ELC_OK; row++)
        status = add_row(f, r, row, err);
    if (status == ELC_OK)
        status = give_run(f, r, err);
    free(r);
    return status;
}

static elc_status utm_zone(elc_frame *f, size_t row, elc_error *err) {
    int zone =
        elc_utm_zone((elc_point){elc_frame_real(f, 0, row), elc_frame_real(f, 1, row)});
    return zone > 0 ? elc_give_int(f, zone, err) : ELC_OK;
}

static elc_status utm_crs(elc_frame *f, size_t row, elc_error *err) {
    elc_point p = {elc_frame_real(f, 0, row), elc_frame_real(f, 1, row)};
    int zone = elc_utm_zone(p);
    if (zone == 0)
        return ELC_OK;
    ELC_TRY(
        elc_string_printf(&f->made, err, "EPSG:%d", (p.y < 0 ? 32700 : 32600) + zone));
    return elc_give_text(f, f->made.data, err);
}

static const utm_wish easting = {false, UTM_X}, northing = {false, UTM_Y},
                      lon = {true, UTM_X}, lat = {true, UTM_Y};

#define FROM(NAME, DETAIL, SUMMARY, GIVES)                                             \
    {.name = NAME,                                                                     \
     .arguments = {ARG("lon"), ARG("lat")},                                            \
     .result = ELC_FLOAT64,                                                            \
     .summary = SUMMARY " in UTM, in the zone where it lies; NULL beyond UTM",         \
     .example = NAME "(15, 0)",                                                        \
     .gives = GIVES,                                                                   \
     .bulk = turn_all,                                                                 \
     .detail = &(DETAIL)},                                                             \
    {                                                                                  \
        .name = NAME, .arguments = {ARG("lon"), ARG("lat"), ARG_INT("zone")},          \
        .result = ELC_FLOAT64,                                                         \
        .summary = SUMMARY " in a zone of UTM, 1 to 60, on the side of the equator "   \
                           "where it lies; NULL beyond UTM",                           \
        .example = NAME "(15, 0, 33)", .gives = GIVES, .bulk = turn_all,               \
        .detail = &(DETAIL)                                                            \
    }
#define TO(NAME, DETAIL, SUMMARY, GIVES)                                               \
    {                                                                                  \
        .name = NAME,                                                                  \
        .arguments = {ARG("easting"),                                                  \
                      ARG("northing"),                                                 \
                      ARG_INT("zone"),                                                 \
                      {"south", ELC_BOOL, "0"}},                                       \
        .result = ELC_FLOAT64,                                                         \
        .summary =                                                                     \
            SUMMARY " of an easting and a northing in a zone of UTM on WGS 84, 1 "     \
                    "to 60; NULL beyond UTM",                                          \
        .example = NAME "(500000, 0, 33)", .gives = GIVES, .bulk = turn_all,           \
        .detail = &(DETAIL)                                                            \
    }

static const elc_function functions[] = {
    {.name = "st_utmcrs",
     .arguments = {ARG("lon"), ARG("lat")},
     .result = ELC_UTF8,
     .summary = "the code of the UTM zone on WGS 84 of a longitude and latitude, for "
                "st_transform; NULL beyond UTM",
     .example = "st_utmcrs(11.5, 48.1)",
     .gives = "EPSG:32632",
     .row = utm_crs},
    FROM("st_utmeasting", easting, "the easting of a longitude and latitude", "500000"),
    TO("st_utmlat", lat, "the latitude", "0"),
    TO("st_utmlon", lon, "the longitude", "15"),
    FROM("st_utmnorthing", northing, "the northing of a longitude and latitude", "0"),
    {.name = "st_utmzone",
     .arguments = {ARG("lon"), ARG("lat")},
     .result = ELC_INT32,
     .summary = "the UTM zone of a longitude and latitude, Norway's and Svalbard's "
                "exceptions included; NULL beyond UTM",
     .example = "st_utmzone(11.5, 48.1)",
     .gives = "32",
     .row = utm_zone},
    {0},
};

const elc_function_family elc_function_family_utm = {
    .name = "utm",
    .summary = "longitude and latitude to eastings and northings and back, on WGS 84",
    .functions = functions,
};
