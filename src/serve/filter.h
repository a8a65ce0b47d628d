/* filter.h - which rows of a layer are wanted, from the parameters of an address. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_FILTER_H
#define ELCANO_SRC_SERVE_FILTER_H

#include "serve/layer.h"
#include "serve/request.h"

/* Start with {0}: all rows. */
typedef struct serve_filter {
    bool *classes; /* by number, the last of NULL; NULL: any */
    bool has_score;
    float score_low, score_high; /* both count; rows without a score do not */
    bool has_time;
    int64_t time_low, time_high; /* microseconds, the same */
    bool has_box;
    double box[4]; /* west, south, east, north; west > east: across 180 degrees */
    bool has_view;
    serve_frame view; /* of places */
} serve_filter;

/* `class=NAME`, any number of times, "" being those without, and `not=NAME`;
   `score=LOW/HIGH`; `datetime` as OGC 17-069r4 has it, an instant or an interval with
   ".." for what is open; `bbox=W,S,E,N`, which geometries must meet; `view=W,S,E,N`,
   which places must lie in. ELC_E_ARGUMENT for values that are none, a class that the
   layer has not, and a score where the layer has none; none of its rows are within
   times then. */
elc_status elc_serve_filter_read(const serve_request *request, const serve_layer *layer,
                                 serve_filter *out, elc_error *err);
void elc_serve_filter_clear(serve_filter *filter);

/* A box of four or (heights passed over) six numbers; `what` names the parameter. */
elc_status elc_serve_box_read(const char *text, const char *what, double box[4],
                              elc_error *err);

/* The first and last microsecond of "2024-05-01", "2024-05-01T10:00Z", an instant with
   seconds, fractions and zone, and intervals "a/b", "../b", "a/..", "a/". */
elc_status elc_serve_interval_read(const char *text, int64_t *low, int64_t *high,
                                   elc_error *err);

/* True for a place (an index by code) that passes all but the box. */
static inline bool serve_filter_passes(const serve_filter *f, const serve_layer *l,
                                       size_t i) {
    if (f->classes != NULL) {
        size_t id = l->class_names.count;
        if (l->classes != NULL && l->classes[i] != SERVE_NO_CLASS)
            id = l->classes[i];
        if (!f->classes[id])
            return false;
    }
    if (f->has_score &&
        !(l->scores[i] >= f->score_low && l->scores[i] <= f->score_high))
        return false;
    if (f->has_view && (i >= l->placed || !serve_frame_has(&f->view, l->codes[i])))
        return false;
    return !f->has_time || (l->times != NULL && l->times[i] >= f->time_low &&
                            l->times[i] <= f->time_high);
}

/* How many of the places [from, to) pass so: without a branch a row, since which rows
   pass is not foreseen. */
size_t elc_serve_filter_count(const serve_filter *filter, const serve_layer *layer,
                              size_t from, size_t to);

/* True where it passes all rows of the layer but for the box. */
static inline bool serve_filter_is_open(const serve_filter *f) {
    return f->classes == NULL && !f->has_score && !f->has_time && !f->has_view;
}

#endif
