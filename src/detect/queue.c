/* queue.c - images under way: opened in order, cut into chips, and put together again.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Objects that may wait for the consumer before workers do. */
enum { MAX_WAITING = 1 << 12 };

/* ---- opening -------------------------------------------------------------------- */

static elc_status choose_bands(elc_detector *d, live_image *l, elc_error *err) {
    if (d->info->channels > (int)(sizeof l->bands / sizeof l->bands[0]))
        return elc_fail(err, ELC_E_MODEL,
                        "%s: %d input channels, at most 16 are handled", d->info->name,
                        d->info->channels);
    l->n_bands = d->info->channels;
    return elc_image_choose_bands(l->image, d->images[l->report.image].name,
                                  d->options.bands, l->n_bands, l->bands, err);
}

static elc_status find_scene(elc_detector *d, live_image *l, elc_error *err) {
    ELC_TRY(elc_scenes_find(d->scenes, l->image, &l->scene, err));
    if (d->options.resolution.image_gsd_m > 0)
        l->scene.gsd_m = d->options.resolution.image_gsd_m;
    l->report.scene = &l->scene;
    if (!d->options.area || l->scene.place.kind == ELC_PLACE_NONE)
        return ELC_OK;
    return elc_place_locator(&l->scene.place, &l->locator, err);
}

static elc_status prepare_area(elc_detector *d, live_image *l, elc_error *err) {
    if (!d->options.area)
        return ELC_OK;
    if (!l->locator)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no georeference, so the area cannot be found in it; "
                        "leave --area out",
                        d->images[l->report.image].name);
    return elc_transform_create(NULL, d->options.area_crs, &l->to_area, err);
}

static elc_status find_steps(elc_detector *d, live_image *l, elc_error *err) {
    const elc_detect_image *spec = &d->images[l->report.image];
    elc_sight *sight = &l->report.sight;
    sight->width = l->report.info->width;
    sight->height = l->report.info->height;
    sight->step_x = spec->step_x;
    sight->step_y = spec->step_y;
    if (spec->step_x > 0 && spec->step_y > 0)
        return ELC_OK;
    return elc_detect_steps(&d->options.resolution, l->image, &l->scene, spec->name,
                            &sight->step_x, &sight->step_y, NULL, err);
}

static elc_status create_view(const live_image *l, elc_image *image, elc_view **out,
                              elc_error *err) {
    const elc_sight *sight = &l->report.sight;
    elc_view_options o = {.bands = l->bands,
                          .n = l->n_bands,
                          .stretch = sight->stretch,
                          .step_x = sight->step_x,
                          .step_y = sight->step_y};
    return elc_view_create(image, &o, out, err);
}

/* The same in every part of an image. */
static elc_status find_stretch(elc_detector *d, live_image *l, elc_error *err) {
    const elc_detect_options *o = &d->options;
    elc_stretch *out = &l->report.sight.stretch;
    if (o->n_recorded > 0)
        return elc_stretch_recall(o->recorded, o->n_recorded,
                                  d->images[l->report.image].name, l->n_bands, out,
                                  err);
    if (o->memo)
        return elc_stretch_memo_decide(o->memo, l->image, l->bands, l->n_bands,
                                       &o->stretch, out, err);
    return elc_stretch_decide(l->image, l->bands, l->n_bands, &o->stretch, out, err);
}

static elc_status open_view(elc_detector *d, live_image *l, elc_error *err) {
    ELC_TRY(choose_bands(d, l, err));
    ELC_TRY(find_scene(d, l, err));
    ELC_TRY(find_steps(d, l, err));
    ELC_TRY(elc_sight_crop(&l->report.sight, d->options.crop,
                           d->images[l->report.image].name, err));
    ELC_TRY(find_stretch(d, l, err));
    ELC_TRY(create_view(l, l->image, &l->view, err));
    ELC_TRY(elc_detect_grid(d->info, &d->options, elc_view_width(l->view),
                            elc_view_height(l->view), &l->report.grid, err));
    return elc_grid_check_count(&l->report.grid, d->images[l->report.image].name, err);
}

static elc_status open_live(elc_detector *d, live_image *l, elc_error *err) {
    const elc_detect_image *spec = &d->images[l->report.image];
    ELC_TRY(elc_image_open(spec->path, &l->image, err));
    l->report.info = elc_image_info_at(l->image);
    ELC_TRY(open_view(d, l, err));
    int64_t chips = elc_grid_count(&l->report.grid);
    l->first = l->next_chip = spec->first;
    l->end = spec->end < 0 ? chips : spec->end;
    ELC_TRY(elc_merger_create(&l->report.grid, l->first, l->end, &l->merger, err));
    ELC_TRY(
        elc_alloc((size_t)(l->end - l->first), sizeof *l->was_run, &l->was_run, err));
    l->report.first = l->first;
    l->report.end = l->end;
    l->report.was_run = l->was_run;
    ELC_TRY(prepare_area(d, l, err));
    int64_t rows = l->report.grid.chip_height + 2 * d->reach;
    if (elc_view_wants_strips(l->view, rows))
        ELC_TRY(elc_view_strip(l->view, rows, d->info->pad, &l->strip, err));
    l->settled = l->first == l->end;
    return ELC_OK;
}

static void handle_free(handle *h) {
    elc_view_free(h->view);
    elc_image_free(h->image);
}

void elc_live_image_free(live_image *l) {
    if (!l)
        return;
    for (size_t i = 0; i < l->n_idle; i++)
        handle_free(&l->idle[i]);
    free(l->idle);
    for (size_t i = 0; i < l->n_ready; i++)
        elc_detection_clear(&l->ready[i]);
    free(l->ready);
    elc_strip_free(l->strip);
    elc_view_free(l->view);
    elc_image_free(l->image);
    elc_scene_clear(&l->scene);
    elc_locator_free(l->locator);
    elc_transform_free(l->to_area);
    elc_merger_free(l->merger);
    pthread_mutex_destroy(&l->merge_lock);
    free(l->was_run);
    free(l->error);
    free(l->strip_error);
    free(l);
}

/* An image that cannot be read: ends the run, or stands as a report with its reason. Of
   its parts the one with the first chip warns of it. */
static void image_failed(elc_detector *d, live_image *l, const elc_error *why) {
    const elc_detect_image *spec = &d->images[l->report.image];
    l->next_chip = l->end = l->first;
    l->settled = true;
    if (spec->end > spec->first)
        d->chips_total -= (uint64_t)(spec->end - spec->first);
    l->error = strdup(why->message);
    l->report.error = l->error;
    if (d->options.on_error == ELC_ON_ERROR_FAIL || !l->error)
        elc_queue_fail(d, why);
    else if (d->options.on_error == ELC_ON_ERROR_SKIP && spec->first == 0)
        elc_warn(d->context, "%s", why->message);
}

/* Opens the next image; called with the lock, which is let go meanwhile. */
static void open_next(elc_detector *d) {
    elc_error err = {0};
    live_image *l = NULL;
    if (elc_alloc(1, sizeof *l, &l, &err) != ELC_OK) {
        elc_queue_fail(d, &err);
        return;
    }
    pthread_mutex_init(&l->merge_lock, NULL);
    l->strip_row = -1;
    l->report.image = d->next_image++;
    d->opening = true;
    pthread_mutex_unlock(&d->lock);
    elc_status status = open_live(d, l, &err);
    pthread_mutex_lock(&d->lock);
    d->opening = false;
    if (status != ELC_OK)
        image_failed(d, l, &err);
    if (d->back)
        d->back->next = l;
    else
        d->front = l;
    d->back = l;
    d->n_live++;
    pthread_cond_broadcast(&d->changed);
}

/* ---- strips --------------------------------------------------------------------- */

static int64_t row_of(const live_image *l, int64_t chip) {
    return chip / l->report.grid.cols;
}

elc_window elc_queue_window(const elc_detector *d, elc_window chip) {
    return (elc_window){chip.x - d->reach, chip.y - d->reach, chip.width + 2 * d->reach,
                        chip.height + 2 * d->reach};
}

/* Reads the row of chips that comes next; called with the lock, let go meanwhile. */
static void fill_strip(elc_detector *d, live_image *l) {
    elc_error err = {0};
    elc_window w = elc_window_common(
        elc_queue_window(d, elc_grid_window(&l->report.grid, l->next_chip)),
        (elc_window){0, 0, l->report.grid.width, l->report.grid.height});
    d->filling = true;
    pthread_mutex_unlock(&d->lock);
    elc_status status = elc_strip_fill(l->strip, w.y, w.height, &err);
    pthread_mutex_lock(&d->lock);
    d->filling = false;
    free(l->strip_error);
    l->strip_error = status == ELC_OK ? NULL : strdup(err.message);
    l->strip_status = status;
    l->strip_row = row_of(l, l->next_chip);
    pthread_cond_broadcast(&d->changed);
}

/* ---- outside ------------------------------------------------------------------------
 */

/* Of the crop, or of the area. */
static bool outside(elc_detector *d, live_image *l, int64_t chip) {
    const elc_area_way way = {d->options.area, d->options.area_crs, l->to_area};
    const elc_image_report *r = &l->report;
    elc_error err = {0};
    bool is_outside = false;
    if (elc_sight_outside(&r->sight, &r->grid, chip, &way, l->locator, &is_outside,
                          &err) != ELC_OK)
        elc_queue_fail(d, &err);
    return is_outside;
}

/* ---- handing out -------------------------------------------------------------------
 */

/* The image whose chips are being handed out, or NULL. */
static live_image *current(elc_detector *d) {
    return d->back && d->back->next_chip < d->back->end ? d->back : NULL;
}

/* Chips outside of the crop or area are through without being read. Called with the
   lock, which is let go meanwhile. */
static bool passed_over(elc_detector *d, live_image *l, elc_window w) {
    if (!outside(d, l, l->next_chip))
        return false;
    chip_job job = {l, l->next_chip++, w};
    pthread_mutex_unlock(&d->lock);
    elc_queue_done(d, &job, CHIP_SKIPPED, NULL, 0, NULL);
    pthread_mutex_lock(&d->lock);
    return true;
}

/* True when the strip holds the chip's row, or may now be filled with it. */
static bool strip_ready(elc_detector *d, live_image *l) {
    while (!d->stop && l->strip_row != row_of(l, l->next_chip)) {
        if (l->cutting > 0 || d->filling)
            return false;
        fill_strip(d, l);
    }
    return true;
}

/* One step towards a chip: READY, NONE, or WAIT when only others can go on. */
static next_chip try_next(elc_detector *d, chip_job *job) {
    for (;;) {
        if (d->stop)
            return CHIP_NONE;
        if (d->waiting > MAX_WAITING || d->opening || d->filling)
            return CHIP_WAIT;
        live_image *l = current(d);
        if (!l) {
            if (d->next_image == d->n_images)
                return CHIP_NONE;
            if (d->n_live > 2 * (size_t)d->n_workers)
                return CHIP_WAIT;
            open_next(d);
            continue;
        }
        elc_window window = elc_grid_window(&l->report.grid, l->next_chip);
        if (passed_over(d, l, window))
            continue;
        if (l->strip && !strip_ready(d, l))
            return CHIP_WAIT;
        if (d->stop || (l->strip && l->strip_row != row_of(l, l->next_chip)))
            continue;
        *job = (chip_job){l, l->next_chip++, window};
        l->cutting += l->strip != NULL;
        return CHIP_READY;
    }
}

next_chip elc_queue_next(elc_detector *d, bool wait, chip_job *job) {
    elc_error err = {0};
    if (elc_check_cancel(d->context, &err) != ELC_OK)
        elc_queue_fail_unlocked(d, &err);
    pthread_mutex_lock(&d->lock);
    next_chip found = try_next(d, job);
    while (found == CHIP_WAIT && wait) {
        pthread_cond_wait(&d->changed, &d->lock);
        found = try_next(d, job);
    }
    pthread_mutex_unlock(&d->lock);
    return found;
}

/* ---- reading ----------------------------------------------------------------------
 */

static elc_status read_strip(elc_detector *d, live_image *l, elc_window window,
                             uint8_t *pixels, bool *valid, elc_error *err) {
    elc_status status = l->strip_status;
    if (status != ELC_OK)
        elc_fail(err, status, "%s", l->strip_error ? l->strip_error : "out of memory");
    else
        status = elc_strip_cut(l->strip, window, d->info->pad, pixels, valid, err);
    pthread_mutex_lock(&d->lock);
    if (--l->cutting == 0) {
        if (l->next_chip == l->end) {
            elc_strip_free(l->strip);
            l->strip = NULL;
        }
        pthread_cond_broadcast(&d->changed);
    }
    pthread_mutex_unlock(&d->lock);
    return status;
}

static elc_status handle_open(elc_detector *d, const live_image *l, handle *out,
                              elc_error *err) {
    handle h = {0};
    ELC_TRY(elc_image_open(d->images[l->report.image].path, &h.image, err));
    elc_status status = create_view(l, h.image, &h.view, err);
    if (status == ELC_OK)
        *out = h;
    else
        handle_free(&h);
    return status;
}

/* A handle of the worker's own: an idle one, or a new one. */
static elc_status borrow(elc_detector *d, live_image *l, handle *out, elc_error *err) {
    pthread_mutex_lock(&d->lock);
    bool idle = l->n_idle > 0;
    if (idle)
        *out = l->idle[--l->n_idle];
    pthread_mutex_unlock(&d->lock);
    return idle ? ELC_OK : handle_open(d, l, out, err);
}

static elc_status give_back(elc_detector *d, live_image *l, handle *h, elc_error *err) {
    pthread_mutex_lock(&d->lock);
    elc_status status =
        elc_reserve(&l->idle, &l->idle_capacity, l->n_idle + 1, sizeof *l->idle, err);
    if (status == ELC_OK)
        l->idle[l->n_idle++] = *h;
    pthread_mutex_unlock(&d->lock);
    if (status != ELC_OK)
        handle_free(h);
    return status;
}

elc_status elc_queue_read(elc_detector *d, live_image *l, elc_window window,
                          uint8_t *pixels, bool *valid, elc_error *err) {
    if (l->strip)
        return read_strip(d, l, window, pixels, valid, err);
    handle h = {0};
    ELC_TRY(borrow(d, l, &h, err));
    elc_status status = elc_view_read(h.view, window, d->info->pad, pixels, valid, err);
    elc_status kept = give_back(d, l, &h, err);
    return status == ELC_OK ? kept : status;
}

/* ---- taking back -------------------------------------------------------------------
 */

static elc_status merge_chip(live_image *l, const chip_job *job, chip_result result,
                             const elc_box *boxes, size_t n, const char *why,
                             elc_error *err) {
    if (result == CHIP_FAILED)
        return elc_merger_add_failed(l->merger, job->chip, why, err);
    return elc_merger_add(l->merger, job->chip, boxes, n, err);
}

/* Moves what the merger settled to where the consumer finds it. With both locks. */
static elc_status hand_over(elc_detector *d, live_image *l, elc_error *err) {
    elc_detection *items = NULL;
    size_t n = 0;
    elc_merger_take(l->merger, &items, &n);
    elc_status status = elc_reserve(&l->ready, &l->ready_capacity, l->n_ready + n,
                                    sizeof *l->ready, err);
    for (size_t i = 0; i < n; i++) {
        if (status != ELC_OK) {
            elc_detection_clear(&items[i]);
            continue;
        }
        l->ready[l->n_ready++] = items[i];
        d->totals.too_long += items[i].too_long && !items[i].open;
        d->found += !items[i].error;
    }
    d->waiting += status == ELC_OK ? n : 0;
    free(items);
    return status;
}

/* Those of a chip that are the image's, not its padding. */
static uint64_t pixels_of(const live_image *l, elc_window chip) {
    const elc_grid *g = &l->report.grid;
    elc_window w = elc_window_common(chip, (elc_window){0, 0, g->width, g->height});
    return (uint64_t)w.width * (uint64_t)w.height;
}

static void count_chip(elc_detector *d, live_image *l, int64_t chip, elc_window window,
                       chip_result result) {
    int64_t *counts[] = {&l->report.run, &l->report.skipped, &l->report.failed};
    int64_t *totals[] = {&d->totals.run, &d->totals.skipped, &d->totals.failed};
    ++*counts[result];
    ++*totals[result];
    l->was_run[chip - l->first] = result == CHIP_RUN;
    d->pixels += result == CHIP_RUN ? pixels_of(l, window) : 0;
    d->chips_done++;
    if (++l->done == l->end - l->first)
        l->settled = true;
}

/* True when a failed chip ends the run: by the user's choice, or since nothing after it
   can go well. */
static bool is_fatal(const elc_detector *d, const elc_error *why) {
    return d->options.on_error == ELC_ON_ERROR_FAIL || why->status == ELC_E_CANCELLED ||
           why->status == ELC_E_MEMORY;
}

void elc_queue_done(elc_detector *d, const chip_job *job, chip_result result,
                    const elc_box *boxes, size_t n, const elc_error *why) {
    live_image *l = job->image;
    elc_error err = {0};
    if (result == CHIP_FAILED && is_fatal(d, why)) {
        elc_queue_fail_unlocked(d, why);
        return;
    }
    bool record = d->options.on_error == ELC_ON_ERROR_RECORD;
    if (result == CHIP_FAILED && !record)
        elc_warn(d->context, "%s", why->message);
    pthread_mutex_lock(&l->merge_lock);
    elc_status status =
        merge_chip(l, job, result, boxes, n, why && record ? why->message : NULL, &err);
    pthread_mutex_lock(&d->lock);
    if (status == ELC_OK)
        status = hand_over(d, l, &err);
    if (status != ELC_OK)
        elc_queue_fail(d, &err);
    count_chip(d, l, job->chip, job->window, result);
    elc_progress now = {.unit = "chips",
                        .done = d->chips_done,
                        .total = d->chips_total,
                        .found = d->found,
                        .skipped = (uint64_t)d->totals.skipped,
                        .pixels = d->pixels,
                        .network_s = d->network_s};
    elc_report(d->context, &now);
    pthread_cond_broadcast(&d->changed);
    /* This one first: once the other is free, the consumer may free the image. */
    pthread_mutex_unlock(&l->merge_lock);
    pthread_mutex_unlock(&d->lock);
}

void elc_queue_fail(elc_detector *d, const elc_error *why) {
    if (d->failure.status == ELC_OK)
        d->failure = *why;
    d->stop = true;
    pthread_cond_broadcast(&d->changed);
}

void elc_queue_fail_unlocked(elc_detector *d, const elc_error *why) {
    pthread_mutex_lock(&d->lock);
    elc_queue_fail(d, why);
    pthread_mutex_unlock(&d->lock);
}
