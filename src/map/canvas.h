/* canvas.h - a picture that is drawn on: boxes, words, and a PNG of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_CANVAS_H
#define ELCANO_SRC_MAP_CANVAS_H

#include <elcano/base.h>

typedef struct elc_colour {
    uint8_t red, green, blue, alpha;
} elc_colour;

/* Start with {0}. */
typedef struct elc_canvas {
    int32_t width, height;
    elc_colour *pixels; /* by rows, from the top */
} elc_canvas;

elc_status elc_canvas_create(int32_t width, int32_t height, elc_colour ground,
                             elc_canvas *out, elc_error *err);
/* What lies beyond the canvas is left out. */
void elc_canvas_fill(elc_canvas *canvas, int32_t x, int32_t y, int32_t width,
                     int32_t height, elc_colour colour);
/* (x, y) is the upper left corner, and a letter 5 by 7 `size` high. Digits, small
   letters and . , - + / are drawn, anything else is a blank. */
void elc_canvas_text(elc_canvas *canvas, int32_t x, int32_t y, int32_t size,
                     elc_colour colour, const char *text);
int32_t elc_canvas_text_width(const char *text, int32_t size);
/* Appends it as PNG. */
elc_status elc_canvas_png(const elc_canvas *canvas, elc_string *out, elc_error *err);
void elc_canvas_free(elc_canvas *canvas);

#endif
