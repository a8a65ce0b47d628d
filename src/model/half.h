/* half.h - float16, as IEEE 754 binary16 in a uint16_t. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_HALF_H
#define ELC_MODEL_HALF_H

#include <stddef.h>
#include <stdint.h>

/* Exact, infinity and NaN too. */
void elc_half_to_float(const uint16_t *half, size_t n, float *out);
/* To nearest, ties to even; too large becomes infinity. */
uint16_t elc_half_from_float(float value);

#endif
