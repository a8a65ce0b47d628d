/* bin.c - CPU seconds to count many points by the cells that they are in.
 *
 *   bench-bin quad POINTS ZOOM      tiles of the web map
 *   bench-bin hex POINTS METRES     hexagons of equal area
 *
 * Random points round New York (0.56 x 0.43 degrees), made before; one thread.
 * bin_peer.py has NumPy on the same numbers. Prints a line of JSON: seconds, CPU
 * seconds, cells found, and the most that one has. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AT_ONCE = 4096 };

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef struct counting {
    bool hex;
    elc_hex_grid grid;
    int zoom;
    elc_cell_set cells;
    int64_t *count;
    size_t capacity;
} counting;

static elc_status count(counting *c, const elc_point *points, size_t n,
                        elc_error *err) {
    static int64_t cells[AT_ONCE];
    static uint32_t places[AT_ONCE];
    if (c->hex)
        elc_hex_at(c->grid, points, n, cells);
    else
        ELC_TRY(elc_quad_codes(points, n, c->zoom, cells, err));
    ELC_TRY(elc_cell_set_add(&c->cells, cells, n, places, err));
    size_t before = c->capacity;
    ELC_TRY(
        elc_reserve(&c->count, &c->capacity, c->cells.count, sizeof *c->count, err));
    for (size_t i = before; i < c->capacity; i++)
        c->count[i] = 0;
    for (size_t i = 0; i < n; i++)
        if (places[i] != ELC_NO_CELL)
            c->count[places[i]]++;
    return ELC_OK;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: bench-bin quad|hex POINTS ZOOM|METRES\n");
        return 2;
    }
    size_t n = strtoul(argv[2], NULL, 10);
    counting c = {.hex = strcmp(argv[1], "hex") == 0, .zoom = atoi(argv[3])};
    elc_point *points = malloc((n + 1) * sizeof *points);
    elc_error err = {0};
    elc_status status = points != NULL ? ELC_OK : ELC_E_MEMORY;
    if (status == ELC_OK && c.hex)
        status = elc_hex_grid_create(strtod(argv[3], NULL), &c.grid, &err);
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        double x = unit(), y = unit();
        points[i] = (elc_point){-74.26 + 0.56 * x, 40.49 + 0.43 * y};
    }
    double start = seconds(), began = elc_clock();
    for (size_t i = 0; i < n && status == ELC_OK; i += AT_ONCE)
        status = count(&c, points + i, n - i < AT_ONCE ? n - i : AT_ONCE, &err);
    double took = seconds() - start, waited = elc_clock() - began;
    int64_t most = 0;
    for (size_t i = 0; i < c.cells.count; i++)
        most = c.count[i] > most ? c.count[i] : most;
    if (status != ELC_OK)
        fprintf(stderr, "bench-bin: %s\n", err.message);
    else
        printf("{\"seconds\": %.3f, \"cpu\": %.3f, \"found\": %zu, \"most\": %lld}\n",
               waited, took, c.cells.count, (long long)most);
    elc_cell_set_free(&c.cells);
    free(c.count);
    free(points);
    return status == ELC_OK ? 0 : 1;
}
