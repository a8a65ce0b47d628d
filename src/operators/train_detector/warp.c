/* warp.c - chips stretched along their sides, and in other light. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <math.h>
#include <string.h>

static const double LEAST = 0.75, MOST = 1.5; /* of a stretch */

static double unit(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double between(uint64_t *state, double low, double high) {
    return low + (high - low) * unit(state);
}

/* Gamma and contrast of all channels, brightness of each. */
static void light(uint64_t *state, size_t channels, uint8_t table[][256]) {
    double gamma = exp(between(state, -0.3, 0.3));
    double contrast = between(state, 0.75, 1.3), shift = between(state, -0.1, 0.1);
    for (size_t c = 0; c < channels; c++) {
        double gain = between(state, 0.92, 1.08);
        for (int v = 0; v < 256; v++) {
            double x = pow(v / 255.0, gamma);
            x = ((x - 0.5) * contrast + 0.5 + shift) * gain;
            table[c][v] = (uint8_t)(fmin(fmax(x, 0), 1) * 255 + 0.5);
        }
    }
}

void elc_train_warp_choose(uint64_t seed, size_t channels, train_warp *out) {
    double low = log(LEAST), high = log(MOST);
    out->turn = (int)(unit(&seed) * TRAIN_TURNS);
    double both = between(&seed, low, high) / 2;
    out->x = exp(both + between(&seed, low, high) / 2);
    out->y = exp(both + between(&seed, low, high) / 2);
    light(&seed, channels, out->light);
}

void elc_train_warp_box(const train_warp *w, double width, double height,
                        double box[4]) {
    for (int k = 0; k < 4; k++) {
        double middle = (k % 2 == 0 ? width : height) / 2;
        box[k] = (box[k] - middle) * (k % 2 == 0 ? w->x : w->y) + middle;
    }
}

/* Where a row or column of the chip comes from: between two, of which the second weighs
   `share`; `in` is false beyond the edges. */
typedef struct {
    size_t at;
    double share;
    bool in;
} source;

static source source_of(size_t i, size_t n, double stretch) {
    double at = ((double)i + 0.5 - (double)n / 2) / stretch + (double)n / 2 - 0.5;
    source s = {0, 0, at > -0.5 && at < (double)n - 0.5};
    at = fmin(fmax(at, 0), (double)(n - 1));
    s.at = (size_t)at < n - 1 ? (size_t)at : n > 1 ? n - 2 : 0;
    s.share = n > 1 ? at - (double)s.at : 0;
    return s;
}

void elc_train_warp_pixels(const train_warp *w, size_t width, size_t height, size_t n,
                           uint8_t pad, const uint8_t *from, uint8_t *to) {
    size_t down = height > 1 ? width * n : 0, right = width > 1 ? n : 0;
    for (size_t y = 0; y < height; y++) {
        source r = source_of(y, height, w->y);
        for (size_t x = 0; x < width; x++, to += n) {
            source c = source_of(x, width, w->x);
            const uint8_t *p = from + (r.at * width + c.at) * n;
            if (!r.in || !c.in) {
                memset(to, pad, n);
                continue;
            }
            for (size_t k = 0; k < n; k++) {
                double top = p[k] + c.share * (p[k + right] - p[k]);
                double low =
                    p[k + down] + c.share * (p[k + down + right] - p[k + down]);
                to[k] = w->light[k][(uint8_t)(top + r.share * (low - top) + 0.5)];
            }
        }
    }
}
