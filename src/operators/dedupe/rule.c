/* rule.c - when two rows are one object, and which of them is kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_ROWS = 4096 };
static const double MOST_M = 10000; /* apart, whatever the errors say */

/* ---- options -------------------------------------------------------------------- */

static double seconds_of_unit(const char *unit) {
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"sec", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].seconds;
    return NAN;
}

static elc_status read_within(const char *text, int64_t *out, elc_error *err) {
    char digits[32] = "";
    double value = NAN;
    size_t n = strspn(text, "0123456789.");
    const char *unit = text + n + strspn(text + n, " ");
    *out = -1;
    if (strcmp(text, "any") == 0)
        return ELC_OK;
    if (n < sizeof digits)
        memcpy(digits, text, n);
    bool right = elc_parse_real(digits, "within", &value, NULL) == ELC_OK;
    double seconds = value * seconds_of_unit(unit);
    if (!right || !(seconds <= 1e9))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--within: \"%s\" is no time; give one as 60s, 10min, 2h or 3d "
                        "(at most 1e9 s), or any",
                        text);
    *out = (int64_t)(seconds * 1e6);
    return ELC_OK;
}

elc_status elc_dedupe_rule_read(const elc_options *options, dedupe_rule *out,
                                elc_error *err) {
    out->tolerance_m = elc_options_has(options, "tolerance")
                           ? elc_options_real(options, "tolerance")
                           : (double)NAN;
    out->across_classes = elc_options_bool(options, "across_classes");
    return read_within(elc_options_text(options, "within"), &out->within_us, err);
}

/* ---- edges ------------------------------------------------------------------------
 */

/* The outline of a row on a plane. */
static elc_status outline(rule_book *book, uint32_t row, const ground_plane *plane,
                          shape_points *out, elc_error *err) {
    dedupe_table *t = book->table;
    out->n = 0;
    ELC_TRY(elc_dedupe_ring(t, t->rows[row].number, err));
    ELC_TRY(elc_reserve(&out->items, &out->capacity, t->n_ring + 1, sizeof *out->items,
                        err));
    for (size_t i = 0; i < t->n_ring; i++)
        out->items[out->n++] = elc_ground_on_plane(plane, elc_ground_point(t->ring[i]));
    return ELC_OK;
}

/* The edges of its image that a row ends at: nearer than three pixels, as a box is cut
   at a chip's border. */
static size_t edges_of(const rule_book *book, uint32_t row, const ground_plane *plane,
                       const shape_points *ring, half_plane lines[EDGE_LINES]) {
    const dedupe_row *r = &book->table->rows[row];
    double near = r->gsd_m > 0 ? 3 * r->gsd_m : r->short_m / 4;
    return elc_edges_cutting(&book->table->edges, r->image, plane, ring, near, lines);
}

static elc_status look_at_edge(rule_book *book, uint32_t row, elc_error *err) {
    const dedupe_row *r = &book->table->rows[row];
    half_plane lines[EDGE_LINES];
    ground_plane plane = elc_ground_plane(r->lonlat);
    const elc_point origin = {0, 0};
    double depth = elc_edges_depth(&book->table->edges, r->image, &plane, origin);
    book->depth[row] = isnan(depth) ? -INFINITY : depth;
    book->cut[row] = false;
    if (!(depth <= r->radius_m + fmax(3 * r->gsd_m, r->short_m))) /* NaN, too */
        return ELC_OK;
    ELC_TRY(outline(book, row, &plane, &book->ring[0], err));
    book->cut[row] = edges_of(book, row, &plane, &book->ring[0], lines) > 0;
    return ELC_OK;
}

/* The distance between the centres of what both images show of both. */
static elc_status cut_distance(rule_book *book, uint32_t a, uint32_t b, double *out,
                               elc_error *err) {
    ground_plane plane = elc_ground_plane(book->table->rows[a].lonlat);
    shape_points *one = &book->ring[0], *other = &book->ring[1];
    half_plane lines[2 * EDGE_LINES];
    size_t n = 0;
    ELC_TRY(outline(book, a, &plane, one, err));
    ELC_TRY(outline(book, b, &plane, other, err));
    if (book->cut[a])
        n += edges_of(book, a, &plane, one, lines);
    if (book->cut[b])
        n += edges_of(book, b, &plane, other, lines + n);
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_shape_cut(one, &lines[i], &book->spare, err));
        ELC_TRY(elc_shape_cut(other, &lines[i], &book->spare, err));
    }
    elc_point p = elc_shape_centre(one), q = elc_shape_centre(other);
    *out = hypot(p.x - q.x, p.y - q.y); /* NaN where nothing is left */
    return ELC_OK;
}

/* ---- the book ---------------------------------------------------------------------
 */

static elc_status book_alloc(rule_book *book, elc_error *err) {
    size_t n = book->table->n_placed;
    ELC_TRY(elc_alloc(n, sizeof *book->reach, &book->reach, err));
    ELC_TRY(elc_alloc(n, sizeof *book->depth, &book->depth, err));
    return elc_alloc(n, sizeof *book->cut, &book->cut, err);
}

static elc_status look_at_edges(rule_book *book, const elc_context *context,
                                elc_error *err) {
    for (size_t i = 0; i < book->table->n_placed; i++) {
        if (i % LOOK_ROWS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(look_at_edge(book, (uint32_t)i, err));
    }
    return ELC_OK;
}

/* How far a row's centre may be off; of one that is cut, also how far it may be from
   that of a whole one. The sum for two rows is no less than what the rule allows. */
static elc_status set_reach(rule_book *book, elc_error *err) {
    const dedupe_table *t = book->table;
    bool given = !isnan(book->rule.tolerance_m);
    double *largest; /* of the rows of a class */
    ELC_TRY(elc_alloc(t->classes.keys.count + 1, sizeof *largest, &largest, err));
    for (size_t i = 0; i < t->n_placed; i++) {
        double *radius = &largest[t->rows[i].class_id];
        *radius = fmax(*radius, t->rows[i].radius_m);
    }
    for (size_t i = 0; i < t->n_placed; i++) {
        const dedupe_row *row = &t->rows[i];
        double off =
            given ? book->rule.tolerance_m / 2 : 2 * row->error_m + row->short_m / 4;
        double more = book->cut[i] ? row->radius_m + largest[row->class_id] : 0;
        book->reach[i] = fmin(off + more, MOST_M);
    }
    free(largest);
    return ELC_OK;
}

elc_status elc_rule_book_create(const dedupe_rule *rule, dedupe_table *table,
                                const elc_context *context, rule_book *out,
                                elc_error *err) {
    rule_book book = {.rule = *rule, .table = table};
    elc_status status = book_alloc(&book, err);
    if (status == ELC_OK)
        status = look_at_edges(&book, context, err);
    if (status == ELC_OK)
        status = set_reach(&book, err);
    if (status != ELC_OK) {
        elc_rule_book_free(&book);
        return status;
    }
    *out = book;
    return ELC_OK;
}

void elc_rule_book_free(rule_book *book) {
    free(book->reach);
    free(book->depth);
    free(book->cut);
    free(book->ring[0].items);
    free(book->ring[1].items);
    free(book->spare.items);
    *book = (rule_book){0};
}

/* ---- the rule ------------------------------------------------------------------- */

bool elc_rule_apart_in_time(const rule_book *book, uint32_t one, uint32_t other) {
    const dedupe_row *a = &book->table->rows[one], *b = &book->table->rows[other];
    if (book->rule.within_us < 0 || a->time == INT64_MIN || b->time == INT64_MIN)
        return false;
    uint64_t gap = a->time > b->time ? (uint64_t)a->time - (uint64_t)b->time
                                     : (uint64_t)b->time - (uint64_t)a->time;
    return gap > (uint64_t)book->rule.within_us;
}

elc_status elc_rule_same(rule_book *book, uint32_t one, uint32_t other, bool *same,
                         double *metres, elc_error *err) {
    const dedupe_row *a = &book->table->rows[one], *b = &book->table->rows[other];
    bool given = !isnan(book->rule.tolerance_m);
    double limit =
        given ? book->rule.tolerance_m
              : hypot(2 * hypot(a->error_m, b->error_m), (a->short_m + b->short_m) / 4);
    *metres = elc_ground_distance(a->at, b->at);
    if (book->cut[one] || book->cut[other])
        ELC_TRY(cut_distance(book, one, other, metres, err));
    *same = *metres <= fmin(limit, MOST_M);
    return ELC_OK;
}

bool elc_rule_better(const rule_book *book, uint32_t a, uint32_t b) {
    const dedupe_row *one = &book->table->rows[a], *other = &book->table->rows[b];
    if (book->depth[a] != book->depth[b])
        return book->depth[a] > book->depth[b];
    if (one->score != other->score)
        return one->score > other->score;
    return one->image < other->image;
}
