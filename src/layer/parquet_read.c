/* parquet_read.c - Parquet and GeoParquet files as tables, through DuckDB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet.h"

#include "parquet_query.h"

#include <elcano/layer.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct {
    char *path;
    elc_parquet file;
    struct ArrowArrayStream rows; /* once the first is asked for */
} parquet;

bool elc_is_parquet(const char *reference) {
    static const char *const endings[] = {".parquet", ".geoparquet", NULL};
    size_t n = strlen(reference);
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        size_t m = strlen(*ending);
        if (n > m && strcasecmp(reference + n - m, *ending) == 0)
            return true;
    }
    return false;
}

/* DuckDB says what is wrong with a query, and here nothing is wrong with that. */
static elc_status fail_file(const char *path, elc_status status, const elc_error *why,
                            elc_error *err) {
    if (status == ELC_E_ARGUMENT)
        status = ELC_E_FORMAT;
    return elc_fail(err, status, "%s: %s", path, why->message);
}

static elc_status check_file(const char *path, elc_error *err) {
    struct stat info;
    if (strncmp(path, "/vsi", 4) == 0 || strstr(path, "://") != NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: Parquet is read from local files; copy it here", path);
    if (stat(path, &info) != 0)
        return elc_fail(err, errno == ENOENT ? ELC_E_NOT_FOUND : ELC_E_IO, "%s: %s",
                        path,
                        errno == ENOENT ? "there is no such file" : strerror(errno));
    if (!S_ISREG(info.st_mode))
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: is no file; give one Parquet file",
                        path);
    return ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status parquet_next(void *state, struct ArrowArray *out, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = ELC_OK;
    if (p->rows.release == NULL)
        status = elc_parquet_rows(&p->file, &p->rows, &why);
    if (status == ELC_OK)
        status = elc_stream_next(&p->rows, out, &why);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static elc_status parquet_narrow(void *state, const elc_wish *wish,
                                 struct ArrowSchema *schema, elc_error *err) {
    parquet *p = state;
    elc_error why = {0};
    elc_status status = elc_parquet_narrow(&p->file, wish, schema, &why);
    return status == ELC_OK ? ELC_OK : fail_file(p->path, status, &why, err);
}

static void parquet_free(void *state) {
    parquet *p = state;
    elc_stream_release(&p->rows);
    elc_parquet_free(&p->file);
    free(p->path);
    free(p);
}

elc_status elc_parquet_read(const char *path, int threads, struct ArrowArrayStream *out,
                            elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_error why = {0};
    parquet *p;
    ELC_TRY(check_file(path, err));
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    elc_status status = elc_strdup(path, &p->path, &why);
    if (status == ELC_OK)
        status = elc_parquet_look(p->path, threads, &p->file, &schema, &why);
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
