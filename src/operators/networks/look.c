/* look.c - chips of images, seen by a network one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <elcano/classify.h>

#include <stdlib.h>

/* A part's. */
typedef struct looking {
    const network_job *job;
    elc_looker *looker;
    void *room; /* of the reading */
} looking;

static void end_image(void *state) {
    looking *l = state;
    if (l->looker != NULL)
        elc_looker_end(l->looker);
}

static void free_looking(void *state) {
    looking *l = state;
    elc_looker_free(l->looker);
    free(l->room);
    free(l);
}

static elc_status start(const chips_job *chips, void **state, elc_error *err) {
    looking *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->job = (const network_job *)chips; /* its first member */
    elc_status status = elc_looker_create(l->job->model, chips->chip,
                                          chips->chip_height, &l->looker, err);
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
    if (chips->memo == NULL) /* chips, each for itself */
        return elc_stretch_decide(image, seen->bands, seen->n, &chips->stretch,
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
    ELC_TRY(elc_looker_begin(l->looker, image, &seen, err));
    return tell_stretch(&seen.stretch, stretch, err);
}

static elc_status look(void *state, elc_window window, size_t *rows, elc_error *err) {
    looking *l = state;
    const network_reading *reading = l->job->reading;
    elc_floats floats;
    ELC_TRY(elc_looker_look(l->looker, window, reading->output, &floats, err));
    return floats.count > 0 ? reading->read(l->job, &floats, &l->room, rows, err)
                            : ELC_OK;
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
