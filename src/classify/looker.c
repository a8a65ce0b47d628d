/* looker.c - chips of images, seen by a network one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/classify.h>

#include <stdlib.h>

struct elc_looker {
    const elc_model_info *info;
    elc_inference *inference;
    uint8_t *pixels; /* of a chip */
    elc_view *view;  /* of the image; NULL: none */
};

elc_status elc_looker_check(const elc_model_info *info, elc_error *err) {
    if (info->channels == 0)
        return elc_fail(err, ELC_E_MODEL, "%s: takes no image", info->name);
    if (info->channels > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: %d input channels, at most %d are handled", info->name,
                        info->channels, ELC_BANDS_MAX);
    return ELC_OK;
}

void elc_looker_end(elc_looker *l) {
    elc_view_free(l->view);
    l->view = NULL;
}

void elc_looker_free(elc_looker *l) {
    if (l == NULL)
        return;
    elc_looker_end(l);
    elc_inference_free(l->inference);
    free(l->pixels);
    free(l);
}

static elc_status fill(elc_looker *l, elc_model *model, int64_t width, int64_t height,
                       elc_error *err) {
    l->info = elc_model_info_at(model);
    ELC_TRY(elc_inference_create(model, 1, width, height, &l->inference, err));
    return elc_alloc((size_t)width * (size_t)height, (size_t)l->info->channels,
                     &l->pixels, err);
}

elc_status elc_looker_create(elc_model *model, int64_t width, int64_t height,
                             elc_looker **out, elc_error *err) {
    elc_looker *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    elc_status status = fill(l, model, width, height, err);
    if (status != ELC_OK) {
        elc_looker_free(l);
        return status;
    }
    *out = l;
    return ELC_OK;
}

elc_status elc_looker_begin(elc_looker *l, elc_image *image,
                            const elc_view_options *seen, elc_error *err) {
    elc_looker_end(l);
    return elc_view_create(image, seen, &l->view, err);
}

/* What the network gave for the one chip; a batch that it has fixed repeats it. */
static elc_status first_of(const elc_looker *l, size_t output, elc_floats *out,
                           elc_error *err) {
    int64_t batch = elc_inference_batch(l->inference);
    ELC_TRY(elc_inference_floats(l->inference, output, out, err));
    if (out->rank > 0 && batch > 1 && out->dims[0] == batch) {
        out->dims[0] = 1;
        out->count /= (size_t)batch;
    }
    if (out->count > 0 && (out->rank == 0 || out->dims[0] == 1))
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL,
                    "%s: gives %lld rows of numbers for %lld chips, and one a chip is "
                    "needed; name another tensor",
                    l->info->name, (long long)(out->rank ? out->dims[0] : 0),
                    (long long)batch);
}

elc_status elc_looker_look(elc_looker *l, elc_window window, size_t output,
                           elc_floats *out, elc_error *err) {
    bool valid = true;
    ELC_TRY(elc_view_read(l->view, window, l->info->pad, l->pixels, &valid, err));
    *out = (elc_floats){0};
    if (!valid)
        return ELC_OK;
    elc_inference_put(l->inference, 0, l->pixels);
    ELC_TRY(elc_inference_run(l->inference, 1, err));
    return first_of(l, output, out, err);
}
