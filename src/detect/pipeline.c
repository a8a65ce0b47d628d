/* pipeline.c - starts and stops the workers, and gives their objects in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include <stdlib.h>
#include <time.h>

elc_status elc_detect_grid(const elc_model_info *model,
                           const elc_detect_options *options, int64_t width,
                           int64_t height, elc_grid *out, elc_error *err) {
    int64_t chip_width = options->chip_width ? options->chip_width : model->chip_width;
    int64_t chip_height =
        options->chip_height ? options->chip_height : model->chip_height;
    return elc_grid_create(width, height, chip_width, chip_height, options->overlap_x,
                           options->overlap_y, model->stride, options->exact_step, out,
                           err);
}

/* ---- starting and stopping
 * ----------------------------------------------------------- */

static elc_status start_worker(elc_detector *d, int index, elc_error *err) {
    d->args[index] = (worker_arg){d, index};
    ELC_TRY(elc_inference_create(d->model, d->options.batch, d->options.chip_width,
                                 d->options.chip_height, &d->inferences[index], err));
    if (pthread_create(&d->workers[index], NULL, elc_worker_main, &d->args[index]) != 0)
        return elc_fail(err, ELC_E_MEMORY, "thread %d of %d cannot be started",
                        index + 1, d->n_workers);
    d->started++;
    return ELC_OK;
}

static elc_status prepare(elc_detector *d, elc_error *err) {
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    pthread_cond_init(&d->may_run, NULL);
    size_t n = (size_t)d->n_workers;
    if (d->options.blur != 0)
        ELC_TRY(elc_blur_reach(d->options.blur, &d->reach, err));
    d->scenes = d->options.scenes;
    if (!d->scenes)
        ELC_TRY(elc_scenes_create(&d->options.heights, &d->scenes, err));
    ELC_TRY(elc_alloc(n, sizeof *d->workers, &d->workers, err));
    ELC_TRY(elc_alloc(n, sizeof *d->args, &d->args, err));
    return elc_alloc(n, sizeof(elc_inference *), &d->inferences, err);
}

static void count_chips(elc_detector *d) {
    for (size_t i = 0; i < d->n_images; i++)
        if (d->images[i].end > d->images[i].first)
            d->chips_total += (uint64_t)(d->images[i].end - d->images[i].first);
    d->totals.images = (int64_t)d->n_images;
}

/* One more than threads where images come over a network, so that a worker that waits
   for one leaves no processor idle. With local images it would push what the others
   work on out of the caches, a tenth of the time. */
static int count_workers(const elc_detector *d) {
    for (size_t i = 0; i < d->n_images; i++)
        if (!elc_path_is_local(d->images[i].path))
            return d->threads + 1;
    return d->threads;
}

elc_status elc_detector_create(elc_model *model, const elc_detect_options *options,
                               const elc_detect_image *images, size_t n,
                               const elc_context *context, elc_detector **out,
                               elc_error *err) {
    elc_detector *d = NULL;
    ELC_TRY(elc_alloc(1, sizeof *d, &d, err));
    d->model = model;
    d->info = elc_model_info_at(model);
    d->options = *options;
    if (!d->options.chip_width)
        d->options.chip_width = d->info->chip_width;
    if (!d->options.chip_height)
        d->options.chip_height = d->info->chip_height;
    d->images = images;
    d->n_images = n;
    d->context = context;
    d->threads = elc_context_threads(context);
    d->n_workers = count_workers(d);
    count_chips(d);
    elc_status status = prepare(d, err);
    for (int i = 0; i < d->n_workers && status == ELC_OK; i++)
        status = start_worker(d, i, err);
    if (status == ELC_OK)
        *out = d;
    else
        elc_detector_free(d);
    return status;
}

static void stop(elc_detector *d) {
    pthread_mutex_lock(&d->lock);
    d->stop = true;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    for (int i = 0; i < d->started; i++)
        elc_inference_stop(d->inferences[i]);
    for (int i = 0; i < d->started; i++)
        pthread_join(d->workers[i], NULL);
    d->started = 0;
}

static void free_objects(elc_detector *d) {
    for (size_t i = 0; i < d->n_objects; i++)
        elc_detection_clear(&d->objects[i]);
    free(d->objects);
    d->objects = NULL;
    d->n_objects = 0;
}

void elc_detector_free(elc_detector *d) {
    if (!d)
        return;
    stop(d);
    free_objects(d);
    elc_live_image_free(d->shown);
    while (d->front) {
        live_image *l = d->front;
        d->front = l->next;
        elc_live_image_free(l);
    }
    for (int i = 0; d->inferences && i < d->n_workers; i++)
        elc_inference_free(d->inferences[i]);
    pthread_cond_destroy(&d->may_run);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
    if (d->scenes != d->options.scenes)
        elc_scenes_free(d->scenes);
    free(d->inferences);
    free(d->workers);
    free(d->args);
    free(d);
}

/* ---- events
 * ----------------------------------------------------------------------------- */

/* Waits for a change, at most a fifth of a second, so that a cancel set by a signal
   handler is seen. */
static void wait_a_little(elc_detector *d) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 200000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&d->changed, &d->lock, &until);
}

/* Makes the event that is due, if one is. With the lock. */
static bool event_due(elc_detector *d, elc_detect_event *event) {
    live_image *l = d->front;
    if (!l) {
        event->kind = ELC_DETECT_END;
        return d->next_image == d->n_images && !d->opening;
    }
    event->report = l->report;
    if (l->n_ready > 0) {
        event->kind = ELC_DETECT_OBJECTS;
        event->objects = d->objects = l->ready;
        event->n_objects = d->n_objects = l->n_ready;
        d->waiting -= l->n_ready;
        l->ready = NULL;
        l->n_ready = l->ready_capacity = 0;
        return true;
    }
    if (!l->settled)
        return false;
    event->kind = ELC_DETECT_IMAGE;
    d->shown = l;
    d->front = l->next;
    if (d->back == l)
        d->back = NULL;
    d->n_live--;
    return true;
}

/* Network runs under way end early once the caller has cancelled. */
static void check_cancel(elc_detector *d) {
    elc_error err = {0};
    if (elc_check_cancel(d->context, &err) == ELC_OK)
        return;
    elc_queue_fail(d, &err);
    for (int i = 0; i < d->started; i++)
        elc_inference_stop(d->inferences[i]);
}

elc_status elc_detector_next(elc_detector *d, elc_detect_event *event, elc_error *err) {
    free_objects(d);
    elc_live_image_free(d->shown);
    d->shown = NULL;
    *event = (elc_detect_event){0};
    pthread_mutex_lock(&d->lock);
    check_cancel(d);
    while (d->failure.status == ELC_OK && !event_due(d, event)) {
        wait_a_little(d);
        check_cancel(d);
    }
    elc_status status = d->failure.status;
    if (status != ELC_OK)
        elc_fail(err, status, "%s", d->failure.message);
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return status;
}

void elc_detector_totals(const elc_detector *d, elc_detect_totals *out) {
    *out = d->totals;
}
