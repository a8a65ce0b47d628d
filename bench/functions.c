/* functions.c - nanoseconds a row that functions of SQL take, and GEOS itself.
 *
 *   bench-functions VERTICES
 *
 * Batches of 2,048 random points, as a query engine hands them over, by one caller on
 * one thread; the polygon, a constant, has so many vertices. GEOS: each point read from
 * WKB and asked of the polygon, prepared. CPU time, the best of five. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/function.h>

#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 2048, BATCHES = 200, TIMES = 5, POINT = 21 };

static unsigned char points[ROWS][POINT];
static double xs[ROWS], ys[ROWS];

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static void make_points(void) {
    srand(1);
    for (size_t i = 0; i < ROWS; i++) {
        xs[i] = 10.0 * rand() / RAND_MAX - 5;
        ys[i] = 10.0 * rand() / RAND_MAX - 5;
        points[i][0] = points[i][1] = 1;
        memcpy(points[i] + 5, &xs[i], 8);
        memcpy(points[i] + 13, &ys[i], 8);
    }
}

/* A star round the origin. */
static elc_string make_polygon(size_t n) {
    elc_string wkb = {0};
    elc_point *ring;
    elc_alloc(n, sizeof *ring, &ring, NULL);
    for (size_t i = 0; i < n; i++) {
        double t = 2 * M_PI * (double)i / (double)n, r = 3 + sin(7 * t);
        ring[i] = (elc_point){r * cos(t), r * sin(t)};
    }
    elc_wkb_polygon(ring, n, &wkb, NULL);
    free(ring);
    return wkb;
}

/* ---- columns -----------------------------------------------------------------------
 */

typedef enum kind { XS, YS, POINTS, CONSTANT } kind;

static struct ArrowArray column(kind k, const elc_string *constant) {
    elc_column one = {.name = "c", .type = k < POINTS ? ELC_FLOAT64 : ELC_GEOMETRY};
    struct ArrowArray table;
    elc_batch *batch;
    elc_batch_create(&one, 1, &batch, NULL);
    for (size_t i = 0; i < (k == CONSTANT ? 1 : ROWS); i++) {
        if (k < POINTS)
            elc_batch_real(batch, 0, k == XS ? xs[i] : ys[i], NULL);
        else if (k == POINTS)
            elc_batch_bytes(batch, 0, points[i], POINT, NULL);
        else
            elc_batch_bytes(batch, 0, constant->data, constant->size, NULL);
        elc_batch_end_row(batch, NULL);
    }
    elc_batch_finish(batch, &table, NULL);
    struct ArrowArray out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    elc_batch_free(batch);
    return out;
}

/* ---- times -------------------------------------------------------------------------
 */

static void call_batches(elc_caller *caller, const struct ArrowArray *const *arguments,
                         size_t n) {
    struct ArrowArray out;
    elc_error err;
    for (size_t i = 0; i < BATCHES; i++) {
        if (elc_caller_call(caller, arguments, n, ROWS, &out, &err) != ELC_OK) {
            fprintf(stderr, "%s\n", err.message);
            exit(1);
        }
        elc_array_release(&out);
    }
}

static void time_function(const char *name, kind a, kind b, size_t n,
                          const elc_string *constant) {
    elc_type types[] = {a < POINTS ? ELC_FLOAT64 : ELC_GEOMETRY,
                        b < POINTS ? ELC_FLOAT64 : ELC_GEOMETRY};
    struct ArrowArray left = column(a, constant), right = column(b, constant);
    const struct ArrowArray *arguments[] = {&left, &right};
    const elc_function *f;
    elc_caller *caller;
    double best = INFINITY;
    if (elc_function_find(name, types, n, &f, NULL) != ELC_OK ||
        elc_caller_create(f, &caller, NULL) != ELC_OK)
        exit(1);
    for (int i = 0; i < TIMES; i++) {
        double from = seconds();
        call_batches(caller, arguments, n);
        best = fmin(best, seconds() - from);
    }
    printf("%-28s %8.1f\n", name, best / BATCHES / ROWS * 1e9);
    elc_caller_free(caller);
    elc_array_release(&left);
    elc_array_release(&right);
}

static void time_geos(const elc_string *polygon) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKBReader_read_r(
        geos, reader, (const unsigned char *)polygon->data, polygon->size);
    const GEOSPreparedGeometry *prepared = GEOSPrepare_r(geos, shape);
    double best = INFINITY;
    size_t within = 0;
    for (int i = 0; i < TIMES; i++) {
        double from = seconds();
        for (size_t k = 0; k < (size_t)BATCHES / 10 * ROWS; k++) {
            GEOSGeometry *p =
                GEOSWKBReader_read_r(geos, reader, points[k % ROWS], POINT);
            within += GEOSPreparedContains_r(geos, prepared, p) == 1;
            GEOSGeom_destroy_r(geos, p);
        }
        best = fmin(best, seconds() - from);
    }
    printf("%-28s %8.1f  (%zu within)\n", "GEOS, point in polygon",
           best / (BATCHES / 10.0) / ROWS * 1e9, within / TIMES);
    GEOSPreparedGeom_destroy_r(geos, prepared);
    GEOSGeom_destroy_r(geos, shape);
    GEOSWKBReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
}

int main(int argc, char **argv) {
    int64_t vertices;
    if (argc != 2 || elc_parse_int(argv[1], "VERTICES", &vertices, NULL) != ELC_OK ||
        vertices < 3 || vertices > 10000000) {
        fprintf(stderr, "usage: bench-functions VERTICES\n");
        return 2;
    }
    make_points();
    elc_string polygon = make_polygon((size_t)vertices);
    printf("%-28s %8s\n", "function", "ns a row");
    time_function("st_point", XS, YS, 2, NULL);
    time_function("st_x", POINTS, POINTS, 1, NULL);
    time_function("st_utmeasting", XS, YS, 2, NULL);
    time_function("st_astext", POINTS, POINTS, 1, NULL);
    time_function("st_within", POINTS, CONSTANT, 2, &polygon);
    time_function("st_contains", CONSTANT, POINTS, 2, &polygon);
    time_geos(&polygon);
    elc_string_free(&polygon);
    return 0;
}
