/* images.c - images to learn from: how they are seen, their labels, what is left out.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdlib.h>
#include <string.h>

#include "operators/pixels/options.h"

/* Objects from which on some are left out, the share of them, and its most. */
enum { ENOUGH = 10 };
static const double SHARE = 0.18, MOST = 0.45;

/* ---- one image --------------------------------------------------------------------
 */

static elc_status see_image(train_job *job, train_image *t, elc_image *image,
                            const elc_scene *scene, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(image);
    elc_sight *s = &t->sight;
    s->width = info->width;
    s->height = info->height;
    ELC_TRY(elc_image_choose_bands(image, t->name, job->options.bands,
                                   job->info->channels, t->bands, err));
    ELC_TRY(elc_detect_steps(&job->options.resolution, image, scene, t->name,
                             &s->step_x, &s->step_y, NULL, err));
    ELC_TRY(elc_stretch_decide(image, t->bands, job->info->channels,
                               &job->options.stretch, &s->stretch, err));
    ELC_TRY(elc_detect_grid(job->info, &job->options,
                            elc_view_side(info->width, s->step_x),
                            elc_view_side(info->height, s->step_y), &t->grid, err));
    return elc_grid_check_count(&t->grid, t->name, err);
}

/* Labels on the map may lie anywhere; those in pixels that the image does not have are
   a mistake. */
static elc_status check_inside(const train_image *t, elc_error *err) {
    for (size_t i = 0; i < t->labels.all.count; i++) {
        double box[4];
        elc_label_box(&t->labels.all.items[i], box);
        if (box[0] > (double)t->grid.width || box[1] > (double)t->grid.height ||
            box[2] < 0 || box[3] < 0)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "labels: an object of class %s is outside of %s; are they "
                            "of other images, or of another resolution?",
                            t->labels.all.items[i].class_name, t->name);
    }
    return ELC_OK;
}

static bool meets(const train_image *t, const double box[4]) {
    return box[0] < (double)t->grid.width && box[1] < (double)t->grid.height &&
           box[2] > 0 && box[3] > 0;
}

/* Keeps those that share pixels with the image. */
static void drop_outside(train_image *t) {
    elc_labels *all = &t->labels.all;
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        double box[4];
        elc_label_box(&all->items[i], box);
        if (!meets(t, box)) {
            free(all->items[i].ring);
            continue;
        }
        t->labels.class_ids[kept] = t->labels.class_ids[i];
        t->labels.numbers[kept] = t->labels.numbers[i];
        all->items[kept++] = all->items[i];
    }
    all->count = kept;
}

static elc_status take_labels(train_job *job, train_image *t, const elc_place *place,
                              elc_error *err) {
    ELC_TRY(
        elc_chips_labels_of(&job->labels, t->name, place, &t->sight, &t->labels, err));
    bool on_map = job->labels.count > 0 && job->labels.items[0].on_map;
    if (!on_map)
        ELC_TRY(check_inside(t, err));
    drop_outside(t);
    t->n_labels = t->labels.all.count;
    return ELC_OK;
}

static elc_status open_image(train_job *job, train_image *t, elc_error *err) {
    elc_image *image = NULL;
    elc_scene scene = {0};
    ELC_TRY(elc_image_open(t->path, &image, err));
    elc_status status = elc_scenes_find(job->scenes, image, &scene, err);
    if (job->options.resolution.image_gsd_m > 0)
        scene.gsd_m = job->options.resolution.image_gsd_m;
    if (status == ELC_OK)
        status = see_image(job, t, image, &scene, err);
    if (status == ELC_OK)
        status = take_labels(job, t, &scene.place, err);
    elc_scene_clear(&scene);
    elc_image_free(image);
    return status;
}

/* ---- classes ----------------------------------------------------------------------
 */

/* Those that have an object in the images, in the labels' order. */
static elc_status number_classes(train_job *job, elc_error *err) {
    size_t n = job->labels.classes.count;
    int32_t *number;
    ELC_TRY(elc_alloc(n + 1, sizeof *number, &number, err));
    for (size_t i = 0; i < job->n_images; i++)
        for (size_t k = 0; k < job->images[i].labels.all.count; k++)
            number[job->images[i].labels.class_ids[k]] = 1;
    elc_status status = ELC_OK;
    for (size_t c = 0; c < n && status == ELC_OK; c++) {
        if (number[c] == 0) {
            elc_warn(job->call->context,
                     "class %s has no object in the images, and is left out",
                     job->labels.classes.items[c]);
            continue;
        }
        number[c] = (int32_t)job->classes.count;
        status = elc_names_add(&job->classes, job->labels.classes.items[c], err);
    }
    for (size_t i = 0; i < job->n_images; i++)
        for (size_t k = 0; k < job->images[i].labels.all.count; k++)
            job->images[i].labels.class_ids[k] =
                number[job->images[i].labels.class_ids[k]];
    free(number);
    return status;
}

/* ---- what is left out -------------------------------------------------------------
 */

/* Whether each class keeps an object to learn from. */
static bool all_learnt(const train_job *job) {
    for (size_t c = 0; c < job->classes.count; c++) {
        bool learnt = false;
        for (size_t i = 0; i < job->n_images && !learnt; i++) {
            const train_image *t = &job->images[i];
            for (size_t k = 0; k < t->n_labels; k++)
                learnt |= t->labels.class_ids[k] == (int32_t)c &&
                          !elc_train_is_left_out(job, i, k);
        }
        if (!learnt)
            return false;
    }
    return true;
}

/* The last images of the list, whole: a place, or a time, of their own. */
static bool leave_images(train_job *job, size_t total) {
    size_t left = 0;
    for (size_t i = job->n_images; i-- > 0 && (double)left < SHARE * (double)total;) {
        train_image *t = &job->images[i];
        if (t->n_labels == 0 || (double)(left + t->n_labels) > MOST * (double)total)
            continue;
        t->left_out = true;
        if (all_learnt(job))
            left += t->n_labels;
        else
            t->left_out = false;
    }
    return left > 0;
}

static int64_t middle_of(const train_image *t, int64_t chip) {
    elc_core core = elc_grid_core(&t->grid, chip);
    bool wide = t->grid.width >= t->grid.height;
    return (wide ? core.x0 + core.x1 : core.y0 + core.y1) / 4;
}

static int64_t owner_of(const train_image *t, size_t label) {
    double box[4];
    elc_label_box(&t->labels.all.items[label], box);
    return elc_grid_owner(&t->grid, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
}

static size_t labels_from(const train_image *t, int64_t first) {
    size_t n = 0;
    for (size_t i = 0; i < t->n_labels; i++)
        n += middle_of(t, owner_of(t, i)) >= first;
    return n;
}

/* The far end of the one image that has labels, along its longer side: so many columns
   of chips, or rows of them, as hold enough and not too much. */
static bool leave_end(train_image *t) {
    bool wide = t->grid.width >= t->grid.height;
    int64_t n = wide ? t->grid.cols : t->grid.rows, by = wide ? 1 : t->grid.cols;
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t first = middle_of(t, i * by);
        double share = (double)labels_from(t, first) / (double)t->n_labels;
        if (share > MOST)
            return false;
        if (share >= SHARE) {
            t->first_out = first;
            return true;
        }
    }
    return false;
}

static elc_status leave_out(train_job *job, elc_error *err) {
    size_t total = 0, with = 0, one = 0;
    for (size_t i = 0; i < job->n_images; i++) {
        job->images[i].first_out = INT64_MAX;
        total += job->images[i].n_labels;
        with += job->images[i].n_labels > 0;
        one = job->images[i].n_labels > 0 ? i : one;
    }
    if (total == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "labels: none of the %zu objects is in the images; are both of "
                        "the same place, or do the labels name other files?",
                        job->labels.count);
    if (!elc_options_bool(job->call->options, "hold_out"))
        return ELC_OK;
    if (total >= ENOUGH && with > 1 && leave_images(job, total))
        return ELC_OK;
    if (total >= ENOUGH && with == 1 && leave_end(&job->images[one])) {
        if (all_learnt(job))
            return ELC_OK;
        job->images[one].first_out = INT64_MAX;
    }
    elc_warn(job->call->context,
             "%zu object%s: too few, or too near to each other, to leave some out, so "
             "that nothing tells how good the result is; it is trained for all of "
             "--epochs",
             total, total == 1 ? "" : "s");
    return ELC_OK;
}

/* ---- chips ------------------------------------------------------------------------
 */

static bool is_out(const train_image *t, int64_t index) {
    return t->left_out || middle_of(t, index) >= t->first_out;
}

bool elc_train_is_left_out(const train_job *job, size_t image, size_t label) {
    const train_image *t = &job->images[image];
    return is_out(t, owner_of(t, label));
}

static elc_status list_chips(train_job *job, elc_error *err) {
    size_t capacity = 0;
    for (size_t i = 0; i < job->n_images; i++) {
        const train_image *t = &job->images[i];
        int64_t n = elc_grid_count(&t->grid);
        for (int64_t c = 0; c < n; c++) {
            ELC_TRY(elc_reserve(&job->chips, &capacity, job->n_chips + 1,
                                sizeof *job->chips, err));
            job->chips[job->n_chips++] =
                (train_chip){.image = i, .index = c, .left_out = is_out(t, c)};
        }
    }
    return ELC_OK;
}

elc_status elc_train_find_images(train_job *job, elc_error *err) {
    ELC_TRY(elc_alloc(job->found.count, sizeof *job->images, &job->images, err));
    for (size_t i = 0; i < job->found.count; i++) {
        train_image *t = &job->images[i];
        t->path = job->found.items[i].path;
        t->name = job->found.items[i].name;
        job->n_images = i + 1;
        ELC_TRY(elc_check_cancel(job->call->context, err));
        ELC_TRY(open_image(job, t, err));
    }
    ELC_TRY(number_classes(job, err));
    ELC_TRY(leave_out(job, err));
    ELC_TRY(list_chips(job, err));
    for (size_t i = 0; i < job->n_chips; i++)
        job->chips[i].cells.classes = job->classes.count;
    return ELC_OK;
}
