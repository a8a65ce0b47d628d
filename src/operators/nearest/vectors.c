/* vectors.c - which vectors of a table are nearest to others: all of them are looked
   at, in float32, whose error is bounded, and what may be near is measured in double.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "dots.h"

/* Rows that stay in a cache while the queries go over them. */
enum { PANEL_BYTES = 256 << 10, LOOK_PANELS = 16 };

/* ---- vectors ----------------------------------------------------------------------
 */

static elc_status check_vector(const nearest_vectors *v, const float *floats, size_t n,
                               size_t row, const char *what, elc_error *err) {
    if (n == 0 || n != v->width)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "row %zu of the %s table: its vector has %zu numbers, and "
                        "others %zu; give vectors of one network and tensor",
                        row + 1, what, n, v->width);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(floats[i]))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "row %zu of the %s table: number %zu of its vector is %s; "
                            "leave the row out",
                            row + 1, what, i + 1,
                            isnan(floats[i]) ? "not a number" : "infinite");
    return ELC_OK;
}

static elc_status add_one(nearest_vectors *v, const float *floats, double norm,
                          size_t row, elc_error *err) {
    size_t need = v->count + 1;
    ELC_TRY(elc_reserve(&v->items, &v->capacity, need, sizeof *v->items, err));
    ELC_TRY(elc_reserve(&v->norms, &v->norms_capacity, need, sizeof *v->norms, err));
    ELC_TRY(elc_reserve(&v->rows, &v->rows_capacity, need, sizeof *v->rows, err));
    v->items[v->count] = floats;
    v->norms[v->count] = norm;
    v->rows[v->count++] = row;
    return ELC_OK;
}

elc_status elc_nearest_vectors_add(nearest_vectors *v, const elc_rows *rows,
                                   size_t column, size_t first, const char *what,
                                   uint64_t *without, elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        size_t n;
        const float *floats = elc_rows_floats(rows, column, row, &n);
        if (floats == NULL) {
            ++*without;
            continue;
        }
        if (v->width == 0)
            v->width = n;
        ELC_TRY(check_vector(v, floats, n, first + row, what, err));
        double norm = sqrt(elc_nearest_dot(floats, floats, n));
        if (norm == 0 && v->cosine)
            ++*without;
        else
            ELC_TRY(add_one(v, floats, norm, first + row, err));
    }
    return ELC_OK;
}

void elc_nearest_vectors_free(nearest_vectors *v) {
    free(v->items);
    free(v->norms);
    free(v->rows);
    *v = (nearest_vectors){0};
}

/* ---- distances --------------------------------------------------------------------
 */

static double distance(const nearest_vectors *in, size_t row,
                       const nearest_vectors *queries, size_t query) {
    const float *a = queries->items[query], *b = in->items[row];
    if (!in->cosine)
        return sqrt(elc_nearest_apart(a, b, in->width));
    double cosine =
        elc_nearest_dot(a, b, in->width) / (queries->norms[query] * in->norms[row]);
    return fmin(fmax(1 - cosine, 0), 2);
}

/* A sum of n products in float32 is, in any order, at most n units of rounding of the
   sum of their sizes from the true one (Higham, Accuracy and Stability of Numerical
   Algorithms, 2002, eq. 3.5), which the lengths bound; what is lost under the least
   float is added, and so is what the doubles here may lose. */
typedef struct doubt {
    double share, floor, rounding;
} doubt;

static doubt find_doubt(size_t width) {
    double n = (double)width + 4, units = n * (double)FLT_EPSILON / 2;
    double rounding = 1e-12 + n * 1e-15;
    return (doubt){(units < 0.5 ? units / (1 - units) : 2) + rounding,
                   n * (double)FLT_MIN, rounding};
}

/* False only where no distance up to `most` can be; true for a product that is no
   number, or was too large for one. */
static bool may_be_near(const nearest_vectors *in, double product, double norms[2],
                        double most, doubt d) {
    double sizes = norms[0] * norms[1];
    if (!isfinite(product))
        return true;
    if (in->cosine)
        return !(product + d.floor < sizes * (1 - most - d.share));
    double squares = norms[0] * norms[0] + norms[1] * norms[1];
    return !(squares * (1 - d.rounding) - 2 * (product + d.floor + d.share * sizes) >
             most * most * (1 + d.rounding));
}

/* ---- the k nearest ----------------------------------------------------------------
 */

/* A heap whose first is the farthest; of equal distances the later row is farther. */
static bool is_farther(const vectors_near *a, const vectors_near *b) {
    return a->distance > b->distance || (a->distance == b->distance && a->row > b->row);
}

static void sink(vectors_near *heap, size_t n, size_t i) {
    for (;;) {
        size_t most = i, child = 2 * i + 1;
        for (size_t c = child; c < n && c < child + 2; c++)
            if (is_farther(&heap[c], &heap[most]))
                most = c;
        if (most == i)
            return;
        vectors_near swap = heap[i];
        heap[i] = heap[most];
        heap[most] = swap;
        i = most;
    }
}

static void rise(vectors_near *heap, size_t i) {
    while (i > 0 && is_farther(&heap[i], &heap[(i - 1) / 2])) {
        vectors_near swap = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = swap;
        i = (i - 1) / 2;
    }
}

static void keep(vectors_near *heap, size_t *count, size_t k, vectors_near one) {
    if (*count < k) {
        heap[*count] = one;
        rise(heap, (*count)++);
    } else if (is_farther(&heap[0], &one)) {
        heap[0] = one;
        sink(heap, k, 0);
    }
}

static int by_distance(const void *a, const void *b) {
    return is_farther(a, b) ? 1 : is_farther(b, a) ? -1 : 0;
}

/* ---- the search -------------------------------------------------------------------
 */

typedef struct search {
    const nearest_vectors *in, *queries;
    const vectors_question *question;
    vectors_near *near;
    size_t *counts;
    doubt doubt;
    nearest_dots dots;
} search;

static void meet(const search *s, size_t query, size_t row, float product) {
    const vectors_question *ask = s->question;
    size_t at = query - ask->from;
    vectors_near *heap = s->near + at * ask->k;
    double most = s->counts[at] < ask->k ? ask->most : heap[0].distance;
    double norms[2] = {s->queries->norms[query], s->in->norms[row]};
    if (!may_be_near(s->in, (double)product, norms, most, s->doubt))
        return;
    double d = distance(s->in, row, s->queries, query);
    if (d <= ask->most)
        keep(heap, &s->counts[at], ask->k, (vectors_near){d, s->in->rows[row]});
}

/* Queries beyond the last are the last one again, and not looked at. */
static void meet_panel(const search *s, size_t query, size_t from, size_t end) {
    const float *queries[NEAREST_QUERIES];
    float products[NEAREST_QUERIES];
    size_t n = s->question->end - query;
    n = n < NEAREST_QUERIES ? n : NEAREST_QUERIES;
    for (size_t i = 0; i < NEAREST_QUERIES; i++)
        queries[i] = s->queries->items[query + (i < n ? i : n - 1)];
    for (size_t row = from; row < end; row++) {
        s->dots(queries, s->in->items[row], s->in->width, products);
        for (size_t i = 0; i < n; i++)
            meet(s, query + i, row, products[i]);
    }
}

static elc_status meet_all(const search *s, const elc_context *context,
                           elc_error *err) {
    size_t panel = PANEL_BYTES / (s->in->width * sizeof(float)) + 1, looks = 0;
    for (size_t from = 0; from < s->in->count; from += panel) {
        size_t end = s->in->count - from < panel ? s->in->count : from + panel;
        if (looks++ % LOOK_PANELS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        for (size_t q = s->question->from; q < s->question->end; q += NEAREST_QUERIES)
            meet_panel(s, q, from, end);
    }
    return ELC_OK;
}

elc_status elc_nearest_vectors_find(const nearest_vectors *in,
                                    const nearest_vectors *queries,
                                    const vectors_question *question,
                                    const elc_context *context, vectors_near *near,
                                    size_t *counts, elc_error *err) {
    search s = {.in = in,
                .queries = queries,
                .question = question,
                .near = near,
                .counts = counts,
                .dots = elc_nearest_dots_choose()};
    size_t n = question->end - question->from;
    for (size_t i = 0; i < n; i++)
        counts[i] = 0;
    if (in->count == 0 || n == 0)
        return ELC_OK;
    if (in->width != queries->width)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "vectors of the left table have %zu numbers, those of the right "
            "%zu; give vectors of one network and tensor",
            queries->width, in->width);
    s.doubt = find_doubt(in->width);
    ELC_TRY(meet_all(&s, context, err));
    for (size_t i = 0; i < n; i++)
        if (counts[i] > 1)
            qsort(near + i * question->k, counts[i], sizeof *near, by_distance);
    return ELC_OK;
}
