/* picture.c - a raster as a picture, with a legend and a scale. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map/canvas.h"
#include "map/ramp.h"
#include "map/shrink.h"

/* In pixels. */
enum {
    EDGE = 16,
    LETTER = 2,
    LINE = 7 * LETTER,
    BAR = 18,
    GAP = 10,
    LEGEND = 16 * LINE,
    LARGEST = 2048,
    SMALLEST = 256
};

static const elc_colour INK = {40, 40, 40, 255}, PAPER = {255, 255, 255, 255},
                        UNSEEN = {225, 225, 225, 255}, FRAME = {140, 140, 140, 255};

static const char NOTHING[] = "no value over 0", NO_IMAGE[] = "no image";

typedef struct {
    const elc_raster_grid *grid;
    const float *values;
    const elc_picture *wish;
    int32_t shrink, grow;  /* cells in a pixel, or pixels in a cell */
    int32_t width, height; /* of the map in the picture */
    bool unseen;           /* some of it */
    elc_canvas canvas;
} picture;

/* ---- the map -----------------------------------------------------------------------
 */

static void choose_size(picture *p) {
    int32_t side = p->grid->width > p->grid->height ? p->grid->width : p->grid->height;
    p->shrink = (side - 1) / LARGEST + 1;
    p->grow = side < SMALLEST ? (SMALLEST - 1) / side + 1 : 1;
    p->width = ((p->grid->width - 1) / p->shrink + 1) * p->grow;
    p->height = ((p->grid->height - 1) / p->shrink + 1) * p->grow;
}

static bool is_unseen(const picture *p) {
    size_t n = (size_t)p->grid->width * (size_t)p->grid->height;
    for (size_t i = 0; i < n; i++)
        if (isnan(p->values[i]))
            return true;
    return false;
}

static void draw_map(picture *p, int32_t x, int32_t y) {
    for (int32_t row = 0; row < p->height / p->grow; row++)
        for (int32_t column = 0; column < p->width / p->grow; column++) {
            double value = elc_cells_mean(p->grid, p->values, p->shrink,
                                          column * p->shrink, row * p->shrink);
            elc_canvas_fill(
                &p->canvas, x + column * p->grow, y + row * p->grow, p->grow, p->grow,
                isnan(value) ? UNSEEN : elc_ramp_at(value / p->wish->highest));
        }
}

/* ---- the legend --------------------------------------------------------------------
 */

/* The largest of 1, 2 and 5 times a power of ten that is not over `most`. */
static double round_step(double most) {
    double ten = pow(10, floor(log10(most)));
    return most / ten >= 5 ? 5 * ten : most / ten >= 2 ? 2 * ten : ten;
}

/* "1,500,000", "0.00005", "5e-09": with as many decimals as the steps between them
 * need.
 */
static void write_value(double value, double step, char *out, size_t size) {
    char digits[32];
    int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    if (step < 1e-6 || value >= 1e10) {
        snprintf(out, size, "%g", value);
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", value > 0 ? decimals : 0, value);
    size_t whole = strcspn(digits, "."), n = 0;
    for (size_t i = 0; digits[i] != '\0' && n + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = '\0';
}

typedef struct {
    char text[32];
    double share; /* of the highest value */
} tick;

/* Three to five, of which the first is 0; none where nothing is higher. */
enum { TICKS = 6 };
static int make_ticks(double highest, tick ticks[TICKS]) {
    double step = round_step(highest / 2);
    int n = 0;
    if (!(highest > 0))
        return 0;
    for (; n < TICKS && n * step <= highest * 1.0000001; n++) {
        ticks[n].share = n * step / highest;
        write_value(n * step, step, ticks[n].text, sizeof ticks[n].text);
    }
    return n;
}

static int32_t widest(const picture *p, const tick *ticks, int n) {
    int32_t wide = elc_canvas_text_width(n > 0 ? p->wish->unit : NOTHING, LETTER);
    int32_t grey = BAR + 10 + elc_canvas_text_width(NO_IMAGE, LETTER);
    if (p->unseen && grey > wide)
        wide = grey;
    for (int i = 0; i < n; i++) {
        int32_t label = BAR + 10 + elc_canvas_text_width(ticks[i].text, LETTER);
        wide = label > wide ? label : wide;
    }
    return wide;
}

static void draw_unseen(picture *p, int32_t x, int32_t y) {
    elc_canvas_fill(&p->canvas, x - 1, y - 1, BAR + 2, LINE + 2, FRAME);
    elc_canvas_fill(&p->canvas, x, y, BAR, LINE, UNSEEN);
    elc_canvas_text(&p->canvas, x + BAR + 10, y, LETTER, INK, NO_IMAGE);
}

/* The unit, and beneath it the bar. */
static void draw_legend(picture *p, int32_t x, int32_t y, int32_t height,
                        const tick *ticks, int n) {
    int32_t top = y + LINE + GAP, bar = height - LINE - GAP;
    elc_canvas_text(&p->canvas, x, y, LETTER, INK, p->wish->unit);
    elc_canvas_fill(&p->canvas, x - 1, top - 1, BAR + 2, bar + 2, FRAME);
    for (int32_t row = 0; row < bar; row++)
        elc_canvas_fill(&p->canvas, x, top + row, BAR, 1,
                        elc_ramp_at(1 - (row + 0.5) / bar));
    for (int i = 0; i < n; i++) {
        int32_t at = top + bar - 1 - (int32_t)lround(ticks[i].share * (bar - 1));
        elc_canvas_fill(&p->canvas, x + BAR, at, 6, 1, INK);
        elc_canvas_text(&p->canvas, x + BAR + 10, at - LINE / 2, LETTER, INK,
                        ticks[i].text);
    }
}

static void draw_scale(picture *p, int32_t x, int32_t y) {
    char text[32];
    double pixel = p->grid->cell * p->shrink / p->grow;
    double length = round_step(pixel * p->width / 3);
    int32_t wide = (int32_t)lround(length / pixel);
    if (length >= 1000)
        snprintf(text, sizeof text, "%g km", length / 1000);
    else
        snprintf(text, sizeof text, "%g m", length);
    elc_canvas_fill(&p->canvas, x, y + 4, wide, 3, INK);
    elc_canvas_fill(&p->canvas, x, y, 2, 11, INK);
    elc_canvas_fill(&p->canvas, x + wide - 2, y, 2, 11, INK);
    elc_canvas_text(&p->canvas, x + wide + 10, y - 1, LETTER, INK, text);
}

/* ---- all of it ---------------------------------------------------------------------
 */

static elc_status draw(picture *p, elc_error *err) {
    int32_t words = elc_canvas_text_width(p->wish->title, LETTER);
    tick ticks[TICKS];
    int n = make_ticks(p->wish->highest, ticks);
    int32_t legend = widest(p, ticks, n);
    int32_t width = p->width + 3 * EDGE + legend, top = 2 * EDGE + LINE;
    if (width < words + 2 * EDGE)
        width = words + 2 * EDGE;
    int32_t least = LEGEND + (p->unseen ? GAP + LINE + 1 : 0);
    int32_t high = p->height < least ? least : p->height;
    ELC_TRY(
        elc_canvas_create(width, top + high + 2 * EDGE + LINE, PAPER, &p->canvas, err));
    elc_canvas_text(&p->canvas, EDGE, EDGE, LETTER, INK, p->wish->title);
    draw_map(p, EDGE, top);
    if (n > 0)
        draw_legend(p, p->width + 2 * EDGE, top, LEGEND, ticks, n);
    else
        elc_canvas_text(&p->canvas, p->width + 2 * EDGE, top, LETTER, INK, NOTHING);
    if (p->unseen)
        draw_unseen(p, p->width + 2 * EDGE, top + LEGEND + GAP);
    draw_scale(p, EDGE, top + p->height + EDGE);
    return ELC_OK;
}

elc_status elc_raster_picture(const elc_raster_grid *grid, const float *values,
                              const elc_picture *wish, elc_string *out,
                              elc_error *err) {
    picture p = {.grid = grid, .values = values, .wish = wish};
    choose_size(&p);
    p.unseen = is_unseen(&p);
    elc_status status = draw(&p, err);
    if (status == ELC_OK)
        status = elc_canvas_png(&p.canvas, out, err);
    elc_canvas_free(&p.canvas);
    return status;
}
