/* area.c - the polygons of a layer, to look inside of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>

#include <elcano/layer.h>

static elc_status add_shapes(elc_area *area, const struct ArrowSchema *schema,
                             const struct ArrowArray *batch, elc_error *err) {
    elc_rows *rows = NULL;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    int64_t column = elc_rows_column(rows, "geometry");
    elc_status status = ELC_OK;
    for (size_t i = 0; i < elc_rows_count(rows) && status == ELC_OK; i++) {
        size_t size = 0;
        if (elc_rows_null(rows, (size_t)column, i))
            continue;
        const char *wkb = elc_rows_bytes(rows, (size_t)column, i, &size);
        status = elc_area_add(area, wkb, size, err);
    }
    elc_rows_free(rows);
    return status;
}

static elc_status read_crs(const char *layer, const struct ArrowSchema *schema,
                           elc_crs **crs, elc_error *err) {
    int64_t column = elc_schema_find(schema, "geometry");
    if (column < 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no geometry, give a polygon layer", layer);
    char *text = NULL;
    ELC_TRY(elc_schema_crs(schema->children[column], &text, err));
    elc_status status = *text ? elc_crs_create(text, crs, err) : ELC_OK;
    free(text);
    return status;
}

static elc_status add_batches(struct ArrowArrayStream *stream,
                              const struct ArrowSchema *schema, elc_area *area,
                              elc_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (!batch.release)
            return ELC_OK;
        elc_status status = add_shapes(area, schema, &batch, err);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
}

elc_status elc_area_load(const char *layer, elc_area **out, elc_crs **crs,
                         elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    elc_area *area = NULL;
    elc_error why = {0};
    elc_status status;
    *crs = NULL;
    ELC_TRY_GOTO(elc_layer_read(layer, &stream, err), status, done);
    ELC_TRY_GOTO(elc_stream_schema(&stream, &schema, err), status, done);
    ELC_TRY_GOTO(read_crs(layer, &schema, crs, err), status, done);
    ELC_TRY_GOTO(elc_area_create(&area, err), status, done);
    status = add_batches(&stream, &schema, area, &why);
    if (status != ELC_OK)
        ELC_TRY_GOTO(elc_fail(err, status, "%s: %s", layer, why.message), status, done);
    if (elc_area_polygons(area) == 0)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s: has no polygons to look inside of",
                          layer);
done:
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    if (status == ELC_OK) {
        *out = area;
    } else {
        elc_area_free(area);
        elc_crs_free(*crs);
        *crs = NULL;
    }
    return status;
}
