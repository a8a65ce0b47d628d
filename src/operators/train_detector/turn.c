/* turn.c - chips mirrored and turned by quarters. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <string.h>

/* Bit 2 mirrors left and right first; then as many quarters clockwise as the rest says.
 */
static bool mirrors(int turn) {
    return turn & 4;
}

static int quarters(int turn) {
    return turn & 3;
}

static void order(double *low, double *high) {
    if (*low > *high) {
        double kept = *low;
        *low = *high;
        *high = kept;
    }
}

void elc_train_turn_box(int turn, double width, double height, double box[4]) {
    if (mirrors(turn)) {
        double left = width - box[2];
        box[2] = width - box[0];
        box[0] = left;
    }
    for (int i = 0; i < quarters(turn); i++) {
        double side = i % 2 == 0 ? height : width;
        double turned[4] = {side - box[1], box[0], side - box[3], box[2]};
        memcpy(box, turned, sizeof turned);
        order(&box[0], &box[2]);
    }
}

void elc_train_turn_pixels(int turn, size_t width, size_t height, size_t n,
                           const uint8_t *from, uint8_t *to) {
    size_t cols = quarters(turn) % 2 == 0 ? width : height;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            size_t at[2] = {mirrors(turn) ? width - 1 - x : x, y};
            for (int i = 0; i < quarters(turn); i++) {
                size_t side = i % 2 == 0 ? height : width, column = at[0];
                at[0] = side - 1 - at[1];
                at[1] = column;
            }
            memcpy(to + (at[1] * cols + at[0]) * n, from + (y * width + x) * n, n);
        }
}
