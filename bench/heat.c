/* heat.c - CPU seconds to sum the kernels of random points over a raster.
 *
 *   bench-heat POINTS WIDTH HEIGHT BANDWIDTH [THREADS [OUT]]    the bandwidth in cells
 *
 * One thread unless told; heat_peer.py does the same with NumPy and OpenCV. Prints the
 * seconds and the CPU seconds of the best of five rounds as JSON; OUT gets the raster's
 * floats. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct times {
    double seconds, cpu;
} times;

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static times time_sum(const elc_density *d, const elc_point *points, size_t n,
                      int threads, float *out) {
    elc_context context = {.threads = threads};
    elc_error err = {0};
    double start = elc_clock(), cpu = (double)clock();
    if (elc_density_sum(d, points, NULL, n, &context, out, &err) != ELC_OK) {
        fprintf(stderr, "bench-heat: %s\n", err.message);
        exit(1);
    }
    return (times){elc_clock() - start, ((double)clock() - cpu) / CLOCKS_PER_SEC};
}

static void write_out(const char *path, const float *values, size_t n) {
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(values, sizeof *values, n, file) != n ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr,
                "usage: bench-heat POINTS WIDTH HEIGHT BANDWIDTH [THREADS [OUT]]\n");
        return 2;
    }
    size_t n = strtoull(argv[1], NULL, 10);
    int width = atoi(argv[2]), height = atoi(argv[3]);
    elc_density d = {{0, height, 1, width, height}, ELC_KERNEL_GAUSSIAN, atof(argv[4])};
    elc_point *points = malloc((n + 1) * sizeof *points);
    float *out = calloc((size_t)width * (size_t)height, sizeof *out);
    if (points == NULL || out == NULL)
        return 1;
    for (size_t i = 0; i < n; i++) {
        points[i].x = unit() * width;
        points[i].y = height - unit() * height;
    }
    times best = {0};
    for (int round = 0; round < 5; round++) {
        times one = time_sum(&d, points, n, argc > 5 ? atoi(argv[5]) : 1, out);
        if (round == 0 || one.cpu < best.cpu)
            best = one;
    }
    printf("{\"seconds\": %.4f, \"cpu\": %.4f}\n", best.seconds, best.cpu);
    if (argc > 6)
        write_out(argv[6], out, (size_t)width * (size_t)height);
    free(points);
    free(out);
    return 0;
}
