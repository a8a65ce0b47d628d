/* job.c - one use of train detector: its options, images, labels and backbone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "operators/parts/labels.h"
#include "operators/pixels/options.h"

/* Of the usual chips, whatever their size. */
enum { OVERLAP = 64 };

static elc_status open_whole(train_job *job, elc_error *err) {
    const elc_options *o = job->call->options;
    elc_model_options m = {.any = true,
                           .input_width = elc_options_int(o, "chip"),
                           .input_height = elc_options_int(o, "chip")};
    ELC_TRY(elc_model_open(elc_options_text(o, "backbone"), &m, &job->whole, err));
    job->info = elc_model_info_at(job->whole);
    if (job->info->channels == 0)
        return elc_fail(err, ELC_E_MODEL, "%s: what goes in is no image",
                        job->info->name);
    if (job->info->channels > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: %d input channels, at most %d are handled",
                        job->info->name, job->info->channels, ELC_BANDS_MAX);
    return ELC_OK;
}

static int64_t overlap_of(const elc_options *o, int64_t side) {
    if (elc_options_has(o, "overlap"))
        return elc_options_pixels(o, "overlap", side);
    return side / 4 < OVERLAP ? side / 4 : OVERLAP;
}

static elc_status set_options(train_job *job, elc_error *err) {
    const elc_options *o = job->call->options;
    bool given = elc_options_has(o, "gsd");
    int64_t chip = elc_options_int(o, "chip");
    int64_t width = chip ? chip : job->info->chip_width;
    int64_t height = chip ? chip : job->info->chip_height;
    job->options = (elc_detect_options){
        .chip_width = width,
        .chip_height = height,
        .overlap_x = overlap_of(o, width),
        .overlap_y = overlap_of(o, height),
        .bands = elc_options_list(o, "bands"),
        .resolution = {.gsd_m = given ? elc_options_real(o, "gsd") : job->info->gsd_m,
                       .image_gsd_m = elc_options_real(o, "image_gsd"),
                       .always = given}};
    job->edge_px = elc_options_real(o, "edge");
    job->least_seen = elc_options_real(o, "min_visible");
    job->seed = (uint64_t)elc_options_int(o, "seed");
    job->most_cells = (size_t)elc_options_int(o, "cells");
    const elc_place_wish heights = {.height_m = NAN};
    ELC_TRY(elc_scenes_create(&heights, &job->scenes, err));
    const char *stretch = elc_options_text(o, "stretch");
    return stretch ? elc_stretch_parse(stretch, &job->options.stretch, err) : ELC_OK;
}

static elc_status read_labels(train_job *job, elc_error *err) {
    const elc_options *o = job->call->options;
    const char *path = elc_options_text(o, "labels");
    const char *images = elc_options_text(o, "images");
    ELC_TRY(elc_image_labels_read(path, elc_options_text(o, "label_format"), &images, 1,
                                  &job->labels, NULL, err));
    elc_image_labels_tell(&job->labels, path, job->call->context);
    if (job->labels.count == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: has no object to learn from", path);
    ELC_TRY(elc_images_find(&images, 1, &job->found, err));
    return elc_image_labels_settle(&job->labels, &job->found, err);
}

static elc_status open_all(train_job *job, elc_error *err) {
    ELC_TRY(open_whole(job, err));
    ELC_TRY(set_options(job, err));
    ELC_TRY(read_labels(job, err));
    ELC_TRY(elc_train_find_images(job, err));
    return elc_train_open_backbone(job, err);
}

elc_status elc_train_job_open(const elc_call *call, train_job **out, elc_error *err) {
    train_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    job->call = call;
    elc_status status = open_all(job, err);
    if (status == ELC_OK)
        *out = job;
    else
        elc_train_job_free(job);
    return status;
}

void elc_train_job_free(train_job *job) {
    if (!job)
        return;
    elc_train_backbone_clear(&job->backbone);
    elc_model_free(job->whole);
    elc_labels_clear(&job->labels);
    elc_names_free(&job->classes);
    for (size_t i = 0; i < job->n_images; i++)
        elc_chips_labels_clear(&job->images[i].labels);
    free(job->images);
    for (size_t i = 0; i < job->n_chips; i++)
        elc_box_cells_clear(&job->chips[i].cells);
    free(job->chips);
    elc_found_list_free(&job->found);
    elc_scenes_free(job->scenes);
    free(job);
}
