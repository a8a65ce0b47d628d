/* toys.c - small operators whose right answer is known, and a way to read tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- watching ------------------------------------------------------------------- */

static toy_watch *watch_of(const elc_call *call) {
    return call->context != NULL ? call->context->arg : NULL;
}

static void count_up(atomic_int *now, atomic_int *most) {
    int value = atomic_fetch_add(now, 1) + 1, seen = atomic_load(most);
    while (value > seen && !atomic_compare_exchange_weak(most, &seen, value))
        continue;
}

typedef struct {
    struct ArrowArray batch;
    toy_watch *watch;
} watched;

static void watched_release(struct ArrowArray *array) {
    watched *w = array->private_data;
    atomic_fetch_sub(&w->watch->live, 1);
    elc_array_release(&w->batch);
    free(w);
    array->release = NULL;
}

static void watch_batch(struct ArrowArray *batch, toy_watch *watch) {
    if (watch == NULL)
        return;
    watched *w = malloc(sizeof *w);
    w->batch = *batch;
    w->watch = watch;
    batch->private_data = w;
    batch->release = watched_release;
    count_up(&watch->live, &watch->most_live);
}

/* ---- numbers -------------------------------------------------------------------- */

static const elc_input path_inputs[] = {{0}};

static const elc_option number_options[] = {
    {"items", ELC_OPTION_INT, NULL, "100", 0, 1e9, NULL, "how many rows"},
    {"batch", ELC_OPTION_INT, NULL, "7", 1, 1e6, NULL, "rows of a batch"},
    {"fail_at", ELC_OPTION_INT, NULL, "-1", 0, 0, NULL, "the id that fails"},
    {"slow", ELC_OPTION_INT, NULL, "-1", 0, 0, NULL, "the part that is slow"},
    {"stall", ELC_OPTION_INT, NULL, "-1", 0, 0, NULL, "the id that does not come"},
    {0}};

static const elc_column number_columns[] = {
    {"id", ELC_INT64, NULL, "0, 1, 2"},
    {"square", ELC_FLOAT64, NULL, "of the id"},
    {"word", ELC_UTF8, NULL, "the id's last digit"}};

static const elc_output number_outputs[] = {
    {"numbers", "rows", number_columns, 3, NULL}, {0}};

typedef struct {
    int64_t first, count;
} span;

/* Cuts 0..items-1 into spans of `units`. */
static elc_status plan_spans(int64_t items, uint64_t units, uint64_t scope,
                             elc_plan *plan, elc_error *err) {
    int64_t step = units == 0 ? items : (int64_t)units;
    for (int64_t first = 0; first < items; first += step) {
        span s = {first, first + step < items ? step : items - first};
        ELC_TRY(elc_plan_add(plan, &s, sizeof s, scope, (double)s.count, err));
    }
    return ELC_OK;
}

static elc_status numbers_plan(const elc_call *call, elc_plan *plan, elc_error *err) {
    plan->items = 1;
    plan->item_name = "ranges";
    return plan_spans(elc_options_int(call->options, "items"), call->part_units, 0,
                      plan, err);
}

typedef struct {
    const elc_call *call;
    toy_watch *watch;
    elc_batch *rows;
    int64_t at, end, batch, fail_at, stall;
    bool slow;
} numbers;

static const char *digit(int64_t id) {
    static const char *const words[] = {"zero", "one", "two",   "three", "four",
                                        "five", "six", "seven", "eight", "nine"};
    return words[id % 10];
}

static elc_status add_number(elc_batch *rows, int64_t id, elc_error *err) {
    ELC_TRY(elc_batch_int(rows, 0, id, err));
    ELC_TRY(elc_batch_real(rows, 1, (double)id * (double)id, err));
    if (id % 11 != 3)
        ELC_TRY(elc_batch_text(rows, 2, digit(id), err));
    return elc_batch_end_row(rows, err);
}

static elc_status numbers_next(void *state, struct ArrowArray *out, elc_error *err) {
    numbers *n = state;
    ELC_TRY(elc_check_cancel(n->call->context, err));
    if (n->slow)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    for (int64_t i = 0; i < n->batch && n->at < n->end; i++, n->at++) {
        while (n->at == n->stall) {
            ELC_TRY(elc_check_cancel(n->call->context, err));
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
        if (n->at == n->fail_at)
            return elc_fail(err, ELC_E_IO, "numbers: %lld cannot be read",
                            (long long)n->at);
        ELC_TRY(add_number(n->rows, n->at, err));
    }
    if (elc_batch_rows(n->rows) == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_finish(n->rows, out, err));
    watch_batch(out, n->watch);
    return ELC_OK;
}

static void numbers_release(void *state) {
    numbers *n = state;
    if (n->watch != NULL)
        atomic_fetch_sub(&n->watch->open, 1);
    elc_batch_free(n->rows);
    free(n);
}

static elc_status numbers_stream(numbers n, struct ArrowArrayStream *out,
                                 elc_error *err) {
    struct ArrowSchema schema;
    numbers *state;
    ELC_TRY(elc_batch_create(number_columns, 3, &n.rows, err));
    ELC_TRY(elc_alloc(1, sizeof *state, &state, err));
    *state = n;
    ELC_TRY(elc_schema_create(number_columns, 3, NULL, &schema, err));
    return elc_stream_create(
        &schema, (elc_producer){numbers_next, numbers_release, state}, out, err);
}

static elc_status numbers_open(const elc_call *call, const elc_part *part,
                               struct ArrowArrayStream *in,
                               struct ArrowArrayStream *out, elc_error *err) {
    span s;
    (void)in;
    if (part->size != sizeof s)
        return elc_fail(err, ELC_E_FORMAT, "numbers: a part of %zu bytes", part->size);
    memcpy(&s, part->bytes, sizeof s);
    toy_watch *watch = watch_of(call);
    if (watch != NULL) {
        count_up(&watch->open, &watch->most_open);
        atomic_fetch_add(&watch->opened, 1);
        atomic_store(&watch->threads, call->context->threads);
    }
    int64_t slow = elc_options_int(call->options, "slow");
    numbers n = {.call = call,
                 .watch = watch,
                 .at = s.first,
                 .end = s.first + s.count,
                 .batch = elc_options_int(call->options, "batch"),
                 .fail_at = elc_options_int(call->options, "fail_at"),
                 .stall = elc_options_int(call->options, "stall"),
                 .slow = slow >= 0 && s.first == slow * s.count};
    return numbers_stream(n, out, err);
}

const elc_operator toy_numbers = {
    .name = "numbers",
    .summary = "Counts.",
    .inputs = path_inputs,
    .options = number_options,
    .outputs = number_outputs,
    .plan = numbers_plan,
    .open = numbers_open,
};

struct ArrowArrayStream toy_table(int64_t first, int64_t count, int64_t batch) {
    static const elc_call call = {0};
    struct ArrowArrayStream out = {0};
    numbers n = {.call = &call,
                 .at = first,
                 .end = first + count,
                 .batch = batch,
                 .fail_at = -1,
                 .stall = -1};
    assert_int_equal(numbers_stream(n, &out, NULL), ELC_OK);
    return out;
}

/* ---- sums ----------------------------------------------------------------------- */

enum { SCOPE, BUCKET, SUM, PLACE, GROUP, ORDER, TABLE, NOTE, N_SUMS };
static const elc_column sum_columns[N_SUMS] = {
    [SCOPE] = {"scope", ELC_INT64, NULL, "which scope"},
    [BUCKET] = {"bucket", ELC_INT64, NULL, "which bucket"},
    [SUM] = {"sum", ELC_INT64, NULL, "of its items"},
    [PLACE] = {"place", ELC_GEOMETRY, NULL, "somewhere"},
    [GROUP] = {"_group", ELC_UTF8, NULL, NULL},
    [ORDER] = {"_order", ELC_BINARY, NULL, NULL},
    [TABLE] = {"_table", ELC_UTF8, NULL, NULL},
    [NOTE] = {"_note", ELC_UTF8, NULL, NULL}};
static const elc_column scope_columns[] = {{"scope", ELC_INT64, NULL, "which scope"},
                                           {"note", ELC_UTF8, NULL, "its length"},
                                           {"place", ELC_GEOMETRY, NULL, "somewhere"}};
static const elc_output sum_outputs[] = {
    {"sums", "a row a bucket", sum_columns, 4, NULL},
    {"scopes", "a row a scope", scope_columns, 3, NULL},
    {0}};
static const elc_option sum_options[] = {
    {"scopes", ELC_OPTION_INT, NULL, "3", 0, 1000, NULL, "how many"},
    {"items", ELC_OPTION_INT, NULL, "50", 0, 1e9, NULL, "of the first scope"},
    {"bucket", ELC_OPTION_INT, NULL, "6", 1, 1000, NULL, "items of a bucket"},
    {"batch", ELC_OPTION_INT, NULL, "3", 1, 1e6, NULL, "buckets of a batch"},
    {"fault", ELC_OPTION_INT, NULL, "0", 0, 100, NULL, "what is wrong"},
    {0}};

typedef struct {
    int64_t scope, length, first, count;
} sum_part;

static elc_status sums_plan(const elc_call *call, elc_plan *plan, elc_error *err) {
    int64_t scopes = elc_options_int(call->options, "scopes");
    for (int64_t s = 0; s < scopes; s++) {
        int64_t length = elc_options_int(call->options, "items") + s;
        int64_t step = call->part_units == 0 ? length : (int64_t)call->part_units;
        for (int64_t first = 0; first < length; first += step) {
            int64_t count = first + step < length ? step : length - first;
            sum_part part = {s, length, first, count};
            ELC_TRY(elc_plan_add(plan, &part, sizeof part, (uint64_t)s * 3, 1, err));
        }
    }
    return ELC_OK;
}

static void order_bytes(int64_t scope, int64_t bucket, uint8_t bytes[16]) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(scope >> (56 - 8 * i));
        bytes[8 + i] = (uint8_t)(bucket >> (56 - 8 * i));
    }
}

static elc_status put_sum(elc_batch *rows, int64_t scope, int64_t bucket, int64_t sum,
                          const char *group, elc_error *err) {
    uint8_t order[16];
    order_bytes(scope, bucket, order);
    ELC_TRY(elc_batch_int(rows, SCOPE, scope, err));
    ELC_TRY(elc_batch_int(rows, BUCKET, bucket, err));
    ELC_TRY(elc_batch_int(rows, SUM, sum, err));
    ELC_TRY(elc_batch_text(rows, GROUP, group, err));
    ELC_TRY(elc_batch_bytes(rows, ORDER, order, sizeof order, err));
    return elc_batch_end_row(rows, err);
}

typedef struct {
    const elc_call *call;
    sum_part part;
    elc_batch *rows;
    int64_t bucket, at, batch, fault;
    bool told;
} sums;

static elc_status put_scope(sums *s, elc_error *err) {
    char note[40];
    snprintf(note, sizeof note, "%lld items", (long long)s->part.length);
    ELC_TRY(elc_batch_int(s->rows, SCOPE, s->part.scope, err));
    ELC_TRY(elc_batch_text(s->rows, TABLE,
                           s->fault == TOY_UNKNOWN_SIDE ? "scoops" : "scopes", err));
    ELC_TRY(elc_batch_text(s->rows, NOTE, note, err));
    return elc_batch_end_row(s->rows, err);
}

/* The piece of one bucket that lies in the part; final when that is all of it. */
static elc_status put_bucket(sums *s, int64_t bucket, elc_error *err) {
    int64_t size = s->bucket, from = bucket * size, to = from + size, sum = 0;
    int64_t end = s->part.first + s->part.count;
    bool final = from >= s->part.first && (to <= end || end == s->part.length);
    char group[40];
    for (int64_t i = from; i < to; i++)
        sum += i >= s->part.first && i < end ? i : 0;
    if (s->fault == TOY_LATE_GROUP && bucket == 2) {
        final = false;
        bucket = 0;
    }
    if (s->fault == TOY_UNORDERED)
        bucket = -bucket;
    snprintf(group, sizeof group, "%lld/%lld", (long long)s->part.scope,
             (long long)bucket);
    return put_sum(s->rows, s->part.scope, bucket, sum, final ? NULL : group, err);
}

static elc_status sums_next(void *state, struct ArrowArray *out, elc_error *err) {
    sums *s = state;
    ELC_TRY(elc_check_cancel(s->call->context, err));
    if (!s->told && s->part.first == 0)
        ELC_TRY(put_scope(s, err));
    s->told = true;
    int64_t end = s->part.first + s->part.count;
    for (int64_t i = 0; i < s->batch && s->at * s->bucket < end; i++, s->at++)
        ELC_TRY(put_bucket(s, s->at, err));
    if (elc_batch_rows(s->rows) == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_finish(s->rows, out, err));
    watch_batch(out, watch_of(s->call));
    return ELC_OK;
}

static void sums_release(void *state) {
    sums *s = state;
    elc_batch_free(s->rows);
    free(s);
}

static elc_status sums_open(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    sums s = {.call = call}, *state;
    elc_column columns[N_SUMS];
    struct ArrowSchema schema;
    (void)in;
    if (part->size != sizeof s.part)
        return elc_fail(err, ELC_E_FORMAT, "sums: a part of %zu bytes", part->size);
    memcpy(&s.part, part->bytes, sizeof s.part);
    memcpy(columns, sum_columns, sizeof columns);
    s.bucket = elc_options_int(call->options, "bucket");
    s.batch = elc_options_int(call->options, "batch");
    s.fault = elc_options_int(call->options, "fault");
    s.at = s.part.first / s.bucket;
    bool later = s.part.first > 0;
    size_t n = later && s.fault == TOY_FEWER_COLUMNS ? N_SUMS - 1 : N_SUMS;
    if (s.fault == TOY_OTHER_COLUMNS && later)
        columns[SUM].name = "total";
    if (s.fault == TOY_NO_ORDER)
        columns[ORDER].name = "_odor";
    const char *crs = s.fault == TOY_OTHER_CRS && later ? "{\"id\":1}" : NULL;
    ELC_TRY(elc_batch_create(columns, N_SUMS, &s.rows, err));
    ELC_TRY(elc_alloc(1, sizeof *state, &state, err));
    *state = s;
    if (s.fault == TOY_OTHER_ORDER)
        columns[ORDER].type = ELC_UTF8;
    ELC_TRY(elc_schema_create(columns, n, crs, &schema, err));
    return elc_stream_create(&schema, (elc_producer){sums_next, sums_release, state},
                             out, err);
}

static elc_status add_pieces(struct ArrowArrayStream *group, int64_t *scope,
                             int64_t *bucket, int64_t *sum, elc_error *err) {
    struct ArrowSchema schema;
    struct ArrowArray batch = {0};
    elc_rows *rows;
    ELC_TRY(elc_stream_schema(group, &schema, err));
    ELC_TRY(elc_stream_next(group, &batch, err));
    ELC_TRY(elc_rows_view(&schema, &batch, &rows, err));
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        *scope = elc_rows_int(rows, SCOPE, row);
        *bucket = elc_rows_int(rows, BUCKET, row);
        *sum += elc_rows_int(rows, SUM, row);
    }
    elc_rows_free(rows);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return ELC_OK;
}

static elc_status sums_combine(const elc_call *call, struct ArrowArrayStream *group,
                               struct ArrowArrayStream *out, elc_error *err) {
    int64_t scope = 0, bucket = 0, sum = 0;
    int64_t fault = elc_options_int(call->options, "fault");
    struct ArrowArray batch = {0};
    struct ArrowSchema schema;
    elc_column columns[N_SUMS];
    elc_batch *rows;
    ELC_TRY(add_pieces(group, &scope, &bucket, &sum, err));
    if (fault == TOY_COMBINE_FAILS && bucket >= 1)
        return elc_fail(err, ELC_E_MODEL, "sums: bucket %lld of scope %lld is cursed",
                        (long long)bucket, (long long)scope);
    ELC_TRY(elc_batch_create(sum_columns, N_SUMS, &rows, err));
    ELC_TRY(put_sum(rows, scope, bucket, sum, fault == TOY_GROUP_REMAINS ? "x" : NULL,
                    err));
    ELC_TRY(elc_batch_finish(rows, &batch, err));
    elc_batch_free(rows);
    memcpy(columns, sum_columns, sizeof columns);
    if (fault == TOY_COMBINE_DIFFERS)
        columns[SUM].name = "total";
    ELC_TRY(elc_schema_create(columns, N_SUMS, NULL, &schema, err));
    return elc_stream_of_batches(&schema, &batch, 1, out, err);
}

const elc_operator toy_sums = {
    .name = "sums",
    .summary = "Adds up.",
    .inputs = path_inputs,
    .options = sum_options,
    .outputs = sum_outputs,
    .plan = sums_plan,
    .open = sums_open,
    .combine = sums_combine,
};

/* ---- calling -------------------------------------------------------------------- */

elc_options *toy_options(const elc_operator *op, const char *settings) {
    elc_options *options;
    elc_names words = {0};
    assert_int_equal(elc_options_create(op->options, &options, NULL), ELC_OK);
    if (settings != NULL)
        assert_int_equal(elc_names_split(&words, settings, ' ', NULL), ELC_OK);
    for (size_t i = 0; i < words.count; i++) {
        elc_error err = {0};
        char *text = strchr(words.items[i], '=');
        *text++ = '\0';
        if (elc_options_set(options, words.items[i], text, &err) != ELC_OK)
            fail_msg("%s", err.message);
    }
    elc_names_free(&words);
    return options;
}

elc_context toy_context(int threads, toy_watch *watch) {
    return (elc_context){.threads = threads,
                         .arg = watch,
                         .cancel =
                             watch != NULL ? (volatile int *)&watch->cancel : NULL};
}

static void print_value(const elc_rows *rows, elc_type type, size_t column, size_t row,
                        elc_string *out) {
    size_t size;
    if (elc_rows_null(rows, column, row)) {
        elc_string_printf(out, NULL, "NULL");
    } else if (type == ELC_FLOAT64) {
        elc_string_printf(out, NULL, "%.17g", elc_rows_real(rows, column, row));
    } else if (type == ELC_INT64) {
        elc_string_printf(out, NULL, "%lld",
                          (long long)elc_rows_int(rows, column, row));
    } else {
        const char *bytes = elc_rows_bytes(rows, column, row, &size);
        for (size_t i = 0; i < size; i++)
            elc_string_printf(out, NULL, type == ELC_UTF8 ? "%c" : "%02x",
                              (unsigned char)bytes[i]);
    }
}

static void print_batch(const struct ArrowSchema *schema,
                        const struct ArrowArray *batch, elc_string *out) {
    elc_rows *rows;
    assert_int_equal(elc_rows_view(schema, batch, &rows, NULL), ELC_OK);
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        for (int64_t i = 0; i < schema->n_children; i++) {
            elc_type type;
            elc_schema_type(schema->children[i], &type, NULL);
            elc_string_printf(out, NULL, "%s%s=", i > 0 ? " " : "",
                              schema->children[i]->name);
            print_value(rows, type, (size_t)i, row, out);
        }
        elc_string_append(out, "\n", 1, NULL);
    }
    elc_rows_free(rows);
}

elc_status toy_read(struct ArrowArrayStream *stream, elc_string *text, elc_error *err) {
    struct ArrowSchema schema;
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    elc_status status;
    for (;;) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(stream, &batch, err);
        if (status != ELC_OK || batch.release == NULL)
            break;
        print_batch(&schema, &batch, text);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return status;
}

elc_string toy_text(struct ArrowArrayStream *stream) {
    elc_string text = {0};
    elc_error err = {0};
    elc_string_append(&text, "", 0, NULL);
    if (toy_read(stream, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_stream_release(stream);
    return text;
}

elc_string toy_run(const elc_operator *op, const char *settings, int threads,
                   uint64_t part_units) {
    elc_options *options = toy_options(op, settings);
    elc_context context = toy_context(threads, NULL);
    elc_call call = {op, options, NULL, &context, part_units, false, false, NULL};
    elc_run *run;
    struct ArrowArrayStream table = {0}, side = {0};
    elc_error err = {0};
    if (elc_run_create(&call, &run, &err) != ELC_OK ||
        elc_run_table(run, &table, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_string text = toy_text(&table);
    if (op->outputs[1].name != NULL) {
        assert_int_equal(elc_run_side(run, 1, &side, NULL), ELC_OK);
        elc_string more = toy_text(&side);
        elc_string_printf(&text, NULL, "--\n%s", more.data);
        elc_string_free(&more);
    }
    elc_run_free(run);
    elc_options_free(options);
    return text;
}
