/* layer.h - a table held in memory, and where its rows lie on the web map. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_LAYER_H
#define ELCANO_SRC_SERVE_LAYER_H

#include <elcano/geometry.h>
#include <elcano/table.h>

enum {
    SERVE_ZOOM = 30, /* of the places' codes: 4 cm at the equator */
    SERVE_CLASSES_MOST = 65534,
    SERVE_NO_CLASS = 65535 /* of a row whose class is NULL */
};

typedef struct serve_batch {
    struct ArrowArray array;
    elc_rows *rows;
    size_t first; /* number of its first row */
} serve_batch;

/* West, south, east and north in degrees; east may be beyond 180. */
typedef struct serve_extent {
    bool any;
    double box[4];
} serve_extent;

/* Rows have numbers, from 0 in the table's order. They stand a second time, by rising
   codes of their places (elc_quad_code), so that a tile's rows are neighbours; those
   that have no place on the web map come last. A row's place is the middle of its
   geometry's bounds. */
typedef struct serve_layer {
    char *name;  /* in addresses: the file's name without its ending */
    char *label; /* for people: where it was read from */
    struct ArrowSchema schema;
    serve_batch *batches;
    size_t n_batches, batch_capacity, n_rows;
    int64_t geometry, class_column, score_column, time_column, id_column; /* -1: none */
    bool time_is_date;
    elc_crs *crs; /* NULL: longitude and latitude, OGC:CRS84 */
    /* by place */
    size_t placed;  /* rows that are on the map */
    int64_t *codes; /* INT64_MAX: off it */
    uint32_t *rows;
    uint16_t *classes; /* NULL without a column of classes; the same holds below */
    float *scores;     /* NaN: NULL */
    int64_t *times;    /* microseconds since 1970; INT64_MIN: NULL */
    /* of all rows */
    elc_names class_names;
    size_t *class_counts; /* of those on the map, by class; the last is of NULL */
    serve_extent extent, on_map; /* of all shapes; of those that are on the map */
    double reach[2]; /* how far a geometry goes from its place at most, degrees */
    float score_low, score_high;
    int64_t time_low, time_high; /* low > high: no row has one */
} serve_layer;

typedef struct serve_columns {
    const char *class_name, *score, *time; /* NULL: those that are usual */
} serve_columns;

/* Reads a layer to its end. The name is `name`, copied. */
elc_status elc_serve_layer_read(const char *reference, const char *name,
                                const serve_columns *columns,
                                const elc_context *context, serve_layer **out,
                                elc_error *err);
void elc_serve_layer_free(serve_layer *layer);

/* The batch of a row, and *at, its place there. */
const elc_rows *elc_serve_layer_row(const serve_layer *layer, size_t row, size_t *at);
const serve_batch *elc_serve_layer_batch(const serve_layer *layer, size_t row);
/* The range of places [*from, *to) in a tile; they are on the map. */
void elc_serve_layer_range(const serve_layer *layer, elc_quad tile, size_t *from,
                           size_t *to);
/* The first place of [from, to) whose code is not below `code`, or `to`; fast where it
   is near to `from`. */
size_t elc_serve_layer_end(const serve_layer *layer, size_t from, size_t to,
                           int64_t code);
/* A transform from the layer's CRS to longitude and latitude, or the other way; NULL
   where they are the same. */
elc_status elc_serve_layer_way(const serve_layer *layer, bool to_layer,
                               elc_transform **out, elc_error *err);

/* A rectangle of the web map in cells of SERVE_ZOOM; both ends count. x0 > x1: across
   180 degrees. */
typedef struct serve_frame {
    uint32_t x0, y0, x1, y1;
} serve_frame;

/* Of west, south, east, north; what is off the map is left out. */
serve_frame elc_serve_frame(const double box[4]);

/* Every second bit of a code, from the lowest on. */
static inline uint32_t serve_squash(int64_t code) {
    uint64_t v = (uint64_t)code & UINT64_C(0x5555555555555555);
    v = (v | v >> 1) & UINT64_C(0x3333333333333333);
    v = (v | v >> 2) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v = (v | v >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(v | v >> 16);
}

static inline uint32_t serve_x(int64_t code) {
    return serve_squash(code);
}

static inline uint32_t serve_y(int64_t code) {
    return serve_squash(code >> 1);
}

static inline bool serve_frame_has(const serve_frame *f, int64_t code) {
    uint32_t x = serve_x(code), y = serve_y(code);
    bool in_x = f->x0 <= f->x1 ? x >= f->x0 && x <= f->x1 : x >= f->x0 || x <= f->x1;
    return in_x && y >= f->y0 && y <= f->y1;
}

#endif
