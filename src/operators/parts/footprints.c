/* footprints.c - what images show: the outlines of a layer of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "footprints.h"

#include <elcano/layer.h>

#include <math.h>
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

/* ---- what they do not show --------------------------------------------------------
 */

static elc_status add_outlines(const part_footprints *f, const elc_context *context,
                               elc_zones *index, elc_error *err) {
    elc_string wkb = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < f->n && status == ELC_OK; i++) {
        wkb.size = 0;
        status = elc_check_cancel(context, err);
        if (status == ELC_OK)
            status = elc_overlay_union(f->outlines, &i, 1, &wkb, err);
        if (status == ELC_OK && wkb.size > 0)
            status = elc_zones_add(index, wkb.data, wkb.size, (uint32_t)i, err);
    }
    elc_string_free(&wkb);
    if (status != ELC_OK)
        return status;
    return elc_zones_build_by(index, elc_context_threads(context), err);
}

elc_status elc_part_footprints_index(const part_footprints *f,
                                     const elc_context *context, elc_zones **out,
                                     elc_error *err) {
    elc_zones *index;
    ELC_TRY(elc_zones_create(&index, err));
    elc_status status = add_outlines(f, context, index, err);
    if (status == ELC_OK)
        *out = index;
    else
        elc_zones_free(index);
    return status;
}

elc_status elc_part_footprints_outside(const elc_zones *index, const elc_point *points,
                                       size_t n, uint64_t *n_outside, elc_error *err) {
    enum { AT_ONCE = 4096 };
    elc_zone_hits hits = {0};
    size_t ends[AT_ONCE];
    elc_status status = ELC_OK;
    for (size_t from = 0; from < n && status == ELC_OK; from += AT_ONCE) {
        size_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
        hits.count = 0;
        status = elc_zones_find_all(index, points + from, some, &hits, ends, err);
        for (size_t i = 0; i < some && status == ELC_OK; i++)
            *n_outside += ends[i] == (i > 0 ? ends[i - 1] : 0) &&
                          isfinite(points[from + i].x) && isfinite(points[from + i].y);
    }
    free(hits.items);
    return status;
}

void elc_part_footprints_warn_outside(const elc_context *context, uint64_t n_outside,
                                      uint64_t n) {
    if (n_outside > 0)
        elc_warn(context,
                 "places that no image shows count as if one did, so that rates beside "
                 "them are too high: %llu of %llu",
                 (unsigned long long)n_outside, (unsigned long long)n);
}

void elc_part_footprints_free(part_footprints *f) {
    elc_overlay_free(f->outlines);
    *f = (part_footprints){0};
}
