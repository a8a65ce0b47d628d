/* styles.c - what a file of styles says of the network's classes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* More than any network has; a style of a larger number names no class of one that has
   no names of its own. */
enum { MOST_CLASSES = 1 << 16 };

/* A class that the network names is found by that name, another one by its number. */
static const elc_style *style_of(const detect_job *job, size_t id) {
    char number[24], unnamed[32];
    const elc_names *own = job->info->classes;
    snprintf(number, sizeof number, "%zu", id);
    snprintf(unnamed, sizeof unnamed, "class_%zu", id);
    bool named = id < own->count && strcmp(own->items[id], unnamed) != 0;
    return elc_styles_find(&job->styles, named ? own->items[id] : number);
}

static size_t count_classes(const detect_job *job) {
    size_t n = job->info->classes->count;
    for (size_t i = 0; n == 0 && i < job->styles.count; i++)
        if (job->styles.items[i].id < MOST_CLASSES &&
            job->styles.items[i].id >= (int64_t)n)
            n = (size_t)job->styles.items[i].id + 1;
    return n;
}

static elc_status name_class(detect_job *job, size_t id, elc_error *err) {
    const elc_style *style = style_of(job, id);
    char unnamed[32];
    snprintf(unnamed, sizeof unnamed, "class_%zu", id);
    return elc_names_add(&job->names,
                         style ? style->name
                         : id < job->info->classes->count
                             ? job->info->classes->items[id]
                             : unnamed,
                         err);
}

static elc_status find_scores(detect_job *job, elc_error *err) {
    double usual = job->options.score;
    size_t n = job->names.count;
    ELC_TRY(elc_alloc(n, sizeof *job->least, &job->least, err));
    for (size_t id = 0; id < n; id++) {
        const elc_style *style = style_of(job, id);
        double least = style && !isnan(style->least) ? style->least : usual;
        if (!(least >= 0 && least <= 1))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--styles: least_score %g of class %s: scores are 0 to 1",
                            least, job->names.items[id]);
        job->least[id] = (float)least;
        job->options.score = fmin(job->options.score, least);
    }
    job->options.least = job->least;
    job->options.n_least = n;
    job->options.least_rest = (float)usual;
    return ELC_OK;
}

elc_status elc_detect_use_styles(const elc_options *options, detect_job *job,
                                 elc_error *err) {
    const char *path = elc_options_text(options, "styles");
    if (path)
        ELC_TRY(elc_styles_read(path, &job->styles, err));
    size_t n = count_classes(job);
    for (size_t id = 0; id < n; id++)
        ELC_TRY(name_class(job, id, err));
    return path && !elc_options_given(options, "score") ? find_scores(job, err)
                                                        : ELC_OK;
}
