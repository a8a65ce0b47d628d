/* filter.c - the parameters of an address as a filter over rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers --------------------------------------------------------------------- */

static elc_status read_numbers(const char *text, char separator, const char *what,
                               double *out, size_t most, size_t *n, elc_error *err) {
    elc_names items = {0};
    elc_status status = elc_names_split(&items, text, separator, err);
    if (status == ELC_OK && items.count > most)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s: %zu numbers, at most %zu may be",
                          what, items.count, most);
    for (size_t i = 0; status == ELC_OK && i < items.count; i++)
        status = elc_parse_real(items.items[i], what, &out[i], err);
    *n = items.count;
    elc_names_free(&items);
    return status;
}

elc_status elc_serve_box_read(const char *text, const char *what, double box[4],
                              elc_error *err) {
    double v[6];
    size_t n;
    ELC_TRY(read_numbers(text, ',', what, v, 6, &n, err));
    if (n != 4 && n != 6)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %zu numbers; west,south,east,north are wanted", what, n);
    double west = v[0], south = v[1], east = v[n / 2], north = v[n / 2 + 1];
    if (!(south <= north))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: south %g is north of %g", what, south,
                        north);
    if (fabs(west) > 540 || fabs(east) > 540 || fabs(south) > 90 || fabs(north) > 90)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: not in degrees", what);
    double made[4] = {west, south, east, north};
    memcpy(box, made, sizeof made);
    return ELC_OK;
}

static elc_status read_score(const char *text, const serve_layer *l, serve_filter *f,
                             elc_error *err) {
    double v[2];
    size_t n;
    if (l->scores == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "score: layer %s has no scores", l->name);
    ELC_TRY(read_numbers(text, '/', "score", v, 2, &n, err));
    if (n != 2)
        return elc_fail(err, ELC_E_ARGUMENT, "score: LOW/HIGH is wanted");
    f->has_score = true;
    f->score_low = (float)v[0];
    f->score_high = (float)v[1];
    return ELC_OK;
}

/* ---- classes --------------------------------------------------------------------- */

static int by_name(const void *key, const void *item) {
    return strcmp(key, *(char *const *)item);
}

/* The classes of a layer are in order. */
static elc_status find_class(const serve_layer *l, const char *name, size_t *out,
                             elc_error *err) {
    size_t n = l->class_names.count;
    char **items = l->class_names.items;
    char **found = n == 0 ? NULL : bsearch(name, items, n, sizeof *items, by_name);
    if (found != NULL)
        *out = (size_t)(found - items);
    else if (*name == '\0')
        *out = n;
    else
        return elc_fail(err, ELC_E_ARGUMENT, "class: layer %s has no %s", l->name,
                        name);
    return ELC_OK;
}

/* Sets what a parameter names, each time that it is there. */
static elc_status mark_classes(const serve_request *r, const char *parameter,
                               bool value, const serve_layer *l, serve_filter *f,
                               elc_error *err) {
    size_t from = 0, id = 0, n = l->class_names.count + 1;
    const char *name;
    while ((name = elc_serve_parameter(r, parameter, &from)) != NULL) {
        bool first = f->classes == NULL;
        if (first)
            ELC_TRY(elc_alloc(n, sizeof *f->classes, &f->classes, err));
        for (size_t i = 0; first && i < n; i++)
            f->classes[i] = !value;
        ELC_TRY(find_class(l, name, &id, err));
        f->classes[id] = value;
    }
    return ELC_OK;
}

static elc_status read_classes(const serve_request *r, const serve_layer *l,
                               serve_filter *f, elc_error *err) {
    ELC_TRY(mark_classes(r, "class", true, l, f, err));
    return mark_classes(r, "not", false, l, f, err);
}

/* ---- all ------------------------------------------------------------------------- */

static elc_status read_time(const char *text, serve_filter *f, elc_error *err) {
    f->has_time = true;
    ELC_TRY(elc_serve_interval_read(text, &f->time_low, &f->time_high, err));
    if (f->time_low == INT64_MIN)
        f->time_low++; /* which stands for NULL */
    return ELC_OK;
}

static elc_status read_all(const serve_request *r, const serve_layer *l,
                           serve_filter *f, elc_error *err) {
    const char *score = elc_serve_parameter(r, "score", NULL);
    const char *time = elc_serve_parameter(r, "datetime", NULL);
    const char *box = elc_serve_parameter(r, "bbox", NULL);
    ELC_TRY(read_classes(r, l, f, err));
    if (score != NULL)
        ELC_TRY(read_score(score, l, f, err));
    if (time != NULL)
        ELC_TRY(read_time(time, f, err));
    const char *view = elc_serve_parameter(r, "view", NULL);
    f->has_view = view != NULL;
    if (view != NULL) {
        ELC_TRY(elc_serve_box_read(view, "view", f->box, err));
        f->view = elc_serve_frame(f->box);
    }
    f->has_box = box != NULL;
    return box == NULL ? ELC_OK : elc_serve_box_read(box, "bbox", f->box, err);
}

elc_status elc_serve_filter_read(const serve_request *request, const serve_layer *layer,
                                 serve_filter *out, elc_error *err) {
    serve_filter made = {0};
    elc_status status = read_all(request, layer, &made, err);
    if (status == ELC_OK)
        *out = made;
    else
        elc_serve_filter_clear(&made);
    return status;
}

void elc_serve_filter_clear(serve_filter *filter) {
    free(filter->classes);
    *filter = (serve_filter){0};
}

/* ---- many rows ------------------------------------------------------------------- */

enum { AT_ONCE = 1024 };

static void mark_by_class(const serve_filter *f, const serve_layer *l, size_t from,
                          size_t n, uint8_t *restrict passes) {
    size_t none = l->class_names.count;
    for (size_t i = 0; i < n; i++) {
        size_t id = l->classes == NULL ? SERVE_NO_CLASS : l->classes[from + i];
        passes[i] &= f->classes[id == SERVE_NO_CLASS ? none : id];
    }
}

static void mark_by_score(const float *restrict scores, float low, float high, size_t n,
                          uint8_t *restrict passes) {
    for (size_t i = 0; i < n; i++)
        passes[i] &= (uint8_t)((scores[i] >= low) & (scores[i] <= high));
}

static void mark_by_time(const int64_t *restrict times, int64_t low, int64_t high,
                         size_t n, uint8_t *restrict passes) {
    for (size_t i = 0; i < n; i++)
        passes[i] &= (uint8_t)((times[i] >= low) & (times[i] <= high));
}

static void mark(const serve_filter *f, const serve_layer *l, size_t from, size_t n,
                 uint8_t *passes) {
    memset(passes, f->has_time && l->times == NULL ? 0 : 1, n);
    if (f->classes != NULL)
        mark_by_class(f, l, from, n, passes);
    if (f->has_score)
        mark_by_score(l->scores + from, f->score_low, f->score_high, n, passes);
    if (f->has_time && l->times != NULL)
        mark_by_time(l->times + from, f->time_low, f->time_high, n, passes);
    for (size_t i = 0; f->has_view && i < n; i++)
        passes[i] &=
            from + i < l->placed && serve_frame_has(&f->view, l->codes[from + i]);
}

size_t elc_serve_filter_count(const serve_filter *f, const serve_layer *l, size_t from,
                              size_t to) {
    uint8_t passes[AT_ONCE];
    size_t total = 0;
    for (; from < to; from += AT_ONCE) {
        size_t n = to - from < AT_ONCE ? to - from : AT_ONCE;
        mark(f, l, from, n, passes);
        for (size_t i = 0; i < n; i++)
            total += passes[i];
    }
    return total;
}
