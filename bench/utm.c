/* utm.c - what UTM in bulk costs, beside PROJ's bulk call.
 *
 *   bench-utm plain|wide|widest|proj inverse|forward
 *
 * 65,536 random points of zone 33, again and again, on one thread: metres to degrees or
 * back. Prints the points, the seconds and the CPU seconds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <proj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "geo/utm.h"

enum { POINTS = 65536, ROUNDS = 64 };

static const char PIPELINE[] =
    "+proj=pipeline +step +inv +proj=utm +zone=33 +ellps=WGS84 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg";

static elc_point grid[POINTS], points[POINTS];

static const elc_tm_loops *loops_of(const char *name) {
    if (!strcmp(name, "plain"))
        return &elc_tm_plain;
    if (!strcmp(name, "wide") && elc_cpu_is_wide())
        return &elc_tm_wide;
    if (!strcmp(name, "widest") && elc_cpu_is_widest())
        return &elc_tm_widest;
    return NULL;
}

static void fill(bool inverse) {
    elc_tm tm;
    srand48(33);
    for (size_t i = 0; i < POINTS; i++)
        grid[i] = (elc_point){drand48() * 1e6, drand48() * 9328000};
    elc_utm_create(&tm, 33, false);
    if (!inverse)
        elc_tm_plain.inverse(&tm, grid, POINTS);
}

static void run_elcano(const elc_tm_loops *loops, bool inverse) {
    elc_tm tm;
    elc_utm_create(&tm, 33, false);
    (inverse ? loops->inverse : loops->forward)(&tm, points, POINTS);
}

static void run_proj(PJ *pj, bool inverse) {
    size_t step = sizeof *points;
    proj_trans_generic(pj, inverse ? PJ_FWD : PJ_INV, &points[0].x, step, POINTS,
                       &points[0].y, step, POINTS, NULL, 0, 0, NULL, 0, 0);
}

int main(int argc, char **argv) {
    bool inverse = argc == 3 && !strcmp(argv[2], "inverse");
    const elc_tm_loops *loops = argc == 3 ? loops_of(argv[1]) : NULL;
    PJ *pj = proj_create(PJ_DEFAULT_CTX, PIPELINE);
    if (argc != 3 || !pj || (!loops && strcmp(argv[1], "proj"))) {
        fprintf(stderr, "usage: bench-utm plain|wide|widest|proj inverse|forward, as "
                        "the processor has it\n");
        return 2;
    }
    fill(inverse);
    clock_t cpu = 0;
    double began = 0;
    for (int i = -1; i < ROUNDS; i++) { /* the first one warms up */
        if (i == 0)
            cpu = clock(), began = elc_clock();
        memcpy(points, grid, sizeof points);
        if (loops)
            run_elcano(loops, inverse);
        else
            run_proj(pj, inverse);
    }
    double seconds = elc_clock() - began;
    printf("{\"points\": %d, \"seconds\": %.4f, \"cpu\": %.4f}\n", POINTS * ROUNDS,
           seconds, (double)(clock() - cpu) / CLOCKS_PER_SEC);
    proj_destroy(pj);
    return 0;
}
