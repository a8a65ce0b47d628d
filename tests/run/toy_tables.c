/* toy_tables.c - toy operators on tables: driving, whole and keyed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "toys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const elc_column number_columns[] = {{"id", ELC_INT64, NULL, "0, 1, 2"},
                                            {"square", ELC_FLOAT64, NULL, "of the id"},
                                            {"word", ELC_UTF8, NULL, "of the id"}};

/* ---- row by row ----------------------------------------------------------------- */

/* Rows built from the rows of one input at a time; what a table operator keeps. */
typedef struct {
    const elc_call *call;
    struct ArrowArrayStream in, whole;
    struct ArrowSchema schema; /* of `in` */
    elc_batch *rows;
    size_t n_columns;
    int64_t from[16];
} mapper;

static void mapper_release(void *state) {
    mapper *m = state;
    elc_stream_release(&m->in);
    elc_stream_release(&m->whole);
    elc_schema_release(&m->schema);
    elc_batch_free(m->rows);
    free(m);
}

/* A stream whose columns are those of in[0] and one more, if any. */
static elc_status mapper_stream(const elc_call *call, struct ArrowArrayStream *in,
                                bool has_whole, const elc_column *extra,
                                elc_status (*next)(void *, struct ArrowArray *,
                                                   elc_error *),
                                struct ArrowArrayStream *out, elc_error *err) {
    mapper *m;
    elc_column columns[16];
    struct ArrowSchema schema;
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    m->call = call;
    m->in = in[0];
    in[0].release = NULL;
    if (has_whole) {
        m->whole = in[1];
        in[1].release = NULL;
    }
    ELC_TRY(elc_stream_schema(&m->in, &m->schema, err));
    size_t n = (size_t)m->schema.n_children;
    for (size_t i = 0; i < n; i++) {
        columns[i] = (elc_column){.name = m->schema.children[i]->name};
        ELC_TRY(elc_schema_type(m->schema.children[i], &columns[i].type, err));
        m->from[i] = (int64_t)i;
    }
    m->from[n] = -1;
    if (extra != NULL)
        columns[n++] = *extra;
    m->n_columns = n;
    ELC_TRY(elc_batch_create(columns, n, &m->rows, err));
    ELC_TRY(elc_schema_create(columns, n, NULL, &schema, err));
    return elc_stream_create(&schema, (elc_producer){next, mapper_release, m}, out,
                             err);
}

static const char *const id_column[] = {"id", NULL};
static const elc_input even_inputs[] = {
    {"rows", ELC_CUT_DRIVING, id_column, NULL, false, "with an id"}, {0}};
static const elc_option even_options[] = {
    {"unlucky", ELC_OPTION_BOOL, NULL, "no", 0, 0, NULL, "fail at id 13"}, {0}};
static const elc_output even_outputs[] = {
    {"evens", "rows", number_columns, 3, "all columns of rows"}, {0}};

static elc_status copy_evens(mapper *m, const elc_rows *rows, elc_error *err) {
    bool unlucky = elc_options_bool(m->call->options, "unlucky");
    size_t id = (size_t)elc_rows_column(rows, "id");
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        int64_t value = elc_rows_int(rows, id, row);
        if (unlucky && value == 13)
            return elc_fail(err, ELC_E_MODEL, "evens: 13 brings bad luck");
        if (value % 2 == 0)
            ELC_TRY(elc_batch_copy_row(m->rows, rows, m->from, row, err));
    }
    return ELC_OK;
}

static elc_status evens_next(void *state, struct ArrowArray *out, elc_error *err) {
    mapper *m = state;
    struct ArrowArray batch = {0};
    elc_rows *rows;
    ELC_TRY(elc_stream_next(&m->in, &batch, err));
    if (batch.release == NULL)
        return ELC_OK;
    elc_status status = elc_rows_view(&m->schema, &batch, &rows, err);
    if (status == ELC_OK) {
        status = copy_evens(m, rows, err);
        elc_rows_free(rows);
    }
    elc_array_release(&batch);
    return status == ELC_OK ? elc_batch_finish(m->rows, out, err) : status;
}

static elc_status evens_open(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    (void)part;
    return mapper_stream(call, in, false, NULL, evens_next, out, err);
}

const elc_operator toy_evens = {
    .name = "evens",
    .summary = "Keeps even rows.",
    .inputs = even_inputs,
    .options = even_options,
    .outputs = even_outputs,
    .open = evens_open,
};

static const elc_input name_inputs[] = {
    {"rows", ELC_CUT_DRIVING, id_column, NULL, false, "with an id"},
    {"known", ELC_CUT_WHOLE, id_column, NULL, true, "with an id and a word"},
    {0}};
static const elc_option no_options[] = {{0}};
static const elc_column name_column = {"name", ELC_UTF8, NULL, "of the id"};

/* The word of an id in the whole table, found by reading on: the table is in order. */
static elc_status find_name(const elc_rows *known, int64_t id, elc_batch *out,
                            size_t column, elc_error *err) {
    size_t id_at = (size_t)elc_rows_column(known, "id");
    size_t word_at = (size_t)elc_rows_column(known, "word"), size;
    for (size_t row = 0; row < elc_rows_count(known); row++) {
        if (elc_rows_int(known, id_at, row) != id || elc_rows_null(known, word_at, row))
            continue;
        char word[32] = {0};
        const char *bytes = elc_rows_bytes(known, word_at, row, &size);
        memcpy(word, bytes, size);
        ELC_TRY(elc_batch_text(out, column, word, err));
    }
    return ELC_OK;
}

static elc_status name_rows(mapper *m, const elc_rows *rows, const elc_rows *known,
                            elc_error *err) {
    size_t id = (size_t)elc_rows_column(rows, "id");
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        if (known != NULL)
            ELC_TRY(find_name(known, elc_rows_int(rows, id, row), m->rows,
                              m->n_columns - 1, err));
        ELC_TRY(elc_batch_copy_row(m->rows, rows, m->from, row, err));
    }
    return ELC_OK;
}

static elc_status name_batch(mapper *m, const struct ArrowArray *batch,
                             const struct ArrowArray *known, elc_error *err) {
    elc_rows *rows, *names = NULL;
    ELC_TRY(elc_rows_view(&m->schema, batch, &rows, err));
    elc_status status = ELC_OK;
    if (known->release != NULL)
        status = elc_rows_view(&m->schema, known, &names, err);
    if (status == ELC_OK)
        status = name_rows(m, rows, names, err);
    elc_rows_free(rows);
    elc_rows_free(names);
    return status;
}

static elc_status names_next(void *state, struct ArrowArray *out, elc_error *err) {
    mapper *m = state;
    struct ArrowArray batch = {0}, known = {0};
    ELC_TRY(elc_stream_next(&m->in, &batch, err));
    if (batch.release == NULL)
        return ELC_OK;
    elc_status status = ELC_OK;
    if (m->whole.release != NULL)
        status = elc_stream_next(&m->whole, &known, err);
    if (status == ELC_OK)
        status = name_batch(m, &batch, &known, err);
    elc_array_release(&batch);
    elc_array_release(&known);
    return status == ELC_OK ? elc_batch_finish(m->rows, out, err) : status;
}

static elc_status names_open(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    (void)part;
    return mapper_stream(call, in, true, &name_column, names_next, out, err);
}

const elc_operator toy_names = {
    .name = "names",
    .summary = "Names rows.",
    .inputs = name_inputs,
    .options = no_options,
    .outputs = even_outputs,
    .open = names_open,
};

/* ---- counts of words ------------------------------------------------------------ */

static const elc_column census_columns[] = {{"word", ELC_UTF8, NULL, "a word"},
                                            {"n", ELC_INT64, NULL, "how many"},
                                            {"_group", ELC_UTF8, NULL, NULL},
                                            {"_order", ELC_BINARY, NULL, NULL}};
static const elc_output census_outputs[] = {
    {"census", "words", census_columns, 2, NULL}, {0}};

/* The counts of a slice, or of a group whose counts are added. */
typedef struct {
    elc_names words;
    int64_t counts[16];
} census;

static elc_status census_add(census *c, const elc_rows *rows, elc_error *err) {
    size_t word = (size_t)elc_rows_column(rows, "word"), size;
    int64_t n = elc_rows_column(rows, "n");
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        char text[32] = {0};
        const char *bytes = elc_rows_bytes(rows, word, row, &size);
        memcpy(text, bytes != NULL ? bytes : "~", bytes != NULL ? size : 1);
        if (elc_names_find(&c->words, text) == SIZE_MAX)
            ELC_TRY(elc_names_add(&c->words, text, err));
        c->counts[elc_names_find(&c->words, text)] +=
            n >= 0 ? elc_rows_int(rows, (size_t)n, row) : 1;
    }
    return ELC_OK;
}

static elc_status census_read(census *c, struct ArrowArrayStream *in, elc_error *err) {
    struct ArrowSchema schema;
    elc_status status;
    ELC_TRY(elc_stream_schema(in, &schema, err));
    for (;;) {
        struct ArrowArray batch = {0};
        elc_rows *rows;
        status = elc_stream_next(in, &batch, err);
        if (status != ELC_OK || batch.release == NULL)
            break;
        assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
        status = census_add(c, rows, err);
        elc_rows_free(rows);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return status;
}

static elc_status census_give(const census *c, bool final, struct ArrowArrayStream *out,
                              elc_error *err) {
    struct ArrowSchema schema;
    struct ArrowArray batch = {0};
    elc_batch *rows;
    ELC_TRY(elc_batch_create(census_columns, 4, &rows, err));
    for (size_t i = 0; i < c->words.count; i++) {
        const char *word = c->words.items[i];
        ELC_TRY(elc_batch_text(rows, 0, strcmp(word, "~") != 0 ? word : NULL, err));
        ELC_TRY(elc_batch_int(rows, 1, c->counts[i], err));
        ELC_TRY(elc_batch_text(rows, 2, final ? NULL : word, err));
        ELC_TRY(elc_batch_bytes(rows, 3, word, strlen(word), err));
        ELC_TRY(elc_batch_end_row(rows, err));
    }
    ELC_TRY(elc_batch_finish(rows, &batch, err));
    elc_batch_free(rows);
    ELC_TRY(elc_schema_create(census_columns, 4, NULL, &schema, err));
    return elc_stream_of_batches(&schema, &batch, 1, out, err);
}

static elc_status census_of(struct ArrowArrayStream *in, bool final,
                            struct ArrowArrayStream *out, elc_error *err) {
    census c = {0};
    elc_status status = census_read(&c, in, err);
    if (status == ELC_OK)
        status = census_give(&c, final, out, err);
    elc_names_free(&c.words);
    return status;
}

static elc_status census_open(const elc_call *call, const elc_part *part,
                              struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                              elc_error *err) {
    (void)call;
    (void)part;
    return census_of(in, false, out, err);
}

static elc_status census_combine(const elc_call *call, struct ArrowArrayStream *group,
                                 struct ArrowArrayStream *out, elc_error *err) {
    (void)call;
    return census_of(group, true, out, err);
}

static const elc_input census_inputs[] = {
    {"rows", ELC_CUT_DRIVING, NULL, NULL, false, "with a word"}, {0}};

const elc_operator toy_census = {
    .name = "census",
    .summary = "Counts words of any slices.",
    .inputs = census_inputs,
    .options = no_options,
    .outputs = census_outputs,
    .open = census_open,
    .combine = census_combine,
};

const elc_operator toy_folding_census = {
    .name = "folding_census",
    .summary = "Counts words of any slices.",
    .inputs = census_inputs,
    .options = no_options,
    .outputs = census_outputs,
    .open = census_open,
    .combine = census_combine,
    .folds = true,
};

static elc_status tally_open(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    (void)call;
    (void)part;
    return census_of(in, true, out, err);
}

static const elc_input tally_inputs[] = {
    {"rows", ELC_CUT_KEYED, NULL, "word", false, "with a word"}, {0}};

const elc_operator toy_tally = {
    .name = "tally",
    .summary = "Counts words.",
    .inputs = tally_inputs,
    .options = no_options,
    .outputs = census_outputs,
    .open = tally_open,
};
