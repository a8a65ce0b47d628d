/* parquet_write.c - batches as a Parquet or GeoParquet file, through DuckDB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo.h"
#include "parquet_footer.h"
#include "parquet_pipe.h"
#include "sink.h"

#include <elcano/sql.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The columns of a row's box, which come after the table's own. */
static const char *const sides[] = {"xmin", "ymin", "xmax", "ymax"};
enum { SIDES = 4 };

/* DuckDB holds the rows of a group in memory, several times: so many it has at least,
   and at most unless it is told; between them those that hold about so many bytes. */
enum { LEAST_GROUP = 2048, MOST_GROUP = 122880, GROUP_BYTES = 64 << 20 };

struct elc_parquet {
    elc_column *columns; /* of the file, and then the four sides of a box */
    int64_t *from;       /* the table's column of each; -1: a side */
    size_t n_own, n;     /* without and with the sides */
    elc_geo_seen *seen;  /* of the geometries, the first one being the primary */
    size_t *places;      /* and their columns */
    size_t n_seen;
    elc_string covering; /* the name of the boxes' column */
    elc_string expected; /* geo metadata, as DuckDB is told beforehand */
    elc_string copy;     /* the statement */
    uint64_t rows,
        bytes; /* the first rows, no more than LEAST_GROUP, and what is in them */
    elc_geo_room room;
    elc_batch *batch;
    elc_sql *sql;
    elc_pipe *pipe;
    bool runs; /* the thread */
    pthread_t thread;
    elc_error failure; /* of the thread, to be read when it has ended */
};

/* ---- columns ----------------------------------------------------------------------
 */

static elc_status add_geometry(elc_parquet *p, const struct ArrowSchema *column,
                               elc_error *err) {
    elc_geo_seen *seen = &p->seen[p->n_seen];
    *seen = (elc_geo_seen){.name = column->name,
                           .box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
    p->places[p->n_seen] = p->n;
    ELC_TRY(elc_schema_crs(column, &seen->crs, err));
    p->n_seen++;
    return ELC_OK;
}

static elc_status add_own(elc_parquet *p, const elc_sink_layer *layer, elc_error *err) {
    const struct ArrowSchema *schema = &layer->record.schema;
    size_t n = (size_t)schema->n_children;
    ELC_TRY(elc_alloc(n + SIDES, sizeof *p->columns, &p->columns, err));
    ELC_TRY(elc_alloc(n + SIDES, sizeof *p->from, &p->from, err));
    ELC_TRY(elc_alloc(n, sizeof *p->seen, &p->seen, err));
    ELC_TRY(elc_alloc(n, sizeof *p->places, &p->places, err));
    for (size_t i = 0; i < n; i++) {
        const struct ArrowSchema *column = schema->children[i];
        elc_type type;
        if (column->name == NULL || column->name[0] == '_')
            continue;
        ELC_TRY(elc_schema_type(column, &type, err));
        if (type == ELC_GEOMETRY)
            ELC_TRY(add_geometry(p, column, err));
        p->columns[p->n] = (elc_column){column->name, type, NULL, NULL};
        p->from[p->n++] = (int64_t)i;
    }
    p->n_own = p->n;
    return ELC_OK;
}

/* DuckDB's names differ by more than case. */
static bool is_taken(const elc_parquet *p, const char *name) {
    for (size_t i = 0; i < p->n_own; i++)
        if (strcasecmp(p->columns[i].name, name) == 0)
            return true;
    return false;
}

static elc_status check_names(const elc_parquet *p, elc_error *err) {
    for (size_t i = 0; i < p->n_own; i++)
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(p->columns[i].name, p->columns[j].name) == 0)
                return elc_fail(err, ELC_E_UNSUPPORTED,
                                "the columns %s and %s have one name to DuckDB, which "
                                "writes Parquet; rename one",
                                p->columns[j].name, p->columns[i].name);
    return p->n_own > 0 ? ELC_OK
                        : elc_fail(err, ELC_E_UNSUPPORTED,
                                   "Parquet holds no table without columns");
}

/* A box of each row lets readers pass over parts of the file. */
static elc_status add_covering(elc_parquet *p, elc_error *err) {
    if (p->n_seen == 0)
        return ELC_OK;
    ELC_TRY(elc_string_printf(&p->covering, err, "bbox"));
    for (unsigned i = 2; is_taken(p, p->covering.data); i++) {
        p->covering.size = 0;
        ELC_TRY(elc_string_printf(&p->covering, err, "bbox_%u", i));
    }
    for (size_t i = 0; i < SIDES; i++) {
        static const char *const names[] = {"_xmin", "_ymin", "_xmax", "_ymax"};
        p->columns[p->n] = (elc_column){names[i], ELC_FLOAT64, NULL, NULL};
        p->from[p->n++] = -1;
    }
    return ELC_OK;
}

/* ---- the statement ----------------------------------------------------------------
 */

static elc_status write_select(const elc_parquet *p, elc_string *out, elc_error *err) {
    for (size_t i = 0; i < p->n_own; i++) {
        ELC_TRY(elc_string_printf(out, err, i > 0 ? ", " : "SELECT "));
        ELC_TRY(elc_sql_quote_name(out, p->columns[i].name, err));
    }
    if (p->n_seen == 0)
        return ELC_OK;
    ELC_TRY(elc_string_printf(out, err, ", CASE WHEN _xmin IS NOT NULL THEN {"));
    for (size_t i = 0; i < SIDES; i++)
        ELC_TRY(elc_string_printf(out, err, "%s%s: _%s", i > 0 ? ", " : "", sides[i],
                                  sides[i]));
    ELC_TRY(elc_string_printf(out, err, "} END AS "));
    return elc_sql_quote_name(out, p->covering.data, err);
}

static uint64_t group_rows(const elc_parquet *p) {
    uint64_t rows = p->bytes == 0 ? MOST_GROUP : GROUP_BYTES * p->rows / p->bytes;
    rows -= rows % LEAST_GROUP;
    return rows < LEAST_GROUP ? LEAST_GROUP : rows > MOST_GROUP ? MOST_GROUP : rows;
}

static elc_status write_copy(elc_parquet *p, const char *path, elc_error *err) {
    elc_string *out = &p->copy;
    ELC_TRY(elc_string_printf(out, err, "COPY ("));
    ELC_TRY(write_select(p, out, err));
    ELC_TRY(elc_string_printf(out, err, " FROM elc_rows()) TO "));
    ELC_TRY(elc_sql_quote_text(out, path, err));
    ELC_TRY(elc_string_printf(out, err,
                              " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %llu",
                              (unsigned long long)group_rows(p)));
    if (p->n_seen > 0) {
        ELC_TRY(elc_string_printf(out, err, ", KV_METADATA {geo: "));
        ELC_TRY(elc_sql_quote_text(out, p->expected.data, err));
        ELC_TRY(elc_string_printf(out, err, "}"));
    }
    return elc_string_printf(out, err, ")");
}

/* ---- the thread -------------------------------------------------------------------
 */

static void *copy(void *arg) {
    elc_parquet *p = arg;
    elc_sql_run(p->sql, p->copy.data, &p->failure);
    elc_sql_free(p->sql); /* with the far end of the pipe: nobody waits for it */
    p->sql = NULL;
    return NULL;
}

static elc_status open_session(elc_parquet *p, elc_error *err) {
    /* More threads than the one that copies would find nothing to do at a stream. */
    const elc_sql_options options = {.threads = 1, .files = true};
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream stream = {0};
    ELC_TRY(elc_sql_open(&options, &p->sql, err));
    ELC_TRY(elc_pipe_create(&p->pipe, err));
    ELC_TRY(elc_schema_create(p->columns, p->n, NULL, &schema, err));
    elc_status status = elc_pipe_stream(p->pipe, &schema, &stream, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        return status;
    }
    return elc_sql_add_stream(p->sql, "elc_rows", &stream, true, err);
}

/* Once the first rows are known. */
static elc_status start(elc_sink *sink, elc_error *err) {
    elc_parquet *p = sink->parquet;
    ELC_TRY(write_copy(p, elc_output_temporary(sink->output), err));
    if (pthread_create(&p->thread, NULL, copy, p) != 0)
        return elc_fail(err, ELC_E_MEMORY, "no thread to write Parquet with");
    p->runs = true;
    return ELC_OK;
}

static void stop(elc_parquet *p, bool whole) {
    if (!p->runs)
        return;
    elc_pipe_end(p->pipe, whole);
    pthread_join(p->thread, NULL);
    p->runs = false;
}

/* ---- the writer -------------------------------------------------------------------
 */

static elc_status fail_write(elc_sink *sink, elc_error *err) {
    elc_parquet *p = sink->parquet;
    stop(p, false);
    elc_error failure = p->failure;
    if (failure.status == ELC_OK)
        return elc_fail(err, ELC_E_INTERNAL, "%s: writing ended early",
                        elc_sink_name(sink));
    if (failure.status == ELC_E_IO)
        return elc_output_fail(sink->output, failure.message, err);
    return elc_fail(err, failure.status, "%s: %s", elc_sink_name(sink),
                    failure.message);
}

static elc_status parquet_begin(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    elc_parquet *p;
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    sink->parquet = p;
    ELC_TRY(add_own(p, layer, err));
    ELC_TRY(check_names(p, err));
    ELC_TRY(add_covering(p, err));
    if (p->n_seen > 0)
        ELC_TRY(
            elc_geo_print(p->seen, p->n_seen, p->covering.data, 0, &p->expected, err));
    ELC_TRY(elc_batch_create(p->columns, p->n, &p->batch, err));
    return open_session(p, err);
}

static uint64_t weigh(const elc_parquet *p, const elc_rows *rows, size_t row) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < p->n_own; i++) {
        size_t column = (size_t)p->from[i], n = 0;
        elc_type type = p->columns[i].type;
        if (type == ELC_FLOATS && elc_rows_floats(rows, column, row, &n) != NULL)
            bytes += n * sizeof(float);
        if ((type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY) &&
            elc_rows_bytes(rows, column, row, &n) != NULL)
            bytes += n;
        bytes += sizeof(double);
    }
    return bytes;
}

static elc_status see_row(elc_parquet *p, const elc_rows *rows, size_t row,
                          elc_error *err) {
    for (size_t i = 0; i < p->n_seen; i++) {
        double box[SIDES];
        size_t size, column = (size_t)p->from[p->places[i]];
        const char *wkb = elc_rows_bytes(rows, column, row, &size);
        if (wkb == NULL)
            continue;
        ELC_TRY(elc_geo_see(&p->seen[i], wkb, size, &p->room, box, err));
        for (size_t side = 0; i == 0 && !isnan(box[0]) && side < SIDES; side++)
            ELC_TRY(elc_batch_real(p->batch, p->n_own + side, box[side], err));
    }
    return ELC_OK;
}

static elc_status parquet_row(elc_sink *sink, elc_sink_layer *layer,
                              const elc_rows *rows, size_t row, elc_error *err) {
    elc_parquet *p = sink->parquet;
    elc_error why = {0};
    elc_status status = see_row(p, rows, row, &why);
    if (status != ELC_OK)
        return elc_fail(err, status, "%s: row %llu: %s", elc_sink_name(sink),
                        (unsigned long long)layer->record.rows + 1, why.message);
    ELC_TRY(elc_batch_copy_cells(p->batch, rows, p->from, row, err));
    ELC_TRY(elc_batch_end_row(p->batch, err));
    if (p->runs)
        return ELC_OK;
    p->bytes += weigh(p, rows, row);
    return ++p->rows == LEAST_GROUP || p->bytes >= GROUP_BYTES ? start(sink, err)
                                                               : ELC_OK;
}

static elc_status parquet_end_batch(elc_sink *sink, elc_error *err) {
    elc_parquet *p = sink->parquet;
    struct ArrowArray batch = {0};
    if (elc_batch_rows(p->batch) == 0 || !p->runs)
        return ELC_OK;
    ELC_TRY(elc_batch_finish(p->batch, &batch, err));
    return elc_pipe_put(p->pipe, &batch) ? ELC_OK : fail_write(sink, err);
}

/* What was seen of the geometries is known only now, and has its room in the file. */
static elc_status state_geo(elc_sink *sink, elc_error *err) {
    elc_parquet *p = sink->parquet;
    elc_string geo = {0};
    if (p->n_seen == 0)
        return ELC_OK;
    elc_status status = elc_geo_print(p->seen, p->n_seen, p->covering.data,
                                      p->expected.size, &geo, err);
    if (status == ELC_OK)
        status = elc_parquet_replace(elc_output_temporary(sink->output), &p->expected,
                                     &geo, err);
    elc_string_free(&geo);
    return status;
}

static elc_status parquet_finish(elc_sink *sink, elc_error *err) {
    elc_parquet *p = sink->parquet;
    elc_error why = {0};
    if (!p->runs) {
        ELC_TRY(start(sink, err));
        ELC_TRY(parquet_end_batch(sink, err));
    }
    stop(p, true);
    if (p->failure.status != ELC_OK)
        return fail_write(sink, err);
    elc_status status = state_geo(sink, &why);
    if (status == ELC_OK)
        return ELC_OK;
    return status == ELC_E_IO
               ? elc_output_fail(sink->output, why.message, err)
               : elc_fail(err, status, "%s: %s", elc_sink_name(sink), why.message);
}

static void parquet_release(elc_sink *sink) {
    elc_parquet *p = sink->parquet;
    if (p == NULL)
        return;
    stop(p, false);
    elc_sql_free(p->sql);
    elc_pipe_free(p->pipe);
    for (size_t i = 0; i < p->n_seen; i++)
        free(p->seen[i].crs);
    free(p->seen);
    free(p->places);
    free(p->columns);
    free(p->from);
    free(p->room.points);
    elc_string_free(&p->covering);
    elc_string_free(&p->expected);
    elc_string_free(&p->copy);
    elc_batch_free(p->batch);
    free(p);
    sink->parquet = NULL;
}

const elc_writer elc_writer_parquet = {.begin = parquet_begin,
                                       .row = parquet_row,
                                       .end_batch = parquet_end_batch,
                                       .finish = parquet_finish,
                                       .release = parquet_release};
