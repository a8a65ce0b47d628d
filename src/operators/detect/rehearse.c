/* rehearse.c - what a run of detect will come to, without running it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearse.h"

elc_status elc_detect_outside(const elc_call *call, elc_image *image,
                              const elc_detect_image *at, pixels_outside *out,
                              elc_error *err) {
    const detect_job *job = call->prepared;
    const elc_image_info *info = elc_image_info_at(image);
    const pixels_limits limits = {job->area, job->area_crs, job->scenes, call->context};
    pixels_cut cut = {.image = image,
                      .name = at->name,
                      .sight = {.width = info->width,
                                .height = info->height,
                                .step_x = at->step_x,
                                .step_y = at->step_y}};
    ELC_TRY(elc_sight_crop(&cut.sight, job->options.crop, at->name, err));
    ELC_TRY(elc_detect_grid(job->info, &job->options,
                            elc_view_side(info->width, at->step_x),
                            elc_view_side(info->height, at->step_y), &cut.grid, err));
    return elc_pixels_outside(&limits, &cut, out, err);
}

/* Times the chips of an image on one thread: the time of one that is looked at. */
static elc_status time_image(const detect_job *job, const elc_detect_image *image,
                             double *seconds_a_chip, elc_error *err) {
    elc_context alone = {.threads = 1};
    elc_detector *detector = NULL;
    ELC_TRY(elc_detector_create(job->model, &job->options, image, 1, &alone, &detector,
                                err));
    double began = elc_clock();
    elc_detect_event event = {0};
    elc_status status = ELC_OK;
    while (status == ELC_OK && event.kind != ELC_DETECT_END)
        status = elc_detector_next(detector, &event, err);
    *seconds_a_chip = (elc_clock() - began) / (double)(image->end - image->first);
    elc_detector_free(detector);
    return status;
}

/* Where to time an image: up to three chips from its middle on, one from near it where
   others may be outside. False when all are. */
static elc_status choose_chips(const elc_call *call, elc_detect_image *image,
                               bool *found, elc_error *err) {
    elc_image *looked = NULL;
    pixels_outside outside = {0};
    ELC_TRY(elc_image_open(image->path, &looked, err));
    elc_status status = elc_detect_outside(call, looked, image, &outside, err);
    elc_image_free(looked);
    int64_t left = outside.chips - outside.inside, most = outside.count > 0 ? 1 : 3;
    *found = status == ELC_OK && outside.inside >= 0;
    image->first = outside.inside;
    image->end = outside.inside + (left > most ? most : left);
    return status;
}

/* Times the first image of a part that opens and has a chip inside. */
static elc_status time_part(const elc_call *call, const detect_part *part, bool *found,
                            double *seconds_a_chip, elc_error *err) {
    for (size_t i = 0; i < part->n_images && !*found; i++) {
        elc_detect_image image = part->images[i];
        if (image.end < 1 || image.first > 0)
            continue;
        ELC_TRY(choose_chips(call, &image, found, err));
        if (*found)
            ELC_TRY(time_image(call->prepared, &image, seconds_a_chip, err));
    }
    return ELC_OK;
}

elc_status elc_detect_rehearse(const elc_call *call, const elc_plan *plan,
                               double *seconds, elc_error *err) {
    bool found = false;
    double each = 0;
    elc_status status = ELC_OK;
    for (size_t i = 0; i < plan->count && !found && status == ELC_OK; i++) {
        detect_part part = {0};
        const elc_part *bytes = &plan->parts[i];
        status = elc_detect_part_read(bytes->bytes, bytes->size, &part, err);
        if (status == ELC_OK)
            status = time_part(call, &part, &found, &each, err);
        elc_detect_part_free(&part);
    }
    if (status == ELC_OK)
        *seconds = each * (double)(plan->units - plan->skipped) /
                   elc_context_threads(call->context);
    return status;
}
