/* rows.c - a comparison as rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

enum { BATCH_ROWS = 4096 };

typedef struct writer {
    const eval_data *data;
    const eval_result *result;
    elc_batch *batch;
    struct ArrowArray *batches;
    size_t n, capacity;
    elc_status status; /* of the first that failed; then nothing is done any more */
    elc_error *err;
} writer;

/* ---- cells ---------------------------------------------------------------------- */

static void put_real(writer *w, size_t column, double value) {
    if (w->status == ELC_OK && isfinite(value))
        w->status = elc_batch_real(w->batch, column, value, w->err);
}

static void put_int(writer *w, size_t column, int64_t value) {
    if (w->status == ELC_OK)
        w->status = elc_batch_int(w->batch, column, value, w->err);
}

static void put_text(writer *w, size_t column, const char *text) {
    if (w->status == ELC_OK)
        w->status = elc_batch_text(w->batch, column, text, w->err);
}

static elc_status flush(writer *w) {
    if (elc_batch_rows(w->batch) == 0)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(&w->batches, &w->capacity, w->n + 1, sizeof *w->batches, w->err));
    ELC_TRY(elc_batch_finish(w->batch, &w->batches[w->n], w->err));
    w->n++;
    return ELC_OK;
}

static void end_row(writer *w, const char *table) {
    put_text(w, COL_TABLE, table);
    if (w->status == ELC_OK)
        w->status = elc_batch_end_row(w->batch, w->err);
    if (w->status == ELC_OK && elc_batch_rows(w->batch) >= BATCH_ROWS)
        w->status = flush(w);
}

/* What can be said of counts; only main and image tables have all of it. */
static void put_count(writer *w, const eval_count *c) {
    int64_t error = (int64_t)c->found - (int64_t)c->truth;
    put_int(w, COL_N_TRUTH, (int64_t)c->truth);
    put_int(w, COL_N_FOUND, (int64_t)c->found);
    put_int(w, COL_N_RIGHT, (int64_t)c->right);
    put_real(w, COL_PRECISION, eval_share(c->right, c->found));
    put_real(w, COL_RECALL, eval_share(c->right, c->truth));
    put_real(w, COL_F1, eval_share(2 * c->right, c->found + c->truth));
    put_int(w, COL_COUNT_ERROR, error);
    put_real(w, COL_COUNT_SHARE, c->truth > 0 ? (double)error / (double)c->truth : NAN);
}

/* ---- rows ----------------------------------------------------------------------- */

bool elc_eval_is_shown(const eval_data *data, const eval_result *result, size_t c) {
    if (c == result->n_classes || result->classes[c].n_curve > 0 ||
        result->classes[c].count.truth > 0)
        return true;
    for (size_t i = 0; i < data->truth.count; i++)
        if (data->truth.items[i].class_id == c)
            return true; /* all of it is ignored */
    return false;
}

static void write_class(writer *w, size_t c) {
    const eval_class *k = &w->result->classes[c];
    const char *name = elc_eval_class_name(w->data, c);
    const elc_style *style =
        c < w->result->n_classes ? elc_styles_find(&w->data->styles, name) : NULL;
    put_text(w, COL_CLASS, name);
    put_text(w, COL_GROUP, style ? style->group : NULL);
    put_real(w, COL_AP, k->ap);
    put_real(w, COL_AP50, k->ap50);
    put_real(w, COL_AP75, k->ap75);
    for (size_t i = 0; i < 3; i++)
        put_real(w, COL_AP_SMALL + i, k->ap_size[i]);
    put_real(w, COL_THRESHOLD, k->least);
    put_count(w, &k->count);
    put_real(w, COL_ERROR_PX, k->error_px);
    put_real(w, COL_ERROR_M, k->error_m);
    put_real(w, COL_ERROR_P95, k->error_p95_m);
    end_row(w, NULL);
}

static void write_classes(writer *w) {
    for (size_t c = 0; c <= w->result->n_classes; c++)
        if (elc_eval_is_shown(w->data, w->result, c))
            write_class(w, c);
}

static void write_images(writer *w) {
    for (size_t i = 0; i < w->data->images.shown.count && !w->data->on_map; i++) {
        put_text(w, COL_IMAGE, w->data->images.shown.items[i]);
        put_count(w, &w->result->images[i]);
        end_row(w, "images");
    }
}

static void write_zones(writer *w) {
    for (size_t i = 0; i < w->result->n_zones; i++)
        for (size_t c = 0; c <= w->result->n_classes; c++) {
            const eval_zone *zone = &w->result->zones[i];
            if (!elc_eval_is_shown(w->data, w->result, c))
                continue;
            put_text(w, COL_ZONE, zone->name);
            put_text(w, COL_CLASS, elc_eval_class_name(w->data, c));
            put_count(w, &zone->classes[c]);
            end_row(w, "zones");
        }
}

static void write_splits(writer *w) {
    for (size_t i = 0; i < w->result->n_splits; i++) {
        const eval_split *s = &w->result->splits[i];
        put_text(w, COL_SPLIT, s->kind);
        put_text(w, COL_RANGE, s->range);
        put_count(w, &s->count);
        end_row(w, "splits");
    }
}

static const char *class_or_none(const writer *w, size_t c) {
    return c < w->result->n_classes ? elc_eval_class_name(w->data, c) : NULL;
}

static void write_confusion(writer *w) {
    size_t side = w->result->n_classes + 1;
    for (size_t i = 0; i < side * side; i++) {
        if (w->result->confusion[i] == 0)
            continue;
        put_text(w, COL_TRUE_CLASS, class_or_none(w, i / side));
        put_text(w, COL_FOUND_CLASS, class_or_none(w, i % side));
        put_int(w, COL_BOXES, (int64_t)w->result->confusion[i]);
        end_row(w, "confusion");
    }
}

const char *elc_eval_kind_name(eval_kind kind) {
    static const char *const names[] = {"extra", "double", "confused", "missed"};
    return names[kind];
}

static void write_mistake(writer *w, const eval_mistake *m) {
    const eval_boxes *boxes =
        m->kind == EVAL_MISSED ? &w->data->truth : &w->data->found;
    const elc_score_box *b = &boxes->items[m->box];
    size_t none = w->result->n_classes;
    size_t other =
        m->other == ELC_SCORE_NONE ? none : w->data->truth.items[m->other].class_id;
    bool missed = m->kind == EVAL_MISSED;
    put_text(w, COL_KIND, elc_eval_kind_name(m->kind));
    if (!w->data->on_map) {
        put_text(w, COL_IMAGE, w->data->images.shown.items[b->image]);
        put_real(w, COL_XMIN, b->xmin);
        put_real(w, COL_YMIN, b->ymin);
        put_real(w, COL_XMAX, b->xmax);
        put_real(w, COL_YMAX, b->ymax);
    }
    put_text(w, COL_TRUE_CLASS, class_or_none(w, missed ? b->class_id : other));
    put_text(w, COL_FOUND_CLASS, class_or_none(w, missed ? none : b->class_id));
    put_real(w, COL_SCORE, missed ? NAN : b->score);
    put_real(w, COL_IOU, m->iou);
    put_real(w, COL_LON, boxes->places[m->box].lonlat.x);
    put_real(w, COL_LAT, boxes->places[m->box].lonlat.y);
    end_row(w, "mistakes");
}

static void write_mistakes(writer *w) {
    for (size_t i = 0; i < w->result->n_mistakes; i++)
        write_mistake(w, &w->result->mistakes[i]);
}

/* ---- the stream ----------------------------------------------------------------- */

static elc_status write_all(writer *w) {
    write_classes(w);
    write_images(w);
    write_zones(w);
    write_splits(w);
    write_confusion(w);
    write_mistakes(w);
    return w->status == ELC_OK ? flush(w) : w->status;
}

elc_status elc_eval_stream(const eval_data *data, const eval_result *result,
                           struct ArrowArrayStream *out, elc_error *err) {
    writer w = {.data = data, .result = result, .err = err};
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_batch_create(elc_eval_columns, EVAL_N_COLUMNS, &w.batch, err));
    elc_status status = write_all(&w);
    if (status == ELC_OK)
        status =
            elc_schema_create(elc_eval_columns, EVAL_N_COLUMNS, NULL, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_of_batches(&schema, w.batches, w.n, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        for (size_t i = 0; i < w.n; i++)
            elc_array_release(&w.batches[i]);
    }
    free(w.batches);
    elc_batch_free(w.batch);
    return status;
}
