/* job.c - one use of evaluate: what its options mean, and its truth. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "operators/parts/labels.h"

#include <elcano/layer.h>

#include <fts.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static elc_score_rule rule_of(const elc_options *o) {
    const char *word = elc_options_text(o, "scorer");
    return strcmp(word, "voc") == 0     ? ELC_SCORE_VOC
           : strcmp(word, "xview") == 0 ? ELC_SCORE_XVIEW
                                        : ELC_SCORE_COCO;
}

static eval_shapes shapes_of(const elc_options *o) {
    const char *word = elc_options_text(o, "shapes");
    return word == NULL               ? EVAL_SHAPES_AUTO
           : strcmp(word, "box") == 0 ? EVAL_SHAPES_BOX
                                      : EVAL_SHAPES_POLYGON;
}

static void set_wish(const elc_call *call, eval_wish *w) {
    const elc_options *o = call->options;
    w->rule = rule_of(o);
    w->shapes = shapes_of(o);
    w->iou = elc_options_real(o, "iou");
    w->least = elc_options_has(o, "score") ? elc_options_real(o, "score") : NAN;
    w->most = (uint32_t)elc_options_int(o, "per_image");
    w->threads = elc_context_threads(call->context);
    w->chip = elc_options_int(o, "chip");
    w->overlap = w->chip > 0 ? elc_options_pixels(o, "overlap", w->chip) : 0;
    w->zones = elc_options_text(o, "zones");
    w->zone_name = elc_options_text(o, "zone_name");
    w->edge = elc_options_real(o, "edge");
    w->n_mistakes = (size_t)elc_options_int(o, "mistakes");
}

/* ---- checks --------------------------------------------------------------------- */

static elc_status check_truth(const elc_call *call, elc_error *err) {
    size_t n = call->inputs[1].n_paths;
    if (n == 1)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%zu paths of truth given: give one, a file or a folder", n);
}

static bool is_in_folder(const char *folder, const struct stat *file) {
    char *const top[] = {(char *)(uintptr_t)folder, NULL};
    FTS *walk = fts_open(top, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    bool found = false;
    for (FTSENT *e = NULL; walk != NULL && !found && (e = fts_read(walk)) != NULL;)
        found = e->fts_info == FTS_F && e->fts_statp->st_dev == file->st_dev &&
                e->fts_statp->st_ino == file->st_ino;
    if (walk != NULL)
        fts_close(walk);
    return found;
}

/* By whatever name. What lies in a folder that is read counts as read. */
static bool is_read(const char *name, const char *path) {
    struct stat read, file;
    if (name == NULL || stat(path, &file) != 0)
        return false;
    if (stat(name, &read) == 0 && S_ISDIR(read.st_mode))
        return is_in_folder(name, &file);
    return elc_layer_is_of_file(name, path);
}

static elc_status fail_read(const char *option, const char *path, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--%s %s: is read, so it cannot be replaced; give another name",
                    option, path);
}

/* What is read must not be what is replaced. */
static elc_status check_apart(const elc_call *call, const char *option,
                              const char *path, elc_error *err) {
    const elc_reference *found = &call->inputs[0];
    const char *const read[] = {found->n_paths > 0 ? found->paths[0] : NULL,
                                call->inputs[1].paths[0],
                                elc_options_text(call->options, "styles"),
                                elc_options_text(call->options, "zones")};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (is_read(read[i], path))
            return fail_read(option, path, err);
    return ELC_OK;
}

/* Images are known only once they are found. */
static elc_status check_apart_from_images(const eval_job *job, elc_error *err) {
    for (size_t i = 0; i < job->images.count; i++) {
        const char *image = job->images.items[i].path;
        if (elc_layer_is_of_file(image, job->report))
            return fail_read("report", job->report, err);
        if (elc_layer_is_of_file(image, job->json))
            return fail_read("json", job->json, err);
    }
    return ELC_OK;
}

static elc_status check_file(const elc_call *call, const char *option, const char *path,
                             elc_error *err) {
    if (path == NULL)
        return ELC_OK;
    ELC_TRY(check_apart(call, option, path, err));
    if (elc_options_bool(call->options, "overwrite") || access(path, F_OK) != 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_EXISTS,
                    "--%s %s: is there already; give another name, or allow to "
                    "overwrite (--overwrite)",
                    option, path);
}

static elc_status check_files(const elc_call *call, eval_job *job, elc_error *err) {
    job->report = elc_options_text(call->options, "report");
    job->json = elc_options_text(call->options, "json");
    if (job->report != NULL && job->json != NULL && strcmp(job->report, job->json) == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--report and --json %s: one file cannot be both", job->json);
    ELC_TRY(check_file(call, "report", job->report, err));
    return check_file(call, "json", job->json, err);
}

static elc_status check_options(const elc_options *o, const eval_job *job,
                                elc_error *err) {
    if (job->by_group && elc_options_text(o, "styles") == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--by group: nothing says which groups there are; give "
                        "--styles FILE");
    if (job->wish.chip > 0 && job->wish.overlap >= job->wish.chip)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--overlap %lld px: must be less than --chip %lld",
                        (long long)job->wish.overlap, (long long)job->wish.chip);
    if (job->wish.edge > 0 && elc_options_text(o, "images") == NULL)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--edge %g: where the edges are is not known; give the images by "
            "--images",
            job->wish.edge);
    if (job->wish.edge > 0 && job->wish.rule == ELC_SCORE_XVIEW)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--edge %g: xView's rules leave nothing aside; take another "
                        "--scorer",
                        job->wish.edge);
    if (elc_options_has(o, "zone_name") && job->wish.zones == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--zone-name: no zones are given: --zones LAYER");
    return ELC_OK;
}

/* ---- what is read --------------------------------------------------------------- */

/* A truth that is left out makes all that is found wrong. */
static elc_status tell_unknown(const elc_call *call, const elc_names *unknown,
                               bool has_images, elc_error *err) {
    if (unknown->count == 0)
        return ELC_OK;
    if (!has_images)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "truth: its boxes are shares of images, such as %s, whose sizes "
            "are not known: give the images by --images",
            unknown->items[0]);
    char more[40] = "";
    if (unknown->count > 1)
        snprintf(more, sizeof more, " and %zu more images", unknown->count - 1);
    elc_warn(
        call->context,
        "the truth of %s%s is left out: not among --images, so sizes are not known",
        unknown->items[0], more);
    return ELC_OK;
}

static elc_status read_truth(const elc_call *call, eval_job *job, elc_error *err) {
    const elc_reference *truth = &call->inputs[1];
    const char *images = elc_options_text(call->options, "images");
    size_t n = images != NULL ? 1 : 0;
    elc_names unknown = {0};
    elc_status status = elc_image_labels_read(
        truth->paths[0], elc_options_text(call->options, "truth_format"), &images, n,
        &job->labels, &unknown, err);
    if (status == ELC_OK)
        status = tell_unknown(call, &unknown, n > 0, err);
    elc_names_free(&unknown);
    ELC_TRY(status);
    elc_image_labels_tell(&job->labels, truth->paths[0], call->context);
    ELC_TRY(elc_eval_labels_on_map(&job->labels, &job->on_map, err));
    return n > 0 ? elc_images_find(&images, n, &job->images, err) : ELC_OK;
}

static elc_status fill(const elc_call *call, eval_job *job, elc_error *err) {
    const char *styles = elc_options_text(call->options, "styles");
    set_wish(call, &job->wish);
    job->by_group = strcmp(elc_options_text(call->options, "by"), "group") == 0;
    ELC_TRY(check_options(call->options, job, err));
    ELC_TRY(check_truth(call, err));
    ELC_TRY(check_files(call, job, err));
    if (styles != NULL)
        ELC_TRY(elc_styles_read(styles, &job->styles, err));
    ELC_TRY(read_truth(call, job, err));
    return check_apart_from_images(job, err);
}

elc_status elc_eval_prepare(const elc_call *call, void **out, elc_error *err) {
    eval_job *job = NULL;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    elc_status status = fill(call, job, err);
    if (status != ELC_OK) {
        elc_eval_release(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_eval_release(void *prepared) {
    eval_job *job = prepared;
    elc_labels_clear(&job->labels);
    elc_found_list_free(&job->images);
    elc_styles_clear(&job->styles);
    free(job);
}
