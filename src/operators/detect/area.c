/* area.c - the polygons of a layer, to look inside of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>

#include <elcano/layer.h>

typedef struct adding {
    elc_area *area;
    int64_t geometry; /* the column */
} adding;

static elc_status add_shape(void *with, const elc_rows *rows, size_t row,
                            elc_error *err) {
    const adding *a = with;
    size_t size = 0;
    if (elc_rows_null(rows, (size_t)a->geometry, row))
        return ELC_OK;
    const char *wkb = elc_rows_bytes(rows, (size_t)a->geometry, row, &size);
    return elc_area_add(a->area, wkb, size, err);
}

static elc_status read_crs(const char *layer, const struct ArrowSchema *schema,
                           int64_t column, elc_crs **crs, elc_error *err) {
    if (column < 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no geometry, give a polygon layer", layer);
    char *text = NULL;
    ELC_TRY(elc_schema_crs(schema->children[column], &text, err));
    elc_status status = *text ? elc_crs_create(text, crs, err) : ELC_OK;
    free(text);
    return status;
}

elc_status elc_area_load(const char *layer, elc_area **out, elc_crs **crs,
                         elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    adding a = {0};
    elc_error why = {0};
    elc_status status;
    *crs = NULL;
    ELC_TRY_GOTO(elc_layer_read(layer, &stream, err), status, done);
    ELC_TRY_GOTO(elc_stream_schema(&stream, &schema, err), status, done);
    a.geometry = elc_schema_find(&schema, "geometry");
    ELC_TRY_GOTO(read_crs(layer, &schema, a.geometry, crs, err), status, done);
    ELC_TRY_GOTO(elc_area_create(&a.area, err), status, done);
    status = elc_stream_each(&stream, &schema, NULL, add_shape, &a, &why);
    if (status != ELC_OK)
        ELC_TRY_GOTO(elc_fail(err, status, "%s: %s", layer, why.message), status, done);
    if (elc_area_polygons(a.area) == 0)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s: has no polygons to look inside of",
                          layer);
done:
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    if (status == ELC_OK) {
        *out = a.area;
    } else {
        elc_area_free(a.area);
        elc_crs_free(*crs);
        *crs = NULL;
    }
    return status;
}
