/* samples.c - a chip for each label of the images, or for each image of a class's
 * folder.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "operators/chips/labels.h"
#include "operators/parts/labels.h"

typedef struct listing {
    train_job *job;
    const elc_labels *labels; /* NULL: folders are classes */
    bool *lies;               /* of each label: its middle is in one of the images */
    elc_image *image;
    elc_scene scene;
    elc_locator *locator; /* NULL: the image has no place */
    elc_sight sight;
    size_t index;
} listing;

/* ---- a sample -----------------------------------------------------------------------
 */

/* The middle of a label's box, in pixels that are seen. */
static elc_point middle_of(const elc_label *label) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < label->n; i++) {
        low[0] = fmin(low[0], label->ring[i].x);
        low[1] = fmin(low[1], label->ring[i].y);
        high[0] = fmax(high[0], label->ring[i].x);
        high[1] = fmax(high[1], label->ring[i].y);
    }
    return (elc_point){(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
}

static bool is_inside(const listing *l, elc_point at) {
    double width = (double)l->sight.width / l->sight.step_x;
    double height = (double)l->sight.height / l->sight.step_y;
    return at.x >= 0 && at.y >= 0 && at.x < width && at.y < height;
}

static elc_status add(listing *l, elc_point at, int32_t class_id, elc_error *err) {
    train_job *job = l->job;
    elc_point lonlat = {at.x * l->sight.step_x, at.y * l->sight.step_y};
    if (l->locator == NULL || elc_locator_lonlat(l->locator, &lonlat, 1) > 0)
        lonlat = (elc_point){NAN, NAN};
    ELC_TRY(elc_reserve(&job->samples, &job->capacity, job->n + 1, sizeof *job->samples,
                        err));
    job->samples[job->n++] = (train_sample){
        .image = l->index,
        .x = (int64_t)floor(at.x - (double)job->chip_width / 2 + 0.5),
        .y = (int64_t)floor(at.y - (double)job->chip_height / 2 + 0.5),
        .class_id = class_id,
        .lonlat = lonlat,
    };
    return ELC_OK;
}

/* ---- an image -----------------------------------------------------------------------
 */

/* What lies elsewhere may lie in another image. */
static elc_status add_label(listing *l, const chips_labels *found, size_t i,
                            elc_error *err) {
    elc_point at = middle_of(&found->all.items[i]);
    if (found->all.items[i].crowd || !is_inside(l, at))
        return ELC_OK;
    l->lies[found->numbers[i]] = true;
    return add(l, at, found->class_ids[i], err);
}

static elc_status add_labels(listing *l, elc_error *err) {
    chips_labels found = {0};
    elc_status status =
        elc_chips_labels_of(l->labels, l->job->found.items[l->index].name,
                            &l->scene.place, &l->sight, &found, err);
    for (size_t i = 0; status == ELC_OK && i < found.all.count; i++)
        status = add_label(l, &found, i, err);
    elc_chips_labels_clear(&found);
    return status;
}

/* "roof/a/1.png": of class "roof". */
static elc_status add_whole(listing *l, elc_error *err) {
    const char *name = l->job->found.items[l->index].name, *slash = strchr(name, '/');
    elc_names *classes = &l->job->classes;
    elc_string text = {0};
    if (slash == NULL || slash == name)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: lies in no folder that is named after its class; give "
                        "--labels, or put images into a folder for each class",
                        name);
    ELC_TRY(elc_string_append(&text, name, (size_t)(slash - name), err));
    size_t id = elc_names_find(classes, text.data);
    elc_status status = ELC_OK;
    if (id == SIZE_MAX) {
        id = classes->count;
        status = elc_names_add(classes, text.data, err);
    }
    elc_string_free(&text);
    ELC_TRY(status);
    l->job->n_labels++;
    return add(l,
               (elc_point){(double)l->sight.width / l->sight.step_x / 2,
                           (double)l->sight.height / l->sight.step_y / 2},
               (int32_t)id, err);
}

static elc_status see(listing *l, elc_error *err) {
    train_job *job = l->job;
    const elc_found *found = &job->found.items[l->index];
    train_image *image = &job->images[l->index];
    const elc_image_info *info = elc_image_info_at(l->image);
    ELC_TRY(elc_scenes_place_or_all(job->scenes, l->image, job->resolution.gsd_m > 0,
                                    &l->scene, err));
    ELC_TRY(elc_detect_steps(&job->resolution, l->image, &l->scene, found->name,
                             &image->step_x, &image->step_y, NULL, err));
    l->sight = (elc_sight){.width = info->width,
                           .height = info->height,
                           .step_x = image->step_x,
                           .step_y = image->step_y};
    if (l->scene.place.kind != ELC_PLACE_NONE)
        ELC_TRY(elc_place_locator(&l->scene.place, &l->locator, err));
    return l->labels != NULL ? add_labels(l, err) : add_whole(l, err);
}

static elc_status list_image(train_job *job, const elc_labels *labels, bool *lies,
                             size_t index, elc_error *err) {
    listing l = {.job = job, .labels = labels, .lies = lies, .index = index};
    job->images[index].first = job->n;
    ELC_TRY(elc_image_open(job->found.items[index].path, &l.image, err));
    elc_status status = see(&l, err);
    job->images[index].end = job->n;
    elc_locator_free(l.locator);
    elc_scene_clear(&l.scene);
    elc_image_free(l.image);
    return status;
}

static elc_status list_images(train_job *job, const elc_labels *labels, bool *lies,
                              elc_error *err) {
    elc_progress progress = {.unit = "images", .total = job->found.count};
    ELC_TRY(elc_alloc(job->found.count, sizeof *job->images, &job->images, err));
    for (size_t i = 0; i < job->found.count; i++) {
        ELC_TRY(elc_check_cancel(job->context, err));
        ELC_TRY(list_image(job, labels, lies, i, err));
        progress.done = i + 1;
        elc_report(job->context, &progress);
    }
    return ELC_OK;
}

/* ---- classes ------------------------------------------------------------------------
 */

/* Those without a label are left out, and the others move up. */
static elc_status drop_empty(train_job *job, elc_error *err) {
    elc_names kept = {0};
    int32_t *to;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(job->classes.count, sizeof *to, &to, err));
    ELC_TRY(elc_alloc(job->classes.count, sizeof *job->class_counts, &job->class_counts,
                      err));
    for (size_t i = 0; i < job->n; i++)
        to[job->samples[i].class_id]++;
    for (size_t k = 0; k < job->classes.count && status == ELC_OK; k++) {
        uint64_t count = (uint64_t)to[k];
        to[k] = (int32_t)kept.count;
        if (count > 0) {
            job->class_counts[kept.count] = count;
            status = elc_names_add(&kept, job->classes.items[k], err);
        } else {
            elc_warn(job->context,
                     "class %s has no label in the images; it is left out",
                     job->classes.items[k]);
        }
    }
    for (size_t i = 0; i < job->n; i++)
        job->samples[i].class_id = to[job->samples[i].class_id];
    free(to);
    elc_names_free(&job->classes);
    job->classes = kept;
    return status;
}

static elc_status check(const train_job *job, elc_error *err) {
    const char *labels = elc_options_text(job->options, "labels");
    const char *images = elc_options_text(job->options, "images");
    if (job->n == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: none of its %llu labels lies in the images of %s",
                        labels != NULL ? labels : images,
                        (unsigned long long)job->n_labels, images);
    if (job->classes.count < 2)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: all labels in the images are of one class, %s, so that "
                        "there is nothing to tell apart; label something else, too",
                        labels != NULL ? labels : images, job->classes.items[0]);
    if (job->n_outside > 0)
        elc_warn(
            job->context, "%llu label%s no image that holds %s middle, and %s left out",
            (unsigned long long)job->n_outside, job->n_outside == 1 ? " has" : "s have",
            job->n_outside == 1 ? "its" : "their", job->n_outside == 1 ? "is" : "are");
    return ELC_OK;
}

static void count_outside(train_job *job, const elc_labels *labels, const bool *lies) {
    for (size_t i = 0; i < labels->count; i++)
        job->n_outside += !lies[i] && !labels->items[i].crowd;
}

static elc_status list_labelled(train_job *job, const char *path, elc_error *err) {
    const char *images = elc_options_text(job->options, "images");
    elc_labels labels = {0};
    bool *lies = NULL;
    ELC_TRY(elc_image_labels_read(path, elc_options_text(job->options, "label_format"),
                                  &images, 1, &labels, NULL, err));
    elc_image_labels_tell(&labels, path, job->context);
    elc_status status = ELC_OK;
    job->n_labels = labels.count;
    for (size_t k = 0; k < labels.classes.count && status == ELC_OK; k++)
        status = elc_names_add(&job->classes, labels.classes.items[k], err);
    if (status == ELC_OK)
        status = elc_image_labels_settle(&labels, &job->found, err);
    if (status == ELC_OK)
        status = elc_alloc(labels.count, sizeof *lies, &lies, err);
    if (status == ELC_OK)
        status = list_images(job, &labels, lies, err);
    if (status == ELC_OK)
        count_outside(job, &labels, lies);
    free(lies);
    elc_labels_clear(&labels);
    return status;
}

elc_status elc_classes_list(train_job *job, elc_error *err) {
    const char *labels = elc_options_text(job->options, "labels");
    if (labels != NULL)
        ELC_TRY(list_labelled(job, labels, err));
    else
        ELC_TRY(list_images(job, NULL, NULL, err));
    if (job->n > 0)
        ELC_TRY(drop_empty(job, err));
    return check(job, err);
}
