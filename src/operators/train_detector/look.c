/* look.c - goes over chips on threads: pixels in any direction, features, what is
 * there.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* Of so few chips all are seen in every way. */
enum { FEW_CHIPS = 200 };

typedef struct {
    train_job *job;
    const train_wish *wish;
    train_see see;
    void *arg;
    size_t *list; /* chips to look at */
    size_t n;
    pthread_mutex_t lock; /* of what follows */
    size_t next, done;
    bool stop;
} looker;

/* One thread's own. */
typedef struct {
    looker *all;
    elc_inference *inference;
    size_t image; /* the one that is open, or SIZE_MAX */
    elc_image *open;
    elc_view *view;
    uint8_t *pixels, *turned, *warped;
    train_warp warp; /* of the view in hand, if `warps` */
    bool warps;
    elc_box_truth *truth, *blind, *truth_moved, *blind_moved;
    size_t n_truth, n_blind, truth_capacity, blind_capacity;
    size_t truth_moved_capacity, blind_moved_capacity;
    double inside[4];
} worker;

/* ---- what is there ----------------------------------------------------------------
 */

static elc_status add_box(elc_box_truth **items, size_t *n, size_t *capacity,
                          elc_box_truth box, elc_error *err) {
    ELC_TRY(elc_reserve(items, capacity, *n + 1, sizeof **items, err));
    (*items)[(*n)++] = box;
    return ELC_OK;
}

/* What is seen too little of, what is hard to tell, and crowds have no verdict. */
static elc_status sort_label(worker *w, const train_image *image,
                             const elc_cut_label *cut, elc_error *err) {
    const train_job *job = w->all->job;
    const elc_label *label = &image->labels.all.items[cut->label];
    elc_box_truth box = {cut->xmin, cut->ymin, cut->xmax, cut->ymax,
                         (uint32_t)image->labels.class_ids[cut->label]};
    bool known = cut->visible >= job->least_seen && !label->difficult &&
                 !label->crowd && box.xmax > box.xmin && box.ymax > box.ymin;
    return known ? add_box(&w->truth, &w->n_truth, &w->truth_capacity, box, err)
                 : add_box(&w->blind, &w->n_blind, &w->blind_capacity, box, err);
}

static elc_status add_edges(worker *w, const train_image *image, elc_window at,
                            elc_error *err) {
    double edge = w->all->job->edge_px, x = (double)at.x, y = (double)at.y;
    double right = (double)image->grid.width - x;
    double bottom = (double)image->grid.height - y;
    const elc_box_truth strips[] = {{-x, -y, edge - x, bottom, 0},
                                    {right - edge, -y, right, bottom, 0},
                                    {-x, -y, right, edge - y, 0},
                                    {-x, bottom - edge, right, bottom, 0}};
    for (size_t i = 0; edge > 0 && i < 4; i++)
        ELC_TRY(add_box(&w->blind, &w->n_blind, &w->blind_capacity, strips[i], err));
    return ELC_OK;
}

static elc_status find_known(worker *w, const train_image *image, const train_chip *c,
                             elc_window at, elc_error *err) {
    elc_cut_label *cut = NULL;
    size_t n = 0;
    elc_core core = elc_grid_core(&image->grid, c->index);
    w->n_truth = w->n_blind = 0;
    w->inside[0] = (double)core.x0 / 2 - (double)at.x;
    w->inside[1] = (double)core.y0 / 2 - (double)at.y;
    w->inside[2] = (double)core.x1 / 2 - (double)at.x;
    w->inside[3] = (double)core.y1 / 2 - (double)at.y;
    ELC_TRY(elc_chips_labels_cut(&image->labels, at, 0, &cut, &n, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = sort_label(w, image, &cut[i], err);
    elc_cut_labels_free(cut, n);
    return status == ELC_OK ? add_edges(w, image, at, err) : status;
}

/* Turns and warps a box of the chip. */
static void move_box(const worker *w, int turn, double box[4]) {
    const elc_detect_options *o = &w->all->job->options;
    double width = (double)o->chip_width, height = (double)o->chip_height;
    elc_train_turn_box(turn, width, height, box);
    if (w->warps)
        elc_train_warp_box(&w->warp, width, height, box);
}

/* Cuts a box to the chip; false where too little of it is seen. */
static bool cut_box(const worker *w, double box[4]) {
    const elc_detect_options *o = &w->all->job->options;
    double whole = (box[2] - box[0]) * (box[3] - box[1]);
    const double side[2] = {(double)o->chip_width, (double)o->chip_height};
    for (int k = 0; k < 4; k++)
        box[k] = fmin(fmax(box[k], 0), side[k % 2]);
    double seen = (box[2] - box[0]) * (box[3] - box[1]);
    return seen > 0 && seen >= w->all->job->least_seen * whole;
}

/* What a warp moves out of the chip is no longer known. */
static elc_status move_boxes(worker *w, int turn, elc_box_known *out, elc_error *err) {
    size_t most = w->n_truth + w->n_blind, n = 0, blind = 0;
    ELC_TRY(elc_reserve(&w->truth_moved, &w->truth_moved_capacity, most,
                        sizeof *w->truth_moved, err));
    ELC_TRY(elc_reserve(&w->blind_moved, &w->blind_moved_capacity, most,
                        sizeof *w->blind_moved, err));
    for (size_t i = 0; i < most; i++) {
        bool known = i < w->n_truth;
        const elc_box_truth *b = known ? &w->truth[i] : &w->blind[i - w->n_truth];
        double box[4] = {b->xmin, b->ymin, b->xmax, b->ymax};
        move_box(w, turn, box);
        known = known && (!w->warps || cut_box(w, box));
        elc_box_truth moved = {box[0], box[1], box[2], box[3], b->class_id};
        if (known)
            w->truth_moved[n++] = moved;
        else
            w->blind_moved[blind++] = moved;
    }
    *out = (elc_box_known){.truth = w->truth_moved,
                           .n_truth = n,
                           .blind = w->blind_moved,
                           .n_blind = blind};
    return ELC_OK;
}

static elc_status move_known(worker *w, int turn, elc_box_known *out, elc_error *err) {
    ELC_TRY(move_boxes(w, turn, out, err));
    for (int k = 0; k < 4; k++)
        out->inside[k] = w->inside[k];
    move_box(w, turn, out->inside);
    return ELC_OK;
}

/* ---- pixels and features ----------------------------------------------------------
 */

static elc_status open_image(worker *w, size_t index, elc_error *err) {
    const train_image *image = &w->all->job->images[index];
    if (w->image == index)
        return ELC_OK;
    elc_view_free(w->view);
    elc_image_free(w->open);
    w->view = NULL;
    w->open = NULL;
    w->image = SIZE_MAX;
    elc_view_options o = {.bands = image->bands,
                          .n = w->all->job->info->channels,
                          .stretch = image->sight.stretch,
                          .step_x = image->sight.step_x,
                          .step_y = image->sight.step_y};
    ELC_TRY(elc_image_open(image->path, &w->open, err));
    ELC_TRY(elc_view_create(w->open, &o, &w->view, err));
    w->image = index;
    return ELC_OK;
}

/* A map of the run; its floats are borrowed until the next one. */
static elc_status take_map(worker *w, size_t i, elc_box_map *out, elc_error *err) {
    const train_backbone *b = &w->all->job->backbone;
    const elc_detect_options *o = &w->all->job->options;
    elc_floats v;
    ELC_TRY(elc_inference_floats(w->inference, i, &v, err));
    size_t cells = (size_t)(o->chip_width / (int64_t)b->cell_px) / b->shrink[i] *
                   ((size_t)(o->chip_height / (int64_t)b->cell_px) / b->shrink[i]);
    if (v.count != cells * b->channels[i])
        return elc_fail(err, ELC_E_MODEL,
                        "%s: tensor %s has %zu numbers for a chip, and %zu were "
                        "expected",
                        w->all->job->info->name, b->tensors.items[i], v.count,
                        cells * b->channels[i]);
    *out = (elc_box_map){v.data, b->channels[i], b->shrink[i]};
    return ELC_OK;
}

static elc_status run_chip(worker *w, int turn, elc_box_map *maps, elc_error *err) {
    const train_job *job = w->all->job;
    size_t width = (size_t)job->options.chip_width;
    size_t height = (size_t)job->options.chip_height;
    size_t n = (size_t)job->info->channels;
    elc_train_turn_pixels(turn, width, height, n, w->pixels, w->turned);
    if (w->warps)
        elc_train_warp_pixels(&w->warp, width, height, n, job->info->pad, w->turned,
                              w->warped);
    elc_inference_put(w->inference, 0, w->warps ? w->warped : w->turned);
    ELC_TRY(elc_inference_run(w->inference, 1, err));
    for (size_t i = 0; i < job->backbone.n_maps; i++) {
        ELC_TRY(take_map(w, i, &maps[i], err));
    }
    return ELC_OK;
}

/* Of a view; the same whichever thread has it. */
static uint64_t seed_of(const train_job *job, const train_chip *chip, int number) {
    uint64_t view = (uint64_t)(chip - job->chips) * 1024 + (uint64_t)number;
    return job->seed ^ ((view + 1) * 0x9E3779B97F4A7C15u);
}

static elc_status see_view(worker *w, train_chip *chip, elc_window at, int number,
                           elc_error *err) {
    looker *all = w->all;
    const train_job *job = all->job;
    const train_backbone *b = &job->backbone;
    elc_box_map maps[TRAIN_MAPS_MAX];
    train_view view = {.chip = chip, .window = at, .number = number};
    bool square = job->options.chip_width == job->options.chip_height;
    uint64_t seed = seed_of(job, chip, number);
    w->warps = number >= TRAIN_TURNS;
    if (w->warps)
        elc_train_warp_choose(seed, (size_t)job->info->channels, &w->warp);
    int turn = w->warps ? w->warp.turn : number;
    if (!square && turn % 2 != 0)
        return ELC_OK;
    ELC_TRY(run_chip(w, turn, maps, err));
    ELC_TRY(move_known(w, turn, &view.known, err));
    view.features =
        (elc_box_chip){.maps = maps,
                       .n_maps = b->n_maps,
                       .rows = (size_t)(job->options.chip_height / (int64_t)b->cell_px),
                       .cols = (size_t)(job->options.chip_width / (int64_t)b->cell_px),
                       .cell_px = b->cell_px};
    view.known.background = all->wish->background;
    view.known.seed = seed;
    view.known.place = chip->left_out;
    return all->see(all->arg, &view, err);
}

/* Where no object is, one view is enough. */
static elc_status see_chip(worker *w, train_chip *chip, elc_error *err) {
    const train_job *job = w->all->job;
    const train_image *image = &job->images[chip->image];
    bool valid = true;
    elc_window at = elc_grid_window(&image->grid, chip->index);
    ELC_TRY(open_image(w, chip->image, err));
    ELC_TRY(elc_view_read(w->view, at, job->info->pad, w->pixels, &valid, err));
    ELC_TRY(find_known(w, image, chip, at, err));
    int views = w->n_truth > 0 || job->n_chips < FEW_CHIPS ? w->all->wish->views : 1;
    for (int number = 0; valid && number < views; number++)
        ELC_TRY(see_view(w, chip, at, number, err));
    return ELC_OK;
}

/* ---- threads ----------------------------------------------------------------------
 */

static void worker_clear(worker *w) {
    elc_inference_free(w->inference);
    elc_view_free(w->view);
    elc_image_free(w->open);
    free(w->pixels);
    free(w->turned);
    free(w->warped);
    free(w->truth);
    free(w->blind);
    free(w->truth_moved);
    free(w->blind_moved);
}

static elc_status worker_open(worker *w, elc_error *err) {
    const train_job *job = w->all->job;
    const train_backbone *b = &job->backbone;
    int64_t width = job->options.chip_width, height = job->options.chip_height;
    size_t pixels = (size_t)width * (size_t)height;
    size_t bytes = (size_t)job->info->channels;
    ELC_TRY(elc_inference_create(b->model, 1, width, height, &w->inference, err));
    ELC_TRY(elc_alloc(pixels, bytes, &w->pixels, err));
    ELC_TRY(elc_alloc(pixels, bytes, &w->turned, err));
    ELC_TRY(elc_alloc(pixels, bytes, &w->warped, err));
    return ELC_OK;
}

/* The next chip, or SIZE_MAX. */
static size_t next_chip(looker *l) {
    pthread_mutex_lock(&l->lock);
    size_t at = l->stop || l->next == l->n ? SIZE_MAX : l->next++;
    if (at != SIZE_MAX) {
        elc_progress now = {.unit = l->wish->unit, .done = l->done, .total = l->n};
        elc_report(l->job->call->context, &now);
    }
    pthread_mutex_unlock(&l->lock);
    return at == SIZE_MAX ? at : l->list[at];
}

static void chip_done(looker *l, elc_status status) {
    pthread_mutex_lock(&l->lock);
    l->done++;
    l->stop |= status != ELC_OK;
    pthread_mutex_unlock(&l->lock);
}

static elc_status work(void *arg, int index, elc_error *err) {
    worker w = {.all = arg, .image = SIZE_MAX};
    size_t at;
    (void)index;
    elc_status status = worker_open(&w, err);
    while (status == ELC_OK && (at = next_chip(w.all)) != SIZE_MAX) {
        status = elc_check_cancel(w.all->job->call->context, err);
        if (status == ELC_OK)
            status = see_chip(&w, &w.all->job->chips[at], err);
        chip_done(w.all, status);
    }
    worker_clear(&w);
    return status;
}

elc_status elc_train_look(train_job *job, const train_wish *wish, train_see see,
                          void *arg, elc_error *err) {
    looker l = {.job = job, .wish = wish, .see = see, .arg = arg};
    ELC_TRY(elc_alloc(job->n_chips, sizeof *l.list, &l.list, err));
    for (size_t i = 0; i < job->n_chips; i++)
        if (job->chips[i].left_out ? wish->left_out : wish->learnt)
            l.list[l.n++] = i;
    pthread_mutex_init(&l.lock, NULL);
    int threads = elc_context_threads(job->call->context);
    elc_status status = elc_threads_run(threads, work, &l, err);
    pthread_mutex_destroy(&l.lock);
    free(l.list);
    return status;
}
