/* score.c - seconds and memory to score many found boxes against many true ones.
 *
 *   bench-score FOUND TRUTH IMAGES CLASSES [FILE]
 *
 * Random boxes 5 to 80 px long on a square; found ones are true ones moved a little, or
 * of nowhere. FILE gets them, "kind image class score xmin ymin xmax ymax", for others
 * to score. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double unit(uint64_t *seed) { /* SplitMix64 (Steele et al. 2014) */
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* Box i of n; they come image by image, as any detector gives them. */
static elc_score_box random_box(const elc_score_set *set, size_t i, size_t n,
                                uint64_t *seed) {
    double side = 60 * sqrt((double)set->n_truth / set->n_images);
    elc_score_box b = {.area = NAN};
    b.image = (uint32_t)(i * set->n_images / n);
    b.class_id = (uint32_t)(unit(seed) * set->n_classes);
    b.xmin = unit(seed) * side;
    b.ymin = unit(seed) * side;
    b.xmax = b.xmin + 5 + 75 * unit(seed);
    b.ymax = b.ymin + 5 + 75 * unit(seed);
    return b;
}

static elc_score_box found_box(const elc_score_set *set, size_t i, uint64_t *seed) {
    elc_score_box b = random_box(set, i, set->n_found, seed);
    if (i < set->n_truth && unit(seed) < 0.8)
        b = set->truth[i];
    b.xmin += 4 * unit(seed) - 2;
    b.ymin += 4 * unit(seed) - 2;
    b.xmax += 4 * unit(seed);
    b.ymax += 4 * unit(seed);
    b.score = unit(seed);
    return b;
}

static elc_status score_all(const elc_score_set *set, elc_error *err) {
    elc_score *score = NULL;
    elc_score_summary summary = {0};
    double start = elc_clock();
    ELC_TRY(elc_score_create(set, 0.5, 0, &score, err));
    double paired = elc_clock();
    elc_status status =
        elc_score_summarize(score, ELC_SCORE_COCO, 0, NULL, &summary, err);
    if (status == ELC_OK)
        printf("pairs %.2f s, averages %.2f s, peak %.0f MB, AP %.4f\n", paired - start,
               elc_clock() - paired, (double)elc_memory_peak() / 1e6,
               elc_score_mean(summary.precision[0],
                              (size_t)set->n_classes * ELC_SCORE_IOUS, 1));
    elc_score_summary_clear(&summary);
    elc_score_free(score);
    return status;
}

static void write_boxes(const char *kind, const elc_score_box *b, size_t n,
                        FILE *file) {
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%s %u %u %.17g %.17g %.17g %.17g %.17g\n", kind, b[i].image,
                b[i].class_id, b[i].score, b[i].xmin, b[i].ymin, b[i].xmax, b[i].ymax);
}

static void write_set(const elc_score_set *set, const char *path) {
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return;
    write_boxes("found", set->found, set->n_found, file);
    write_boxes("truth", set->truth, set->n_truth, file);
    fclose(file);
}

int main(int n, char **words) {
    elc_error err = {0};
    if (n < 5)
        return fprintf(stderr,
                       "usage: bench-score FOUND TRUTH IMAGES CLASSES [FILE]\n"),
               2;
    elc_score_box *found = NULL, *truth = NULL;
    elc_score_set set = {.n_found = strtoull(words[1], NULL, 10),
                         .n_truth = strtoull(words[2], NULL, 10),
                         .n_images = (uint32_t)strtoul(words[3], NULL, 10),
                         .n_classes = (uint32_t)strtoul(words[4], NULL, 10)};
    uint64_t seed = 1;
    if (elc_alloc(set.n_found, sizeof *found, &found, NULL) != ELC_OK ||
        elc_alloc(set.n_truth, sizeof *truth, &truth, NULL) != ELC_OK)
        return 9;
    set.found = found;
    set.truth = truth;
    for (size_t i = 0; i < set.n_truth; i++)
        truth[i] = random_box(&set, i, set.n_truth, &seed);
    for (size_t i = 0; i < set.n_found; i++)
        found[i] = found_box(&set, i, &seed);
    if (n > 5)
        write_set(&set, words[5]);
    elc_status status = score_all(&set, &err);
    if (status != ELC_OK)
        fprintf(stderr, "bench-score: %s\n", err.message);
    free(found);
    free(truth);
    return status != ELC_OK;
}
