/* imaged.c - how much of each cell, or zone, images show.
 *
 * A cell that lies in one outline is seen whole. Of the others what each outline that
 * they meet shows of them is cut out, and the pieces are united. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "imaged.h"

#include <stdlib.h>

typedef struct looking {
    const bin_job *job;
    bin_imaged *out;
    part_footprints images;
    elc_measure *measure;
    bool *whole; /* of each cell: it lies in one outline */
    size_t capacity;
    elc_string cell, piece, all;
} looking;

static elc_status read_outlines(looking *l, elc_error *err) {
    const bin_job *job = l->job;
    ELC_TRY(elc_part_footprints_read(job->images, NULL, job->call->context, &l->images,
                                     err));
    if (elc_part_footprints_none(&l->images))
        elc_warn(job->call->context,
                 "--images %s: no image has an outline, so that no cell is seen",
                 job->images);
    return ELC_OK;
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
    for (size_t i = 0; i < l->images.n; i++) {
        double area;
        ELC_TRY(elc_check_cancel(l->job->call->context, err));
        l->all.size = 0;
        ELC_TRY(elc_overlay_union(l->images.outlines, &i, 1, &l->all, err));
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
        status = elc_overlay_common(l->images.outlines, met[i], &l->piece, err);
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
    ELC_TRY(elc_overlay_ask(l->images.outlines, l->cell.data, l->cell.size, way, &met,
                            &n, &taken, err));
    if (n == 1)
        ELC_TRY(elc_overlay_common(l->images.outlines, met[0], &l->all, err));
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
    ELC_TRY(elc_measure_create(NULL, true, &l->measure, err));
    ELC_TRY(read_outlines(l, err));
    ELC_TRY(l->job->zones != NULL ? take_zones(l, err) : find_cells(l, err));
    ELC_TRY(find_areas(l, err));
    return elc_part_footprints_index(&l->images, l->job->call->context, &l->out->index,
                                     err);
}

elc_status elc_bin_imaged_read(const bin_job *job, bin_imaged *out, elc_error *err) {
    looking l = {.job = job, .out = out};
    elc_status status = look(&l, err);
    elc_part_footprints_free(&l.images);
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
    elc_zones_free(imaged->index);
    *imaged = (bin_imaged){0};
}
