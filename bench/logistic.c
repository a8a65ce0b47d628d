/* logistic.c - CPU seconds and memory to learn classes from features.
 *
 *   bench-logistic made ROWS FEATURES CLASSES [THREADS]
 *   bench-logistic file FEATURES-FILE LABELS-FILE FEATURES CLASSES C OUT
 *
 * made: rows round one point a class, each feature sharing half of its noise with its
 * neighbour; logistic_peer.py gives scikit-learn the same numbers. file: float32 and
 * int32 of other data; OUT gets the coefficients, a row a class, and the intercepts, as
 * doubles. The tolerance is 1e-10. Prints a line of JSON: seconds, CPU seconds, the
 * peak of memory in MB, iterations as `found`, and the largest slope at the end. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct data {
    float *x;
    int32_t *labels;
    size_t n, d, classes;
} data;

/* Number i of SplitMix64 that starts at 1, from 0 to 1. */
static double unit(uint64_t i) {
    uint64_t z = 1 + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int make(data *m) {
    m->x = malloc((m->n * m->d + 1) * sizeof *m->x);
    m->labels = malloc((m->n + 1) * sizeof *m->labels);
    if (m->x == NULL || m->labels == NULL)
        return 1;
    for (size_t i = 0; i < m->n; i++) {
        size_t label = i % m->classes, at = (m->classes + i) * m->d;
        m->labels[i] = (int32_t)label;
        for (size_t j = 0; j < m->d; j++) {
            double centre = unit(label * m->d + j) - 0.5;
            double noise = unit(at + j) + unit(at + (j + 1) % m->d) - 1;
            m->x[i * m->d + j] = (float)(noise + 0.25 * centre);
        }
    }
    return 0;
}

static void *read_all(const char *path, size_t each, size_t *count) {
    elc_string file = {0};
    elc_error err;
    if (elc_file_read(path, (size_t)1 << 34, &file, &err) != ELC_OK) {
        fprintf(stderr, "bench-logistic: %s\n", err.message);
        return NULL;
    }
    *count = file.size / each;
    return file.data;
}

static int load(char **argv, data *m) {
    size_t numbers = 0;
    m->d = strtoul(argv[4], NULL, 10);
    m->classes = strtoul(argv[5], NULL, 10);
    m->x = read_all(argv[2], sizeof *m->x, &numbers);
    m->labels = read_all(argv[3], sizeof *m->labels, &m->n);
    bool good = m->x != NULL && m->labels != NULL && numbers == m->n * m->d;
    if (!good)
        fprintf(stderr, "bench-logistic: %s has %zu numbers, not %zu rows of %zu\n",
                argv[2], numbers, m->n, m->d);
    return good ? 0 : 1;
}

static int save(const char *path, const elc_logistic *l) {
    FILE *file = fopen(path, "wb");
    size_t n = l->classes * l->features;
    bool good = file != NULL && fwrite(l->coefficients, sizeof(double), n, file) == n &&
                fwrite(l->intercepts, sizeof(double), l->classes, file) == l->classes;
    good = file != NULL && fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "bench-logistic: %s: cannot be written\n", path);
    return good ? 0 : 1;
}

static int learn(const data *m, double c, int threads, const char *out) {
    elc_context context = {.threads = threads};
    elc_logistic_wish wish = {.c = c, .tolerance = 1e-10};
    elc_logistic l;
    elc_error err;
    clock_t start = clock();
    double began = elc_clock();
    if (elc_logistic_train(m->x, m->n, m->d, m->labels, m->classes, &wish, &context, &l,
                           &err) != ELC_OK) {
        fprintf(stderr, "bench-logistic: %s\n", err.message);
        return 1;
    }
    printf("{\"seconds\": %.3f, \"cpu\": %.3f, \"peak_mb\": %.0f, \"found\": %d, "
           "\"slope\": %.3g}\n",
           elc_clock() - began, (double)(clock() - start) / CLOCKS_PER_SEC,
           (double)elc_memory_peak() / 1e6, l.iterations, l.slope);
    int code = out != NULL ? save(out, &l) : 0;
    elc_logistic_clear(&l);
    return code;
}

int main(int argc, char **argv) {
    bool made = argc >= 5 && argc <= 6 && strcmp(argv[1], "made") == 0;
    bool file = argc == 8 && strcmp(argv[1], "file") == 0;
    data m = {0};
    if (!made && !file) {
        fprintf(stderr, "usage: bench-logistic made ROWS FEATURES CLASSES [THREADS]\n"
                        "       bench-logistic file FEATURES-FILE LABELS-FILE FEATURES "
                        "CLASSES C OUT\n");
        return 2;
    }
    if (made)
        m = (data){.n = strtoul(argv[2], NULL, 10),
                   .d = strtoul(argv[3], NULL, 10),
                   .classes = strtoul(argv[4], NULL, 10)};
    int code = made ? make(&m) : load(argv, &m);
    if (code == 0)
        code = learn(&m, made ? 1 : strtod(argv[6], NULL),
                     made && argc > 5 ? atoi(argv[5]) : 1, made ? NULL : argv[7]);
    free(m.x);
    free(m.labels);
    return code;
}
