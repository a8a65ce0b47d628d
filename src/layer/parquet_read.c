/* parquet_read.c - Parquet and GeoParquet files as tables, through DuckDB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet.h"

#include "parquet_query.h"

#include <elcano/geometry.h>
#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
    char *path;
    elc_parquet files;
    struct ArrowSchema schema;    /* of the rows */
    struct ArrowArrayStream rows; /* once the first is asked for */
    uint64_t row;                 /* of the files, which the next batch begins with */
} parquet;

/* What DuckDB says without the kind of its error, "Invalid Input Error: ". */
static const char *without_kind(const char *message) {
    static const char mark[] = " Error: ";
    const char *kind = strstr(message, mark), *colon = strchr(message, ':');
    return kind != NULL && colon == kind + sizeof mark - 3 ? kind + sizeof mark - 1
                                                           : message;
}

static bool is_no_parquet(const char *message) {
    return strstr(message, "No magic bytes") != NULL ||
           strstr(message, "too small to be a Parquet file") != NULL;
}

/* DuckDB says what is wrong with a query, and here nothing is wrong with that; its
   advice is of words that are not to be given here. */
static elc_status fail_file(const char *path, elc_status status, const elc_error *why,
                            elc_error *err) {
    if (status == ELC_E_ARGUMENT)
        status = ELC_E_FORMAT;
    const char *what = without_kind(why->message);
    const char *advice = strstr(what, " If you are trying");
    int n = advice == NULL ? (int)strlen(what) : (int)(advice - what);
    return elc_fail(err, status, "%s: %.*s%s", path, n, what,
                    is_no_parquet(what) ? ": it was cut short, or is no Parquet file"
                                        : "");
}

/* ---- geometries -------------------------------------------------------------------
 */

/* What is wrong, and in which row where none were left out before it. */
static elc_status fail_place(const parquet *p, size_t row, size_t column,
                             const elc_error *why, elc_error *err) {
    const char *name = p->schema.children[column]->name;
    if (p->files.where.size > 0)
        return elc_fail(err, why->status, "%s: %s", name, why->message);
    return elc_fail(err, why->status, "row %llu: %s: %s",
                    (unsigned long long)(p->row + row + 1), name, why->message);
}

static elc_status check_places(const parquet *p, const elc_rows *rows, size_t column,
                               elc_error *err) {
    elc_error why = {0};
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        size_t size;
        const char *wkb = elc_rows_bytes(rows, column, row, &size);
        if (wkb != NULL && elc_wkb_check(wkb, size, &why) != ELC_OK)
            return fail_place(p, row, column, &why, err);
    }
    return ELC_OK;
}

/* Bytes of others, of which readers of columns say no more than that they are there. */
static elc_status check_batch(parquet *p, const struct ArrowArray *batch,
                              elc_error *err) {
    elc_rows *rows = NULL;
    elc_status status = elc_rows_view(&p->schema, batch, &rows, err);
    for (int64_t i = 0; i < p->schema.n_children && status == ELC_OK; i++) {
        elc_type type;
        status = elc_schema_type(p->schema.children[i], &type, err);
        if (status == ELC_OK && type == ELC_GEOMETRY)
            status = check_places(p, rows, (size_t)i, err);
    }
    elc_rows_free(rows);
    p->row += (uint64_t)batch->length;
    return status;
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status parquet_next(void *state, struct ArrowArray *out, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = ELC_OK;
    if (p->rows.release == NULL)
        status = elc_parquet_rows(&p->files, &p->rows, &why);
    if (status == ELC_OK)
        status = elc_stream_next(&p->rows, out, &why);
    if (status == ELC_OK && out->release != NULL)
        status = check_batch(p, out, &why);
    if (status != ELC_OK)
        elc_array_release(out);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static elc_status parquet_narrow(void *state, const elc_wish *wish,
                                 struct ArrowSchema *schema, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = elc_parquet_narrow(&p->files, wish, schema, &why);
    elc_schema_release(&p->schema);
    if (status == ELC_OK)
        status = elc_schema_clone(schema, &p->schema, &why);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static void parquet_free(void *state) {
    parquet *p = state;
    elc_stream_release(&p->rows);
    elc_schema_release(&p->schema);
    elc_parquet_free(&p->files);
    free(p->path);
    free(p);
}

elc_status elc_parquet_read(const char *path, int threads, struct ArrowArrayStream *out,
                            elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_error why = {0};
    parquet *p;
    elc_parquet_files files = {0};
    elc_status status = elc_parquet_files_find(path, &files, err);
    if (status == ELC_OK)
        status = elc_alloc(1, sizeof *p, &p, err);
    if (status != ELC_OK) {
        elc_parquet_files_free(&files);
        return status;
    }
    status = elc_strdup(path, &p->path, &why);
    if (status == ELC_OK)
        status = elc_parquet_look(&files, threads, &p->files, &schema, &why);
    elc_parquet_files_free(&files);
    if (status == ELC_OK)
        status = elc_schema_clone(&schema, &p->schema, &why);
    if (status != ELC_OK)
        status = fail_file(path, status, &why, err);
    else
        status = elc_stream_create(
            &schema, (elc_producer){parquet_next, parquet_free, p}, out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        parquet_free(p);
        return status;
    }
    elc_stream_narrows(out, parquet_narrow);
    return ELC_OK;
}
