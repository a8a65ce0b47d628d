/* loops.c - loops over rows of values, compiled for plain and for wide processors. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/loops.h"

#define INLINE static inline __attribute__((always_inline))

/* Calls a loop with values of their type. */
#define BY_TYPE(loop, ...)                                                             \
    switch (type) {                                                                    \
    case GDT_Byte:                                                                     \
        loop(uint8_t, __VA_ARGS__);                                                    \
        break;                                                                         \
    case GDT_UInt16:                                                                   \
        loop(uint16_t, __VA_ARGS__);                                                   \
        break;                                                                         \
    case GDT_Int16:                                                                    \
        loop(int16_t, __VA_ARGS__);                                                    \
        break;                                                                         \
    case GDT_Float32:                                                                  \
        loop(float, __VA_ARGS__);                                                      \
        break;                                                                         \
    default:                                                                           \
        loop(double, __VA_ARGS__);                                                     \
    }

INLINE float within(float v) {
    v = v > 0 ? v : 0;
    return v < 255 ? v : 255;
}

/* Rounding to float keeps the order, so that a float may be clamped instead of the
   double. */
#define SCALE(T, out)                                                                  \
    for (size_t i = 0; i < n; i++)                                                     \
    (out)[i] = within((float)(((double)((const T *)values)[i] - low) * scale))

INLINE void scale_row(GDALDataType type, const void *restrict values, size_t n,
                      double low, double scale,
                      float *restrict out){BY_TYPE(SCALE, out)}

#define CHECK(T, finite, other)                                                        \
    for (size_t i = 0; i < n; i++) {                                                   \
        double v = (double)((const T *)values)[i];                                     \
        (finite)[i] &= v - v == 0;                                                     \
        (other)[i] |= v != nodata;                                                     \
    }

INLINE void check_row(GDALDataType type, const void *restrict values, size_t n,
                      double nodata, uint8_t *restrict finite,
                      uint8_t *restrict other){BY_TYPE(CHECK, finite, other)}

/* `n` is a constant where it is called for the usual pixels. */
INLINE void put_planes(const float *restrict planes, size_t stride, size_t pixels,
                       size_t n, uint8_t *restrict out) {
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < n; c++)
            out[i * n + c] = (uint8_t)(int)(within(planes[c * stride + i]) + 0.5f);
}

INLINE void put_row(const float *restrict planes, size_t stride, size_t pixels,
                    size_t n_planes, uint8_t *restrict out, size_t n) {
    if (n_planes < n)
        put_planes(planes, 0, pixels, n, out);
    else if (n == 1)
        put_planes(planes, stride, pixels, 1, out);
    else if (n == 3)
        put_planes(planes, stride, pixels, 3, out);
    else if (n == 4)
        put_planes(planes, stride, pixels, 4, out);
    else
        put_planes(planes, stride, pixels, n, out);
}

#define DEFINE(name, attribute)                                                        \
    attribute static void scale_##name(GDALDataType type, const void *values,          \
                                       size_t n, double low, double scale,             \
                                       float *out) {                                   \
        scale_row(type, values, n, low, scale, out);                                   \
    }                                                                                  \
    attribute static void check_##name(GDALDataType type, const void *values,          \
                                       size_t n, double nodata, uint8_t *finite,       \
                                       uint8_t *other) {                               \
        check_row(type, values, n, nodata, finite, other);                             \
    }                                                                                  \
    attribute static void put_##name(const float *planes, size_t stride,               \
                                     size_t pixels, size_t n_planes, uint8_t *out,     \
                                     size_t n) {                                       \
        put_row(planes, stride, pixels, n_planes, out, n);                             \
    }                                                                                  \
    const elc_loops elc_loops_##name = {scale_##name, check_##name, put_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)

const elc_loops *elc_loops_choose(void) {
    return elc_cpu_is_wide() ? &elc_loops_wide : &elc_loops_plain;
}
