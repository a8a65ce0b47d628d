/* cut.c - the chips of a part, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cut.h"

#include "file.h"
#include "outside.h"
#include "rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 4096, BATCH_BYTES = 32 << 20 };

typedef struct cutting {
    const elc_context *context;
    const chips_job *job;
    chips_part part;
    size_t next_image;
    elc_progress progress;
    elc_batch *batch;
    chips_image *at; /* the image whose chips are cut; NULL: none */
    int64_t chip;    /* of it, that comes next */
    elc_image *image;
    elc_cutter *cutter; /* NULL: headers alone are read */
    chips_view view;
    chips_area area;
    bool writing;                       /* what fails now is no fault of the image */
    elc_string wkb, file, beside, path; /* room to work in */
} cutting;

/* ---- an image ---------------------------------------------------------------------
 */

static void end_image(cutting *c) {
    elc_cutter_free(c->cutter);
    elc_locator_free(c->view.locator);
    elc_place_clear(&c->view.place);
    elc_image_free(c->image);
    c->cutter = NULL;
    c->image = NULL;
    c->view = (chips_view){0};
    c->at = NULL;
}

static elc_status find_place(cutting *c, elc_error *err) {
    elc_place *place = &c->view.place;
    ELC_TRY(elc_place_find(c->image, NULL, &c->job->place, place, err));
    if (place->kind != ELC_PLACE_NONE)
        return elc_place_locator(place, &c->view.locator, err);
    if (c->area.area)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no georeference, so the area cannot be found in it; "
                        "leave --area out",
                        c->view.name);
    return ELC_OK;
}

static elc_status set_grid(cutting *c, chips_image *image, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(c->image);
    ELC_TRY(elc_chips_grid(c->job, info->width, info->height, &c->view.grid, err));
    int64_t count = elc_grid_count(&c->view.grid);
    if (image->end < 0)
        image->end = count;
    if (image->end <= count)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: has %lld chips, %lld were planned: it has changed; run again",
                    image->name, (long long)count, (long long)image->end);
}

static elc_status open_image(cutting *c, chips_image *image, elc_error *err) {
    c->view.name = image->name;
    c->view.path = image->path;
    c->at = image;
    c->chip = image->first;
    ELC_TRY(elc_image_open(image->path, &c->image, err));
    ELC_TRY(set_grid(c, image, err));
    ELC_TRY(find_place(c, err));
    if (!c->job->looks)
        return ELC_OK;
    return elc_cutter_create(c->image, c->job->band_numbers, (int)c->job->bands->count,
                             c->job->chip, &c->cutter, err);
}

/* What a failure of one image or chip comes to: the run's, a warning, or a row. */
static bool ends_run(const cutting *c, elc_status status) {
    return status == ELC_E_MEMORY || status == ELC_E_CANCELLED ||
           c->job->on_error == ELC_ON_ERROR_FAIL;
}

static elc_status begin_image(cutting *c, elc_error *err) {
    elc_error why = {0};
    chips_image *image = &c->part.images[c->next_image++];
    elc_status status = open_image(c, image, &why);
    if (status == ELC_OK)
        return ELC_OK;
    int64_t left = image->end > image->first ? image->end - image->first : 0;
    c->progress.done += (uint64_t)left;
    end_image(c);
    if (ends_run(c, status))
        return elc_fail(err, status, "%s", why.message);
    if (c->job->on_error == ELC_ON_ERROR_RECORD)
        return elc_chips_add_failed(c->batch, image->name, why.message, err);
    elc_warn(c->context, "%s", why.message);
    return ELC_OK;
}

/* ---- a chip -----------------------------------------------------------------------
 */

static const char *ending_of(chips_pixels pixels) {
    return pixels == CHIPS_TIF ? "tif" : pixels == CHIPS_PNG ? "png" : "jpg";
}

static elc_file_kind kind_of(chips_pixels pixels) {
    return pixels == CHIPS_TIF   ? ELC_FILE_TIF
           : pixels == CHIPS_PNG ? ELC_FILE_PNG
                                 : ELC_FILE_JPEG;
}

static elc_status write_below(cutting *c, const char *name, const char *more,
                              const elc_string *bytes, elc_error *err) {
    c->path.size = 0;
    ELC_TRY(elc_string_printf(&c->path, err, "%s/%s%s", c->job->out_dir, name, more));
    return elc_chips_write_file(c->path.data, bytes->data, bytes->size, err);
}

/* What stands beside a chip comes first, so that a chip is never without it. */
static elc_status write_chip(cutting *c, const char *name, elc_error *err) {
    c->file.size = c->beside.size = 0;
    ELC_TRY(elc_cutter_encode(c->cutter, kind_of(c->job->pixels), &c->file, &c->beside,
                              err));
    c->writing = true;
    if (c->beside.size > 0)
        ELC_TRY(write_below(c, name, ".aux.xml", &c->beside, err));
    return write_below(c, name, "", &c->file, err);
}

static elc_status add_chip(cutting *c, chips_row *row, elc_error *err) {
    char name[192];
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    elc_image_struct pixels = {0};
    snprintf(name, sizeof name, "%s_%lld_%lld.%s", c->at->stem, (long long)w.x,
             (long long)w.y, ending_of(c->job->pixels));
    if (elc_chips_writes(c->job)) {
        ELC_TRY(write_chip(c, name, err));
        row->path = name;
    }
    if (c->job->pixels == CHIPS_COLUMN) {
        ELC_TRY(elc_cutter_struct(c->cutter, &pixels, err));
        row->pixels = &pixels;
    }
    elc_status status = elc_chips_add_row(c->batch, &c->view, row, &c->wkb, err);
    elc_image_struct_clear(&pixels);
    return status;
}

static elc_status skips(cutting *c, elc_window w, chips_row *row, bool *out,
                        elc_error *err) {
    const elc_grid *grid = &c->view.grid;
    ELC_TRY(elc_chips_outside(&c->area, c->view.locator, w, grid->width, grid->height,
                              out, err));
    if (*out || !c->cutter)
        return ELC_OK;
    ELC_TRY(elc_cutter_read(c->cutter, w, err));
    row->nodata_share = elc_cutter_nodata_share(c->cutter);
    *out = row->nodata_share > c->job->nodata_share;
    return ELC_OK;
}

static elc_status try_chip(cutting *c, chips_row *row, elc_error *err) {
    bool skip = false;
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    ELC_TRY(skips(c, w, row, &skip, err));
    c->progress.skipped += skip;
    return skip ? ELC_OK : add_chip(c, row, err);
}

static elc_status next_chip(cutting *c, elc_error *err) {
    elc_error why = {0};
    chips_row row = {.index = c->chip++, .nodata_share = NAN};
    c->writing = false;
    elc_status status = try_chip(c, &row, &why);
    c->progress.done++;
    if (status != ELC_OK && (c->writing || ends_run(c, status)))
        return elc_fail(err, status, "%s", why.message);
    if (status != ELC_OK && c->job->on_error == ELC_ON_ERROR_SKIP)
        elc_warn(c->context, "%s", why.message);
    if (status != ELC_OK && c->job->on_error == ELC_ON_ERROR_RECORD) {
        row = (chips_row){row.index, NAN, NULL, why.message, NULL};
        ELC_TRY(elc_chips_add_row(c->batch, &c->view, &row, &c->wkb, err));
    }
    c->progress.found = 0;
    elc_report(c->context, &c->progress);
    if (c->chip >= c->at->end)
        end_image(c);
    return ELC_OK;
}

/* ---- the stream -------------------------------------------------------------------
 */

static bool is_full(const cutting *c) {
    return elc_batch_rows(c->batch) >= BATCH_ROWS ||
           elc_batch_size(c->batch) >= BATCH_BYTES;
}

static elc_status next_rows(void *state, struct ArrowArray *out, elc_error *err) {
    cutting *c = state;
    while (!is_full(c) && (c->at || c->next_image < c->part.n_images)) {
        ELC_TRY(elc_check_cancel(c->context, err));
        ELC_TRY(c->at ? next_chip(c, err) : begin_image(c, err));
    }
    return elc_batch_rows(c->batch) ? elc_batch_finish(c->batch, out, err) : ELC_OK;
}

static void cutting_free(void *state) {
    cutting *c = state;
    end_image(c);
    elc_transform_free(c->area.to_area);
    elc_batch_free(c->batch);
    elc_chips_part_free(&c->part);
    elc_string_free(&c->wkb);
    elc_string_free(&c->file);
    elc_string_free(&c->beside);
    elc_string_free(&c->path);
    free(c);
}

static elc_status start(cutting *c, const elc_call *call, const elc_part *part,
                        struct ArrowSchema *schema, elc_error *err) {
    c->context = call->context;
    c->job = call->prepared;
    c->progress.unit = "chips";
    size_t columns = c->job->pixels == CHIPS_COLUMN ? CHIPS_N_COLUMNS : CHIPS_N_PLAIN;
    ELC_TRY(elc_chips_part_read(part->bytes, part->size, &c->part, err));
    for (size_t i = 0; i < c->part.n_images; i++)
        if (c->part.images[i].end > c->part.images[i].first)
            c->progress.total +=
                (uint64_t)(c->part.images[i].end - c->part.images[i].first);
    ELC_TRY(elc_batch_create(elc_chips_columns, columns, &c->batch, err));
    c->area.area = c->job->area;
    c->area.crs = c->job->area_crs;
    if (c->area.area)
        ELC_TRY(elc_transform_create(NULL, c->area.crs, &c->area.to_area, err));
    if (elc_chips_writes(c->job))
        ELC_TRY(elc_chips_make_folder(c->job->out_dir, err));
    return elc_schema_create(elc_chips_columns, columns, NULL, schema, err);
}

elc_status elc_chips_open(const elc_call *call, const elc_part *part,
                          struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                          elc_error *err) {
    (void)in;
    cutting *c = NULL;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    elc_status status = start(c, call, part, &schema, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        cutting_free(c);
        return status;
    }
    elc_producer producer = {next_rows, cutting_free, c};
    return elc_stream_create(&schema, producer, out, err);
}
