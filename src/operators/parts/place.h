/* place.h - where the rows of a table are, each as one point. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_PLACE_H
#define ELCANO_SRC_OPERATORS_PARTS_PLACE_H

#include <elcano/geometry.h>
#include <elcano/run.h>

/* The options that name the columns of a table without a geometry. */
/* clang-format off */
#define PART_PLACE_OPTIONS                                                             \
    {.name = "x",                                                                      \
     .type = ELC_OPTION_TEXT,                                                          \
     .help = "the column of numbers that is x where the table has no geometry, of no " \
             "CRS; default: lon and lat, degrees on WGS 84"},                          \
    {.name = "y", .type = ELC_OPTION_TEXT, .help = "the column that is y"}
/* The same where numbers can be nothing but degrees. */
#define PART_PLACE_DEGREES_OPTIONS                                                     \
    {.name = "x",                                                                      \
     .type = ELC_OPTION_TEXT,                                                          \
     .help = "the column of longitudes where the table has no geometry, degrees on "   \
             "WGS 84; default: lon"},                                                  \
    {.name = "y",                                                                      \
     .type = ELC_OPTION_TEXT,                                                          \
     .help = "the column of latitudes; default: lat"}
/* clang-format on */

/* Start with {0}. */
typedef struct part_place {
    bool numbers;     /* two columns of numbers, else one of geometries */
    size_t column, y; /* of the geometry, or of x; of y */
    const char *text; /* the one of them that is text, which has no values; borrowed */
    bool stated;      /* there is a CRS, */
    elc_crs *crs;     /* NULL: OGC:CRS84 */
} part_place;

/* The columns of --x and --y, else elc_schema_lonlat's. Borrowed. Here and below
   `options` may be NULL: neither is given. */
void elc_part_place_names(const elc_options *options, const struct ArrowSchema *schema,
                          const char **x, const char **y);
/* Whether the table has a geometry. */
bool elc_part_place_is_geometry(const struct ArrowSchema *schema);
/* The first geometry, else elc_part_place_names. ELC_E_NOT_FOUND where there is none;
   `what` names the table. */
elc_status elc_part_place_find(const elc_options *options,
                               const struct ArrowSchema *schema, const char *what,
                               part_place *out, elc_error *err);
/* A column of coordinates: of numbers, or of text, which is named in `*text` then and
   has no values, as where no row has one to tell its type by. Else ELC_E_NOT_FOUND. */
elc_status elc_part_place_number(const struct ArrowSchema *schema, const char *what,
                                 const char *name, size_t *out, const char **text,
                                 elc_error *err);
/* Its coordinates are longitude and latitude in degrees. */
bool elc_part_place_is_degrees(const part_place *place);
void elc_part_place_free(part_place *place);

/* Finds the points. One thread's; start with {.place = ...}. */
typedef struct part_spotter {
    const part_place *place;
    elc_measure *measure;
    elc_point *points; /* scratch */
    size_t *ends;
    size_t capacity, end_capacity;
} part_spotter;

/* A point is where it is, another geometry at its centroid on the plane of its CRS; in
   degrees, one that is wider than half a turn is in the middle of its bounds, which may
   lie across the antimeridian (elc_lonlat_bounds). NaN, NaN: nowhere; `missing`: it is
   NULL. ELC_E_FORMAT for what is no WKB. */
elc_status elc_part_spot(part_spotter *spotter, const elc_rows *rows, size_t row,
                         elc_point *out, bool *missing, elc_error *err);
void elc_part_spotter_free(part_spotter *spotter);

#endif
