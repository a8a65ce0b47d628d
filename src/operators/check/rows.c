/* rows.c - detections held against the map, a row for each rule that one violates.
   Windows of rows are asked by all threads, and told in their order by one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

#include "classes.h"
#include "layout.h"
#include "near.h"
#include "operators/parts/crew.h"
#include "operators/parts/reader.h"

enum { WINDOW = 1024, ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20 };

typedef struct check {
    const elc_call *call;
    check_layout layout;
    part_reader reader;
    check_map map;
    size_t *theme_of; /* of each rule */
    check_classes classes;
    int threads;
    check_asker **askers;
    check_hit *hits; /* of a window's rows */
    check_state *states;
    size_t first, n;       /* the window: rows of the batch */
    const check_hit *here; /* of the row */
    uint32_t class_number;
    size_t asked; /* rules of the row that were asked */
    bool loaded, told, placed;
    bool near;       /* the map has something in sight of a row */
    uint32_t *order; /* of classes, in the side table */
    size_t land;     /* cells of it so far */
    uint64_t n_missing, n_nowhere;
    elc_batch *out;
    elc_progress progress;
} check;

/* ---- the map -------------------------------------------------------------------- */

static elc_status load(check *c, elc_error *err) {
    const check_job *job = c->call->prepared;
    ELC_TRY(elc_check_load(job, c->call->context, &c->map, &c->theme_of, err));
    c->loaded = true;
    c->classes = (check_classes){
        .job = job, .theme_of = c->theme_of, .n_lands = c->map.count + 1};
    ELC_TRY(elc_check_classes_begin(&c->classes, err));
    c->threads = elc_context_threads(c->call->context);
    ELC_TRY(elc_alloc((size_t)c->threads, sizeof(check_asker *), &c->askers, err));
    for (int i = 0; i < c->threads; i++)
        ELC_TRY(elc_check_asker_create(&c->map, &c->layout.place, &c->askers[i], err));
    ELC_TRY(elc_alloc(WINDOW, sizeof *c->states, &c->states, err));
    return elc_alloc(WINDOW * c->map.count, CHECK_KINDS * sizeof *c->hits, &c->hits,
                     err);
}

/* ---- asking --------------------------------------------------------------------- */

static check_hit *hits_of(const check *c, size_t number) {
    return c->hits + number * CHECK_KINDS * c->map.count;
}

static elc_status ask_row(void *arg, int worker, size_t number, elc_error *err) {
    check *c = arg;
    return elc_check_ask(c->askers[worker], c->reader.rows, c->first + number,
                         &c->states[number], hits_of(c, number), err);
}

/* The next rows of the batch, from the one that the reader is at. */
static elc_status ask_window(check *c, elc_error *err) {
    size_t left = elc_rows_count(c->reader.rows) - c->reader.row;
    c->first = c->reader.row;
    c->n = left < WINDOW ? left : WINDOW;
    elc_report(c->call->context, &c->progress);
    return elc_part_crew(c->call->context, c->threads, c->n, ask_row, c, err);
}

/* ---- land use ------------------------------------------------------------------- */

static void count_land(check *c) {
    uint64_t *counts = c->classes.counts + c->class_number * c->classes.n_lands;
    bool none = true;
    for (size_t i = 0; i < c->map.count; i++) {
        const check_hit *hits = &c->here[CHECK_KINDS * i];
        bool on = hits[CHECK_INSIDES].distance <= 0 ||
                  hits[CHECK_BARE].distance <= c->map.themes[i].on_m;
        counts[i] += on;
        none = none && !on;
        c->near = c->near || isfinite(fmin(hits[CHECK_INSIDES].distance,
                                           hits[CHECK_BARE].distance));
    }
    counts[c->map.count] += none;
}

static elc_status give_land(check *c, elc_error *err) {
    size_t lands = c->classes.n_lands, land = c->land % lands;
    uint32_t number = c->order[c->land / lands];
    uint64_t n = c->classes.counts[number * lands + land];
    const size_t *columns = c->layout.land;
    c->land++;
    if (n == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_text(c->out, c->layout.table, CHECK_LAND_TABLE, err));
    ELC_TRY(elc_batch_text(c->out, columns[CHECK_LAND_CLASS],
                           elc_check_class_name(&c->classes, number), err));
    ELC_TRY(elc_batch_text(c->out, columns[CHECK_LAND_THEME],
                           land < c->map.count ? c->map.themes[land].name : "none",
                           err));
    ELC_TRY(elc_batch_int(c->out, columns[CHECK_LAND_COUNT], (int64_t)n, err));
    return elc_batch_end_row(c->out, err);
}

/* ---- doubts --------------------------------------------------------------------- */

/* Within is answered by areas alone, near by whatever is nearest. */
static int nearest_kind(const check_hit *hits, const check_rule *rule) {
    return rule->near && hits[CHECK_BARE].distance < hits[CHECK_INSIDES].distance
               ? CHECK_BARE
               : CHECK_INSIDES;
}

static elc_status put_object(check *c, const check_objects *objects,
                             const check_hit *hit, elc_error *err) {
    const size_t *added = c->layout.added;
    const check_label *label = &objects->labels[hit->object];
    ELC_TRY(elc_batch_text(c->out, added[CHECK_MAP_ID],
                           elc_check_text(objects, label->id), err));
    ELC_TRY(elc_batch_text(c->out, added[CHECK_MAP_NAME],
                           elc_check_text(objects, label->name), err));
    return elc_batch_real(c->out, added[CHECK_DISTANCE], hit->distance, err);
}

static elc_status give_doubt(check *c, const check_rule *rule,
                             const check_objects *objects, const check_hit *hit,
                             elc_error *err) {
    const size_t *added = c->layout.added;
    ELC_TRY(elc_batch_copy_cells(c->out, c->reader.rows, c->layout.from, c->reader.row,
                                 err));
    ELC_TRY(elc_batch_text(c->out, added[CHECK_RULE], elc_check_rule_words(rule), err));
    ELC_TRY(elc_batch_text(c->out, added[CHECK_THEME], rule->theme, err));
    ELC_TRY(elc_batch_text(c->out, added[CHECK_REASON], rule->reason, err));
    if (hit->distance <= elc_check_reach(rule))
        ELC_TRY(put_object(c, objects, hit, err));
    c->progress.found++;
    return elc_batch_end_row(c->out, err);
}

static elc_status ask_rule(check *c, size_t number, elc_error *err) {
    const check_job *job = c->call->prepared;
    const check_rule *rule = &job->rules.items[number];
    size_t theme = c->theme_of[number];
    const check_hit *hits = &c->here[CHECK_KINDS * theme];
    int kind = nearest_kind(hits, rule);
    bool is_so = hits[kind].distance <= rule->distance_m;
    if (is_so == rule->must)
        return ELC_OK;
    return give_doubt(c, rule, &c->map.themes[theme].objects[kind], &hits[kind], err);
}

/* ---- rows ----------------------------------------------------------------------- */

static elc_status begin_row(check *c, elc_error *err) {
    size_t size, number;
    const char *name =
        elc_part_reader_bytes(&c->reader, (int64_t)c->layout.class_name, &size);
    if (c->reader.row == 0 || c->reader.row >= c->first + c->n)
        ELC_TRY(ask_window(c, err));
    number = c->reader.row - c->first;
    c->here = hits_of(c, number);
    c->placed = c->states[number] == CHECK_PLACED;
    c->asked = 0;
    c->n_missing += c->states[number] == CHECK_MISSING;
    c->n_nowhere += c->states[number] == CHECK_NOWHERE;
    c->progress.done++;
    if (!c->placed)
        return ELC_OK;
    ELC_TRY(elc_check_class(&c->classes, name, size, &c->class_number, err));
    count_land(c);
    return ELC_OK;
}

static void warn(const check *c) {
    const elc_context *context = c->call->context;
    if (c->n_missing > 0)
        elc_warn(context, "%llu rows without a place are not checked",
                 (unsigned long long)c->n_missing);
    if (c->n_nowhere > 0)
        elc_warn(context,
                 "%llu rows whose places are empty, cannot be read, or are nowhere are "
                 "not checked",
                 (unsigned long long)c->n_nowhere);
    if (!c->near && c->progress.done > c->n_missing + c->n_nowhere)
        elc_warn(context,
                 "the map has nothing that the rules ask for within sight (%g m or a "
                 "rule's distance) of any detection; is it of another place?",
                 CHECK_SIGHT_M);
    elc_check_classes_warn(&c->classes, context);
}

static elc_status end_rows(check *c, elc_error *err) {
    warn(c);
    c->told = true;
    return elc_check_classes_order(&c->classes, &c->order, err);
}

/* One rule of a row, one row, or one cell of the side table. */
static elc_status step(check *c, elc_error *err) {
    if (c->told)
        return give_land(c, err);
    if (c->placed && c->asked < c->classes.items[c->class_number].n) {
        const check_class *own = &c->classes.items[c->class_number];
        return ask_rule(c, c->classes.matching[own->first + c->asked++], err);
    }
    ELC_TRY(elc_part_reader_next(&c->reader, err));
    return c->reader.ended ? end_rows(c, err) : begin_row(c, err);
}

static bool has_more(const check *c) {
    return !c->told || c->land < c->classes.names.keys.count * c->classes.n_lands;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    check *c = state;
    ELC_TRY(elc_check_cancel(c->call->context, err));
    if (!c->loaded)
        ELC_TRY(load(c, err));
    while (has_more(c) && elc_batch_rows(c->out) < ROWS_A_BATCH &&
           elc_batch_size(c->out) < BYTES_A_BATCH)
        ELC_TRY(step(c, err));
    elc_report(c->call->context, &c->progress);
    return elc_batch_rows(c->out) > 0 ? elc_batch_finish(c->out, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void check_free(void *state) {
    check *c = state;
    elc_part_reader_free(&c->reader);
    for (int i = 0; c->askers != NULL && i < c->threads; i++)
        elc_check_asker_free(c->askers[i]);
    free(c->askers);
    free(c->hits);
    free(c->states);
    free(c->order);
    elc_check_classes_free(&c->classes);
    elc_check_map_free(&c->map);
    free(c->theme_of);
    elc_batch_free(c->out);
    elc_check_layout_free(&c->layout);
    free(c);
}

static elc_status fill(check *c, struct ArrowArrayStream *detections,
                       struct ArrowSchema *schema, elc_error *err) {
    const part_columns *columns = &c->layout.columns;
    ELC_TRY(elc_check_layout_read(c->call->options, detections, &c->layout, err));
    ELC_TRY(elc_batch_create(columns->items, columns->count, &c->out, err));
    return elc_part_columns_schema(columns, schema, err);
}

elc_status elc_check_rows(const elc_call *call, struct ArrowArrayStream *detections,
                          struct ArrowArrayStream *out, elc_error *err) {
    check *c;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->call = call;
    c->progress.unit = "rows";
    elc_status status = fill(c, detections, &schema, err);
    if (status == ELC_OK)
        status =
            elc_stream_create(&schema, (elc_producer){next, check_free, c}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        check_free(c);
        return status;
    }
    c->reader = (part_reader){.stream = *detections, .schema = &c->layout.schema};
    detections->release = NULL;
    return ELC_OK;
}
