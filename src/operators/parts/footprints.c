/* footprints.c - what images show: the outlines of a layer of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "footprints.h"

#include <elcano/layer.h>

#include <stdlib.h>

#include "columns.h"
#include "reader.h"

typedef struct {
    const elc_context *context;
    part_footprints *out;
    part_reader reader;
    struct ArrowSchema schema;
    int64_t geometry, failed; /* columns; failed: -1 where there is none */
    elc_transform *way;
} footprints;

/* ---- reading ----------------------------------------------------------------------
 */

static elc_status find_columns(footprints *f, const char *layer, const elc_crs *to,
                               elc_error *err) {
    elc_crs *crs = NULL;
    bool stated = false;
    ELC_TRY(
        elc_part_geometry(&f->schema, "--images", &f->geometry, &crs, &stated, err));
    f->failed = elc_schema_find(&f->schema, "error");
    elc_status status = ELC_OK;
    if (!stated)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "--images %s: states no CRS, so that its place on the ground "
                          "is not known",
                          layer);
    else if (crs != NULL || to != NULL)
        status = elc_transform_create(crs, to, &f->way, err);
    elc_crs_free(crs);
    return status;
}

/* An image that failed shows nothing. */
static elc_status add_row(footprints *f, elc_error *err) {
    const part_reader *reader = &f->reader;
    size_t size;
    elc_taken taken;
    const char *wkb = elc_part_reader_bytes(reader, f->geometry, &size);
    bool failed =
        f->failed >= 0 && !elc_rows_null(reader->rows, (size_t)f->failed, reader->row);
    if (wkb == NULL || failed)
        return ELC_OK;
    ELC_TRY(elc_overlay_add(f->out->outlines, wkb, size, f->way, &taken, err));
    f->out->n++;
    f->out->n_mended += taken == ELC_TAKEN_MENDED;
    f->out->n_nowhere += taken == ELC_TAKEN_NOWHERE;
    return ELC_OK;
}

static elc_status read_rows(footprints *f, elc_error *err) {
    for (;;) {
        ELC_TRY(elc_check_cancel(f->context, err));
        ELC_TRY(elc_part_reader_next(&f->reader, err));
        if (f->reader.ended)
            return ELC_OK;
        ELC_TRY(add_row(f, err));
    }
}

static elc_status read_layer(footprints *f, const char *layer, const elc_crs *to,
                             elc_error *err) {
    ELC_TRY(elc_overlay_create(to, true, &f->out->outlines, err));
    ELC_TRY(elc_layer_open(layer, f->context, &f->reader.stream, err));
    ELC_TRY(elc_stream_schema(&f->reader.stream, &f->schema, err));
    ELC_TRY(find_columns(f, layer, to, err));
    return read_rows(f, err);
}

static void warn(const elc_context *context, const part_footprints *f) {
    if (f->n_mended > 0)
        elc_warn(
            context,
            "--images: invalid outlines were made valid before they were used: %zu",
            f->n_mended);
    if (f->n_nowhere > 0 && !elc_part_footprints_none(f))
        elc_warn(context,
                 "--images: outlines that cannot be read, or are nowhere in the CRS "
                 "that is used, show nothing: %zu of %zu",
                 f->n_nowhere, f->n);
}

elc_status elc_part_footprints_read(const char *layer, const elc_crs *to,
                                    const elc_context *context, part_footprints *out,
                                    elc_error *err) {
    footprints f = {.context = context, .out = out};
    f.reader.schema = &f.schema;
    elc_status status = read_layer(&f, layer, to, err);
    elc_transform_free(f.way);
    elc_part_reader_free(&f.reader);
    elc_schema_release(&f.schema);
    if (status == ELC_OK)
        warn(context, out);
    return status;
}

bool elc_part_footprints_none(const part_footprints *f) {
    return f->n == f->n_nowhere;
}

/* ---- the union --------------------------------------------------------------------
 */

elc_status elc_part_footprints_unite(const part_footprints *f,
                                     const elc_context *context, elc_string *out,
                                     elc_error *err) {
    elc_overlay *all = f->outlines;
    size_t *members;
    ELC_TRY(elc_alloc(f->n, sizeof *members, &members, err));
    for (size_t i = 0; i < f->n; i++)
        members[i] = i;
    elc_status status = elc_overlay_union_by(&all, 1, context, members, f->n, out, err);
    free(members);
    return status;
}

void elc_part_footprints_free(part_footprints *f) {
    elc_overlay_free(f->outlines);
    *f = (part_footprints){0};
}
