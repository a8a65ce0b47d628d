/* zones.c - seconds to find the polygons that points lie in, and GEOS's.
 *
 *   bench-zones SIDE VERTICES POINTS      SIDE² blobs beside each other
 *   bench-zones FILE POINTS               the first layer of FILE
 *
 * Points are random in the polygons' bounds, from the same seed. GEOS: STRtree and
 * prepared geometries, as its documentation advises. Both times have the index's build;
 * one thread. The answers are compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>
#include <elcano/layer.h>
#include <elcano/table.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <geos_c.h>

typedef struct bench {
    GEOSContextHandle_t geos;
    GEOSGeometry **shapes;
    unsigned char **wkb;
    size_t *sizes, n, capacity, size_capacity, wkb_capacity;
    double xmin, ymin, xmax, ymax;
    elc_point *points;
    size_t n_points;
} bench;

static uint64_t state = 1;

/* Seconds of this thread's work, whatever else the machine does. */
static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void add_shape(bench *b, GEOSGeometry *shape) {
    if (GEOSisValid_r(b->geos, shape) != 1)
        shape = GEOSMakeValid_r(b->geos, shape);
    double x0, y0, x1, y1;
    GEOSGeom_getExtent_r(b->geos, shape, &x0, &y0, &x1, &y1);
    b->xmin = fmin(b->xmin, x0);
    b->ymin = fmin(b->ymin, y0);
    b->xmax = fmax(b->xmax, x1);
    b->ymax = fmax(b->ymax, y1);
    elc_reserve(&b->shapes, &b->capacity, b->n + 1, sizeof *b->shapes, NULL);
    elc_reserve(&b->sizes, &b->size_capacity, b->n + 1, sizeof *b->sizes, NULL);
    elc_reserve(&b->wkb, &b->wkb_capacity, b->n + 1, sizeof *b->wkb, NULL);
    b->wkb[b->n] = GEOSGeomToWKB_buf_r(b->geos, shape, &b->sizes[b->n]);
    b->shapes[b->n++] = shape;
}

static void add_blob(bench *b, double x, double y, int n) {
    GEOSCoordSequence *c = GEOSCoordSeq_create_r(b->geos, (unsigned)n + 1, 2);
    elc_point first = {0, 0};
    for (int i = 0; i <= n; i++) {
        double angle = 2 * M_PI * i / n,
               r = 0.35 + 0.1 * sin(5 * angle) + 0.02 * unit();
        elc_point p = {x + r * cos(angle), y + r * sin(angle)};
        first = i == 0 ? p : first;
        p = i == n ? first : p;
        GEOSCoordSeq_setXY_r(b->geos, c, (unsigned)i, p.x, p.y);
    }
    GEOSGeometry *ring = GEOSGeom_createLinearRing_r(b->geos, c);
    add_shape(b, GEOSGeom_createPolygon_r(b->geos, ring, NULL, 0));
}

static elc_status read_batch(bench *b, const struct ArrowSchema *schema,
                             struct ArrowArray *batch, elc_error *err) {
    elc_rows *rows;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    int64_t column = elc_rows_column(rows, "geometry");
    GEOSWKBReader *reader = GEOSWKBReader_create_r(b->geos);
    for (size_t i = 0; column >= 0 && i < elc_rows_count(rows); i++) {
        size_t size;
        const char *wkb = elc_rows_bytes(rows, (size_t)column, i, &size);
        if (wkb != NULL)
            add_shape(b, GEOSWKBReader_read_r(b->geos, reader,
                                              (const unsigned char *)wkb, size));
    }
    GEOSWKBReader_destroy_r(b->geos, reader);
    elc_rows_free(rows);
    elc_array_release(batch);
    return ELC_OK;
}

static elc_status read_file(bench *b, const char *path, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    ELC_TRY(elc_layer_read(path, &stream, err));
    ELC_TRY(elc_stream_schema(&stream, &schema, err));
    do {
        ELC_TRY(elc_stream_next(&stream, &batch, err));
        if (batch.release != NULL)
            ELC_TRY(read_batch(b, &schema, &batch, err));
    } while (batch.length > 0);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    return ELC_OK;
}

/* ---- the two -------------------------------------------------------------------- */

typedef struct question {
    const bench *b;
    const GEOSPreparedGeometry **prepared;
    const GEOSGeometry *point;
    size_t found;
} question;

static void ask(void *item, void *arg) {
    question *q = arg;
    size_t i = (size_t)((GEOSGeometry **)item - q->b->shapes);
    q->found += GEOSPreparedIntersects_r(q->b->geos, q->prepared[i], q->point) == 1;
}

static size_t with_geos(const bench *b) {
    question q = {.b = b};
    elc_alloc(b->n, sizeof *q.prepared, &q.prepared, NULL);
    GEOSSTRtree *tree = GEOSSTRtree_create_r(b->geos, 10);
    for (size_t i = 0; i < b->n; i++) {
        GEOSSTRtree_insert_r(b->geos, tree, b->shapes[i], &b->shapes[i]);
        q.prepared[i] = GEOSPrepare_r(b->geos, b->shapes[i]);
    }
    for (size_t i = 0; i < b->n_points; i++) {
        GEOSGeometry *p =
            GEOSGeom_createPointFromXY_r(b->geos, b->points[i].x, b->points[i].y);
        q.point = p;
        GEOSSTRtree_query_r(b->geos, tree, p, ask, &q);
        GEOSGeom_destroy_r(b->geos, p);
    }
    for (size_t i = 0; i < b->n; i++)
        GEOSPreparedGeom_destroy_r(b->geos, q.prepared[i]);
    GEOSSTRtree_destroy_r(b->geos, tree);
    free(q.prepared);
    return q.found;
}

static size_t with_zones(const bench *b, double *built, size_t *bytes) {
    elc_zones *zones = NULL;
    elc_zone_hits hits = {0};
    size_t found = 0;
    double start = seconds();
    elc_zones_create(&zones, NULL);
    for (size_t i = 0; i < b->n; i++)
        elc_zones_add(zones, b->wkb[i], b->sizes[i], (uint32_t)i, NULL);
    elc_zones_build(zones, NULL);
    *built = seconds() - start;
    for (size_t i = 0; i < b->n_points; i++) {
        size_t left = b->n_points - i;
        if (i % ELC_ZONES_EXPECTED == 0)
            elc_zones_expect(zones, b->points + i, left);
        elc_zones_find(zones, b->points[i], &hits, NULL);
        found += hits.count;
    }
    *bytes = elc_zones_bytes(zones) / elc_zones_vertices(zones);
    free(hits.items);
    elc_zones_free(zones);
    return found;
}

static int run(bench *b, size_t n) {
    elc_alloc(n, sizeof *b->points, &b->points, NULL);
    b->n_points = n;
    for (size_t i = 0; i < n; i++)
        b->points[i] = (elc_point){b->xmin + (b->xmax - b->xmin) * unit(),
                                   b->ymin + (b->ymax - b->ymin) * unit()};
    double start = seconds(), built;
    size_t bytes, found = with_zones(b, &built, &bytes);
    double ours = seconds() - start;
    start = seconds();
    size_t expected = with_geos(b);
    double theirs = seconds() - start;
    printf("%zu polygons, %zu points, %zu pairs\n", b->n, n, found);
    printf("zones %.3f s (build %.3f s, %zu bytes a vertex): %.2f M points/s\n", ours,
           built, bytes, (double)n / ours / 1e6);
    printf("GEOS  %.3f s: %.2f M points/s; %.1f x\n", theirs, (double)n / theirs / 1e6,
           theirs / ours);
    if (found != expected)
        printf("WRONG: GEOS finds %zu pairs\n", expected);
    return found != expected;
}

int main(int argc, char **argv) {
    elc_error err;
    bench b = {
        .xmin = INFINITY, .ymin = INFINITY, .xmax = -INFINITY, .ymax = -INFINITY};
    b.geos = GEOS_init_r();
    if (argc == 4) {
        int side = atoi(argv[1]);
        for (int i = 0; i < side * side; i++)
            add_blob(&b, i % side, (double)(i / side), atoi(argv[2]));
    } else if (argc != 3 || read_file(&b, argv[1], &err) != ELC_OK) {
        fprintf(stderr, "usage: bench-zones SIDE VERTICES POINTS | FILE POINTS\n");
        return 2;
    }
    int status = run(&b, strtoul(argv[argc - 1], NULL, 10));
    for (size_t i = 0; i < b.n; i++) {
        GEOSFree_r(b.geos, b.wkb[i]);
        GEOSGeom_destroy_r(b.geos, b.shapes[i]);
    }
    free(b.wkb);
    free(b.sizes);
    free(b.shapes);
    free(b.points);
    GEOS_finish_r(b.geos);
    return status;
}
