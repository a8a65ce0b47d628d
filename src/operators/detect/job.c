/* job.c - one use of detect: its options as the pipeline wants them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "operators/pixels/options.h"

#include <stdlib.h>
#include <string.h>

static elc_status open_model(const elc_options *o, detect_job *job, elc_error *err) {
    ELC_TRY(elc_pixels_network_read(o, &job->network, err));
    ELC_TRY(elc_model_open(elc_options_text(o, "model"), &job->network.options,
                           &job->model, err));
    job->info = elc_model_info_at(job->model);
    return ELC_OK;
}

static elc_status unknown_class(const detect_job *job, const char *name,
                                elc_error *err) {
    const char **words = NULL;
    size_t n = job->names.count;
    ELC_TRY(elc_alloc(n + 1, sizeof *words, &words, err));
    for (size_t i = 0; i < n; i++)
        words[i] = job->names.items[i];
    const char *near = elc_nearest_word(name, words);
    elc_fail(err, ELC_E_ARGUMENT, "--keep: %s has no class \"%s\"%s%s%s",
             job->info->name, name,
             near ? "; did you mean \"" : "; elcano model info names them",
             near ? near : "", near ? "\"?" : "");
    free(words);
    return ELC_E_ARGUMENT;
}

static elc_status choose_classes(const elc_options *o, detect_job *job,
                                 elc_error *err) {
    const elc_names *wanted = elc_options_list(o, "keep");
    if (wanted->count == 0)
        return ELC_OK;
    const elc_names *classes = &job->names;
    ELC_TRY(elc_alloc(classes->count, sizeof *job->keep, &job->keep, err));
    for (size_t i = 0; i < wanted->count; i++) {
        bool known = false;
        for (size_t c = 0; c < classes->count; c++)
            if (strcmp(classes->items[c], wanted->items[i]) == 0)
                known = job->keep[c] = true;
        if (!known)
            return unknown_class(job, wanted->items[i], err);
    }
    job->options.n_keep = classes->count;
    job->options.keep = job->keep;
    return ELC_OK;
}

/* The user's, else the network's own, else what most detectors use. */
static double threshold(const elc_options *o, const char *name, double own,
                        double usual) {
    if (elc_options_has(o, name))
        return elc_options_real(o, name);
    return own > 0 ? own : usual;
}

/* X,Y,WIDTH,HEIGHT: a number that is too large for strtoll is one for us. */
static bool read_window(const char *text, elc_window *out) {
    int64_t *members[] = {&out->x, &out->y, &out->width, &out->height};
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        *members[i] = strtoll(text, &end, 10);
        if (end == text || *end != (i < 3 ? ',' : 0) || *members[i] < (i < 2 ? 0 : 1) ||
            *members[i] > INT32_MAX)
            return false;
        text = end + 1;
    }
    return true;
}

static elc_status set_crop(const elc_options *o, detect_job *job, elc_error *err) {
    const char *text = elc_options_text(o, "crop");
    if (!text || read_window(text, &job->options.crop))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--crop \"%.60s\": give X,Y,WIDTH,HEIGHT in whole pixels up to %d, "
                    "width and height at least 1, such as 0,0,4000,2900",
                    text, INT32_MAX);
}

static void set_resolution(const elc_options *o, detect_job *job) {
    bool given = elc_options_has(o, "gsd");
    job->options.resolution = (elc_resolution){
        .gsd_m = given ? elc_options_real(o, "gsd") : job->info->gsd_m,
        .image_gsd_m = elc_options_real(o, "image_gsd"),
        .always = given,
    };
}

/* Where no image has a place it is not used, and wrong all the same. */
static elc_status check_crs(const elc_options *o, elc_error *err) {
    const char *text = elc_options_text(o, "crs");
    elc_crs *crs = NULL;
    if (!text || strcmp(text, "image") == 0)
        return ELC_OK;
    ELC_TRY(elc_crs_create(text, &crs, err));
    elc_crs_free(crs);
    return ELC_OK;
}

static elc_status set_options(const elc_options *o, detect_job *job, elc_error *err) {
    ELC_TRY(check_crs(o, err));
    int64_t chip = elc_options_int(o, "chip");
    int64_t width = chip ? chip : job->info->chip_width;
    int64_t height = chip ? chip : job->info->chip_height;
    job->options = (elc_detect_options){
        .chip_width = width,
        .chip_height = height,
        .overlap_x = elc_options_pixels(o, "overlap", width),
        .overlap_y = elc_options_pixels(o, "overlap", height),
        .exact_step = elc_options_bool(o, "exact_step"),
        .batch = elc_options_int(o, "batch"),
        .score = threshold(o, "score", job->info->score, 0.25),
        .iou = threshold(o, "iou", job->info->iou, 0.5),
        .across_classes = elc_options_bool(o, "across_classes"),
        .bands = elc_options_list(o, "bands"),
        .blur = elc_options_real(o, "blur"),
        .on_error = elc_pixels_on_error(o),
    };
    ELC_TRY(elc_pixels_heights(o, &job->options.heights, err));
    ELC_TRY(elc_scenes_create(&job->options.heights, &job->scenes, err));
    job->options.scenes = job->scenes;
    ELC_TRY(elc_detect_use_styles(o, job, err));
    ELC_TRY(choose_classes(o, job, err));
    ELC_TRY(elc_pixels_stretch(o, &job->options.stretch, &job->recorded, err));
    ELC_TRY(elc_stretch_memo_create(&job->memo, err));
    job->options.memo = job->memo;
    job->options.recorded = job->recorded.items;
    job->options.n_recorded = job->recorded.count;
    ELC_TRY(set_crop(o, job, err));
    set_resolution(o, job);
    const char *area = elc_options_text(o, "area");
    if (area)
        ELC_TRY(elc_area_load(area, &job->area, &job->area_crs, err));
    job->options.area = job->area;
    job->options.area_crs = job->area_crs;
    return ELC_OK;
}

elc_status elc_detect_prepare(const elc_call *call, void **out, elc_error *err) {
    detect_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    pthread_mutex_init(&job->lock, NULL);
    elc_status status = open_model(call->options, job, err);
    if (status == ELC_OK)
        status = set_options(call->options, job, err);
    if (status != ELC_OK) {
        elc_detect_release(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_detect_release(void *prepared) {
    detect_job *job = prepared;
    elc_model_free(job->model);
    elc_pixels_network_clear(&job->network);
    elc_styles_clear(&job->styles);
    elc_names_free(&job->names);
    free(job->least);
    free(job->keep);
    elc_area_free(job->area);
    elc_crs_free(job->area_crs);
    elc_stretches_free(&job->recorded);
    elc_stretch_memo_free(job->memo);
    elc_scenes_free(job->scenes);
    pthread_mutex_destroy(&job->lock);
    free(job);
}
