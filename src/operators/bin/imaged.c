/* imaged.c - how much of each cell, or zone, images show.
 *
 * A cell that lies in one outline is seen whole. Of the others what each outline that
 * they meet shows of them is cut out, and the pieces are united. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "imaged.h"

#include <elcano/layer.h>

#include <stdlib.h>

typedef struct looking {
    const bin_job *job;
    bin_imaged *out;
    elc_overlay *images; /* their outlines */
    size_t n_images, n_mended, n_nowhere;
    elc_measure *measure;
    bool *whole; /* of each cell: it lies in one outline */
    size_t capacity;
    elc_string cell, piece, all;
} looking;

/* ---- outlines -------------------------------------------------------------------- */

/* Of the layer of images. */
typedef struct outlines {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int64_t geometry, failed; /* columns; failed: -1 where there is none */
    elc_transform *way;
} outlines;

static elc_status open_outlines(const bin_job *job, outlines *o, elc_error *err) {
    elc_crs *crs = NULL;
    bool stated = false;
    ELC_TRY(elc_layer_open(job->images, job->call->context, &o->stream, err));
    ELC_TRY(elc_stream_schema(&o->stream, &o->schema, err));
    ELC_TRY(
        elc_part_geometry(&o->schema, "--images", &o->geometry, &crs, &stated, err));
    o->failed = elc_schema_find(&o->schema, "error");
    elc_status status = ELC_OK;
    if (!stated)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "--images %s: states no CRS, so that its place on the ground "
                          "is not known",
                          job->images);
    else if (crs != NULL)
        status = elc_transform_create(crs, NULL, &o->way, err);
    elc_crs_free(crs);
    return status;
}

static void close_outlines(outlines *o) {
    elc_transform_free(o->way);
    elc_schema_release(&o->schema);
    elc_stream_release(&o->stream);
}

/* An image that failed shows nothing. */
static elc_status add_outline(looking *l, const outlines *o, const elc_rows *rows,
                              size_t row, elc_error *err) {
    size_t size;
    elc_taken taken;
    const char *wkb = elc_rows_bytes(rows, (size_t)o->geometry, row, &size);
    bool failed = o->failed >= 0 && !elc_rows_null(rows, (size_t)o->failed, row);
    if (wkb == NULL || failed)
        return ELC_OK;
    ELC_TRY(elc_overlay_add(l->images, wkb, size, o->way, &taken, err));
    l->n_images++;
    l->n_mended += taken == ELC_TAKEN_MENDED;
    l->n_nowhere += taken == ELC_TAKEN_NOWHERE;
    return ELC_OK;
}

static elc_status add_batches(looking *l, outlines *o, elc_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        elc_rows *rows = NULL;
        ELC_TRY(elc_check_cancel(l->job->call->context, err));
        ELC_TRY(elc_stream_next(&o->stream, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        elc_status status = elc_rows_view(&o->schema, &batch, &rows, err);
        for (size_t i = 0; status == ELC_OK && i < elc_rows_count(rows); i++)
            status = add_outline(l, o, rows, i, err);
        elc_rows_free(rows);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
}

static elc_status read_outlines(looking *l, elc_error *err) {
    const elc_context *context = l->job->call->context;
    outlines o = {0};
    elc_status status = open_outlines(l->job, &o, err);
    if (status == ELC_OK)
        status = add_batches(l, &o, err);
    close_outlines(&o);
    if (status == ELC_OK && l->n_mended > 0)
        elc_warn(
            context,
            "--images: invalid outlines were made valid before they were used: %zu",
            l->n_mended);
    if (status == ELC_OK && l->n_images == l->n_nowhere)
        elc_warn(context,
                 "--images %s: no image has an outline, so that no cell is seen",
                 l->job->images);
    return status;
}

/* The area of a shape in longitude and latitude; of nothing 0. */
static elc_status measure(looking *l, const elc_string *shape, double *out,
                          elc_error *err) {
    const elc_measure_wish wish = {.sizes = true};
    elc_measured got;
    *out = 0;
    if (shape->size == 0)
        return ELC_OK;
    ELC_TRY(
        elc_measure_wkb(l->measure, shape->data, shape->size, &wish, &got, NULL, err));
    *out = got.area > 0 ? got.area : 0;
    return ELC_OK;
}

/* ---- which cells ----------------------------------------------------------------- */

static elc_status take_cell(void *state, int64_t cell, bool whole, elc_error *err) {
    looking *l = state;
    uint32_t place;
    size_t before = l->out->cells.count;
    ELC_TRY(elc_cell_set_add(&l->out->cells, &cell, 1, &place, err));
    ELC_TRY(elc_reserve(&l->whole, &l->capacity, l->out->cells.count, sizeof *l->whole,
                        err));
    l->whole[place] = whole || (place < before && l->whole[place]);
    return ELC_OK;
}

static elc_status find_cells(looking *l, elc_error *err) {
    for (size_t i = 0; i < l->n_images; i++) {
        double area;
        ELC_TRY(elc_check_cancel(l->job->call->context, err));
        l->all.size = 0;
        ELC_TRY(elc_overlay_union(l->images, &i, 1, &l->all, err));
        ELC_TRY(measure(l, &l->all, &area, err));
        if (area > 0)
            ELC_TRY(elc_bin_grid_cover(&l->job->grid, l->all.data, l->all.size, area,
                                       take_cell, l, err));
    }
    return ELC_OK;
}

static elc_status take_zones(looking *l, elc_error *err) {
    for (size_t i = 0; i < l->job->zones->rows.n_rows; i++)
        ELC_TRY(take_cell(l, (int64_t)i, false, err));
    return ELC_OK;
}

/* ---- how much of them ------------------------------------------------------------ */

/* What the images that meet it show of the cell that was asked with, to l->all. */
static elc_status unite_pieces(looking *l, const size_t *met, size_t n,
                               elc_error *err) {
    elc_overlay *pieces;
    size_t *members;
    elc_taken taken;
    ELC_TRY(elc_alloc(n, sizeof *members, &members, err));
    elc_status status = elc_overlay_create(NULL, true, &pieces, err);
    if (status != ELC_OK) {
        free(members);
        return status;
    }
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        l->piece.size = 0;
        members[i] = i;
        status = elc_overlay_common(l->images, met[i], &l->piece, err);
        if (status == ELC_OK)
            status = elc_overlay_add(pieces, l->piece.size > 0 ? l->piece.data : NULL,
                                     l->piece.size, NULL, &taken, err);
    }
    if (status == ELC_OK)
        status = elc_overlay_union(pieces, members, n, &l->all, err);
    elc_overlay_free(pieces);
    free(members);
    return status;
}

/* The cell's outline is in l->cell; `way` leads from it to longitude and latitude. */
static elc_status find_area(looking *l, elc_transform *way, double *out,
                            elc_error *err) {
    const size_t *met;
    size_t n;
    elc_taken taken;
    l->all.size = 0;
    ELC_TRY(elc_overlay_ask(l->images, l->cell.data, l->cell.size, way, &met, &n,
                            &taken, err));
    if (n == 1)
        ELC_TRY(elc_overlay_common(l->images, met[0], &l->all, err));
    else if (n > 1)
        ELC_TRY(unite_pieces(l, met, n, err));
    return measure(l, &l->all, out, err);
}

static elc_status find_outline(looking *l, int64_t cell, elc_error *err) {
    const bin_zones *zones = l->job->zones;
    size_t row, size;
    l->cell.size = 0;
    if (zones == NULL)
        return elc_bin_grid_outline(&l->job->grid, cell, &l->cell, err);
    const elc_rows *rows = elc_part_held_row(&zones->rows, (size_t)cell, &row);
    const char *wkb = elc_rows_bytes(rows, (size_t)zones->geometry, row, &size);
    return wkb != NULL ? elc_string_append(&l->cell, wkb, size, err) : ELC_OK;
}

static elc_status find_areas(looking *l, elc_error *err) {
    size_t n = l->out->cells.count;
    elc_transform *way = l->job->zones != NULL ? l->job->zones->way : NULL;
    ELC_TRY(elc_alloc(n, sizeof *l->out->area_m2, &l->out->area_m2, err));
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_check_cancel(l->job->call->context, err));
        ELC_TRY(find_outline(l, l->out->cells.cells[i], err));
        if (l->cell.size == 0)
            continue;
        if (l->whole[i])
            ELC_TRY(measure(l, &l->cell, &l->out->area_m2[i], err));
        else
            ELC_TRY(find_area(l, way, &l->out->area_m2[i], err));
    }
    return ELC_OK;
}

/* ---- all of it ------------------------------------------------------------------- */

static elc_status look(looking *l, elc_error *err) {
    ELC_TRY(elc_overlay_create(NULL, true, &l->images, err));
    ELC_TRY(elc_measure_create(NULL, true, &l->measure, err));
    ELC_TRY(read_outlines(l, err));
    ELC_TRY(l->job->zones != NULL ? take_zones(l, err) : find_cells(l, err));
    return find_areas(l, err);
}

elc_status elc_bin_imaged_read(const bin_job *job, bin_imaged *out, elc_error *err) {
    looking l = {.job = job, .out = out};
    elc_status status = look(&l, err);
    elc_overlay_free(l.images);
    elc_measure_free(l.measure);
    elc_string_free(&l.cell);
    elc_string_free(&l.piece);
    elc_string_free(&l.all);
    free(l.whole);
    return status;
}

void elc_bin_imaged_free(bin_imaged *imaged) {
    elc_cell_set_free(&imaged->cells);
    free(imaged->area_m2);
    *imaged = (bin_imaged){0};
}
