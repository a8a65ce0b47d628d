/* view.c - an image seen as bytes: values scaled once, and resampled without seams. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/view.h"

/* Values that are worked on at once, more or less: 2 MiB of doubles, 16 MiB of sums. */
enum { READ_VALUES = 1 << 18, SUM_VALUES = 1 << 22 };

struct elc_view {
    elc_image *image;
    elc_source source;
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

/* ---- to bytes
 * --------------------------------------------------------------------------
 */

static uint8_t to_byte(float v) {
    float within = v > 0 ? (v < 255 ? v : 255) : 0;
    return (uint8_t)(within + 0.5f);
}

/* Values to 0..255, not yet rounded; `values` holds n a pixel. */
static void scale_values(const elc_view *v, const double *restrict values,
                         size_t pixels, float *restrict out) {
    size_t n = (size_t)v->source.n;
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < n; c++) {
            double at = (values[i * n + c] - v->low[c]) * v->scale[c];
            out[i * n + c] = (float)(at > 0 ? (at < 255 ? at : 255) : 0);
        }
}

/* A pixel of source.n values as v->n bytes. */
static void put_pixel(const elc_view *v, const float *values, uint8_t *out) {
    for (int c = 0; c < v->n; c++)
        out[c] = to_byte(values[v->source.n == 1 ? 0 : c]);
}

/* Rows of the source that are read at once. */
static int64_t rows_at_once(const elc_view *v, int64_t width) {
    int most = v->source.n > v->source.n_raw ? v->source.n : v->source.n_raw;
    int64_t rows = READ_VALUES / (width * most);
    return rows < 1 ? 1 : rows;
}

/* What a block of source rows is worked on in. */
typedef struct block {
    int64_t x, width, rows; /* rows: at most */
    double *values;
    float *scaled, *held;
    uint8_t *mask;
} block;

static void block_clear(block *b) {
    free(b->values);
    free(b->scaled);
    free(b->held);
    free(b->mask);
}

static elc_status block_alloc(const elc_view *v, int64_t x, int64_t width, int64_t most,
                              block *b, elc_error *err) {
    int64_t rows = rows_at_once(v, width);
    *b = (block){.x = x, .width = width, .rows = rows < most ? rows : most};
    size_t pixels = 0, n = (size_t)v->source.n;
    if (__builtin_mul_overflow((size_t)width, (size_t)b->rows, &pixels))
        return elc_fail(err, ELC_E_MEMORY, "%s: rows of %lld px are too long",
                        v->image->path, (long long)width);
    elc_status status = elc_alloc(pixels, n * sizeof *b->values, &b->values, err);
    if (status == ELC_OK)
        status = elc_alloc(pixels, n * sizeof *b->scaled, &b->scaled, err);
    if (status == ELC_OK)
        status = elc_alloc(pixels, sizeof *b->held, &b->held, err);
    if (status == ELC_OK)
        status = elc_alloc(pixels, 1, &b->mask, err);
    if (status != ELC_OK)
        block_clear(b);
    return status;
}

/* Reads and scales source rows [y, y + rows). */
static elc_status block_read(elc_view *v, block *b, int64_t y, int64_t rows,
                             elc_error *err) {
    size_t pixels = (size_t)b->width * (size_t)rows, n = (size_t)v->source.n;
    elc_window w = {b->x, y, b->width, rows};
    ELC_TRY(elc_source_read(&v->source, w, b->values, b->mask, err));
    scale_values(v, b->values, pixels, b->scaled);
    for (size_t i = 0; v->source.blanks && i < pixels; i++) {
        b->held[i] = b->mask[i];
        if (!b->mask[i])
            memset(b->scaled + i * n, 0, n * sizeof *b->scaled);
    }
    return ELC_OK;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* ---- without resampling
 * ----------------------------------------------------------------
 */

typedef struct target {
    uint8_t pad, *out, *mask; /* mask may be NULL */
    int64_t line, mask_line;
} target;

static void put_rows(const elc_view *v, const block *b, int64_t row, int64_t rows,
                     const target *t) {
    size_t n = (size_t)v->source.n;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t col = 0; col < b->width; col++) {
            size_t at = (size_t)(i * b->width + col);
            uint8_t *out = t->out + (row + i) * t->line + col * v->n;
            if (b->mask[at])
                put_pixel(v, b->scaled + at * n, out);
            else
                memset(out, t->pad, (size_t)v->n);
            if (t->mask)
                t->mask[(row + i) * t->mask_line + col] = b->mask[at];
        }
}

static elc_status fetch_scaled(elc_view *v, elc_window w, const target *t,
                               elc_error *err) {
    block b;
    ELC_TRY(block_alloc(v, w.x, w.width, w.height, &b, err));
    elc_status status = ELC_OK;
    for (int64_t row = 0; row < w.height && status == ELC_OK; row += b.rows) {
        int64_t rows = least(b.rows, w.height - row);
        status = block_read(v, &b, w.y + row, rows, err);
        if (status == ELC_OK)
            put_rows(v, &b, row, rows, t);
    }
    block_clear(&b);
    return status;
}

/* ---- with resampling
 * -------------------------------------------------------------------
 */

static elc_status add_rows(elc_view *v, elc_sums *sums, elc_error *err) {
    int64_t x0, x1, y0, y1;
    block b;
    elc_weights_span(sums->x, &x0, &x1);
    elc_weights_span(sums->y, &y0, &y1);
    ELC_TRY(block_alloc(v, x0, x1 - x0, y1 - y0, &b, err));
    elc_status status = ELC_OK;
    for (int64_t y = y0; y < y1 && status == ELC_OK; y += b.rows) {
        int64_t rows = least(b.rows, y1 - y);
        status = block_read(v, &b, y, rows, err);
        for (int64_t i = 0; i < rows && status == ELC_OK; i++)
            elc_sums_add(sums, y + i, x0,
                         b.scaled + (size_t)(i * b.width) * (size_t)v->source.n,
                         b.held + (size_t)(i * b.width));
    }
    block_clear(&b);
    return status;
}

static void put_sums(const elc_view *v, const elc_sums *sums, elc_window w, int64_t row,
                     const target *t) {
    for (int64_t i = 0; i < w.height; i++)
        for (int64_t col = 0; col < w.width; col++) {
            float values[ELC_BANDS_MAX];
            uint8_t *out = t->out + (row + i) * t->line + col * v->n;
            bool held = elc_sums_pixel(sums, (size_t)(i * w.width + col), values);
            if (held)
                put_pixel(v, values, out);
            else
                memset(out, t->pad, (size_t)v->n);
            if (t->mask)
                t->mask[(row + i) * t->mask_line + col] = held;
        }
}

/* Rows of the view that are few enough for the sums; `row` counts them from the top of
   what is wanted. */
static elc_status fetch_slice(elc_view *v, const elc_weights *x, elc_window w,
                              int64_t row, const target *t, elc_error *err) {
    elc_weights y = {0};
    elc_sums sums = {0};
    elc_status status =
        elc_weights_create(v->source.height, v->step_y, w.y, w.height, &y, err);
    if (status == ELC_OK)
        status = elc_sums_create(x, &y, v->source.n, v->source.blanks, &sums, err);
    if (status == ELC_OK)
        status = add_rows(v, &sums, err);
    if (status == ELC_OK)
        put_sums(v, &sums, w, row, t);
    elc_sums_clear(&sums);
    elc_weights_clear(&y);
    return status;
}

static elc_status fetch_resampled(elc_view *v, elc_window w, const target *t,
                                  elc_error *err) {
    elc_weights x = {0};
    int64_t most = SUM_VALUES / (w.width * v->source.n);
    most = most < 1 ? 1 : most;
    ELC_TRY(elc_weights_create(v->source.width, v->step_x, w.x, w.width, &x, err));
    elc_status status = ELC_OK;
    for (int64_t row = 0; row < w.height && status == ELC_OK; row += most) {
        elc_window slice = {w.x, w.y + row, w.width, least(most, w.height - row)};
        status = fetch_slice(v, &x, slice, row, t, err);
    }
    elc_weights_clear(&x);
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
