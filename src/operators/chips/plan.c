/* plan.c - which chips of which images go into which part. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "file.h"
#include "pixels.h"

#include "operators/pixels/outside.h"

#include <stdlib.h>
#include <string.h>

/* Chips and images of a part where the caller does not say. */
enum { CHIPS_WRITTEN = 64, CHIPS_LISTED = 4096, IMAGES = 256 };

typedef struct planner {
    const elc_call *call;
    const chips_job *job;
    elc_plan *plan;
    chips_part part; /* being filled; paths, names and stems are borrowed */
    int64_t chips;   /* in it */
    int64_t size;    /* chips of a part */
    bool warned_place;
} planner;

/* What an image is for the plan. */
typedef struct counted {
    int64_t chips, cols;   /* chips -1: it cannot be opened, or not be cut */
    bool whole;            /* decoding it can only begin at its top */
    double step_x, step_y; /* 0: not known */
} counted;

/* Once a run, which has one plan. */
static elc_status warn_of_place(planner *p, elc_image *image, const char *name,
                                elc_error *err) {
    elc_place place = {0};
    if (p->warned_place || elc_image_info_at(image)->has_place)
        return ELC_OK;
    ELC_TRY(elc_scenes_place(p->job->scenes, image, &place, err));
    p->warned_place = place.kind == ELC_PLACE_NONE;
    elc_place_clear(&place);
    if (p->warned_place)
        elc_warn(p->call->context,
                 "%s: has no georeference: its rows have pixel coordinates, and no "
                 "places",
                 name);
    return ELC_OK;
}

/* PNG and JPEG are one stream: parts of one image would each decode it from the top. */
static bool is_stream(const elc_image *image) {
    return elc_image_wants_strips(image) &&
           strcmp(elc_image_info_at(image)->driver, "GTiff") != 0;
}

/* Those that miss the area. */
static elc_status count_skipped(planner *p, elc_image *image, const char *name,
                                const elc_sight *sight, const elc_grid *grid,
                                elc_error *err) {
    const pixels_limits limits = {p->job->area, p->job->area_crs, p->job->scenes,
                                  p->call->context};
    const pixels_cut cut = {image, name, *sight, *grid};
    pixels_outside outside = {0};
    if (!p->call->rehearsal || !p->job->area)
        return ELC_OK;
    ELC_TRY(elc_pixels_outside(&limits, &cut, &outside, err));
    p->plan->skipped += (uint64_t)outside.count;
    return ELC_OK;
}

static elc_status count_opened(planner *p, const elc_found *found, elc_image *image,
                               counted *out, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(image);
    double x = 1, y = 1;
    elc_grid grid;
    ELC_TRY(warn_of_place(p, image, found->name, err));
    ELC_TRY(elc_chips_steps(p->job, image, found->name, &x, &y, err));
    ELC_TRY(elc_chips_check_bytes(p->job, image, found->name, err));
    ELC_TRY(elc_chips_grid(p->job, elc_view_side(info->width, x),
                           elc_view_side(info->height, y), &grid, err));
    ELC_TRY(elc_grid_check_count(&grid, found->name, err));
    const elc_sight sight = {
        .width = info->width, .height = info->height, .step_x = x, .step_y = y};
    ELC_TRY(count_skipped(p, image, found->name, &sight, &grid, err));
    *out = (counted){elc_grid_count(&grid), grid.cols, is_stream(image), x, y};
    p->plan->units += (uint64_t)out->chips;
    p->plan->pixels += (uint64_t)info->width * (uint64_t)info->height;
    return ELC_OK;
}

/* An image that cannot be cut stands in the rows, where its part finds the same reason,
   unless one failure shall end the run. */
static elc_status count_chips(planner *p, const elc_found *found, counted *out,
                              elc_error *err) {
    elc_image *image = NULL;
    elc_error why = {0};
    *out = (counted){.chips = -1};
    elc_status status = elc_image_open(found->path, &image, &why);
    if (status == ELC_OK)
        status = count_opened(p, found, image, out, &why);
    elc_image_free(image);
    bool ends = status == ELC_E_MEMORY || status == ELC_E_CANCELLED ||
                p->job->on_error == ELC_ON_ERROR_FAIL;
    return status != ELC_OK && ends ? elc_fail(err, status, "%s", why.message) : ELC_OK;
}

/* ---- parts ------------------------------------------------------------------------
 */

/* A layout has one end for all parts; else each part is for itself. */
static uint64_t scope_of(const planner *p) {
    return p->job->layout == CHIPS_LAYOUT_NONE ? p->plan->count : 0;
}

static elc_status end_part(planner *p, elc_error *err) {
    elc_string bytes = {0};
    if (p->part.n_images == 0)
        return ELC_OK;
    elc_status status = elc_chips_part_write(&p->part, &bytes, err);
    if (status == ELC_OK)
        status = elc_plan_add(p->plan, bytes.data, bytes.size, scope_of(p),
                              p->chips ? (double)p->chips : 1, err);
    elc_string_free(&bytes);
    p->part.n_images = 0;
    p->chips = 0;
    return status;
}

static elc_status add_range(planner *p, chips_image image, elc_error *err) {
    chips_part *part = &p->part;
    ELC_TRY(elc_reserve(&part->images, &part->capacity, part->n_images + 1,
                        sizeof *part->images, err));
    part->images[part->n_images++] = image;
    p->chips += image.end > image.first ? image.end - image.first : 0;
    return ELC_OK;
}

/* Blocks of chips, here whole rows of them, for neighbours are read together. */
static elc_status add_blocks(planner *p, chips_image image, const counted *c,
                             elc_error *err) {
    int64_t size = p->size;
    if (p->call->part_units == 0)
        size = (size + c->cols - 1) / c->cols * c->cols;
    for (int64_t first = 0; first < c->chips; first += size) {
        image.first = first;
        image.end = c->chips - first > size ? first + size : c->chips;
        ELC_TRY(end_part(p, err));
        ELC_TRY(add_range(p, image, err));
    }
    return end_part(p, err);
}

static elc_status add_image(planner *p, chips_image image, const counted *c,
                            elc_error *err) {
    bool cut = c->chips > p->size && (p->call->part_units > 0 || !c->whole);
    if (cut)
        return add_blocks(p, image, c, err);
    image.end = c->chips;
    if (p->chips + c->chips > p->size || p->part.n_images >= IMAGES)
        ELC_TRY(end_part(p, err));
    return add_range(p, image, err);
}

static elc_status add_images(planner *p, const elc_found_list *found,
                             const elc_names *stems, elc_error *err) {
    for (size_t i = 0; i < found->count; i++) {
        counted c;
        chips_image image = {.path = found->items[i].path,
                             .name = found->items[i].name,
                             .stem = stems->items[i],
                             .index = i};
        ELC_TRY(elc_check_cancel(p->call->context, err));
        ELC_TRY(count_chips(p, &found->items[i], &c, err));
        image.step_x = c.step_x;
        image.step_y = c.step_y;
        ELC_TRY(add_image(p, image, &c, err));
    }
    return end_part(p, err);
}

elc_status elc_chips_plan(const elc_call *call, elc_plan *out, elc_error *err) {
    elc_found_list found = {0};
    elc_names stems = {0};
    planner p = {.call = call, .job = call->prepared, .plan = out};
    p.size = call->part_units ? (int64_t)call->part_units
             : p.job->looks   ? CHIPS_WRITTEN
                              : CHIPS_LISTED;
    elc_status status = ELC_OK;
    if (p.job->out_dir && !p.job->overwrite)
        ELC_TRY_GOTO(elc_chips_check_empty(p.job->out_dir, err), status, done);
    ELC_TRY_GOTO(
        elc_images_find(call->inputs[0].paths, call->inputs[0].n_paths, &found, err),
        status, done);
    if (p.job->out_dir)
        ELC_TRY_GOTO(elc_chips_check_apart(p.job->out_dir, &found, err), status, done);
    out->items = found.count;
    out->item_name = "images";
    out->unit_name = "chips";
    ELC_TRY_GOTO(elc_chips_stems(&found, &stems, err), status, done);
    status = add_images(&p, &found, &stems, err);
done:
    free(p.part.images);
    elc_names_free(&stems);
    elc_found_list_free(&found);
    return status;
}
