/* view.c - an image seen as bytes: values scaled once, and resampled without seams. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/loops.h"
#include "image/view.h"

/* Values that are read at once, more or less: 2 MiB of 16 bits, 8 MiB of doubles. */
enum { READ_VALUES = 1 << 20 };

struct elc_view {
    elc_image *image;
    elc_source source;
    const elc_loops *loops;
    int bands[ELC_BANDS_MAX], n;
    double low[ELC_BANDS_MAX], scale[ELC_BANDS_MAX];
    double step_x, step_y;
    elc_image_info size; /* width and height of the view */
    bool direct;         /* bytes as elc_image_read gives them */
};

/* ---- making
 * ----------------------------------------------------------------------------
 */

int64_t elc_view_side(int64_t source, double step) {
    double side = step == 1 ? (double)source : ceil((double)source / step - 1e-6);
    return side < 1 ? 1 : (int64_t)side;
}

static elc_status check_steps(const elc_view *v, elc_error *err) {
    double x = v->step_x, y = v->step_y;
    if (!(x > 0 && y > 0 && isfinite(x) && isfinite(y)))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: steps of %g x %g px: give more than 0", v->image->path, x,
                        y);
    double width = (double)v->source.width / x, height = (double)v->source.height / y;
    if (width > INT32_MAX || height > INT32_MAX)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: resampled to %.0f x %.0f px, at most %d a side are handled",
            v->image->path, width, height, INT32_MAX);
    return ELC_OK;
}

/* One band that is scaled in different ways is read as often. */
static void repeat_band(elc_source *s, int n) {
    for (int i = s->n; s->colours == ELC_COLOURS_PLAIN && i < n; i++) {
        s->raw[i] = s->bands[i];
        s->nodata[i] = s->nodata[0];
        s->n_raw = n;
    }
    s->n = n;
}

static elc_status set_stretch(elc_view *v, const elc_stretch *s, elc_error *err) {
    bool none = s->kind == ELC_STRETCH_NONE;
    if (s->kind == ELC_STRETCH_AUTO)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: an automatic stretch must be decided",
                        v->image->path);
    if (!none && s->n != 1 && s->n != v->n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the stretch is one of %d bands, %d are read",
                        v->image->path, s->n, v->n);
    for (int c = 0; c < v->n; c++) {
        double low = none ? 0 : s->low[s->n == 1 ? 0 : c];
        double high = none ? 255 : s->high[s->n == 1 ? 0 : c];
        v->low[c] = low;
        v->scale[c] = none ? 1 : 255 / (high - low);
        if (!(high > low) || !(v->scale[c] > 0 && isfinite(v->scale[c])))
            return elc_fail(err, ELC_E_ARGUMENT, "%s: stretch from %g to %g",
                            v->image->path, low, high);
        if (low != v->low[0] || v->scale[c] != v->scale[0])
            repeat_band(&v->source, v->n);
    }
    return ELC_OK;
}

static bool is_direct(const elc_view *v, const elc_stretch *s) {
    return v->image->info.is_byte && v->source.colours == ELC_COLOURS_PLAIN &&
           v->source.spread == 1 && s->kind == ELC_STRETCH_NONE && v->step_x == 1 &&
           v->step_y == 1;
}

static elc_status set_up(elc_view *v, const elc_view_options *o, elc_error *err) {
    ELC_TRY(elc_source_open(v->image, o->bands, o->n, &v->source, err));
    memcpy(v->bands, o->bands, (size_t)o->n * sizeof *o->bands);
    ELC_TRY(check_steps(v, err));
    ELC_TRY(set_stretch(v, &o->stretch, err));
    v->size.width = elc_view_side(v->source.width, v->step_x);
    v->size.height = elc_view_side(v->source.height, v->step_y);
    v->direct = is_direct(v, &o->stretch);
    return ELC_OK;
}

elc_status elc_view_create(elc_image *image, const elc_view_options *options,
                           elc_view **out, elc_error *err) {
    elc_view *v = NULL;
    ELC_TRY(elc_alloc(1, sizeof *v, &v, err));
    v->image = image;
    v->loops = elc_loops_choose();
    v->n = options->n;
    v->step_x = options->step_x;
    v->step_y = options->step_y;
    elc_status status = set_up(v, options, err);
    if (status == ELC_OK)
        *out = v;
    else
        elc_view_free(v);
    return status;
}

void elc_view_free(elc_view *view) {
    if (!view)
        return;
    elc_source_clear(&view->source);
    free(view);
}

int64_t elc_view_width(const elc_view *view) {
    return view->size.width;
}

int64_t elc_view_height(const elc_view *view) {
    return view->size.height;
}

elc_image *elc_view_image(const elc_view *view) {
    return view->image;
}

const int *elc_view_bands(const elc_view *view, int *n) {
    *n = view->n;
    return view->bands;
}

bool elc_view_is_direct(const elc_view *view) {
    return view->direct;
}

bool elc_view_has_blanks(const elc_view *view) {
    return view->source.blanks;
}

/* ---- source rows
 * --------------------------------------------------------------------------
 */

/* Rows of the source that are read at once, and one of them scaled. */
typedef struct block {
    int64_t x, width, most; /* most: rows */
    int64_t y, rows;        /* what was read last */
    void *values;
    uint8_t *mask;
    float *scaled; /* planes of `width` */
} block;

static void block_clear(block *b) {
    free(b->values);
    free(b->mask);
    free(b->scaled);
}

static elc_status block_alloc(const elc_view *v, int64_t x, int64_t width, int64_t rows,
                              block *b, elc_error *err) {
    size_t pixels = 0, n = (size_t)v->source.n;
    size_t size = (size_t)GDALGetDataTypeSizeBytes(v->source.type);
    int64_t most = READ_VALUES / (width * (int64_t)n);
    most = most < 1 ? 1 : most;
    *b = (block){.x = x, .width = width, .most = most < rows ? most : rows};
    if (__builtin_mul_overflow((size_t)width, (size_t)b->most, &pixels))
        return elc_fail(err, ELC_E_MEMORY, "%s: rows of %lld px are too long",
                        v->image->path, (long long)width);
    elc_status status = elc_alloc(pixels, n * size, &b->values, err);
    if (status == ELC_OK)
        status = elc_alloc(pixels, 1, &b->mask, err);
    if (status == ELC_OK)
        status = elc_alloc((size_t)width, n * sizeof *b->scaled, &b->scaled, err);
    if (status != ELC_OK)
        block_clear(b);
    return status;
}

/* Reads the rows that come next, up to the end of a row of the file's blocks where that
   is near, since a block is read anew for each part of it. */
static elc_status block_read(elc_view *v, block *b, int64_t y, int64_t end,
                             elc_error *err) {
    int64_t high = v->source.block_height, next = y + b->most;
    next = next / high * high > y ? next / high * high : next;
    b->y = y;
    b->rows = next < end ? next - y : end - y;
    elc_window w = {b->x, y, b->width, b->rows};
    return elc_source_read(&v->source, w, b->values, b->mask, err);
}

static void blank_out(float *values, const uint8_t *mask, size_t n) {
    for (size_t i = 0; i < n; i++)
        values[i] = mask[i] ? values[i] : 0;
}

/* Scales source row y to 0..255, not yet rounded, what is blank to 0. Its mask; NULL
   when nothing is. */
static const uint8_t *block_row(const elc_view *v, block *b, int64_t y) {
    size_t n = (size_t)b->width, row = (size_t)(y - b->y) * n;
    size_t plane = (size_t)b->rows * n;
    size_t size = (size_t)GDALGetDataTypeSizeBytes(v->source.type);
    const uint8_t *values = b->values, *mask = b->mask + row;
    if (!v->source.blanks || !memchr(mask, 0, n))
        mask = NULL;
    for (size_t c = 0; c < (size_t)v->source.n; c++) {
        v->loops->scale(v->source.type, values + (c * plane + row) * size, n, v->low[c],
                        v->scale[c], b->scaled + c * n);
        if (mask)
            blank_out(b->scaled + c * n, mask, n);
    }
    return mask;
}

/* ---- view rows
 * ----------------------------------------------------------------
 */

/* Where a window's rows go. */
typedef struct target {
    uint8_t pad, *out, *mask; /* mask may be NULL */
    int64_t line, mask_line;
} target;

/* Planes, `stride` apart, as the bytes of a row; `mask` NULL: none is blank. */
static void put_row(const elc_view *v, const float *planes, size_t stride,
                    const uint8_t *mask, size_t pixels, int64_t row, const target *t) {
    size_t n = (size_t)v->n;
    uint8_t *out = t->out + row * t->line;
    v->loops->put(planes, stride, pixels, (size_t)v->source.n, out, n);
    for (size_t i = 0; mask && i < pixels; i++)
        if (!mask[i])
            memset(out + i * n, t->pad, n);
    if (t->mask && mask)
        memcpy(t->mask + row * t->mask_line, mask, pixels);
    else if (t->mask)
        memset(t->mask + row * t->mask_line, 1, pixels);
}

static elc_status fetch_scaled(elc_view *v, elc_window w, const target *t,
                               elc_error *err) {
    block b;
    ELC_TRY(block_alloc(v, w.x, w.width, w.height, &b, err));
    elc_status status = ELC_OK;
    size_t n = (size_t)w.width;
    int64_t end = w.y + w.height;
    for (int64_t y = w.y; y < end && status == ELC_OK; y += b.rows) {
        status = block_read(v, &b, y, end, err);
        for (int64_t i = y; i < y + b.rows && status == ELC_OK; i++) {
            const uint8_t *mask = block_row(v, &b, i);
            put_row(v, b.scaled, n, mask, n, i - w.y, t);
        }
    }
    block_clear(&b);
    return status;
}

/* Adds source row y, and puts the view rows that need no more than it. */
static void add_row(const elc_view *v, block *b, int64_t y, elc_sums *sums,
                    const target *t) {
    const uint8_t *mask = block_row(v, b, y);
    elc_sums_add(sums, y, b->scaled, mask);
    for (int64_t row = sums->next;; row++) {
        const float *planes = elc_sums_next(sums, y + 1, &mask);
        if (!planes)
            return;
        put_row(v, planes, sums->line, mask, (size_t)sums->x->n, row, t);
    }
}

static elc_status add_rows(elc_view *v, elc_sums *sums, const target *t,
                           elc_error *err) {
    int64_t x0, x1, y0, y1;
    block b;
    elc_weights_span(sums->x, &x0, &x1);
    elc_weights_span(sums->y, &y0, &y1);
    ELC_TRY(block_alloc(v, x0, x1 - x0, y1 - y0, &b, err));
    elc_status status = ELC_OK;
    for (int64_t y = y0; y < y1 && status == ELC_OK; y += b.rows) {
        status = block_read(v, &b, y, y1, err);
        for (int64_t i = y; i < y + b.rows && status == ELC_OK; i++)
            add_row(v, &b, i, sums, t);
    }
    block_clear(&b);
    return status;
}

static elc_status fetch_resampled(elc_view *v, elc_window w, const target *t,
                                  elc_error *err) {
    elc_weights x = {0}, y = {0};
    elc_sums sums = {0};
    const elc_source *s = &v->source;
    elc_status status = elc_weights_create(s->width, v->step_x, w.x, w.width, &x, err);
    if (status == ELC_OK)
        status = elc_weights_create(s->height, v->step_y, w.y, w.height, &y, err);
    if (status == ELC_OK)
        status = elc_sums_create(&x, &y, s->n, s->blanks, &sums, err);
    if (status == ELC_OK)
        status = add_rows(v, &sums, t, err);
    elc_sums_clear(&sums);
    elc_weights_clear(&x);
    elc_weights_clear(&y);
    return status;
}

/* ---- reading
 * ---------------------------------------------------------------------------
 */

elc_status elc_view_fetch(elc_view *view, elc_window inside, uint8_t pad, uint8_t *out,
                          int64_t line, uint8_t *mask, int64_t mask_line,
                          elc_error *err) {
    target t = {pad, out, mask, line, mask_line};
    if (view->step_x == 1 && view->step_y == 1)
        return fetch_scaled(view, inside, &t, err);
    return fetch_resampled(view, inside, &t, err);
}

static elc_status read_inside(elc_view *v, elc_window window, elc_window inside,
                              uint8_t pad, uint8_t *out, bool *valid, elc_error *err) {
    int64_t line = window.width * v->n;
    uint8_t *mask = NULL;
    out += (inside.y - window.y) * line + (inside.x - window.x) * v->n;
    if (valid && v->source.blanks)
        ELC_TRY(elc_alloc((size_t)inside.width, (size_t)inside.height, &mask, err));
    elc_status status =
        elc_view_fetch(v, inside, pad, out, line, mask, inside.width, err);
    if (mask && status == ELC_OK)
        *valid = elc_any_not_zero(mask, inside.width, inside.height, inside.width);
    free(mask);
    return status;
}

elc_status elc_view_read(elc_view *view, elc_window window, uint8_t pad, uint8_t *out,
                         bool *valid, elc_error *err) {
    if (view->direct)
        return elc_image_read(view->image, window, view->bands, view->n, pad, out,
                              valid, err);
    ELC_TRY(elc_window_check(view->image, window, view->n, err));
    elc_window inside = elc_window_inside(&view->size, window);
    elc_window_pad(window, inside, view->n, pad, out);
    bool any = inside.width > 0 && inside.height > 0;
    if (any)
        ELC_TRY(read_inside(view, window, inside, pad, out, valid ? &any : NULL, err));
    if (valid)
        *valid = any;
    return ELC_OK;
}
