/* zones.c - seconds to find the polygons that points lie in, and GEOS's.
 *
 *   bench-zones TOOL SIDE CORNERS OVER POINTS
 *       SIDE² blobs beside each other; OVER above 1: so much larger, and anywhere
 *   bench-zones TOOL FILE POINTS
 *       the first layer of FILE
 *
 * TOOL is `zones`, on one thread; `threads`, on two; `geos`: STRtree and prepared
 * geometries, as its documentation advises; `compare`: all three, whose answers must be
 * the same; or the name of a file to write for zones_peer.py.
 * Points are random in the polygons' bounds, from the same seed. Seconds have the
 * index's build, and nothing of what makes polygons and points. */
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

/* Seconds of this process's work, whatever else the machine does. */
static double cpu_seconds(void) {
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

static void add_blob(bench *b, double x, double y, double size, int n) {
    GEOSCoordSequence *c = GEOSCoordSeq_create_r(b->geos, (unsigned)n + 1, 2);
    elc_point first = {0, 0};
    for (int i = 0; i <= n; i++) {
        double angle = 2 * M_PI * i / n,
               r = size * (0.35 + 0.1 * sin(5 * angle) + 0.02 * unit());
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

/* ---- the tools ------------------------------------------------------------------ */

enum { POINTS_A_CALL = 4096, THREADS_MOST = 2 };

typedef struct run {
    double wall, cpu, build;
    size_t found, bytes, index; /* bytes: of a vertex */
} run;

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

typedef struct asking {
    const bench *b;
    elc_zones *zones;
    int threads;
    size_t found[THREADS_MOST];
} asking;

/* A thread's share of the points. */
static elc_status ask_zones(void *arg, int index, elc_error *err) {
    asking *a = arg;
    size_t ends[POINTS_A_CALL], n = a->b->n_points;
    size_t at = n / (size_t)a->threads * (size_t)index,
           end = index + 1 == a->threads ? n : at + n / (size_t)a->threads;
    elc_zone_hits hits = {0};
    for (size_t step; at < end; at += step) {
        step = end - at < POINTS_A_CALL ? end - at : POINTS_A_CALL;
        ELC_TRY(
            elc_zones_find_all(a->zones, a->b->points + at, step, &hits, ends, err));
        a->found[index] += hits.count;
    }
    free(hits.items);
    return ELC_OK;
}

static elc_status with_zones(const bench *b, int threads, run *out, elc_error *err) {
    asking a = {.b = b, .threads = threads};
    double start = cpu_seconds();
    ELC_TRY(elc_zones_create(&a.zones, err));
    for (size_t i = 0; i < b->n; i++)
        ELC_TRY(elc_zones_add(a.zones, b->wkb[i], b->sizes[i], (uint32_t)i, err));
    ELC_TRY(elc_zones_build_by(a.zones, threads, err));
    out->build = cpu_seconds() - start;
    ELC_TRY(elc_threads_run(threads, ask_zones, &a, err));
    for (int i = 0; i < threads; i++)
        out->found += a.found[i];
    out->index = elc_zones_bytes(a.zones);
    out->bytes = out->index / elc_zones_vertices(a.zones);
    elc_zones_free(a.zones);
    return ELC_OK;
}

static run run_tool(const bench *b, const char *tool) {
    run r = {0};
    elc_error err;
    double wall = elc_clock(), cpu = cpu_seconds();
    if (!strcmp(tool, "geos"))
        r.found = with_geos(b);
    else if (with_zones(b, strcmp(tool, "threads") ? 1 : THREADS_MOST, &r, &err)) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    r.wall = elc_clock() - wall;
    r.cpu = cpu_seconds() - cpu;
    return r;
}

static int compare(const bench *b) {
    const char *tools[] = {"zones", "threads", "geos"};
    run first = {0};
    int status = 0;
    for (int i = 0; i < 3; i++) {
        run r = run_tool(b, tools[i]);
        first = i == 0 ? r : first;
        printf("%-8s %8.3f CPU s, %8.3f s; build %.3f CPU s, %5.1f MB, %3zu bytes a "
               "corner; %.1f M points/s, %.1f x; %zu pairs\n",
               tools[i], r.cpu, r.wall, r.build, (double)r.index / 1e6, r.bytes,
               (double)b->n_points / r.cpu / 1e6, r.cpu / first.cpu, r.found);
        status |= r.found != first.found;
    }
    if (status)
        printf("WRONG: pairs differ\n");
    return status;
}

/* ---- the peer's file ------------------------------------------------------------- */

/* Counts of polygons and points, each polygon's size and WKB, the points. */
static int write_file(const bench *b, const char *path) {
    FILE *file = fopen(path, "wb");
    uint64_t counts[] = {b->n, b->n_points};
    if (file == NULL)
        return 1;
    bool good = fwrite(counts, sizeof counts, 1, file) == 1;
    for (size_t i = 0; i < b->n; i++) {
        uint64_t size = b->sizes[i];
        good &= fwrite(&size, sizeof size, 1, file) == 1 &&
                fwrite(b->wkb[i], b->sizes[i], 1, file) == 1;
    }
    good &= fwrite(b->points, sizeof *b->points, b->n_points, file) == b->n_points;
    return fclose(file) != 0 || !good;
}

static int run_bench(const bench *b, const char *tool) {
    if (!strcmp(tool, "compare"))
        return compare(b);
    if (strcmp(tool, "zones") && strcmp(tool, "threads") && strcmp(tool, "geos"))
        return write_file(b, tool);
    run r = run_tool(b, tool);
    printf("{\"seconds\": %.4f, \"cpu\": %.4f, \"build\": %.4f, \"index\": %zu, "
           "\"bytes\": %zu, \"found\": %zu}\n",
           r.wall, r.cpu, r.build, r.index, r.bytes, r.found);
    return 0;
}

/* ---- polygons and points --------------------------------------------------------- */

static void add_blobs(bench *b, int side, int corners, double over) {
    for (int i = 0; i < side * side; i++) {
        bool beside = over <= 1;
        double x = beside ? i % side : side * unit();
        double y = beside ? (double)(i / side) : side * unit();
        add_blob(b, x, y, beside ? 1 : over, corners);
    }
}

static void add_points(bench *b, size_t n) {
    elc_alloc(n, sizeof *b->points, &b->points, NULL);
    b->n_points = n;
    for (size_t i = 0; i < n; i++)
        b->points[i] = (elc_point){b->xmin + (b->xmax - b->xmin) * unit(),
                                   b->ymin + (b->ymax - b->ymin) * unit()};
}

static void clear(bench *b) {
    for (size_t i = 0; i < b->n; i++) {
        GEOSFree_r(b->geos, b->wkb[i]);
        GEOSGeom_destroy_r(b->geos, b->shapes[i]);
    }
    free(b->wkb);
    free(b->sizes);
    free(b->shapes);
    free(b->points);
    GEOS_finish_r(b->geos);
}

int main(int argc, char **argv) {
    elc_error err;
    bench b = {
        .xmin = INFINITY, .ymin = INFINITY, .xmax = -INFINITY, .ymax = -INFINITY};
    b.geos = GEOS_init_r();
    if (argc == 6) {
        add_blobs(&b, atoi(argv[2]), atoi(argv[3]), atof(argv[4]));
    } else if (argc != 4 || read_file(&b, argv[2], &err) != ELC_OK) {
        fprintf(stderr, "usage: bench-zones TOOL SIDE CORNERS OVER POINTS | "
                        "TOOL FILE POINTS\n");
        return 2;
    }
    add_points(&b, strtoul(argv[argc - 1], NULL, 10));
    int status = run_bench(&b, argv[1]);
    clear(&b);
    return status;
}
