/* half.c - float16, as IEEE 754 binary16 in a uint16_t. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "half.h"

#include <math.h>
#include <string.h>

static float one_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, low = half & 0x7fffu, bits;
    float value;
    if (low < 0x0400u) { /* zero and subnormals: steps of 2^-24 */
        value = (float)low * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
    } else if (low < 0x7c00u) {
        bits = (low << 13) + ((127u - 15u) << 23);
    } else {
        bits = 0x7f800000u | (low & 0x03ffu) << 13;
    }
    bits |= sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void elc_half_to_float(const uint16_t *half, size_t n, float *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = one_to_float(half[i]);
}

uint16_t elc_half_from_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000u);
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u)
        return (uint16_t)(sign | 0x7e00u);
    if (bits >= 0x477ff000u) /* 65520 and more round to infinity */
        return (uint16_t)(sign | 0x7c00u);
    if (bits < 0x38800000u) /* under 2^-14: whole steps of 2^-24 */
        return (uint16_t)(sign | (uint32_t)rintf(fabsf(value) * 0x1p24f));
    uint32_t odd = bits >> 13 & 1u;
    return (uint16_t)(sign | ((bits + 0x0fffu + odd - ((127u - 15u) << 23)) >> 13));
}
