/* cluster.c - CPU seconds and memory to find the clusters of many points.
 *
 *   bench-cluster plane|metres POINTS EPS MIN_POINTS [THREADS [FILE]]
 *
 * Half of the points lie in lots of a hundred, 20 m wide (one sigma), the others
 * anywhere in a square that grows with their number: 10,000 of them in a km2. metres:
 * the same on the ellipsoid, round 45 degrees north. FILE gets the labels, four bytes
 * each, for cluster_peer.py, which runs PyPI's dbscan and scikit-learn on the same
 * numbers. Prints a line of JSON: seconds, CPU seconds, the peak of memory in MB,
 * clusters found, and points in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { A_LOT = 100 };

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* Nearly normal: the sum of four, which needs no logarithm to be the same elsewhere. */
static double bell(void) {
    double sum = unit();
    for (int i = 0; i < 3; i++)
        sum += unit();
    return (sum - 2) * 1.7320508075688772;
}

static void make(elc_point *points, size_t n, bool metres) {
    double side = sqrt((double)n / 10000) * 1000;
    elc_point lot = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (i % (2 * A_LOT) == 0)
            lot = (elc_point){unit() * side, unit() * side};
        bool in_lot = i % (2 * A_LOT) < A_LOT;
        elc_point p = {in_lot ? lot.x + 20 * bell() : unit() * side,
                       in_lot ? lot.y + 20 * bell() : unit() * side};
        points[i] = metres ? (elc_point){p.x / 78846, 45 + p.y / 111132} : p;
    }
}

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static int write_labels(const char *path, const int32_t *labels, size_t n) {
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && fwrite(labels, sizeof *labels, n, file) == n;
    good = file != NULL && fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "bench-cluster: %s: cannot be written\n", path);
    return good ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc < 5 || argc > 7) {
        fprintf(stderr, "usage: bench-cluster plane|metres POINTS EPS MIN_POINTS "
                        "[THREADS [FILE]]\n");
        return 2;
    }
    size_t n = strtoul(argv[2], NULL, 10), inside = 0;
    elc_clusters clusters;
    elc_context context = {.threads = argc > 5 ? atoi(argv[5]) : 1};
    elc_cluster_wish wish = {.eps = strtod(argv[3], NULL),
                             .metres = strcmp(argv[1], "metres") == 0,
                             .min_points = strtoul(argv[4], NULL, 10),
                             .context = &context};
    elc_point *points = malloc((n + 1) * sizeof *points);
    int32_t *labels = malloc((n + 1) * sizeof *labels);
    elc_error err;
    if (points == NULL || labels == NULL)
        return 1;
    make(points, n, wish.metres);
    double start = seconds(), began = elc_clock();
    if (elc_clusters_find(points, n, &wish, labels, &clusters, &err) != ELC_OK) {
        fprintf(stderr, "bench-cluster: %s\n", err.message);
        return 1;
    }
    double took = seconds() - start, waited = elc_clock() - began;
    for (size_t i = 0; i < n; i++)
        inside += labels[i] >= 0;
    printf("{\"seconds\": %.3f, \"cpu\": %.3f, \"peak_mb\": %.0f, \"found\": %zu, "
           "\"inside\": %zu}\n",
           waited, took, (double)elc_memory_peak() / 1e6, clusters.count, inside);
    int code = argc > 6 ? write_labels(argv[6], labels, n) : 0;
    elc_clusters_free(&clusters);
    free(points);
    free(labels);
    return code;
}
