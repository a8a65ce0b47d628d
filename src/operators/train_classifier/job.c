/* job.c - what a training is asked for: its network, images and options. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <stdlib.h>
#include <string.h>

#include "operators/pixels/options.h"

/* Of networks that take any size: most labelled things are smaller. */
enum { CHIP = 64 };

void elc_classes_clear(train_job *job) {
    elc_model_free(job->model);
    elc_found_list_free(&job->found);
    elc_scenes_free(job->scenes);
    elc_stretch_memo_free(job->memo);
    elc_stretches_free(&job->recorded);
    elc_names_free(&job->classes);
    free(job->class_counts);
    free(job->images);
    free(job->samples);
    free(job->features);
    free(job->fold_of);
    free(job->labels);
    free(job->class_weights);
    free(job->scores);
    free(job->confusion);
    elc_logistic_clear(&job->final);
}

static elc_status need(const elc_options *o, const char *name, const char *example,
                       elc_error *err) {
    if (elc_options_has(o, name))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "--%s is not given, as in %s", name, example);
}

static elc_status open_model(train_job *job, elc_error *err) {
    const elc_options *o = job->options;
    const char *tensor = elc_options_text(o, "tensor");
    elc_model_options wish = {.any = true,
                              .tensor = tensor != NULL ? tensor : "auto",
                              .device = elc_options_text(o, "device")};
    ELC_TRY(elc_model_open(elc_options_text(o, "backbone"), &wish, &job->model, err));
    job->info = elc_model_info_at(job->model);
    if (job->info->channels > 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL, "%s: takes no image; give a network that does",
                    job->info->path);
}

static elc_status set_chip(train_job *job, elc_error *err) {
    const elc_model_info *m = job->info;
    int64_t chip = elc_options_int(job->options, "chip");
    int64_t multiple = m->multiple > 0 ? m->multiple : 1;
    int64_t usual = (CHIP + multiple - 1) / multiple * multiple;
    job->chip_width = chip ? chip : m->input_width > 0 ? m->input_width : usual;
    job->chip_height = chip ? chip : m->input_height > 0 ? m->input_height : usual;
    if (job->chip_width % multiple == 0 && job->chip_height % multiple == 0)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "--chip %lld: %s takes chips whose sides are multiples of %lld; give "
        "%lld",
        (long long)chip, m->name, (long long)multiple,
        (long long)((chip + multiple - 1) / multiple * multiple));
}

static void set_resolution(train_job *job) {
    bool given = elc_options_has(job->options, "gsd");
    job->resolution = (elc_resolution){
        .gsd_m = given ? elc_options_real(job->options, "gsd") : job->info->gsd_m,
        .image_gsd_m = elc_options_real(job->options, "image_gsd"),
        .always = given,
    };
}

elc_status elc_classes_start(train_job *job, elc_error *err) {
    const elc_options *o = job->options;
    const char *images = elc_options_text(o, "images");
    ELC_TRY(need(o, "out", "-o crops.onnx", err));
    ELC_TRY(need(o, "images", "--images frames/", err));
    ELC_TRY(open_model(job, err));
    ELC_TRY(set_chip(job, err));
    set_resolution(job);
    elc_place_wish heights;
    ELC_TRY(elc_pixels_heights(o, &heights, err));
    ELC_TRY(elc_scenes_create(&heights, &job->scenes, err));
    ELC_TRY(elc_stretch_memo_create(&job->memo, err));
    ELC_TRY(elc_pixels_stretch(o, &job->stretch, &job->recorded, err));
    return elc_images_find(&images, 1, &job->found, err);
}
