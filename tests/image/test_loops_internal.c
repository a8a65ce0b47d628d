/* test_loops_internal.c - loops over rows: the same bits on every processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/loops.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* As long as vectors and a rest; most values of every type are beyond the limits. */
enum { N = 1003, CHANNELS = 5 };

static const GDALDataType TYPES[] = {GDT_Byte, GDT_UInt16, GDT_Int16, GDT_Float32,
                                     GDT_Float64};
enum { N_TYPES = sizeof TYPES / sizeof TYPES[0] };

static const double ODD[] = {0,    -0.0, NAN,   INFINITY, -INFINITY, 1e300, -1e300,
                             1e39, 7,    7.001, 254.5,    300,       -1,    1e-320};
enum { N_ODD = sizeof ODD / sizeof ODD[0] };

/* Values of a type, and the same as doubles. */
typedef struct values {
    GDALDataType type;
    _Alignas(8) uint8_t raw[8 * N];
    double as_double[N];
} values;

static void fill(values *v, GDALDataType type) {
    uint32_t h = 7;
    v->type = type;
    for (size_t i = 0; i < N; i++) {
        h = h * 1664525u + 1013904223u;
        double any = i < N_ODD ? ODD[i] : (double)(h >> 16) / 7 - 300;
        v->as_double[i] = any;
        if (type == GDT_Byte)
            v->as_double[i] = v->raw[i] = (uint8_t)(h >> 24);
        else if (type == GDT_UInt16)
            v->as_double[i] = ((uint16_t *)v->raw)[i] = (uint16_t)(h >> 16);
        else if (type == GDT_Int16)
            v->as_double[i] = ((int16_t *)v->raw)[i] = (int16_t)((h >> 16) - 32768);
        else if (type == GDT_Float32)
            v->as_double[i] = ((float *)v->raw)[i] =
                isfinite(any) && fabs(any) > 1e38 ? 1e38f : (float)any;
        else
            ((double *)v->raw)[i] = any;
    }
}

static void scales(const elc_loops *loops, const values *v, double low, double scale) {
    float found[N];
    loops->scale(v->type, v->raw, N, low, scale, found);
    for (size_t i = 0; i < N; i++) {
        double at = (v->as_double[i] - low) * scale;
        float wanted = (float)(at > 0 ? (at < 255 ? at : 255) : 0);
        assert_memory_equal(&found[i], &wanted, sizeof wanted);
    }
}

static void checks(const elc_loops *loops, const values *v, double nodata) {
    uint8_t finite[N], other[N];
    for (size_t i = 0; i < N; i++) {
        finite[i] = i % 3 != 0;
        other[i] = i % 5 == 0;
    }
    loops->check(v->type, v->raw, N, nodata, finite, other);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(finite[i], i % 3 != 0 && isfinite(v->as_double[i]));
        assert_int_equal(other[i], i % 5 == 0 || v->as_double[i] != nodata);
    }
}

static void puts_bytes(const elc_loops *loops, size_t n_planes, size_t n) {
    enum { STRIDE = N + 5 };
    float planes[CHANNELS * STRIDE];
    uint8_t found[CHANNELS * N];
    for (size_t i = 0; i < CHANNELS * STRIDE; i++)
        planes[i] = (float)((i * 37) % 1200) / 4 - 20; /* halves, and beyond 0, 255 */
    loops->put(planes, STRIDE, N, n_planes, found, n);
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < n; c++) {
            float v = planes[(n_planes == 1 ? 0 : c) * STRIDE + i];
            float limited = v > 0 ? (v < 255 ? v : 255) : 0;
            assert_int_equal(found[i * n + c], (uint8_t)(limited + 0.5f));
        }
}

static void equals_slow_loops(const elc_loops *loops) {
    values v;
    for (size_t t = 0; t < N_TYPES; t++) {
        fill(&v, TYPES[t]);
        scales(loops, &v, 12.7, 0.1234567);
        scales(loops, &v, 0, 1);
        scales(loops, &v, -30000, 255 / 61234.5);
        scales(loops, &v, 1e300, 1e-290);
        checks(loops, &v, v.as_double[N / 2]);
        checks(loops, &v, NAN);
    }
    for (size_t n = 1; n <= CHANNELS; n++) {
        puts_bytes(loops, n, n);
        puts_bytes(loops, 1, n);
    }
}

static void test_loops_of_plain_processors_equal_slow_loops(void **state) {
    (void)state;
    equals_slow_loops(&elc_loops_plain);
}

static void test_loops_of_wide_processors_equal_slow_loops(void **state) {
    (void)state;
    if (!elc_cpu_is_wide())
        skip();
    equals_slow_loops(&elc_loops_wide);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loops_of_plain_processors_equal_slow_loops),
        cmocka_unit_test(test_loops_of_wide_processors_equal_slow_loops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
