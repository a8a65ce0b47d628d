/* parquet_read.c - Parquet and GeoParquet files as tables, through DuckDB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet.h"

#include "parquet_query.h"

#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
    char *path;
    elc_parquet files;
    struct ArrowArrayStream rows; /* once the first is asked for */
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
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static elc_status parquet_narrow(void *state, const elc_wish *wish,
                                 struct ArrowSchema *schema, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = elc_parquet_narrow(&p->files, wish, schema, &why);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static void parquet_free(void *state) {
    parquet *p = state;
    elc_stream_release(&p->rows);
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
