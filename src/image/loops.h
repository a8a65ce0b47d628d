/* loops.h - loops over rows of values, compiled for plain and for wide processors. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_LOOPS_H
#define ELCANO_SRC_IMAGE_LOOPS_H

#include <elcano/base.h>

#include <gdal.h>

/* Types of values: Byte, UInt16, Int16, Float32 and Float64. Both tables give the same
   bits. */
typedef struct elc_loops {
    /* out = (value - low) * scale as a double, within 0 and 255; of NaN 0. */
    void (*scale)(GDALDataType type, const void *values, size_t n, double low,
                  double scale, float *out);
    /* finite &= the value is a finite number; other |= it is not `nodata`, which may be
       NaN: then it never is. Both are 0 or 1. */
    void (*check)(GDALDataType type, const void *values, size_t n, double nodata,
                  uint8_t *finite, uint8_t *other);
    /* Planes, `stride` values apart, as n bytes a pixel: rounded, within 0 and 255. One
       plane is repeated n times. */
    void (*put)(const float *planes, size_t stride, size_t pixels, size_t n_planes,
                uint8_t *out, size_t n);
} elc_loops;

extern const elc_loops elc_loops_plain;
extern const elc_loops elc_loops_wide; /* only where elc_cpu_is_wide() */

/* The faster one of this processor. */
const elc_loops *elc_loops_choose(void);

#endif
