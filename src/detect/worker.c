/* worker.c - one thread of the pipeline: reads chips, runs them, gives boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"

#include <stdlib.h>

typedef struct worker {
    elc_detector *d;
    elc_inference *inference;
    chip_reader reader;
    chip_job *jobs; /* one a slot of the batch */
    int64_t n_jobs, batch;
    elc_box_list boxes;
} worker;

/* At most `threads` workers are inside the network; the others read. */
static void enter_network(elc_detector *d) {
    pthread_mutex_lock(&d->lock);
    while (d->running == d->threads)
        pthread_cond_wait(&d->may_run, &d->lock);
    d->running++;
    pthread_mutex_unlock(&d->lock);
}

/* Leaves out what has not the score that its class needs. */
static void drop_low(const elc_detect_options *o, elc_box_list *boxes) {
    size_t kept = 0;
    for (size_t i = 0; o->least && i < boxes->count; i++) {
        const elc_box *b = &boxes->items[i];
        bool known = b->class_id >= 0 && (size_t)b->class_id < o->n_least;
        if (b->score >= (known ? o->least[b->class_id] : o->least_rest))
            boxes->items[kept++] = *b;
    }
    if (o->least)
        boxes->count = kept;
}

static void leave_network(elc_detector *d, double seconds) {
    pthread_mutex_lock(&d->lock);
    d->running--;
    d->network_s += seconds;
    pthread_cond_signal(&d->may_run);
    pthread_mutex_unlock(&d->lock);
}

static void keep_classes(const elc_detector *d, elc_box_list *boxes) {
    size_t kept = 0;
    for (size_t i = 0; d->options.keep && i < boxes->count; i++) {
        size_t id = (size_t)boxes->items[i].class_id;
        if (id < d->options.n_keep && d->options.keep[id])
            boxes->items[kept++] = boxes->items[i];
    }
    if (d->options.keep)
        boxes->count = kept;
}

/* Moves boxes to where they are in the full image; they end where less of it is shown.
   Masks of which nothing is shown are left out and added to `*flat`. */
static void place_boxes(const chip_job *job, elc_box_list *boxes, uint64_t *flat) {
    elc_window window = job->window, shown = job->image->report.sight.shown;
    size_t kept = 0;
    shown.x -= window.x;
    shown.y -= window.y;
    for (size_t i = 0; i < boxes->count; i++) {
        elc_box box = boxes->items[i];
        elc_box_clip(&box, shown);
        elc_box_move(&box, window.x, window.y);
        if (box.mask && box.mask->n == 0)
            elc_box_clear(&box);
        else
            boxes->items[kept++] = box;
    }
    *flat += boxes->count - kept;
    boxes->count = kept;
}

static void clear_boxes(elc_box_list *boxes) {
    for (size_t i = 0; i < boxes->count; i++)
        elc_box_clear(&boxes->items[i]);
    boxes->count = 0;
}

static elc_status find_boxes(worker *w, int64_t slot, elc_error *err) {
    elc_detector *d = w->d;
    uint64_t flat = 0;
    bool capped = false;
    ELC_TRY(elc_inference_boxes(w->inference, slot, (float)d->options.score, &w->boxes,
                                &flat, &capped, err));
    drop_low(&d->options, &w->boxes);
    if (d->info->needs_nms)
        ELC_TRY(elc_nms(w->boxes.items, &w->boxes.count, d->options.iou,
                        d->options.across_classes, err));
    keep_classes(d, &w->boxes);
    ELC_TRY(elc_inference_masks(w->inference, slot, &w->boxes, &flat, err));
    place_boxes(&w->jobs[slot], &w->boxes, &flat);
    if (flat || capped) {
        pthread_mutex_lock(&d->lock);
        d->totals.flat_boxes += (int64_t)flat;
        d->totals.capped += capped;
        pthread_mutex_unlock(&d->lock);
    }
    return ELC_OK;
}

static void name_chip(const elc_detector *d, const chip_job *job, elc_error *err) {
    elc_error inner = *err;
    elc_window w = elc_sight_window(&job->image->report.sight, job->window);
    elc_fail(err, inner.status, "%s: chip %lld (x %lld, y %lld): %s",
             d->images[job->image->report.image].name, (long long)job->chip,
             (long long)w.x, (long long)w.y, inner.message);
}

static void chip_failed(worker *w, const chip_job *job, elc_error *err) {
    if (err->status != ELC_E_CANCELLED)
        name_chip(w->d, job, err);
    elc_queue_done(w->d, job, CHIP_FAILED, NULL, 0, err);
}

/* Runs the chips put in so far. */
static void run_batch(worker *w) {
    if (w->n_jobs == 0)
        return;
    elc_error err = {0};
    enter_network(w->d);
    double began = elc_clock();
    elc_status status = elc_inference_run(w->inference, w->n_jobs, &err);
    leave_network(w->d, elc_clock() - began);
    for (int64_t i = 0; i < w->n_jobs; i++) {
        elc_error why = err;
        elc_status chip = status;
        if (chip == ELC_OK)
            chip = find_boxes(w, i, &why);
        if (chip == ELC_OK)
            elc_queue_done(w->d, &w->jobs[i], CHIP_RUN, w->boxes.items, w->boxes.count,
                           NULL);
        else
            chip_failed(w, &w->jobs[i], &why);
        clear_boxes(&w->boxes);
    }
    w->n_jobs = 0;
}

static void read_chip(worker *w, const chip_job *job) {
    elc_error err = {0};
    bool valid = true;
    const uint8_t *pixels = NULL;
    if (elc_chip_read(w->d, &w->reader, job, &pixels, &valid, &err) != ELC_OK) {
        chip_failed(w, job, &err);
    } else if (!valid) {
        elc_queue_done(w->d, job, CHIP_SKIPPED, NULL, 0, NULL);
    } else {
        elc_inference_put(w->inference, w->n_jobs, pixels);
        w->jobs[w->n_jobs++] = *job;
    }
}

static elc_status worker_start(worker *w, const worker_arg *arg, elc_error *err) {
    elc_detector *d = arg->detector;
    w->d = d;
    w->inference = d->inferences[arg->index];
    w->batch = elc_inference_batch(w->inference);
    ELC_TRY(elc_chip_reader_open(d, &w->reader, err));
    return elc_alloc((size_t)w->batch, sizeof *w->jobs, &w->jobs, err);
}

/* A worker with chips in its batch never waits: others may wait for those. */
static void work(worker *w) {
    for (;;) {
        chip_job job;
        next_chip found = elc_queue_next(w->d, w->n_jobs == 0, &job);
        if (found == CHIP_READY)
            read_chip(w, &job);
        if (found != CHIP_READY || w->n_jobs == w->batch)
            run_batch(w);
        if (found == CHIP_NONE)
            return;
    }
}

void *elc_worker_main(void *arg) {
    worker w = {0};
    elc_error err = {0};
    elc_detector *d = ((const worker_arg *)arg)->detector;
    if (worker_start(&w, arg, &err) == ELC_OK)
        work(&w);
    else
        elc_queue_fail_unlocked(d, &err);
    elc_chip_reader_clear(&w.reader);
    free(w.jobs);
    free(w.boxes.items);
    pthread_mutex_lock(&d->lock);
    d->finished++;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return NULL;
}
