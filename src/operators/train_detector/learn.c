/* learn.c - from chips to a trained head. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mistakes of a first, shorter training are learnt from too. */
enum { FIRST_PART = 3 };
static const float MISTAKE = 0.1f;

typedef struct {
    train_job *job;
    elc_box_cells cells; /* of all chips, in their order */
    const elc_box_head *head;
    double background;
    size_t mistakes;
} lesson;

/* ---- cells ------------------------------------------------------------------------
 */

/* Cells are most of what is held; training takes little more. */
static elc_status check_memory(const lesson *l, elc_error *err) {
    const elc_context *context = l->job->call->context;
    if (elc_check_memory(context, NULL) == ELC_OK)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_MEMORY,
        "memory: %zu cells of %zu features do not fit into %zu MB "
        "(--memory); give fewer --cells, maps of fewer features by --tensor, or "
        "fewer images",
        l->job->most_cells, l->job->backbone.channels_all, context->memory / 1000000);
}

static elc_status collect_view(void *arg, const train_view *v, elc_error *err) {
    ELC_TRY(check_memory(arg, err));
    return elc_box_cells_add(&v->chip->cells, &v->features, &v->known, err);
}

static elc_status mistake_view(void *arg, const train_view *v, elc_error *err) {
    const lesson *l = arg;
    ELC_TRY(check_memory(l, err));
    return elc_box_head_mistakes(l->head, &v->features, &v->known, MISTAKE,
                                 &v->chip->cells, err);
}

/* The order of chips is the same whichever thread saw which. */
static elc_status join_chips(lesson *l, elc_error *err) {
    elc_status status = ELC_OK;
    for (size_t i = 0; i < l->job->n_chips; i++) {
        elc_box_cells *c = &l->job->chips[i].cells;
        if (status == ELC_OK)
            status = check_memory(l, err);
        if (status == ELC_OK)
            status = elc_box_cells_join(&l->cells, c, err);
        elc_box_cells_clear(c);
    }
    return status;
}

static int views_of(const train_job *job) {
    return TRAIN_TURNS + (int)elc_options_int(job->call->options, "warps");
}

/* So that about --cells are kept. */
static double background_of(const train_job *job) {
    double all = 0, cell = job->backbone.cell_px;
    for (size_t i = 0; i < job->n_images; i++)
        all += (double)job->images[i].grid.width * (double)job->images[i].grid.height;
    double share = (double)job->most_cells / (all / (cell * cell) * views_of(job));
    return fmin(1, fmax(share, 1e-6));
}

static elc_status collect(lesson *l, elc_error *err) {
    train_wish wish = {.learnt = true,
                       .left_out = true,
                       .views = views_of(l->job),
                       .background = l->background,
                       .unit = "chips"};
    ELC_TRY(elc_train_look(l->job, &wish, collect_view, l, err));
    return join_chips(l, err);
}

static elc_status add_mistakes(lesson *l, elc_error *err) {
    size_t before = l->cells.count;
    train_wish wish = {
        .learnt = true, .views = 1, .background = 1, .unit = "chips looked at again"};
    ELC_TRY(elc_train_look(l->job, &wish, mistake_view, l, err));
    ELC_TRY(join_chips(l, err));
    l->mistakes = l->cells.count - before;
    return ELC_OK;
}

/* ---- training ---------------------------------------------------------------------
 */

static elc_box_wish wish_of(const train_job *job) {
    const elc_options *o = job->call->options;
    int64_t hidden = elc_options_int(o, "hidden");
    double decay = elc_options_real(o, "decay");
    return (elc_box_wish){.hidden = hidden > 0 ? (size_t)hidden : SIZE_MAX,
                          .epochs = (size_t)elc_options_int(o, "epochs"),
                          .decay = decay > 0 ? decay : -1,
                          .seed = job->seed,
                          .left_out = -1,
                          .keep = elc_options_bool(o, "keep_best")};
}

/* Whether a stop may leave the head so far. */
static bool is_left(const lesson *l, const train_outcome *out, elc_status status) {
    return status == ELC_E_CANCELLED && out->head != NULL &&
           elc_options_bool(l->job->call->options, "keep_best");
}

/* A training that is stopped takes the place of a whole one only where what is left out
   says that it is better. */
static bool is_better(const elc_box_wish *wish, const elc_box_result *r,
                      const train_outcome *out) {
    return !r->stopped || out->head == NULL ||
           (wish->left_out >= 0 && r->loss < out->loss);
}

/* Trains a head that takes the place of the one so far. */
static elc_status train(const lesson *l, const elc_box_wish *wish, train_outcome *out,
                        elc_error *err) {
    elc_box_result r = {0};
    elc_status status = elc_box_train(&l->cells, wish, l->job->call->context, &r, err);
    out->stopped = r.stopped || is_left(l, out, status);
    if (status != ELC_OK)
        return out->stopped ? ELC_OK : status;
    if (!is_better(wish, &r, out)) {
        elc_box_head_free(r.head);
        return ELC_OK;
    }
    elc_box_head_free(out->head);
    out->head = r.head;
    out->epochs = r.epochs;
    out->loss = r.loss;
    return ELC_OK;
}

static elc_status learn_from_mistakes(lesson *l, const elc_box_wish *wish,
                                      train_outcome *out, elc_error *err) {
    elc_box_wish shorter = *wish;
    if (l->background >= 1)
        return ELC_OK;
    shorter.epochs = wish->epochs / FIRST_PART + 1;
    ELC_TRY(train(l, &shorter, out, err));
    if (out->stopped)
        return ELC_OK;
    l->head = out->head;
    elc_status status = add_mistakes(l, err);
    l->head = NULL;
    out->stopped = is_left(l, out, status);
    return out->stopped ? ELC_OK : status;
}

/* Each class needs the middle of an object among what is learnt from. */
static elc_status check_classes(const lesson *l, elc_error *err) {
    const elc_box_cells *c = &l->cells;
    for (size_t k = 0; k < c->classes; k++) {
        size_t i = 0;
        while (i < c->count &&
               (c->place[i] != 0 || c->heat[i * c->classes + k] < 0.999F))
            i++;
        if (i == c->count)
            return elc_fail(
                err, ELC_E_ARGUMENT,
                "class %s: no object of it can be learnt from, since all are "
                "difficult, crowds, or cut by the image's edge "
                "(--min-visible); label others",
                l->job->classes.items[k]);
    }
    return ELC_OK;
}

static bool leaves_out(const train_job *job) {
    for (size_t i = 0; i < job->n_chips; i++)
        if (job->chips[i].left_out)
            return true;
    return false;
}

static elc_status measure(const lesson *l, train_outcome *out, elc_error *err) {
    elc_status status = elc_train_measure(l->job, out->head, out->scores, err);
    out->measured = status == ELC_OK;
    out->stopped = is_left(l, out, status);
    return out->stopped ? ELC_OK : status;
}

/* Once to learn how long and how well, without what is left out; then on all of it. */
static elc_status train_twice(const lesson *l, elc_box_wish *wish, train_outcome *out,
                              elc_error *err) {
    wish->left_out = 1;
    wish->more = wish->epochs;
    ELC_TRY(train(l, wish, out, err));
    if (out->stopped)
        return ELC_OK;
    ELC_TRY(measure(l, out, err));
    if (out->stopped)
        return ELC_OK;
    wish->left_out = -1;
    wish->done = wish->epochs;
    wish->more = 0;
    wish->epochs = out->epochs;
    return train(l, wish, out, err);
}

static double logit(double p) {
    return log(p / (1 - p));
}

/* Each class's logits move so that the score of its best F1 becomes ALIGNED. */
static void align(const train_job *job, train_outcome *out) {
    for (size_t c = 0; c < job->classes.count && out->measured; c++) {
        double best = out->scores[c].score;
        if (!isfinite(best))
            continue;
        best = fmin(fmax(best, 0.1), 0.8);
        out->head->last_bias[c] -= (float)(logit(best) - logit(TRAIN_ALIGNED));
    }
}

/* ---- all --------------------------------------------------------------------------
 */

static elc_status count_objects(const train_job *job, train_outcome *out,
                                elc_error *err) {
    ELC_TRY(elc_alloc(job->classes.count, sizeof *out->scores, &out->scores, err));
    for (size_t c = 0; c < job->classes.count; c++)
        out->scores[c] = (train_score){0, 0, NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < job->n_images; i++)
        for (size_t k = 0; k < job->images[i].n_labels; k++) {
            const train_image *t = &job->images[i];
            bool left = elc_train_is_left_out(job, i, k);
            train_score *s = &out->scores[t->labels.class_ids[k]];
            s->left_out += left;
            s->learnt += !left;
        }
    return ELC_OK;
}

static elc_status learn(lesson *l, train_outcome *out, elc_error *err) {
    elc_box_wish wish = wish_of(l->job);
    bool leaves = leaves_out(l->job);
    ELC_TRY(count_objects(l->job, out, err));
    ELC_TRY(collect(l, err));
    ELC_TRY(check_classes(l, err));
    wish.left_out = leaves ? 1 : -1;
    ELC_TRY(learn_from_mistakes(l, &wish, out, err));
    out->cells = l->cells.count;
    out->mistakes = l->mistakes;
    if (out->stopped)
        return ELC_OK;
    ELC_TRY(leaves ? train_twice(l, &wish, out, err) : train(l, &wish, out, err));
    align(l->job, out);
    return ELC_OK;
}

elc_status elc_train_learn(train_job *job, train_outcome *out, elc_error *err) {
    lesson l = {.job = job, .background = background_of(job)};
    l.cells.classes = job->classes.count;
    elc_status status = learn(&l, out, err);
    elc_box_cells_clear(&l.cells);
    if (status != ELC_OK)
        elc_train_outcome_clear(out);
    return status;
}

void elc_train_outcome_clear(train_outcome *outcome) {
    elc_box_head_free(outcome->head);
    free(outcome->scores);
    *outcome = (train_outcome){0};
}
