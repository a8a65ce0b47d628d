/* look.c - chips of images, seen by a network one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>
#include <string.h>

/* A part's. */
typedef struct looking {
    const network_job *job;
    elc_inference *inference;
    uint8_t *pixels; /* of a chip */
    elc_view *view;  /* of the image */
    void *room;      /* of the reading */
} looking;

static void end_image(void *state) {
    looking *l = state;
    elc_view_free(l->view);
    l->view = NULL;
}

static void free_looking(void *state) {
    looking *l = state;
    end_image(l);
    elc_inference_free(l->inference);
    free(l->pixels);
    free(l->room);
    free(l);
}

static elc_status fill(looking *l, elc_error *err) {
    const network_job *job = l->job;
    int64_t width = job->chips.chip, height = job->chips.chip_height;
    ELC_TRY(elc_inference_create(job->model, 1, width, height, &l->inference, err));
    return elc_alloc((size_t)width * (size_t)height, (size_t)job->info->channels,
                     &l->pixels, err);
}

static elc_status start(const chips_job *chips, void **state, elc_error *err) {
    looking *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->job = (const network_job *)chips; /* its first member */
    elc_status status = fill(l, err);
    if (status != ELC_OK) {
        free_looking(l);
        return status;
    }
    *state = l;
    return ELC_OK;
}

/* The same in every part of an image. */
static elc_status find_stretch(const chips_job *chips, elc_image *image,
                               const char *name, elc_view_options *seen,
                               elc_error *err) {
    const elc_stretches *recorded = &chips->recorded;
    if (recorded->count > 0)
        return elc_stretch_recall(recorded->items, recorded->count, name, seen->n,
                                  &seen->stretch, err);
    return elc_stretch_memo_decide(chips->memo, image, seen->bands, seen->n,
                                   &chips->stretch, &seen->stretch, err);
}

static elc_status tell_stretch(const elc_stretch *stretch, char **out, elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_stretch_print(stretch, &text, err);
    if (status == ELC_OK)
        status = elc_strdup(text.data, out, err);
    elc_string_free(&text);
    return status;
}

static elc_status open_image(void *state, elc_image *image, const char *name,
                             const elc_sight *sight, char **stretch, elc_error *err) {
    looking *l = state;
    int bands[ELC_BANDS_MAX];
    elc_view_options seen = {.bands = bands,
                             .n = l->job->info->channels,
                             .step_x = sight->step_x,
                             .step_y = sight->step_y};
    ELC_TRY(elc_image_choose_bands(image, name, l->job->bands, seen.n, bands, err));
    ELC_TRY(find_stretch(&l->job->chips, image, name, &seen, err));
    ELC_TRY(elc_view_create(image, &seen, &l->view, err));
    return tell_stretch(&seen.stretch, stretch, err);
}

/* What the network gave for the one chip; a batch that it has fixed repeats it. */
static elc_status first_of(const looking *l, elc_floats *out, elc_error *err) {
    int64_t batch = elc_inference_batch(l->inference);
    ELC_TRY(elc_inference_floats(l->inference, l->job->reading->output, out, err));
    if (out->rank > 0 && batch > 1 && out->dims[0] == batch) {
        out->dims[0] = 1;
        out->count /= (size_t)batch;
    }
    if (out->count > 0 && (out->rank == 0 || out->dims[0] == 1))
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL,
                    "%s: gives %lld rows of numbers for %lld chips, and one a chip is "
                    "needed; name another tensor",
                    l->job->info->name, (long long)(out->rank ? out->dims[0] : 0),
                    (long long)batch);
}

static elc_status look(void *state, elc_window window, size_t *rows, elc_error *err) {
    looking *l = state;
    bool valid = true;
    elc_floats floats = {0};
    ELC_TRY(elc_view_read(l->view, window, l->job->info->pad, l->pixels, &valid, err));
    if (!valid)
        return ELC_OK;
    elc_inference_put(l->inference, 0, l->pixels);
    ELC_TRY(elc_inference_run(l->inference, 1, err));
    ELC_TRY(first_of(l, &floats, err));
    return l->job->reading->read(l->job, &floats, &l->room, rows, err);
}

static elc_status set(void *state, size_t i, elc_batch *batch, elc_error *err) {
    looking *l = state;
    return l->job->reading->set(l->job, l->room, i, batch, err);
}

const chips_use elc_network_use = {.start = start,
                                   .free = free_looking,
                                   .image = open_image,
                                   .end = end_image,
                                   .look = look,
                                   .set = set};
