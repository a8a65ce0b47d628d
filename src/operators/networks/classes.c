/* classes.c - the surest classes of a chip. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

#include <stdlib.h>
#include <string.h>

enum { RANK, CLASS, CLASS_ID, SCORE };

static const elc_column columns[] = {
    [RANK] = {"rank", ELC_INT32, NULL, "1 for the surest class of the chip"},
    [CLASS] = {"class", ELC_UTF8, NULL, "its name"},
    [CLASS_ID] = {"class_id", ELC_INT32, NULL, "and its number in the network"},
    [SCORE] = {"score", ELC_FLOAT32, NULL, "how sure the network is, 0 to 1"},
};

/* ---- a chip -----------------------------------------------------------------------
 */

typedef struct ranking {
    size_t n;
    elc_class items[];
} ranking;

static elc_status make_room(size_t n, void **room, elc_error *err) {
    ranking *r = *room;
    if (r != NULL && r->n == n)
        return ELC_OK;
    free(r);
    *room = NULL;
    ELC_TRY(elc_alloc(1, sizeof *r + n * sizeof *r->items, &r, err));
    r->n = n;
    *room = r;
    return ELC_OK;
}

static elc_status read_classes(const network_job *job, const elc_floats *of_chip,
                               void **room, size_t *rows, elc_error *err) {
    const classes_wish *wish = job->wish;
    ELC_TRY(make_room(of_chip->count, room, err));
    ranking *r = *room;
    ELC_TRY(elc_classes_rank(job->info, of_chip, wish->scores, r->items, err));
    *rows = wish->top < r->n ? wish->top : r->n;
    return ELC_OK;
}

static elc_status set_class(const network_job *job, const void *room, size_t i,
                            elc_batch *batch, elc_error *err) {
    const elc_class *item = &((const ranking *)room)->items[i];
    char unnamed[ELC_CLASS_UNNAMED];
    const char *name = elc_class_name(job->info, item->id, unnamed);
    ELC_TRY(elc_batch_int(batch, job->own + RANK, (int64_t)i + 1, err));
    ELC_TRY(elc_batch_text(batch, job->own + CLASS, name, err));
    ELC_TRY(elc_batch_int(batch, job->own + CLASS_ID, item->id, err));
    return elc_batch_real(batch, job->own + SCORE, item->score, err);
}

/* ---- the options ------------------------------------------------------------------
 */

static elc_scores scores_of(const char *how) {
    return strcmp(how, "softmax") == 0   ? ELC_SCORES_SOFTMAX
           : strcmp(how, "sigmoid") == 0 ? ELC_SCORES_SIGMOID
           : strcmp(how, "auto") == 0    ? ELC_SCORES_AUTO
                                         : ELC_SCORES_AS_IS;
}

elc_status elc_classes_wish_read(const elc_options *options, network_job *job,
                                 classes_wish *out, elc_error *err) {
    out->reading = (network_reading){
        .columns = columns, .n_columns = 4, .read = read_classes, .set = set_class};
    out->top = (size_t)elc_options_int(options, "top");
    out->scores = scores_of(elc_options_text(options, "scores"));
    return elc_classes_decide(job->model, job->chips.chip, job->chips.chip_height,
                              &out->reading.output, &out->scores, err);
}
