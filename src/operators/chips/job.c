/* job.c - one use of chips: what its options mean. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "operators/detect/job.h"
#include "operators/parts/labels.h"
#include "operators/pixels/options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static chips_pixels pixels(const elc_options *o) {
    static const char *const WORDS[] = {"none", "tif", "png", "jpeg", "column"};
    const char *word = elc_options_text(o, "pixels");
    size_t i = 0;
    while (i < CHIPS_COLUMN && strcmp(word, WORDS[i]) != 0)
        i++;
    return (chips_pixels)i;
}

bool elc_chips_writes(const chips_job *job) {
    return job->pixels != CHIPS_NONE && job->pixels != CHIPS_COLUMN;
}

static elc_status read_bands(const elc_options *o, chips_job *job, elc_error *err) {
    job->bands = elc_options_list(o, "bands");
    ELC_TRY(elc_alloc(job->bands->count, sizeof(int), (void *)&job->band_numbers, err));
    for (size_t i = 0; i < job->bands->count; i++) {
        int64_t band = 0;
        ELC_TRY(elc_parse_int(job->bands->items[i], "band", &band, err));
        if (band < 1 || band > 65535)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--bands: %lld, the first band is 1, and 65535 the last "
                            "that can be",
                            (long long)band);
        job->band_numbers[i] = (int)band;
    }
    if (job->bands->count > 0 && !job->looks)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--bands %s: is of pixels; give --pixels tif, png, jpeg or "
                        "column",
                        job->bands->items[0]);
    return ELC_OK;
}

static elc_status check_folder(const chips_job *job, elc_error *err) {
    bool writes = elc_chips_writes(job);
    if (writes && !job->out_dir)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "no folder for the chips given: --out-dir FOLDER");
    if (!writes && job->out_dir)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--out-dir %s: nothing would be written there; give --pixels "
                        "tif, png or jpeg",
                        job->out_dir);
    if (writes && !elc_path_is_local(job->out_dir))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "--out-dir %s: give a folder of this machine", job->out_dir);
    return ELC_OK;
}

/* The grid's own checks, before any image is opened. */
static elc_status check_grid(const chips_job *job, elc_error *err) {
    elc_grid grid;
    return elc_chips_grid(job, job->chip, job->chip, &grid, err);
}

elc_status elc_chips_grid(const chips_job *job, int64_t width, int64_t height,
                          elc_grid *out, elc_error *err) {
    int64_t chip_height = job->chip_height > 0 ? job->chip_height : job->chip;
    if (job->whole)
        return elc_grid_create(job->chip, chip_height, job->chip, chip_height, 0, 0, 1,
                               true, out, err);
    return elc_grid_create(width, height, job->chip, chip_height, job->overlap,
                           job->overlap, job->stride, job->exact_step, out, err);
}

static elc_status check_layout(const elc_options *o, const chips_job *job,
                               elc_error *err) {
    const char *layout = elc_options_text(o, "layout");
    if (job->layout == CHIPS_LAYOUT_NONE)
        return ELC_OK;
    if (!job->has_labels)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--layout %s: no labels given: --labels FILE or folder",
                        layout);
    if (!elc_chips_writes(job))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--layout %s: is of files; give --pixels tif, png or jpeg, and "
                        "--out-dir FOLDER",
                        layout);
    return ELC_OK;
}

static elc_status read_labels(const elc_call *call, chips_job *job, elc_error *err) {
    const elc_options *o = call->options;
    const char *path = elc_options_text(o, "labels");
    const char *layout = elc_options_text(o, "layout");
    job->layout = strcmp(layout, "yolo") == 0   ? CHIPS_LAYOUT_YOLO
                  : strcmp(layout, "coco") == 0 ? CHIPS_LAYOUT_COCO
                                                : CHIPS_LAYOUT_NONE;
    job->has_labels = path != NULL;
    job->min_visible = elc_options_real(o, "min_visible");
    ELC_TRY(check_layout(o, job, err));
    if (!path)
        return ELC_OK;
    ELC_TRY(elc_image_labels_read(path, elc_options_text(o, "label_format"),
                                  call->inputs[0].paths, call->inputs[0].n_paths,
                                  &job->labels, NULL, err));
    elc_image_labels_tell(&job->labels, path, call->context);
    ELC_TRY(elc_images_find(call->inputs[0].paths, call->inputs[0].n_paths, &job->found,
                            err));
    return elc_image_labels_settle_paths(&job->labels, &job->found, err);
}

static elc_status read_stretch(const elc_options *o, chips_job *job, elc_error *err) {
    const char *text = elc_options_text(o, "stretch");
    const char *from = elc_options_text(o, "stretch_from");
    job->stretches = text || from;
    if (job->stretches && job->pixels == CHIPS_NONE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--stretch%s %s: is of pixels; give --pixels tif, png, jpeg or "
                        "column",
                        text ? "" : "-from", text ? text : from);
    ELC_TRY(elc_stretch_memo_create(&job->memo, err));
    return elc_pixels_stretch(o, &job->stretch, &job->recorded, err);
}

static elc_status set_resolution(const elc_options *o, chips_job *job, elc_error *err) {
    double image_gsd = elc_options_real(o, "image_gsd");
    if (elc_options_has(o, "image_gsd") && !elc_options_has(o, "gsd"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--image-gsd %g: counts where images are resampled; give the "
                        "ground size of the chips' pixels, too: --gsd METRES",
                        image_gsd);
    if (elc_options_has(o, "gsd"))
        job->resolution = (elc_resolution){.gsd_m = elc_options_real(o, "gsd"),
                                           .image_gsd_m = image_gsd,
                                           .always = true};
    return ELC_OK;
}

static elc_status set_options(const elc_options *o, chips_job *job, elc_error *err) {
    job->chip = elc_options_int(o, "chip");
    job->overlap = elc_options_pixels(o, "overlap", job->chip);
    job->stride = elc_options_int(o, "stride");
    job->exact_step = elc_options_bool(o, "exact_step");
    job->pixels = pixels(o);
    bool share = elc_options_has(o, "nodata_share");
    job->looks = job->pixels != CHIPS_NONE || share;
    /* By default the wholly blank ones: with more than the share next to 1. */
    job->nodata_share =
        share ? elc_options_real(o, "nodata_share") : nextafter(1.0, 0.0);
    job->out_dir = elc_options_text(o, "out_dir");
    job->overwrite = elc_options_bool(o, "overwrite");
    job->on_error = elc_pixels_on_error(o);
    elc_place_wish heights;
    ELC_TRY(elc_pixels_heights(o, &heights, err));
    ELC_TRY(elc_scenes_create(&heights, &job->scenes, err));
    ELC_TRY(read_stretch(o, job, err));
    ELC_TRY(set_resolution(o, job, err));
    ELC_TRY(check_grid(job, err));
    ELC_TRY(check_folder(job, err));
    ELC_TRY(read_bands(o, job, err));
    const char *area = elc_options_text(o, "area");
    return area ? elc_area_load(area, &job->area, &job->area_crs, err) : ELC_OK;
}

elc_status elc_chips_prepare(const elc_call *call, void **out, elc_error *err) {
    chips_job *job = NULL;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    elc_status status = set_options(call->options, job, err);
    if (status == ELC_OK)
        status = read_labels(call, job, err);
    if (status != ELC_OK) {
        elc_chips_release(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_chips_job_clear(chips_job *job) {
    free(job->band_numbers);
    elc_labels_clear(&job->labels);
    elc_found_list_free(&job->found);
    elc_area_free(job->area);
    elc_crs_free(job->area_crs);
    elc_stretches_free(&job->recorded);
    elc_stretch_memo_free(job->memo);
    elc_scenes_free(job->scenes);
}

void elc_chips_release(void *prepared) {
    elc_chips_job_clear(prepared);
    free(prepared);
}
