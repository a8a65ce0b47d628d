/* pixels.c - how chips see an image: at which steps, and by which stretch. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pixels.h"

#include <math.h>

/* ---- steps ------------------------------------------------------------------------
 */

elc_status elc_chips_steps(const chips_job *job, elc_image *image, const char *name,
                           double *step_x, double *step_y, elc_error *err) {
    elc_scene scene = {0};
    const elc_image_info *info = elc_image_info_at(image);
    *step_x = *step_y = 1;
    if (job->whole) {
        int64_t rows = job->chip_height > 0 ? job->chip_height : job->chip;
        *step_x = (double)info->width / (double)job->chip;
        *step_y = (double)info->height / (double)rows;
        return ELC_OK;
    }
    if (!(job->resolution.gsd_m > 0))
        return ELC_OK;
    ELC_TRY(elc_scenes_place_or_all(job->scenes, image, true, &scene, err));
    elc_status status = elc_detect_steps(&job->resolution, image, &scene, name, step_x,
                                         step_y, NULL, err);
    elc_scene_clear(&scene);
    return status;
}

elc_status elc_chips_check_bytes(const chips_job *job, const elc_image *image,
                                 const char *name, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(image);
    bool as_is = !(job->resolution.gsd_m > 0) || job->pixels == CHIPS_NONE;
    if (as_is || job->stretches || info->is_byte)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: %s pixels, and chips at --gsd %g are bytes: say how values "
                    "become bytes (--stretch p2-98), or leave --gsd out",
                    name, info->type_name, job->resolution.gsd_m);
}

/* ---- pixels -----------------------------------------------------------------------
 */

/* The same in every part of an image. */
static elc_status find_stretch(const chips_job *job, elc_image *image, const char *name,
                               elc_view_options *seen, elc_error *err) {
    const elc_stretches *recorded = &job->recorded;
    if (!job->stretches) {
        seen->stretch = (elc_stretch){.kind = ELC_STRETCH_NONE};
        return ELC_OK;
    }
    if (recorded->count > 0)
        return elc_stretch_recall(recorded->items, recorded->count, name, seen->n,
                                  &seen->stretch, err);
    return elc_stretch_memo_decide(job->memo, image, seen->bands, seen->n,
                                   &job->stretch, &seen->stretch, err);
}

static elc_status tell_stretch(const elc_stretch *stretch, char **out, elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_stretch_print(stretch, &text, err);
    if (status == ELC_OK)
        status = elc_strdup(text.data, out, err);
    elc_string_free(&text);
    return status;
}

elc_status elc_chips_cutter(const chips_job *job, elc_image *image, const char *name,
                            const elc_sight *sight, char **stretch, elc_cutter **out,
                            elc_error *err) {
    int n = (int)job->bands->count, bands[ELC_BANDS_MAX];
    elc_view_options seen = {
        .bands = bands, .step_x = sight->step_x, .step_y = sight->step_y};
    elc_cutter *cutter = NULL;
    if (!job->stretches && !(job->resolution.gsd_m > 0))
        return elc_cutter_create(image, job->band_numbers, n, job->chip, out, err);
    ELC_TRY(elc_chips_check_bytes(job, image, name, err));
    ELC_TRY(elc_cutter_seen_bands(image, job->band_numbers, n, bands, &seen.n, err));
    ELC_TRY(find_stretch(job, image, name, &seen, err));
    ELC_TRY(elc_cutter_create_seen(image, &seen, job->chip, &cutter, err));
    elc_status status =
        job->stretches ? tell_stretch(&seen.stretch, stretch, err) : ELC_OK;
    if (status == ELC_OK)
        *out = cutter;
    else
        elc_cutter_free(cutter);
    return status;
}
