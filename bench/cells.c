/* cells.c - what cells of many places cost, each cell's places counted.
 *
 *   bench-cells codes ZOOM     tiles of the web map, as numbers, and no counts
 *   bench-cells quads ZOOM     tiles of the web map, as numbers (elc_quad_codes)
 *   bench-cells hexagons SIZE  cells of the grid whose centres are SIZE m apart
 *
 * 4 million random places of the world up to 85 degrees, on one thread; cells_peer.py
 * asks other tools the same of the same places. Prints JSON: the places, the seconds,
 * the CPU seconds, and how many cells have any, or the sum of every 16,384th code. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    POINTS = 1 << 22,
    CHUNK = 1 << 11,
    AHEAD = 32,
    EVERY = 1 << 14,
    MOST_CELLS = 1 << 24
};

static elc_point points[POINTS];
static uint32_t counts[MOST_CELLS];

static double unit(void) { /* SplitMix64 */
    static uint64_t state = 1;
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* The sum of the first code of EVERY. */
static size_t add_up(int zoom) {
    static int64_t cells[CHUNK];
    size_t sum = 0;
    for (size_t i = 0; i < POINTS; i += CHUNK) {
        elc_quad_codes(points + i, CHUNK, zoom, cells, NULL);
        sum += i % EVERY == 0 ? (size_t)cells[0] : 0;
    }
    return sum;
}

/* Cells of a chunk stay in the cache until they are counted. */
static void count(const elc_hex_grid *grid, int zoom) {
    static int64_t cells[CHUNK + AHEAD];
    for (size_t i = 0; i < POINTS; i += CHUNK) {
        if (grid != NULL)
            elc_hex_at(*grid, points + i, CHUNK, cells);
        else
            elc_quad_codes(points + i, CHUNK, zoom, cells, NULL);
        for (size_t k = 0; k < CHUNK; k++) {
            __builtin_prefetch(&counts[cells[k + AHEAD]], 1);
            counts[cells[k]]++;
        }
    }
}

static size_t cells_with_any(void) {
    size_t n = 0;
    for (size_t i = 0; i < MOST_CELLS; i++)
        n += counts[i] > 0;
    return n;
}

int main(int argc, char **argv) {
    const char *what = argc == 3 ? argv[1] : "";
    double size = argc == 3 ? strtod(argv[2], NULL) : 0;
    bool codes = strcmp(what, "codes") == 0;
    bool quads = (codes || strcmp(what, "quads") == 0) && size >= 0 && size <= 12;
    elc_hex_grid grid = {1};
    if (!quads &&
        (strcmp(what, "hexagons") != 0 || elc_hex_grid_create(size, &grid, NULL) != 0 ||
         elc_hex_count(grid) > MOST_CELLS)) {
        fprintf(
            stderr,
            "usage: bench-cells codes ZOOM | quads ZOOM | hexagons SIZE, which make "
            "at most %d cells\n",
            MOST_CELLS);
        return 2;
    }
    for (size_t i = 0; i < POINTS; i++) {
        double x = unit(), y = unit();
        points[i] = (elc_point){x * 360 - 180, y * 170 - 85};
    }
    count(quads ? NULL : &grid, (int)size); /* warms up */
    memset(counts, 0, sizeof counts);
    clock_t cpu = clock();
    double began = elc_clock();
    size_t sum = codes ? add_up((int)size) : 0;
    if (!codes)
        count(quads ? NULL : &grid, (int)size);
    double seconds = elc_clock() - began;
    printf("{\"points\": %d, \"seconds\": %.4f, \"cpu\": %.4f, \"found\": %zu}\n",
           POINTS, seconds, (double)(clock() - cpu) / CLOCKS_PER_SEC,
           codes ? sum : cells_with_any());
    return 0;
}
