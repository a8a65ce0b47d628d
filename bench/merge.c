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
#include <stdlib.h>
#include <time.h>

enum { COPIES = 5 };

typedef struct raw {
    elc_box *boxes;
    size_t *start; /* of each chip, and the end */
    size_t count, capacity;
} raw;

/* A detector answers for an object several times, a little apart. */
static elc_status add_copies(raw *r, const elc_box *box, elc_window w, uint64_t *seed,
                             elc_error *err) {
    ELC_TRY(
        elc_reserve(&r->boxes, &r->capacity, r->count + COPIES, sizeof *r->boxes, err));
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
    return ELC_OK;
}

static elc_status simulate(const sim_scene *scene, const elc_grid *grid, raw *r,
                           elc_error *err) {
    int64_t chips = elc_grid_count(grid);
    uint64_t seed = 1;
    elc_box *seen = NULL;
    ELC_TRY(elc_alloc((size_t)chips + 1, sizeof *r->start, &r->start, err));
    ELC_TRY(elc_alloc(scene->count, sizeof *seen, &seen, err));
    elc_status status = ELC_OK;
    r->start[0] = 0;
    for (int64_t i = 0; i < chips && status == ELC_OK; i++) {
        elc_window w = elc_grid_window(grid, i);
        size_t n = sim_see(scene, w, 0, (uint64_t)i, seen);
        for (size_t k = 0; k < n && status == ELC_OK; k++)
            status = add_copies(r, &seen[k], w, &seed, err);
        r->start[i + 1] = r->count;
    }
    free(seen);
    return status;
}

static elc_status write_raw(const raw *r, int64_t chips, const char *path,
                            elc_error *err) {
    FILE *file = fopen(path, "w");
    if (!file)
        return elc_fail(err, ELC_E_IO, "%s: cannot be written", path);
    for (int64_t i = 0; i < chips; i++)
        for (size_t k = r->start[i]; k < r->start[i + 1]; k++)
            fprintf(file, "%lld %.3f %.3f %.3f %.3f %.3f\n", (long long)i,
                    r->boxes[k].xmin, r->boxes[k].ymin, r->boxes[k].xmax,
                    r->boxes[k].ymax, (double)r->boxes[k].score);
    if (fclose(file) != 0)
        return elc_fail(err, ELC_E_IO, "%s: could not be written whole", path);
    return ELC_OK;
}

static elc_status merge(raw *r, const elc_grid *grid, size_t *n, elc_error *err) {
    elc_merger *merger = NULL;
    elc_detection *found = NULL;
    ELC_TRY(elc_merger_create(grid, 0, elc_grid_count(grid), &merger, err));
    elc_status status = ELC_OK;
    for (int64_t i = 0; i < elc_grid_count(grid) && status == ELC_OK; i++) {
        elc_box *boxes = r->boxes + r->start[i];
        size_t k = r->start[i + 1] - r->start[i];
        status = elc_nms(boxes, &k, 0.5, false, err);
        if (status == ELC_OK)
            status = elc_merger_add(merger, i, boxes, k, err);
    }
    if (status == ELC_OK)
        elc_merger_take(merger, &found, n);
    free(found);
    elc_merger_free(merger);
    return status;
}

static elc_status measure(const char *objects, int64_t size, int64_t chip,
                          int64_t overlap, const char *path, elc_error *err) {
    elc_grid grid;
    raw r = {0};
    size_t found = 0;
    ELC_TRY(elc_grid_create(size, size, chip, chip, overlap, overlap, 32, false, &grid,
                            err));
    sim_scene scene = sim_town(size, (size_t)atoll(objects), 1.0 / 3, 100, 1);
    elc_status status = simulate(&scene, &grid, &r, err);
    if (status == ELC_OK && path)
        status = write_raw(&r, elc_grid_count(&grid), path, err);
    double began = elc_clock();
    clock_t cpu = clock();
    if (status == ELC_OK)
        status = merge(&r, &grid, &found, err);
    double seconds = elc_clock() - began;
    if (status == ELC_OK)
        printf("{\"planted\": %zu, \"raw\": %zu, \"found\": %zu, \"seconds\": %.4f, "
               "\"cpu\": %.4f}\n",
               scene.count, r.count, found, seconds,
               (double)(clock() - cpu) / CLOCKS_PER_SEC);
    free(r.boxes);
    free(r.start);
    sim_free(&scene);
    return status;
}

int main(int argc, char **argv) {
    elc_error err = {0};
    if (argc < 5 || argc > 6) {
        fprintf(stderr, "usage: bench-merge OBJECTS SIZE CHIP OVERLAP [FILE]\n");
        return 2;
    }
    if (measure(argv[1], atoll(argv[2]), atoll(argv[3]), atoll(argv[4]), argv[5],
                &err)) {
        fprintf(stderr, "bench-merge: %s\n", err.message);
        return 1;
    }
    return 0;
}
