/* bands.c - a raster's rows in bands, given to threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/bands.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
    int32_t rows, band;
    size_t room;
    const elc_context *context;
    elc_band_body body;
    void *arg;
    atomic_int next;
} work;

static elc_status take_bands(work *w, double *room, elc_error *err) {
    int32_t count = (w->rows + w->band - 1) / w->band;
    for (;;) {
        int32_t i = atomic_fetch_add(&w->next, 1);
        if (i >= count)
            return ELC_OK;
        int32_t first = i * w->band;
        int32_t end = w->rows - first < w->band ? w->rows : first + w->band;
        ELC_TRY(elc_check_cancel(w->context, err));
        ELC_TRY(w->body(w->arg, first, end, room, err));
    }
}

static elc_status run_thread(void *arg, int index, elc_error *err) {
    work *w = arg;
    double *room;
    (void)index;
    ELC_TRY(elc_alloc(w->room, sizeof *room, &room, err));
    elc_status status = take_bands(w, room, err);
    free(room);
    return status;
}

elc_status elc_bands_run(int32_t rows, int32_t band, size_t room,
                         const elc_context *context, elc_band_body body, void *arg,
                         elc_error *err) {
    work w = {rows, band, room, context, body, arg, 0};
    int32_t count = (rows + band - 1) / band;
    int threads = elc_context_threads(context);
    return elc_threads_run(threads < count ? threads : count, run_thread, &w, err);
}
