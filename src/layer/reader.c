/* reader.c - layers that OGR opens, as tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "open.h"
#include "parquet.h"
#include "parquet_files.h"
#include "plain_json.h"
#include "source.h"
#include "where.h"

#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>

#define BATCH_ROWS  4096
#define BATCH_BYTES ((size_t)32 << 20)

typedef struct reader {
    elc_opened opened;
    elc_source source;
    elc_batch *batch;
    uint64_t rows;
    bool ended;
    elc_ogr_scope scope;
} reader;

/* ---- the stream ----------------------------------------------------------- */

static void reader_free(void *state) {
    reader *r = state;
    if (r == NULL)
        return;
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    elc_opened_close(&r->opened);
    elc_ogr_leave(&r->scope);
    elc_source_free(&r->source);
    elc_batch_free(r->batch);
    free(r);
}

static elc_status fail_row(const reader *r, elc_error *err) {
    elc_string where = {0};
    elc_status status = elc_where_wrong(r->opened.name, r->opened.name, &where, err);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_FORMAT, "%s: row %llu cannot be read: %s%s",
                          r->opened.name, (unsigned long long)r->rows + 1,
                          elc_ogr_reason(&r->scope), where.size > 0 ? where.data : "");
    elc_string_free(&where);
    return status;
}

static elc_status read_row(reader *r, elc_error *err) {
    OGRFeatureH feature = OGR_L_GetNextFeature(r->opened.layer);
    r->ended = feature == NULL;
    if (elc_ogr_failed(&r->scope)) {
        OGR_F_Destroy(feature);
        return fail_row(r, err);
    }
    if (feature == NULL && (int64_t)r->rows < r->opened.rows)
        return elc_fail(err, ELC_E_FORMAT, "%s: it was cut short: %llu rows of %lld",
                        r->opened.name, (unsigned long long)r->rows,
                        (long long)r->opened.rows);
    if (feature == NULL)
        return ELC_OK;
    elc_error why = {0};
    elc_status status = elc_source_row(&r->source, feature, r->batch, &why);
    OGR_F_Destroy(feature);
    r->rows++;
    if (status == ELC_OK)
        return ELC_OK;
    return elc_fail(err, status, "%s: row %llu: %s", r->opened.name,
                    (unsigned long long)r->rows, why.message);
}

static elc_status reader_next(void *state, struct ArrowArray *out, elc_error *err) {
    reader *r = state;
    elc_status status = ELC_OK;
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    while (status == ELC_OK && !r->ended && elc_batch_rows(r->batch) < BATCH_ROWS &&
           elc_batch_size(r->batch) < BATCH_BYTES)
        status = read_row(r, err);
    if (r->ended) /* and lets go of a database's locks */
        elc_opened_close(&r->opened);
    elc_ogr_leave(&r->scope);
    if (status == ELC_OK && elc_batch_rows(r->batch) > 0)
        status = elc_batch_finish(r->batch, out, err);
    return status;
}

static elc_status reader_open(reader *r, const char *reference,
                              struct ArrowSchema *schema, elc_error *err) {
    ELC_TRY(elc_opened_open(reference, &r->scope, &r->opened, err));
    ELC_TRY(elc_source_create(&r->opened, &r->source, err));
    char *crs = NULL;
    ELC_TRY(elc_source_crs(&r->opened, &r->scope, &crs, err));
    const elc_column *columns = r->source.columns;
    size_t n = r->source.names.count;
    elc_status status = elc_schema_create(columns, n, crs, schema, err);
    free(crs);
    ELC_TRY(status);
    return elc_batch_create(columns, n, &r->batch, err);
}

/* The others are those that what is read is for. */
static int reading_threads(const elc_context *context) {
    int all = elc_context_threads(context);
    return all > 1 ? all / 2 : 1;
}

elc_status elc_layer_open(const char *reference, const elc_context *context,
                          struct ArrowArrayStream *out, elc_error *err) {
    reader *r = NULL;
    struct ArrowSchema schema = {0};
    if (elc_is_parquet(reference))
        return elc_parquet_read(reference, reading_threads(context), out, err);
    struct ArrowArrayStream plain = {0};
    ELC_TRY(elc_plain_read(reference, context, &plain, err));
    if (plain.release == NULL)
        ELC_TRY(elc_plain_json_read(reference, context, &plain, err));
    if (plain.release != NULL) {
        *out = plain;
        return ELC_OK;
    }
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->opened.context = context;
    r->scope.fetches = strstr(reference, "://") != NULL;
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    elc_status status = reader_open(r, reference, &schema, err);
    elc_ogr_leave(&r->scope);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){reader_next, reader_free, r},
                                   out, err);
    if (status != ELC_OK)
        reader_free(r);
    elc_schema_release(&schema);
    return status;
}

elc_status elc_layer_read(const char *reference, struct ArrowArrayStream *out,
                          elc_error *err) {
    return elc_layer_open(reference, NULL, out, err);
}
