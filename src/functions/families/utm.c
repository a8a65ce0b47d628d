/* utm.c - longitude and latitude to UTM's eastings and northings and back, in bulk. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/frame.h"

#include <math.h>
#include <stdlib.h>

/* Rows that are turned at once: they stay in the nearest caches. */
enum { BLOCK = 1024, ZONES = 60, KEYS = 2 * (ZONES + 1) };

typedef enum utm_axis { UTM_X, UTM_Y } utm_axis;

typedef struct utm_wish {
    bool to_lonlat;
    utm_axis axis;
} utm_wish;

/* A zone and a side of the equator have a key; those of one key are turned together. */
typedef struct block {
    elc_point points[BLOCK], sorted[BLOCK];
    unsigned char keys[BLOCK];
    size_t n;
} block;

/* ---- rows ------------------------------------------------------------------------ */

/* The zone and the side are arguments, or those of the place. Zone 0 is none. */
static unsigned char key_of(const elc_frame *f, size_t row, elc_point p) {
    const utm_wish *wish = f->function->detail;
    int64_t zone = f->n_arguments > 2 ? elc_frame_int(f, 2, row) : elc_utm_zone(p);
    bool south = wish->to_lonlat ? elc_frame_int(f, 3, row) != 0 : p.y < 0;
    bool known = zone >= 1 && zone <= ZONES;
    return (unsigned char)(known ? 2 * zone + south : 0);
}

/* Rows with NULL are NaN, which comes out as NULL. */
static void read_block(const elc_frame *f, size_t first, block *b) {
    for (size_t i = 0; i < b->n; i++) {
        bool none = elc_frame_is_null(f, first + i);
        elc_point p = {NAN, NAN};
        if (!none)
            p = (elc_point){elc_frame_real(f, 0, first + i),
                            elc_frame_real(f, 1, first + i)};
        b->points[i] = p;
        b->keys[i] = none ? 0 : key_of(f, first + i, p);
    }
}

/* ---- zones ----------------------------------------------------------------------- */

/* starts[k]: where those of key k begin in `sorted`; starts[KEYS]: all. */
static void sort_block(block *b, size_t starts[KEYS + 1]) {
    size_t next[KEYS];
    memset(starts, 0, (KEYS + 1) * sizeof *starts);
    for (size_t i = 0; i < b->n; i++)
        starts[b->keys[i] + 1]++;
    for (size_t k = 0; k < KEYS; k++)
        starts[k + 1] += starts[k];
    memcpy(next, starts, sizeof next);
    for (size_t i = 0; i < b->n; i++)
        b->sorted[next[b->keys[i]]++] = b->points[i];
}

static void turn_block(const utm_wish *wish, block *b) {
    size_t starts[KEYS + 1];
    sort_block(b, starts);
    for (int k = 0; k < KEYS; k++) {
        size_t n = starts[k + 1] - starts[k];
        if (n == 0)
            continue;
        if (wish->to_lonlat)
            elc_utm_to_lonlat(k / 2, k % 2 == 1, b->sorted + starts[k], n);
        else
            elc_utm_from_lonlat(k / 2, k % 2 == 1, b->sorted + starts[k], n);
    }
    for (size_t i = 0; i < b->n; i++)
        b->points[i] = b->sorted[starts[b->keys[i]]++];
}

/* What cannot be turned is NULL. */
static elc_status give_block(elc_frame *f, const block *b, elc_error *err) {
    const utm_wish *wish = f->function->detail;
    for (size_t i = 0; i < b->n; i++) {
        double value = wish->axis == UTM_X ? b->points[i].x : b->points[i].y;
        if (!isnan(value))
            ELC_TRY(elc_give_real(f, value, err));
        ELC_TRY(elc_frame_end_row(f, err));
    }
    return ELC_OK;
}

static elc_status turn_all(elc_frame *f, elc_error *err) {
    block *b;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(1, sizeof *b, &b, err));
    for (size_t row = 0; row < f->n && status == ELC_OK; row += BLOCK) {
        b->n = f->n - row < BLOCK ? f->n - row : BLOCK;
        read_block(f, row, b);
        turn_block(f->function->detail, b);
        status = give_block(f, b, err);
    }
    free(b);
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
                      {"south", ELC_BOOL, "false"}},                                   \
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
