/* prepare.c - bytes of pixels into the values that a network takes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "prepare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "half.h"

/* ---- any number of channels, by table ----------------------------------------- */

/* Pixels that are taken channel by channel while they are in the first cache: one
   stream of writes at a time is twice as fast as three. After a run the input has left
   the cache; lines of the block after this one are asked for early, which hides most of
   that (640 x 640 x 3 px: 0.31 ms in cache; out of it 0.40 ms, as memset(), not 0.57).
 */
#define BLOCK 512

/* Values between two such requests: a line of 64 bytes holds 16 floats. */
#define STRIP 16

/* One channel of a block: every `stride`-th byte into every `step`-th value. `ahead` is
   how much further the next block begins, 0 at the end. */
#define DEFINE_LOOK_UP(name, type)                                                     \
    static void name(const uint8_t *restrict pixels, size_t stride, size_t n,          \
                     const type *restrict table, type *restrict out, size_t step,      \
                     size_t ahead) {                                                   \
        size_t i = 0;                                                                  \
        for (; i + 4 <= n; i += 4, pixels += 4 * stride, out += 4 * step) {            \
            if (i % STRIP == 0)                                                        \
                __builtin_prefetch(out + ahead, 1);                                    \
            out[0] = table[pixels[0]];                                                 \
            out[step] = table[pixels[stride]];                                         \
            out[2 * step] = table[pixels[2 * stride]];                                 \
            out[3 * step] = table[pixels[3 * stride]];                                 \
        }                                                                              \
        for (; i < n; i++, pixels += stride, out += step)                              \
            *out = table[*pixels];                                                     \
    }                                                                                  \
    static void name##_all(const elc_prepare *prepare, const uint8_t *pixels,          \
                           size_t n, type *out) {                                      \
        const type *table = prepare->table;                                            \
        size_t channels = prepare->channels;                                           \
        size_t step = prepare->channels_last ? channels : 1;                           \
        size_t plane = prepare->channels_last ? 1 : n;                                 \
        for (size_t i = 0; i < n; i += BLOCK) {                                        \
            size_t count = n - i < BLOCK ? n - i : BLOCK;                              \
            size_t ahead = n - i < 2 * BLOCK ? 0 : BLOCK * step;                       \
            for (size_t c = 0; c < channels; c++)                                      \
                name(pixels + i * channels + prepare->source[c], channels, count,      \
                     table + 256 * c, out + plane * c + step * i, step, ahead);        \
        }                                                                              \
    }

DEFINE_LOOK_UP(look_up_float, float)
DEFINE_LOOK_UP(look_up_half, uint16_t)
DEFINE_LOOK_UP(look_up_byte, uint8_t)

/* ---- three planes of floats by arithmetic ------------------------------------ */

/* Values are looked up one by one, and computed 8 at a time: 640 x 640 x 3 px in 0.25
   ms, not 0.40; memset() of the output is 0.18. */
ELC_WIDE static void compute(const uint8_t *restrict pixels, size_t n,
                             const elc_prepare_sum sums[3], float *restrict first,
                             float *restrict second, float *restrict third) {
    const elc_prepare_sum a = sums[0], b = sums[1], c = sums[2];
    for (size_t i = 0; i < n; i++) {
        float x = pixels[3 * i], y = pixels[3 * i + 1], z = pixels[3 * i + 2];
        first[i] = (x * a.high + a.high_offset) + (x * a.low + a.low_offset);
        second[i] = (y * b.high + b.high_offset) + (y * b.low + b.low_offset);
        third[i] = (z * c.high + c.high_offset) + (z * c.low + c.low_offset);
    }
}

/* Swapping first and third is its own inverse: source[] says too where a band goes. */
static void compute_all(const elc_prepare *prepare, const uint8_t *pixels, size_t n,
                        float *out) {
    const size_t *plane = prepare->source;
    compute(pixels, n, prepare->sums, out + n * plane[0], out + n * plane[1],
            out + n * plane[2]);
}

/* value = pixel * factor + offset. The high parts are multiples of a quantum that all
   values are below 2^24 times of, so their product and sum are exact; the low parts are
   what is left. One rounding of about the exact value remains, as in the table. */
static elc_prepare_sum sum_of(double factor, double offset) {
    int exponent = 0;
    frexp(255 * fabs(factor) + fabs(offset), &exponent);
    double quantum = ldexp(1, exponent - 24);
    double high = rint(factor / quantum) * quantum;
    double high_offset = rint(offset / quantum) * quantum;
    return (elc_prepare_sum){(float)high, (float)high_offset, (float)(factor - high),
                             (float)(offset - high_offset)};
}

/* "About" is not always enough, so all values are compared. */
static bool is_exact(const elc_prepare *prepare) {
    uint8_t pixels[3 * 256];
    float values[3 * 256];
    for (size_t i = 0; i < 3 * 256; i++)
        pixels[i] = (uint8_t)(i / 3);
    compute_all(prepare, pixels, 256, values);
    return memcmp(values, prepare->table, sizeof values) == 0;
}

static void find_sums(elc_prepare *p, const elc_prepare_wish *wish) {
    if (p->type != ELC_TENSOR_FLOAT32 || p->channels_last || p->channels != 3 ||
        !elc_cpu_is_wide())
        return;
    for (size_t c = 0; c < 3; c++)
        p->sums[p->source[c]] =
            sum_of(wish->scale / wish->std[c], -wish->mean[c] / wish->std[c]);
    p->exact = is_exact(p);
}

/* ---- all types ---------------------------------------------------------------- */

static void fill_entry(elc_prepare *p, size_t i, double value) {
    switch (p->type) {
    case ELC_TENSOR_FLOAT32:
        ((float *)p->table)[i] = (float)value;
        break;
    case ELC_TENSOR_FLOAT16:
        ((uint16_t *)p->table)[i] = elc_half_from_float((float)value);
        break;
    case ELC_TENSOR_UINT8:
        ((uint8_t *)p->table)[i] = (uint8_t)lrint(fmin(fmax(value, 0), 255));
        break;
    }
}

static double value_of(const elc_prepare_wish *wish, size_t channel, int pixel) {
    if (wish->threshold > 0)
        pixel = pixel < wish->threshold ? 0 : 255;
    return (pixel * wish->scale - wish->mean[channel]) / wish->std[channel];
}

elc_status elc_prepare_create(const elc_prepare_wish *wish, elc_prepare *out,
                              elc_error *err) {
    size_t channels = wish->channels;
    elc_prepare made = {
        .type = wish->type, .channels_last = wish->channels_last, .channels = channels};
    ELC_TRY(elc_alloc(channels, sizeof *made.source, &made.source, err));
    elc_status status = elc_alloc(channels, 256 * sizeof(float), &made.table, err);
    if (status != ELC_OK) {
        elc_prepare_clear(&made);
        return status;
    }
    for (size_t c = 0; c < channels; c++) {
        made.source[c] = wish->bgr && channels >= 3 && c < 3 ? 2 - c : c;
        for (size_t v = 0; v < 256; v++)
            fill_entry(&made, 256 * c + v, value_of(wish, c, (int)v));
    }
    find_sums(&made, wish);
    *out = made;
    return ELC_OK;
}

void elc_prepare_put(const elc_prepare *prepare, const uint8_t *pixels, size_t n,
                     void *out) {
    switch (prepare->type) {
    case ELC_TENSOR_FLOAT32:
        if (prepare->exact)
            compute_all(prepare, pixels, n, out);
        else
            look_up_float_all(prepare, pixels, n, out);
        break;
    case ELC_TENSOR_FLOAT16:
        look_up_half_all(prepare, pixels, n, out);
        break;
    case ELC_TENSOR_UINT8:
        look_up_byte_all(prepare, pixels, n, out);
        break;
    }
}

void elc_prepare_clear(elc_prepare *prepare) {
    free(prepare->source);
    free(prepare->table);
    *prepare = (elc_prepare){0};
}
