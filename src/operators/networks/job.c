/* job.c - networks that see whole chips: what their options mean. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "table.h"

#include <elcano/classify.h>

#include "operators/chips/cut.h"
#include "operators/detect/job.h"
#include "operators/parts/reader.h"
#include "operators/pixels/options.h"

#include <string.h>

static elc_status open_model(const elc_options *o, const elc_model_options *more,
                             network_job *job, elc_error *err) {
    ELC_TRY(elc_pixels_network_read(o, &job->network, err));
    job->network.options.any = more->any;
    job->network.options.tensor = more->tensor;
    ELC_TRY(elc_model_open(elc_options_text(o, "model"), &job->network.options,
                           &job->model, err));
    job->info = elc_model_info_at(job->model);
    return elc_looker_check(job->info, err);
}

static elc_status set_resolution(const elc_options *o, network_job *job,
                                 elc_error *err) {
    double image_gsd = elc_options_real(o, "image_gsd"), own = job->info->gsd_m;
    bool given = elc_options_has(o, "gsd");
    if (job->chips.whole && given)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--whole and --gsd: give one of them; a whole image is "
                        "resampled to the network's size");
    if (job->chips.whole)
        return ELC_OK;
    if (given || own > 0)
        job->chips.resolution =
            (elc_resolution){.gsd_m = given ? elc_options_real(o, "gsd") : own,
                             .image_gsd_m = image_gsd,
                             .always = given};
    else if (elc_options_has(o, "image_gsd"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--image-gsd %g: counts where images are resampled; give --gsd "
                        "METRES, too",
                        image_gsd);
    return ELC_OK;
}

/* The grid's own checks, before any image is opened. */
static elc_status set_grid(const elc_options *o, network_job *job, elc_error *err) {
    chips_job *chips = &job->chips;
    elc_grid grid;
    int64_t side = elc_options_int(o, "chip");
    chips->whole = elc_options_bool(o, "whole");
    chips->chip = side ? side : job->info->chip_width;
    chips->chip_height = side ? side : job->info->chip_height;
    chips->overlap = elc_options_pixels(o, "overlap", chips->chip);
    chips->stride = 1;
    chips->exact_step = true;
    if (chips->whole && chips->overlap > 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--whole and --overlap: a whole image has no neighbours");
    return elc_chips_grid(chips, chips->chip, chips->chip_height, &grid, err);
}

static elc_status set_chips(const elc_options *o, network_job *job, elc_error *err) {
    chips_job *chips = &job->chips;
    elc_place_wish heights;
    static const elc_names none = {0};
    ELC_TRY(set_grid(o, job, err));
    chips->bands = &none;
    chips->looks = chips->stretches = true;
    chips->nodata_share = 1;
    chips->on_error = elc_pixels_on_error(o);
    job->bands = elc_options_list(o, "bands");
    ELC_TRY(set_resolution(o, job, err));
    ELC_TRY(elc_pixels_heights(o, &heights, err));
    ELC_TRY(elc_scenes_create(&heights, &chips->scenes, err));
    ELC_TRY(elc_stretch_memo_create(&chips->memo, err));
    ELC_TRY(elc_pixels_stretch(o, &chips->stretch, &chips->recorded, err));
    const char *area = elc_options_text(o, "area");
    return area ? elc_area_load(area, &chips->area, &chips->area_crs, err) : ELC_OK;
}

enum { IMAGES, TABLE };

static elc_status check_inputs(const elc_call *call, elc_error *err) {
    bool images = call->inputs != NULL && call->inputs[IMAGES].n_paths > 0;
    bool table = elc_part_input(call, TABLE) != NULL;
    if (images != table)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    images ? "images and a table of chips given: one of both is looked "
                             "at; leave the other out"
                           : "no images given: name image files, globs or folders, or "
                             "a table of chips");
}

elc_status elc_network_job_fill(const elc_call *call, const elc_model_options *more,
                                network_job *job, elc_error *err) {
    ELC_TRY(check_inputs(call, err));
    ELC_TRY(open_model(call->options, more, job, err));
    return set_chips(call->options, job, err);
}

/* Columns of files and labels, which there are none of. */
static bool is_of_files(size_t column) {
    return column == CHIPS_COL_N_LABELS || column == CHIPS_COL_PATH ||
           column == CHIPS_COL_NODATA;
}

elc_status elc_network_job_use(const elc_call *call, const network_reading *reading,
                               network_job *job, elc_error *err) {
    static const char *const hidden[] = {"_n_labels", "_path", "_nodata_share"};
    size_t n = 0;
    memcpy(job->columns, elc_chips_columns, NETWORK_COLUMN * sizeof *elc_chips_columns);
    for (size_t i = 0; i < NETWORK_COLUMN; i++)
        if (is_of_files(i))
            job->columns[i].name = hidden[n++];
    memcpy(job->columns + NETWORK_COLUMN, reading->columns,
           reading->n_columns * sizeof *reading->columns);
    job->reading = reading;
    job->own = NETWORK_COLUMN;
    job->chips.use = &elc_network_use;
    job->chips.columns = job->columns;
    job->chips.n_columns = NETWORK_COLUMN + reading->n_columns;
    return elc_part_input(call, TABLE) != NULL
               ? elc_network_table_create(call, job, err)
               : ELC_OK;
}

elc_status elc_network_open(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    const network_job *job = call->prepared;
    return job->table != NULL ? elc_network_table_look(call, &in[0], out, err)
                              : elc_chips_open(call, part, in, out, err);
}

void elc_network_job_clear(network_job *job) {
    elc_network_table_free(job->table);
    elc_chips_job_clear(&job->chips);
    elc_model_free(job->model);
    elc_pixels_network_clear(&job->network);
}
