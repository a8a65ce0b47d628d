/* geo.h - the `geo` metadata of GeoParquet, read and written; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_GEO_H
#define ELC_LAYER_GEO_H

#include <elcano/geometry.h>

/* A geometry column as the metadata states it. */
typedef struct elc_geo_column {
    char *name;
    char *crs;      /* PROJJSON; "": none; NULL: CRS84 */
    char *covering; /* the column of its rows' boxes; NULL: none */
    bool boxes;     /* and its fields are xmin, ymin, xmax and ymax */
} elc_geo_column;

typedef struct elc_geo {
    elc_geo_column *columns; /* the primary one first */
    size_t count;
} elc_geo;

/* Reads GeoParquet 1.0 and 1.1 (https://geoparquet.org), bytes from outside: what is no
   such metadata is ELC_E_FORMAT, an encoding that is not WKB ELC_E_UNSUPPORTED. */
elc_status elc_geo_parse(const char *json, size_t size, elc_geo *out, elc_error *err);
void elc_geo_free(elc_geo *geo);

/* What is seen of a geometry column's rows while they are written. */
typedef struct elc_geo_seen {
    const char *name;
    char *crs;       /* as elc_schema_crs gives it */
    unsigned shapes; /* a bit for each kind: see elc_geo_see */
    double box[4];   /* xmin, ymin, xmax, ymax; empty where xmin > xmax */
} elc_geo_seen;

/* Looks at a row's geometry: its kind, and its box, which is NaN for one of no points.
   `points` is room to work in. */
typedef struct elc_geo_room {
    elc_point *points;
    size_t capacity;
} elc_geo_room;
elc_status elc_geo_see(elc_geo_seen *seen, const void *wkb, size_t size,
                       elc_geo_room *room, double box[4], elc_error *err);

/* The metadata of `n` columns, the primary one first, whose boxes are in the column
   `covering` (NULL: nowhere), filled up with blanks to `size` bytes; 0: to what any
   such columns may need, whatever is seen of them. */
elc_status elc_geo_print(const elc_geo_seen *columns, size_t n, const char *covering,
                         size_t size, elc_string *out, elc_error *err);

#endif
