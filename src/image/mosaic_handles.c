/* mosaic_handles.c - open images, lent to one thread at a time; the one that was not
   used for longest is closed where room is needed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/mosaic.h"

#include <math.h>
#include <stdlib.h>

/* ---- open ------------------------------------------------------------------------ */

static elc_status decide_stretch(mosaic_image *i, elc_image *image, elc_error *err) {
    elc_stretch_wish wish = {.kind = ELC_STRETCH_AUTO};
    pthread_mutex_lock(&i->lock);
    elc_status status = ELC_OK;
    if (!i->stretched)
        status =
            elc_stretch_decide(image, i->bands, MOSAIC_BANDS, &wish, &i->stretch, err);
    i->stretched = status == ELC_OK;
    pthread_mutex_unlock(&i->lock);
    return status;
}

static void close_handle(mosaic_handle *h) {
    elc_image_free(h->image);
    elc_transform_free(h->way);
    *h = (mosaic_handle){0};
}

static elc_status open_handle(mosaic_image *i, mosaic_handle *out, elc_error *err) {
    mosaic_handle h = {.of = i};
    elc_status status = elc_image_open(i->path, &h.image, err);
    if (status == ELC_OK)
        status = decide_stretch(i, h.image, err);
    if (status == ELC_OK && i->place.kind != ELC_PLACE_RPC)
        status = elc_transform_create(NULL, i->place.crs, &h.way, err);
    if (status == ELC_OK)
        *out = h;
    else
        close_handle(&h);
    return status;
}

/* ---- lent ------------------------------------------------------------------------ */

static bool take(elc_mosaic *m, const mosaic_image *image, mosaic_handle *out) {
    bool found = false;
    pthread_mutex_lock(&m->lock);
    for (size_t k = 0; !found && k < MOSAIC_HANDLES; k++) {
        mosaic_handle *h = &m->handles[k];
        found = h->of == image;
        if (found) {
            *out = *h;
            *h = (mosaic_handle){0};
        }
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

elc_status elc_mosaic_lend(elc_mosaic *m, mosaic_image *image, mosaic_handle *out,
                           elc_error *err) {
    return take(m, image, out) ? ELC_OK : open_handle(image, out, err);
}

void elc_mosaic_return(elc_mosaic *m, mosaic_handle *handle) {
    pthread_mutex_lock(&m->lock);
    mosaic_handle *place = &m->handles[0];
    for (size_t k = 1; k < MOSAIC_HANDLES; k++)
        if (m->handles[k].used < place->used)
            place = &m->handles[k];
    mosaic_handle old = *place;
    *place = *handle;
    place->used = ++m->calls;
    pthread_mutex_unlock(&m->lock);
    close_handle(&old);
    *handle = (mosaic_handle){0};
}

/* ---- pixels of places ------------------------------------------------------------ */

void elc_mosaic_pixels(const mosaic_handle *h, elc_point *points, size_t n) {
    const mosaic_image *i = h->of;
    elc_web_to_lonlat(points, n);
    if (i->place.kind == ELC_PLACE_RPC) {
        for (size_t k = 0; k < n; k++)
            points[k] = elc_rpc_pixel(&i->place.rpc, points[k], i->place.height_m);
        return;
    }
    elc_transform_points(h->way, points, n);
    for (size_t k = 0; k < n; k++)
        points[k] = elc_affine_apply(&i->inverse, points[k]);
}
