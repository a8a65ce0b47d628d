/* merge.c - seconds to merge the raw boxes of a town's chips.
 *
 *   bench-merge OBJECTS SIZE CHIP OVERLAP [FILE]
 *
 * Simulates what each chip's detector gives, five boxes an object as before its NMS,
 * then times NMS and merge alone. FILE gets the raw boxes, "chip xmin ymin xmax ymax
 * score", for others to merge. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../tests/detect/simulate.h"

#include <stdio.h>

enum { COPIES = 5 };

typedef struct raw {
    elc_box *boxes;
    size_t *start; /* of each chip, and the end */
    size_t count, capacity;
} raw;

/* A detector answers for an object several times, a little apart. */
static void add_copies(raw *r, const elc_box *box, elc_window w, uint64_t *seed) {
    elc_reserve(&r->boxes, &r->capacity, r->count + COPIES, sizeof *r->boxes, NULL);
    for (int i = 0; i < COPIES; i++) {
        elc_box b = *box;
        double dx = i ? 2 * sim_unit(seed) - 1 : 0, dy = i ? 2 * sim_unit(seed) - 1 : 0;
        b.xmin = fmax(b.xmin + dx, (double)w.x);
        b.xmax = fmin(b.xmax + dx, (double)(w.x + w.width));
        b.ymin = fmax(b.ymin + dy, (double)w.y);
        b.ymax = fmin(b.ymax + dy, (double)(w.y + w.height));
        b.score = (float)(0.95 - 0.1 * i);
        r->boxes[r->count++] = b;
    }
}

static raw simulate(const sim_scene *scene, const elc_grid *grid) {
    raw r = {0};
    int64_t chips = elc_grid_count(grid);
    uint64_t seed = 1;
    elc_box *seen = malloc(scene->count * sizeof *seen);
    r.start = calloc((size_t)chips + 1, sizeof *r.start);
    for (int64_t i = 0; i < chips; i++) {
        elc_window w = elc_grid_window(grid, i);
        size_t n = sim_see(scene, w, 0, (uint64_t)i, seen);
        for (size_t k = 0; k < n; k++)
            add_copies(&r, &seen[k], w, &seed);
        r.start[i + 1] = r.count;
    }
    free(seen);
    return r;
}

static void write_raw(const raw *r, int64_t chips, const char *path) {
    FILE *file = fopen(path, "w");
    for (int64_t i = 0; file && i < chips; i++)
        for (size_t k = r->start[i]; k < r->start[i + 1]; k++)
            fprintf(file, "%lld %.3f %.3f %.3f %.3f %.3f\n", (long long)i,
                    r->boxes[k].xmin, r->boxes[k].ymin, r->boxes[k].xmax,
                    r->boxes[k].ymax, (double)r->boxes[k].score);
    if (file)
        fclose(file);
}

static size_t merge(raw *r, const elc_grid *grid, elc_error *err) {
    elc_merger *merger = NULL;
    elc_detection *found = NULL;
    size_t n = 0;
    elc_merger_create(grid, 0, elc_grid_count(grid), &merger, err);
    for (int64_t i = 0; i < elc_grid_count(grid); i++) {
        size_t k = r->start[i + 1] - r->start[i];
        elc_nms(r->boxes + r->start[i], &k, 0.5, false, err);
        elc_merger_add(merger, i, r->boxes + r->start[i], k, err);
    }
    elc_merger_take(merger, &found, &n, err);
    free(found);
    elc_merger_free(merger);
    return n;
}

int main(int argc, char **argv) {
    elc_error err = {0};
    elc_grid grid;
    if (argc < 5) {
        fprintf(stderr, "usage: bench-merge OBJECTS SIZE CHIP OVERLAP [FILE]\n");
        return 2;
    }
    int64_t size = atoll(argv[2]), chip = atoll(argv[3]), overlap = atoll(argv[4]);
    if (elc_grid_create(size, size, chip, chip, overlap, overlap, 32, false, &grid,
                        &err)) {
        fprintf(stderr, "bench-merge: %s\n", err.message);
        return 1;
    }
    sim_scene scene = sim_town(size, (size_t)atoll(argv[1]), 1.0 / 3, 100, 1);
    raw r = simulate(&scene, &grid);
    if (argc > 5)
        write_raw(&r, elc_grid_count(&grid), argv[5]);
    double began = elc_clock();
    size_t found = merge(&r, &grid, &err);
    printf("{\"planted\": %zu, \"raw\": %zu, \"found\": %zu, \"seconds\": %.4f}\n",
           scene.count, r.count, found, elc_clock() - began);
    free(r.boxes);
    free(r.start);
    sim_free(&scene);
    return err.status != ELC_OK;
}
