/* cut.c - the chips of a part, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cut.h"

#include "file.h"
#include "layout.h"
#include "pixels.h"
#include "rows.h"

#include "operators/parts/write.h"

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
    elc_area_way area;
    void *used;          /* of job->use */
    chips_labels labels; /* of the image */
    bool told_classes;
    bool writing; /* what fails now is no fault of the image */
    elc_string wkb, file, encoded, beside, path; /* room to work in */
} cutting;

/* ---- an image ---------------------------------------------------------------------
 */

static void end_image(cutting *c) {
    if (c->used)
        c->job->use->end(c->used);
    elc_cutter_free(c->cutter);
    elc_chips_labels_clear(&c->labels);
    elc_locator_free(c->view.locator);
    elc_place_clear(&c->view.place);
    free(c->view.stretch);
    elc_image_free(c->image);
    c->cutter = NULL;
    c->image = NULL;
    c->view = (chips_view){0};
    c->at = NULL;
}

static elc_status find_place(cutting *c, elc_error *err) {
    elc_place *place = &c->view.place;
    ELC_TRY(elc_scenes_place(c->job->scenes, c->image, place, err));
    if (place->kind != ELC_PLACE_NONE)
        return elc_place_locator(place, &c->view.locator, err);
    if (c->area.area)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no georeference, so the area cannot be found in it; "
                        "leave --area out",
                        c->view.name);
    return ELC_OK;
}

static elc_status find_sight(cutting *c, const chips_image *image, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(c->image);
    c->view.sight = (elc_sight){.width = info->width,
                                .height = info->height,
                                .step_x = image->step_x,
                                .step_y = image->step_y};
    if (image->step_x > 0 && image->step_y > 0)
        return ELC_OK;
    return elc_chips_steps(c->job, c->image, image->name, &c->view.sight.step_x,
                           &c->view.sight.step_y, err);
}

static elc_status set_grid(cutting *c, chips_image *image, elc_error *err) {
    const elc_sight *sight = &c->view.sight;
    ELC_TRY(elc_chips_grid(c->job, elc_view_side(sight->width, sight->step_x),
                           elc_view_side(sight->height, sight->step_y), &c->view.grid,
                           err));
    ELC_TRY(elc_grid_check_count(&c->view.grid, image->name, err));
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
    c->view.index = image->index;
    c->at = image;
    c->chip = image->first;
    ELC_TRY(elc_image_open(image->path, &c->image, err));
    ELC_TRY(find_sight(c, image, err));
    ELC_TRY(set_grid(c, image, err));
    ELC_TRY(find_place(c, err));
    if (c->job->has_labels)
        ELC_TRY(elc_chips_labels_of(&c->job->labels, image->path, &c->view.place,
                                    &c->view.sight, &c->labels, err));
    if (!c->job->looks)
        return ELC_OK;
    if (c->job->use)
        return c->job->use->image(c->used, c->image, image->name, &c->view.sight,
                                  &c->view.stretch, err);
    return elc_chips_cutter(c->job, c->image, image->name, &c->view.sight,
                            &c->view.stretch, &c->cutter, err);
}

/* What a failure of one image or chip comes to: the run's, a warning, or a row. */
static bool ends_run(const cutting *c, elc_status status) {
    return status == ELC_E_MEMORY || status == ELC_E_CANCELLED ||
           c->job->on_error == ELC_ON_ERROR_FAIL;
}

/* Where an image is cut between parts, the one with its first chip tells what is wrong
   with all of it. */
static elc_status begin_image(cutting *c, elc_error *err) {
    elc_error why = {0};
    chips_image *image = &c->part.images[c->next_image++];
    int64_t left = image->end > image->first ? image->end - image->first : 0;
    elc_status status = open_image(c, image, &why);
    if (status == ELC_OK)
        return ELC_OK;
    c->progress.done += (uint64_t)left;
    end_image(c);
    if (ends_run(c, status))
        return elc_fail(err, status, "%s", why.message);
    if (image->first > 0)
        return ELC_OK;
    chips_view failed = {.name = image->name, .index = image->index};
    if (c->job->on_error == ELC_ON_ERROR_RECORD)
        return elc_chips_add_failed(c->batch, &failed, why.message, err);
    elc_warn(c->context, "%s", why.message);
    return ELC_OK;
}

/* ---- a chip -----------------------------------------------------------------------
 */

static const char *ending_of(chips_pixels pixels) {
    return pixels == CHIPS_TIF ? ".tif" : pixels == CHIPS_PNG ? ".png" : ".jpg";
}

static elc_file_kind kind_of(chips_pixels pixels) {
    return pixels == CHIPS_TIF   ? ELC_FILE_TIF
           : pixels == CHIPS_PNG ? ELC_FILE_PNG
                                 : ELC_FILE_JPEG;
}

/* Writes OUT_DIR/FOLDER/NAMEMORE; the folder may be none. */
static elc_status write_below(cutting *c, const char *folder, const char *name,
                              const char *more, const elc_string *bytes,
                              elc_error *err) {
    c->path.size = 0;
    ELC_TRY(elc_string_printf(&c->path, err, "%s/%s%s%s", c->job->out_dir, folder, name,
                              more));
    c->writing = true;
    return elc_write_file(c->path.data, bytes->data ? bytes->data : "", bytes->size,
                          err);
}

/* What the labels of a chip become beside it. */
static elc_status write_labels(cutting *c, const char *stem, const char *file,
                               const chips_row *row, elc_error *err) {
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    chips_labelled chip = {.file = file,
                           .width = w.width,
                           .height = w.height,
                           .bands = elc_cutter_bands(c->cutter),
                           .labels = &c->labels,
                           .cut = row->labels,
                           .n = row->n_labels};
    c->file.size = 0;
    if (c->job->layout == CHIPS_LAYOUT_YOLO) {
        ELC_TRY(elc_chips_yolo(&chip, &c->file, err));
        ELC_TRY(write_below(c, "labels/", stem, ".txt", &c->file, err));
    } else if (c->job->layout == CHIPS_LAYOUT_NONE) {
        ELC_TRY(elc_chips_voc(&chip, &c->file, err));
        ELC_TRY(write_below(c, "", stem, ".xml", &c->file, err));
    }
    if (c->job->layout == CHIPS_LAYOUT_NONE)
        return ELC_OK;
    c->file.size = 0;
    ELC_TRY(elc_chips_coco(&chip, c->told_classes ? NULL : &c->job->labels.classes,
                           &c->file, err));
    c->told_classes = true;
    return elc_chips_add_state(c->batch, &c->file, err);
}

/* What stands beside a chip comes first, so that a chip is never without it. */
static elc_status write_chip(cutting *c, const char *stem, const char *ending,
                             const char *folder, const chips_row *row, elc_error *err) {
    char file[176], beside[16];
    snprintf(file, sizeof file, "%s%s", stem, ending);
    snprintf(beside, sizeof beside, "%s.aux.xml", ending);
    c->encoded.size = c->beside.size = 0;
    ELC_TRY(elc_cutter_encode(c->cutter, kind_of(c->job->pixels), &c->encoded,
                              &c->beside, err));
    if (c->job->has_labels)
        ELC_TRY(write_labels(c, stem, file, row, err));
    if (c->beside.size > 0)
        ELC_TRY(write_below(c, folder, stem, beside, &c->beside, err));
    return write_below(c, folder, stem, ending, &c->encoded, err);
}

static elc_status add_pixels(cutting *c, chips_row *row, char path[200],
                             elc_image_struct *pixels, elc_error *err) {
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    const char *folder = c->job->layout == CHIPS_LAYOUT_NONE ? "" : "images/";
    const char *ending = ending_of(c->job->pixels);
    char stem[160];
    if (elc_chips_writes(c->job)) {
        snprintf(stem, sizeof stem, "%s_%lld_%lld", c->at->stem, (long long)w.x,
                 (long long)w.y);
        snprintf(path, 200, "%s%s%s", folder, stem, ending);
        row->path = path;
        return write_chip(c, stem, ending, folder, row, err);
    }
    if (c->job->pixels != CHIPS_COLUMN)
        return ELC_OK;
    row->pixels = pixels;
    return elc_cutter_struct(c->cutter, pixels, err);
}

static elc_status add_chip(cutting *c, chips_row *row, elc_error *err) {
    char path[200];
    elc_cut_label *cut = NULL;
    elc_image_struct pixels = {0};
    elc_status status = ELC_OK;
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    if (c->job->has_labels)
        ELC_TRY(elc_chips_labels_cut(&c->labels, w, c->job->min_visible, &cut,
                                     &row->n_labels, err));
    row->labels = cut;
    ELC_TRY_GOTO(add_pixels(c, row, path, &pixels, err), status, done);
    ELC_TRY_GOTO(elc_chips_add_row(c->batch, &c->view, row, &c->wkb, err), status,
                 done);
    status = elc_chips_add_labels(c->batch, &c->view, row, &c->labels, &c->wkb, err);
done:
    elc_image_struct_clear(&pixels);
    elc_cut_labels_free(cut, row->n_labels);
    return status;
}

static elc_status skips(cutting *c, elc_window w, chips_row *row, bool *out,
                        elc_error *err) {
    ELC_TRY(elc_sight_outside(&c->view.sight, &c->view.grid, row->index, &c->area,
                              c->view.locator, out, err));
    if (*out || !c->cutter)
        return ELC_OK;
    ELC_TRY(elc_cutter_read(c->cutter, w, err));
    row->nodata_share = elc_cutter_nodata_share(c->cutter);
    *out = row->nodata_share > c->job->nodata_share;
    return ELC_OK;
}

/* The rows that another operator makes of a chip; none where it is blank. */
static elc_status use_chip(cutting *c, elc_window w, chips_row *row, elc_error *err) {
    const chips_use *use = c->job->use;
    size_t rows = 0;
    ELC_TRY(use->look(c->used, w, &rows, err));
    c->progress.skipped += rows == 0;
    c->writing = true; /* from here on it is not the image's fault */
    for (size_t i = 0; i < rows; i++) {
        ELC_TRY(use->set(c->used, i, c->batch, err));
        ELC_TRY(elc_chips_add_row(c->batch, &c->view, row, &c->wkb, err));
    }
    return ELC_OK;
}

static elc_status try_chip(cutting *c, chips_row *row, elc_error *err) {
    bool skip = false;
    elc_window w = elc_grid_window(&c->view.grid, row->index);
    ELC_TRY(skips(c, w, row, &skip, err));
    if (c->job->use && !skip)
        return use_chip(c, w, row, err);
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
        row =
            (chips_row){.index = row.index, .nodata_share = NAN, .error = why.message};
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

elc_status elc_chips_check_memory(const elc_context *context, elc_error *err) {
    if (elc_check_memory(context, NULL) == ELC_OK)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_MEMORY,
        "memory: more than %zu MB are taken, which is the limit (--memory): "
        "Parquet holds 2,048 rows at a time, however long; give shorter "
        "ones (--pool mean, smaller chips), or another format",
        context->memory / 1000000);
}

static elc_status next_rows(void *state, struct ArrowArray *out, elc_error *err) {
    cutting *c = state;
    while (!is_full(c) && (c->at || c->next_image < c->part.n_images)) {
        ELC_TRY(elc_check_cancel(c->context, err));
        ELC_TRY(c->at ? next_chip(c, err) : begin_image(c, err));
    }
    if (elc_batch_rows(c->batch) == 0)
        return ELC_OK;
    ELC_TRY(elc_chips_check_memory(c->context, err));
    return elc_batch_finish(c->batch, out, err);
}

static void cutting_free(void *state) {
    cutting *c = state;
    end_image(c);
    if (c->used)
        c->job->use->free(c->used);
    elc_transform_free(c->area.to_area);
    elc_batch_free(c->batch);
    elc_chips_part_free(&c->part);
    elc_string_free(&c->wkb);
    elc_string_free(&c->file);
    elc_string_free(&c->encoded);
    elc_string_free(&c->beside);
    elc_string_free(&c->path);
    free(c);
}

static elc_status make_folders(cutting *c, elc_error *err) {
    static const char *const BELOW[] = {"", "/images", "/labels"};
    static const size_t USED[] = {
        [CHIPS_LAYOUT_NONE] = 1, [CHIPS_LAYOUT_YOLO] = 3, [CHIPS_LAYOUT_COCO] = 2};
    size_t n = elc_chips_writes(c->job) ? USED[c->job->layout] : 0;
    for (size_t i = 0; i < n; i++) {
        c->path.size = 0;
        ELC_TRY(elc_string_printf(&c->path, err, "%s%s", c->job->out_dir, BELOW[i]));
        ELC_TRY(elc_chips_make_folder(c->path.data, err));
    }
    return ELC_OK;
}

static elc_status start(cutting *c, const elc_call *call, const elc_part *part,
                        struct ArrowSchema *schema, elc_error *err) {
    c->context = call->context;
    c->job = call->prepared;
    c->progress.unit = "chips";
    const elc_column *columns = c->job->use ? c->job->columns : elc_chips_columns;
    size_t n = c->job->use                      ? c->job->n_columns
               : c->job->pixels == CHIPS_COLUMN ? CHIPS_N_COLUMNS
                                                : CHIPS_N_PLAIN;
    ELC_TRY(elc_chips_part_read(part->bytes, part->size, &c->part, err));
    for (size_t i = 0; i < c->part.n_images; i++)
        if (c->part.images[i].end > c->part.images[i].first)
            c->progress.total +=
                (uint64_t)(c->part.images[i].end - c->part.images[i].first);
    ELC_TRY(elc_batch_create(columns, n, &c->batch, err));
    if (c->job->use)
        ELC_TRY(c->job->use->start(c->job, &c->used, err));
    c->area.area = c->job->area;
    c->area.crs = c->job->area_crs;
    if (c->area.area)
        ELC_TRY(elc_transform_create(NULL, c->area.crs, &c->area.to_area, err));
    ELC_TRY(make_folders(c, err));
    return elc_schema_create(columns, n, NULL, schema, err);
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
