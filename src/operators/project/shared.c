/* shared.c - what the parts of a call share: CRSs, transforms that wait, counts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING = 64 };

struct project_shared {
    const elc_context *context;
    pthread_mutex_t lock;
    elc_crs *given, *to;             /* `given` NULL: as the table says */
    char *stated;                    /* by the table whose part came first */
    elc_crs *from;                   /* NULL: not decided yet */
    elc_transform *waiting[WAITING]; /* a search for a way takes PROJ milliseconds */
    int n_waiting;
    project_counts counts;
};

/* ---- life -------------------------------------------------------------------------
 */

static elc_status fill(project_shared *s, const elc_options *options, elc_error *err) {
    const char *from = elc_options_text(options, "from");
    if (from != NULL)
        ELC_TRY(elc_crs_create(from, &s->given, err));
    return elc_crs_create(elc_options_text(options, "to"), &s->to, err);
}

elc_status elc_project_shared_create(const elc_call *call, project_shared **out,
                                     elc_error *err) {
    project_shared *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->context = call->context;
    pthread_mutex_init(&s->lock, NULL);
    elc_status status = fill(s, call->options, err);
    if (status != ELC_OK) {
        elc_project_shared_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

static void warn_counts(const project_shared *s) {
    const project_counts *n = &s->counts;
    if (n->lost > 0)
        elc_warn(s->context,
                 "%llu of %llu rows lie where %s has no coordinates: their geometry is "
                 "NULL",
                 (unsigned long long)n->lost, (unsigned long long)n->rows,
                 elc_crs_label(s->to));
    if (n->round > 0)
        elc_warn(s->context,
                 "%llu of %llu rows go round a pole, where %s has no ring for what is "
                 "no polygon: their geometry is NULL",
                 (unsigned long long)n->round, (unsigned long long)n->rows,
                 elc_crs_label(s->to));
    if (n->bare > 0)
        elc_warn(s->context,
                 "%llu of %llu rows have no place (NULL, empty or NaN), and are kept",
                 (unsigned long long)n->bare, (unsigned long long)n->rows);
}

void elc_project_shared_free(project_shared *s) {
    warn_counts(s);
    for (int i = 0; i < s->n_waiting; i++)
        elc_transform_free(s->waiting[i]);
    elc_crs_free(s->given);
    elc_crs_free(s->from);
    elc_crs_free(s->to);
    free(s->stated);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- CRSs -------------------------------------------------------------------------
 */

static void warn_other(const project_shared *s) {
    elc_crs *stated = NULL;
    if (s->stated[0] == '\0' || elc_crs_create(s->stated, &stated, NULL) != ELC_OK)
        return;
    if (!elc_crs_equal(stated, s->from))
        elc_warn(s->context, "the table says that it is in %s; it is taken as %s",
                 elc_crs_label(stated), elc_crs_label(s->from));
    elc_crs_free(stated);
}

static elc_status decide(project_shared *s, elc_error *err) {
    if (s->given == NULL && s->stated[0] == '\0')
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the table does not say which CRS its coordinates have; give "
                        "--from, as in --from EPSG:32633");
    ELC_TRY(s->given != NULL ? elc_crs_clone(s->given, &s->from, err)
                             : elc_crs_create(s->stated, &s->from, err));
    warn_other(s);
    return ELC_OK;
}

static elc_status start_locked(project_shared *s, char *stated, elc_error *err) {
    if (s->from != NULL) {
        bool same = strcmp(stated, s->stated) == 0;
        free(stated);
        return same ? ELC_OK
                    : elc_fail(err, ELC_E_ARGUMENT,
                               "the parts of the table are in different CRSs");
    }
    free(s->stated);
    s->stated = stated;
    return decide(s, err);
}

elc_status elc_project_shared_start(project_shared *s, const project_shape *shape,
                                    elc_error *err) {
    char *stated;
    ELC_TRY(elc_project_shape_crs(shape, &stated, err));
    pthread_mutex_lock(&s->lock);
    elc_status status = start_locked(s, stated, err);
    pthread_mutex_unlock(&s->lock);
    return status;
}

const elc_crs *elc_project_shared_to(const project_shared *s) {
    return s->to;
}

/* ---- transforms and counts --------------------------------------------------------
 */

elc_status elc_project_shared_take(project_shared *s, elc_transform **out,
                                   elc_error *err) {
    pthread_mutex_lock(&s->lock);
    elc_transform *waiting = s->n_waiting > 0 ? s->waiting[--s->n_waiting] : NULL;
    pthread_mutex_unlock(&s->lock);
    if (waiting == NULL)
        return elc_transform_create(s->from, s->to, out, err);
    *out = waiting;
    return ELC_OK;
}

void elc_project_shared_give(project_shared *s, elc_transform *transform) {
    if (transform == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    bool room = s->n_waiting < WAITING;
    if (room)
        s->waiting[s->n_waiting++] = transform;
    pthread_mutex_unlock(&s->lock);
    if (!room)
        elc_transform_free(transform);
}

void elc_project_shared_count(project_shared *s, const project_counts *counts) {
    pthread_mutex_lock(&s->lock);
    s->counts.rows += counts->rows;
    s->counts.bare += counts->bare;
    s->counts.lost += counts->lost;
    s->counts.round += counts->round;
    pthread_mutex_unlock(&s->lock);
}
