/* detect.c - finds objects in images with an ONNX detector. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/job.h"
#include "detect/rehearse.h"
#include "detect/rows.h"
#include "detect/tell.h"
#include "operators/dedupe/run.h"
#include "operators/pixels/network.h"
#include "operators/pixels/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const elc_input inputs[] = {ELC_INPUT_IMAGES, {0}};

static const char *const crs_words[] = {"image", NULL};
static const char *const flip_words[] = {"none", "horizontal", "vertical", "both",
                                         NULL};

static const elc_option options[] = {
    {.name = "model",
     .type = ELC_OPTION_PATH,
     .fallback = "vehicles",
     .help = "the ONNX detector: a file, or the name of an installed one (see model "
             "list)"},
    {.name = "chip",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .min = 16,
     .max = 16384,
     .help = "side of the chips, in pixels that the network sees (see --gsd); default: "
             "its own input size"},
    {.name = "overlap",
     .type = ELC_OPTION_SHARE_OR_PX,
     .unit = "px",
     .fallback = "0.2",
     .help =
         "how much neighbouring chips share: a share of the chip, or pixels; as long "
         "as the longest object is best"},
    {.name = "exact_step",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "step by chip less overlap exactly, not by a multiple of the network's "
             "stride"},
    {.name = "score",
     .type = ELC_OPTION_REAL,
     .min = 0,
     .max = 1,
     .help =
         "lowest score that counts; default: that of the class in --styles, else the "
         "network's own, else 0.25"},
    {.name = "iou",
     .type = ELC_OPTION_REAL,
     .min = 0,
     .max = 1,
     .help = "boxes of a chip that overlap more than this are one object; default: the "
             "network's own, else 0.5"},
    {.name = "across_classes",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "and that whatever their classes"},
    {.name = "keep",
     .type = ELC_OPTION_LIST,
     .help = "only these classes, by name: car,truck"},
    {.name = "dedupe",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "one row an object where several images, taken within 60 s, show it, as "
             "elcano dedupe does; all rows are held in memory"},
    {.name = "styles",
     .type = ELC_OPTION_PATH,
     .help = "table of classes: class_id, name, group, colour, least_score; what it "
             "says of a class becomes the row's; share/styles has some"},
    {.name = "area",
     .type = ELC_OPTION_LAYER,
     .help = "only inside of these polygons; chips outside are not run"},
    {.name = "bands",
     .type = ELC_OPTION_LIST,
     .help =
         "bands for the network's channels, 1-based: 4,3,2; default: red, green, blue"},
    ELC_OPTION_STRETCH("auto"),
    ELC_OPTION_STRETCH_FROM,
    ELC_OPTION_GSD(
        "the network sees",
        "what the network states, where the image's differs by more than 5 %"),
    ELC_OPTION_IMAGE_GSD,
    {.name = "crop",
     .type = ELC_OPTION_TEXT,
     .unit = "px",
     .help = "only this window of each image, in its own pixels: X,Y,WIDTH,HEIGHT; the "
             "rest is padding to the network, and chips outside are not run"},
    {.name = "blur",
     .type = ELC_OPTION_REAL,
     .unit = "px",
     .min = 0.1,
     .max = 100,
     .help = "standard deviation of a Gaussian over the pixels that the network sees; "
             "default: none"},
    {.name = "crs",
     .type = ELC_OPTION_CRS,
     .choices = crs_words,
     .help = "CRS of the geometry: EPSG:n, or that of the images, which all must "
             "share; default: "
             "OGC:CRS84"},
    ELC_OPTION_HEIGHT,
    ELC_OPTION_DEM,
    ELC_OPTION_ON_ERROR,
    {.name = "batch",
     .type = ELC_OPTION_INT,
     .fallback = "1",
     .min = 1,
     .max = 256,
     .help = "chips that go into the network at once (gains nothing on a CPU)"},
    ELC_OPTION_DEVICE,
    {.name = "head",
     .type = ELC_OPTION_TEXT,
     .help = "how the outputs are read, where that cannot be found: see model info"},
    ELC_OPTION_CLASSES,
    ELC_OPTION_CHANNELS("its metadata, else its head's"),
    ELC_OPTION_SCALE,
    ELC_OPTION_MEAN,
    ELC_OPTION_STD,
    ELC_OPTION_THRESHOLD,
    {.name = "flip",
     .type = ELC_OPTION_CHOICE,
     .choices = flip_words,
     .fallback = "none",
     .help = "the network sees the chips mirrored; its boxes are mirrored back"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "detections",
     .help = "one row an object",
     .columns = elc_detect_columns,
     .n_columns = N_VISIBLE,
     .more = "group and colour (#rrggbb) where --styles has them; n_images, how many "
             "images saw the object, with --dedupe."},
    {.name = "images",
     .help = "one row an image: what was analysed",
     .columns = elc_detect_image_columns,
     .n_columns = N_IMAGE_COLUMNS},
    {0},
};

enum { BATCH_ROWS = 4096 };

/* ---- plan -------------------------------------------------------------------------
 */

/* The CRS that --crs image means: that of the first image; the others must share it. */
static elc_status share_crs(const elc_place *place, const char *name, elc_crs **shared,
                            elc_error *err) {
    if (!place->crs)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %s, so --crs image is not known; leave --crs out", name,
                        place->kind == ELC_PLACE_RPC ? "lies by RPCs, which have no CRS"
                                                     : "has no georeference");
    if (!*shared)
        return elc_crs_clone(place->crs, shared, err);
    if (!elc_crs_equal(*shared, place->crs))
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: is in %s, the first image in %s: --crs image needs one for "
            "all; give --crs EPSG:n",
            name, elc_crs_label(place->crs), elc_crs_label(*shared));
    return ELC_OK;
}

typedef struct planner {
    const elc_call *call;
    detect_job *job;
    elc_plan *plan;
    detect_part part; /* being filled; paths and names borrowed */
    bool image_crs, warned_place, warned_gsd;
    bool fatal; /* an image has not the CRS that all must share */
    elc_crs *shared_crs;
    elc_extent extent; /* of the image that is opened or added */
} planner;

/* Once a run, which has one plan. */
static void warn_of_place(planner *p, const char *name) {
    if (p->warned_place)
        return;
    p->warned_place = true;
    elc_warn(p->call->context,
             "%s: has no georeference: its rows have pixel coordinates, and no places",
             name);
}

static void warn_of_gsd(planner *p, const char *name) {
    if (p->warned_gsd)
        return;
    p->warned_gsd = true;
    elc_warn(p->call->context,
             "%s: what its pixels measure is not known, and %s was trained at %g m: it "
             "is not resampled; give --image-gsd",
             name, p->job->info->name, p->job->options.resolution.gsd_m);
}

static elc_status check_crop(const planner *p, const elc_image *image, const char *name,
                             const elc_detect_image *at, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(image);
    elc_sight sight = {.width = info->width,
                       .height = info->height,
                       .step_x = at->step_x,
                       .step_y = at->step_y};
    return elc_sight_crop(&sight, p->job->options.crop, name, err);
}

/* What the image's place means for the plan, and the steps at which it is seen. */
static elc_status check_place(planner *p, elc_image *image, const char *name,
                              elc_detect_image *out, elc_error *err) {
    elc_scene scene = {0};
    bool known = true;
    bool wants_gsd = p->job->options.resolution.gsd_m > 0;
    ELC_TRY(p->call->extents ? elc_scenes_find(p->job->scenes, image, &scene, err)
                             : elc_scenes_place_or_all(p->job->scenes, image, wants_gsd,
                                                       &scene, err));
    if (scene.place.kind == ELC_PLACE_NONE)
        warn_of_place(p, name);
    elc_status status =
        p->image_crs ? share_crs(&scene.place, name, &p->shared_crs, err) : ELC_OK;
    p->fatal = status != ELC_OK;
    if (status == ELC_OK)
        status = elc_detect_steps(&p->job->options.resolution, image, &scene, name,
                                  &out->step_x, &out->step_y, &known, err);
    if (status == ELC_OK && !known)
        warn_of_gsd(p, name);
    if (status == ELC_OK)
        status = check_crop(p, image, name, out, err);
    if (status == ELC_OK && p->call->extents)
        status = elc_detect_extent(&scene, elc_image_info_at(image), &p->extent, err);
    elc_scene_clear(&scene);
    return status;
}

static elc_status count_skipped(planner *p, elc_image *image,
                                const elc_detect_image *at, elc_error *err) {
    pixels_outside outside = {0};
    if (!p->call->rehearsal)
        return ELC_OK;
    ELC_TRY(elc_detect_outside(p->call, image, at, &outside, err));
    p->plan->skipped += (uint64_t)outside.count;
    return ELC_OK;
}

/* An image that cannot be looked at stands in the rows, where the pipeline finds the
   same reason, unless one failure shall end the run. */
static elc_status passed_over(const planner *p, elc_status status,
                              elc_detect_image *out, elc_error *err) {
    bool ends = status == ELC_OK || status == ELC_E_MEMORY ||
                status == ELC_E_CANCELLED ||
                p->job->options.on_error == ELC_ON_ERROR_FAIL;
    if (ends)
        return status;
    if (err)
        *err = (elc_error){0};
    out->end = -1;
    out->step_x = out->step_y = 0;
    return ELC_OK;
}

/* Steps and chips of an image; end -1 when it cannot be opened and that shall stand in
   the rows. */
static elc_status count_chips(planner *p, const elc_found *found, elc_detect_image *out,
                              elc_error *err) {
    elc_image *image = NULL;
    elc_error why = {0};
    out->end = -1;
    p->extent = (elc_extent){0};
    if (elc_image_open(found->path, &image, &why) != ELC_OK) {
        if (p->job->options.on_error == ELC_ON_ERROR_FAIL)
            return elc_fail(err, why.status, "%s", why.message);
        return ELC_OK;
    }
    const elc_image_info *info = elc_image_info_at(image);
    elc_grid grid;
    elc_status status = check_place(p, image, found->name, out, err);
    if (status == ELC_OK)
        status = elc_detect_grid(p->job->info, &p->job->options,
                                 elc_view_side(info->width, out->step_x),
                                 elc_view_side(info->height, out->step_y), &grid, err);
    if (status == ELC_OK)
        status = elc_grid_check_count(&grid, found->name, err);
    if (status == ELC_OK)
        status = count_skipped(p, image, out, err);
    if (status == ELC_OK) {
        out->end = elc_grid_count(&grid);
        p->plan->units += (uint64_t)out->end;
        p->plan->pixels += (uint64_t)info->width * (uint64_t)info->height;
    }
    elc_image_free(image);
    return p->fatal ? status : passed_over(p, status, out, err);
}

static elc_status add_part(planner *p, uint64_t scope, double weight, elc_error *err) {
    elc_string bytes = {0};
    elc_status status = elc_detect_part_write(&p->part, &bytes, err);
    if (status == ELC_OK)
        status = elc_plan_add(p->plan, bytes.data, bytes.size, scope, weight, err);
    if (status == ELC_OK && p->call->part_units)
        p->plan->parts[p->plan->count - 1].extent = p->extent;
    p->job->to_tell++;
    elc_string_free(&bytes);
    return status;
}

/* Blocks of chips of one image, each a part. */
static elc_status add_blocks(planner *p, elc_detect_image image, uint64_t scope,
                             elc_error *err) {
    int64_t chips = image.end, size = (int64_t)p->call->part_units;
    p->part.images = &image;
    p->part.n_images = 1;
    p->part.partial = chips > size;
    p->job->to_tell += p->part.partial;
    if (chips < 0)
        return add_part(p, scope, 1, err);
    for (int64_t first = 0; first < chips; first += size) {
        image.first = first;
        image.end = chips - first > size ? first + size : chips;
        ELC_TRY(add_part(p, scope, (double)(image.end - first), err));
    }
    return ELC_OK;
}

/* With part_units parts are blocks of one image; else all is one part, whose chips the
   pipeline gives to its threads. */
static elc_status plan_images(planner *p, const elc_found_list *found, elc_error *err) {
    elc_detect_image *images = NULL;
    elc_extent *extents = NULL;
    ELC_TRY(elc_alloc(found->count, sizeof *images, &images, err));
    elc_status status = elc_alloc(found->count, sizeof *extents, &extents, err);
    for (size_t i = 0; i < found->count && status == ELC_OK; i++) {
        images[i] =
            (elc_detect_image){found->items[i].path, found->items[i].name, 0, 0, 0, 0};
        status = elc_check_cancel(p->call->context, err);
        if (status == ELC_OK)
            status = count_chips(p, &found->items[i], &images[i], err);
        extents[i] = p->extent;
    }
    const char *crs = elc_options_text(p->call->options, "crs");
    if (p->image_crs)
        crs = p->shared_crs ? elc_crs_projjson(p->shared_crs) : NULL;
    p->part.crs = (char *)(uintptr_t)crs;
    p->part.model_sha256 = (char *)(uintptr_t)p->job->info->sha256;
    if (p->call->part_units == 0 && status == ELC_OK) {
        p->part.images = images;
        p->part.n_images = found->count;
        status = add_part(p, 0, (double)p->plan->units, err);
    }
    for (size_t i = 0; i < found->count && p->call->part_units && status == ELC_OK;
         i++) {
        p->extent = extents[i];
        status = add_blocks(p, images[i], i, err);
    }
    free(extents);
    free(images);
    return status;
}

static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    elc_found_list found = {0};
    planner p = {.call = call, .job = call->prepared, .plan = out};
    const char *crs = elc_options_text(call->options, "crs");
    p.image_crs = crs && strcmp(crs, "image") == 0;
    elc_status status;
    if (call->part_units > 0 && elc_options_bool(call->options, "dedupe"))
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--dedupe: parts know only their own images; leave --part-units "
            "out, or run elcano dedupe on the result");
    ELC_TRY_GOTO(
        elc_images_find(call->inputs[0].paths, call->inputs[0].n_paths, &found, err),
        status, done);
    out->items = found.count;
    out->item_name = "images";
    out->unit_name = "chips";
    status = plan_images(&p, &found, err);
done:
    elc_crs_free(p.shared_crs);
    elc_found_list_free(&found);
    return status;
}

/* ---- open --------------------------------------------------------------------------
 */

typedef struct opened {
    const elc_context *context;
    detect_job *job; /* the call's */
    detect_part part;
    elc_detector *detector;
    row_builder *rows;
    place_state image; /* the builder's */
    size_t image_index;
    seen_places places; /* of images, whose doubles are told of */
    bool dedupes;       /* none are left */
    bool image_set, ended;
} opened;

static void opened_free(void *state) {
    opened *o = state;
    elc_detector_free(o->detector);
    elc_rows_builder_free(o->rows);
    elc_place_state_free(&o->image);
    elc_seen_places_free(&o->places);
    elc_detect_part_free(&o->part);
    free(o);
}

/* Takes over what the report says of an image when its first event comes. */
static elc_status begin_image(opened *o, const elc_image_report *report,
                              elc_error *err) {
    if (o->image_set && o->image_index == report->image)
        return ELC_OK;
    elc_place_state_free(&o->image);
    o->image_index = o->image.index = report->image;
    o->image_set = true;
    ELC_TRY(elc_strdup(o->part.images[report->image].name, &o->image.name, err));
    ELC_TRY(elc_strdup(report->error, &o->image.error, err));
    if (report->scene && !report->error) {
        o->image.grid = report->grid;
        o->image.sight = report->sight;
        ELC_TRY(elc_scene_clone(report->scene, &o->image.scene, err));
    }
    return elc_rows_builder_image(o->rows, &o->image, err);
}

static const char *class_name(const opened *o, int32_t id) {
    const elc_names *classes = &o->job->names;
    return id >= 0 && (size_t)id < classes->count ? classes->items[id] : NULL;
}

static elc_status add_objects(opened *o, const elc_detect_event *event,
                              elc_error *err) {
    for (size_t i = 0; i < event->n_objects; i++) {
        const elc_detection *d = &event->objects[i];
        char unnamed[32];
        const char *name = class_name(o, d->box.class_id);
        snprintf(unnamed, sizeof unnamed, "class_%d", (int)d->box.class_id);
        ELC_TRY(elc_rows_builder_add(o->rows, d, name ? name : unnamed, err));
    }
    return ELC_OK;
}

static elc_status add_range(place_state *image, int64_t first, int64_t end,
                            elc_error *err) {
    ELC_TRY(elc_reserve(&image->ranges, &image->range_capacity, image->n_ranges + 2,
                        sizeof *image->ranges, err));
    image->ranges[image->n_ranges++] = first;
    image->ranges[image->n_ranges++] = end;
    return ELC_OK;
}

static elc_status end_image(opened *o, const elc_image_report *report, elc_error *err) {
    o->image.run = report->run;
    o->image.skipped = report->skipped;
    o->image.failed = report->failed;
    for (int64_t i = report->first; report->was_run && i < report->end;) {
        int64_t end = i;
        while (end < report->end && report->was_run[end - report->first])
            end++;
        if (end > i)
            ELC_TRY(add_range(&o->image, i, end, err));
        i = end + 1;
    }
    bool record = o->job->options.on_error == ELC_ON_ERROR_RECORD;
    if (!o->dedupes && !o->part.partial)
        ELC_TRY(elc_seen_places_add(&o->places, &o->image, err));
    return elc_rows_builder_end_image(o->rows, o->part.partial, record, err);
}

static void tell_at_end(opened *o) {
    elc_detect_totals totals;
    size_t shared = elc_seen_places_shared(&o->places);
    if (shared)
        elc_warn(
            o->context,
            "%zu images overlap others, and an object that several show is a row in "
            "each: --dedupe keeps one",
            shared);
    elc_detector_totals(o->detector, &totals);
    elc_detect_tell(o->job, o->context, &totals);
}

static elc_status take_event(opened *o, elc_error *err) {
    elc_detect_event event;
    ELC_TRY(elc_detector_next(o->detector, &event, err));
    if (event.kind == ELC_DETECT_END) {
        o->ended = true;
        tell_at_end(o);
        return ELC_OK;
    }
    ELC_TRY(begin_image(o, &event.report, err));
    if (event.kind == ELC_DETECT_OBJECTS)
        return add_objects(o, &event, err);
    return end_image(o, &event.report, err);
}

static elc_status next_rows(void *state, struct ArrowArray *out, elc_error *err) {
    opened *o = state;
    elc_batch *batch = elc_rows_builder_batch(o->rows);
    while (!o->ended && elc_batch_rows(batch) < BATCH_ROWS)
        ELC_TRY(take_event(o, err));
    return elc_batch_rows(batch) ? elc_batch_finish(batch, out, err) : ELC_OK;
}

/* A part may have come from a machine whose file of that name is another. */
static elc_status check_model(const detect_part *part, const elc_model_info *info,
                              elc_error *err) {
    if (!part->model_sha256 || !strcmp(part->model_sha256, info->sha256))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: is another network than that of the plan, by its SHA-256: %s "
                    "here, %s there; put the same file on every machine",
                    info->path, info->sha256, part->model_sha256);
}

static elc_status start(opened *o, const elc_call *call, const elc_part *part,
                        struct ArrowSchema *schema, elc_error *err) {
    o->context = call->context;
    o->dedupes = elc_options_bool(call->options, "dedupe");
    ELC_TRY(elc_detect_part_read(part->bytes, part->size, &o->part, err));
    o->job = call->prepared;
    ELC_TRY(check_model(&o->part, o->job->info, err));
    row_setup setup = {.crs = o->part.crs,
                       .model = o->job->info->name,
                       .model_sha256 = o->job->info->sha256,
                       .dem = o->job->options.heights.dem,
                       .styles = &o->job->styles,
                       .area = o->job->area,
                       .area_crs = o->job->area_crs};
    ELC_TRY(elc_rows_builder_create(&setup, &o->rows, err));
    ELC_TRY(elc_rows_builder_schema(o->rows, schema, err));
    return elc_detector_create(o->job->model, &o->job->options, o->part.images,
                               o->part.n_images, call->context, &o->detector, err);
}

/* The stream, which is taken whatever comes of it, with one row an object. */
static elc_status dedupe(const elc_call *call, struct ArrowArrayStream *all,
                         struct ArrowArrayStream *out, elc_error *err) {
    const dedupe_wish wish = {
        .rule = {.tolerance_m = NAN,
                 .within_us = 60000000,
                 .across_classes = elc_options_bool(call->options, "across_classes")},
        .hidden = true};
    elc_status status = elc_dedupe_stream(&wish, call->context, all, out, err);
    elc_stream_release(all);
    return status;
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)in;
    opened *o = NULL;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    elc_status status = start(o, call, part, &schema, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        opened_free(o);
        return status;
    }
    elc_producer producer = {next_rows, opened_free, o};
    struct ArrowArrayStream all = {0};
    ELC_TRY(elc_stream_create(&schema, producer, &all, err));
    if (elc_options_bool(call->options, "dedupe"))
        return dedupe(call, &all, out, err);
    *out = all;
    return ELC_OK;
}

const elc_operator elc_operator_detect = {
    .name = "detect",
    .summary = "find objects in images with an ONNX detector",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano detect frames/ --model vehicles.onnx --overlap 128 -o vehicles.gpkg",
    .prepare = elc_detect_prepare,
    .release = elc_detect_release,
    .plan = plan,
    .open = open_part,
    .combine = elc_detect_combine,
    .rehearse = elc_detect_rehearse,
};
