/* mosaic.c - many images as one picture of the web map: what there is, and where. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/mosaic.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE_POINTS = 16, SMALLEST_PX = 2, DRAWN_MOST = 256 };

static const double HALF_M = 20037508.342789244; /* of the web map's side */

/* ---- where an image lies --------------------------------------------------------- */

/* Its outline, clockwise from the first pixel's corner. */
static void outline(const mosaic_image *i, elc_point *out) {
    static const double corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    for (int side = 0; side < 4; side++) {
        for (int k = 0; k < SIDE_POINTS; k++) {
            double t = (double)k / SIDE_POINTS;
            const double *a = corners[side], *b = corners[side + 1];
            out[side * SIDE_POINTS + k] =
                (elc_point){(a[0] + (b[0] - a[0]) * t) * (double)i->width,
                            (a[1] + (b[1] - a[1]) * t) * (double)i->height};
        }
    }
}

static const char NOWHERE[] = "it has no place on the web map";
static const char TOO_WIDE[] = "it lies across 180 degrees of longitude, or is 180 "
                               "degrees wide or more";

/* Why it is not shown; NULL: it is. */
static const char *find_box(mosaic_image *i, elc_locator *locator) {
    elc_point points[4 * SIDE_POINTS];
    size_t n = sizeof points / sizeof points[0];
    outline(i, points);
    if (elc_locator_lonlat(locator, points, n) > 0 ||
        elc_web_from_lonlat(points, n) > 0)
        return NOWHERE;
    i->box[0] = i->box[1] = INFINITY;
    i->box[2] = i->box[3] = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        i->box[0] = fmin(i->box[0], points[k].x);
        i->box[1] = fmin(i->box[1], points[k].y);
        i->box[2] = fmax(i->box[2], points[k].x);
        i->box[3] = fmax(i->box[3], points[k].y);
    }
    double across = (double)i->width * (double)i->height;
    i->pixel_m =
        sqrt((i->box[2] - i->box[0]) * (i->box[3] - i->box[1]) / fmax(1, across));
    return !(i->pixel_m > 0)                 ? NOWHERE
           : i->box[2] - i->box[0] >= HALF_M ? TOO_WIDE
                                             : NULL;
}

static elc_status describe(mosaic_image *i, elc_image *image, elc_scenes *scenes,
                           const char **why, elc_error *err) {
    elc_locator *locator;
    const elc_image_info *info = elc_image_info_at(image);
    i->width = info->width;
    i->height = info->height;
    *why = NOWHERE;
    ELC_TRY(elc_scenes_place(scenes, image, &i->place, err));
    if (i->place.kind == ELC_PLACE_NONE)
        return ELC_OK;
    if (i->place.kind != ELC_PLACE_RPC &&
        elc_affine_invert(&i->place.affine, &i->inverse, NULL) != ELC_OK)
        return ELC_OK;
    ELC_TRY(elc_place_locator(&i->place, &locator, err));
    *why = find_box(i, locator);
    elc_locator_free(locator);
    return ELC_OK;
}

/* Three bands as a detector gets them; of an image that has not so many, the first. */
static void choose_bands(mosaic_image *i, const elc_image *image) {
    elc_names none = {0};
    if (elc_image_choose_bands(image, i->name, &none, MOSAIC_BANDS, i->bands, NULL) ==
        ELC_OK)
        return;
    for (int b = 0; b < MOSAIC_BANDS; b++)
        i->bands[b] = 1;
}

/* ---- life ------------------------------------------------------------------------ */

static void image_free(mosaic_image *i) {
    if (i == NULL)
        return;
    elc_place_clear(&i->place);
    pthread_mutex_destroy(&i->lock);
    free(i->path);
    free(i->name);
    free(i);
}

static elc_status keep(elc_mosaic *m, mosaic_image *i, elc_error *err) {
    ELC_TRY(
        elc_reserve(&m->images, &m->capacity, m->count + 1, sizeof *m->images, err));
    m->images[m->count++] = i;
    for (int k = 0; k < 2; k++) {
        m->box[k] = fmin(m->box[k], i->box[k]);
        m->box[k + 2] = fmax(m->box[k + 2], i->box[k + 2]);
    }
    m->finest_m = fmin(m->finest_m, i->pixel_m);
    return ELC_OK;
}

static elc_status add_image(elc_mosaic *m, const elc_found *found, elc_scenes *scenes,
                            const elc_context *context, elc_error *err) {
    mosaic_image *i;
    elc_image *image = NULL;
    const char *why = NULL;
    ELC_TRY(elc_alloc(1, sizeof *i, &i, err));
    pthread_mutex_init(&i->lock, NULL);
    elc_status status = elc_strdup(found->path, &i->path, err);
    if (status == ELC_OK)
        status = elc_strdup(found->name, &i->name, err);
    if (status == ELC_OK)
        status = elc_image_open(found->path, &image, err);
    if (status == ELC_OK)
        status = describe(i, image, scenes, &why, err);
    if (status == ELC_OK && why == NULL) {
        choose_bands(i, image);
        status = keep(m, i, err);
    } else if (status == ELC_OK) {
        elc_warn(context, "%s: not shown: %s", i->name, why);
    }
    elc_image_free(image);
    if (status != ELC_OK || why != NULL)
        image_free(i);
    return status;
}

/* One that cannot be read is told, and left out. */
static elc_status try_image(elc_mosaic *m, const elc_found *found, elc_scenes *scenes,
                            const elc_context *context, size_t *n_read,
                            elc_error *err) {
    elc_error reason = {0};
    elc_status status = elc_check_cancel(context, &reason);
    if (status == ELC_OK)
        status = add_image(m, found, scenes, context, &reason);
    if (status == ELC_E_CANCELLED || status == ELC_E_MEMORY || status == ELC_E_INTERNAL)
        return elc_fail(err, status, "%s", reason.message);
    if (status == ELC_OK)
        ++*n_read;
    else
        elc_warn(context, "%s; it is not shown", reason.message);
    return ELC_OK;
}

static elc_status add_images(elc_mosaic *m, const elc_found_list *list,
                             const elc_context *context, elc_error *err) {
    elc_scenes *scenes;
    size_t n_read = 0;
    elc_place_wish wish = {.height_m = NAN};
    elc_status status = ELC_OK;
    ELC_TRY(elc_scenes_create(&wish, &scenes, err));
    for (size_t i = 0; status == ELC_OK && i < list->count; i++)
        status = try_image(m, &list->items[i], scenes, context, &n_read, err);
    elc_scenes_free(scenes);
    if (status == ELC_OK && list->count > 0 && n_read == 0)
        return elc_fail(err, ELC_E_FORMAT, "none of the images can be read");
    return status;
}

elc_status elc_mosaic_create(const char *const *arguments, size_t n,
                             const elc_context *context, elc_mosaic **out,
                             elc_error *err) {
    elc_mosaic *m;
    elc_found_list list = {0};
    ELC_TRY(elc_images_find(arguments, n, &list, err));
    elc_status status = elc_alloc(1, sizeof *m, &m, err);
    if (status == ELC_OK) {
        pthread_mutex_init(&m->lock, NULL);
        m->box[0] = m->box[1] = m->finest_m = INFINITY;
        m->box[2] = m->box[3] = -INFINITY;
        status = add_images(m, &list, context, err);
        if (status == ELC_OK)
            *out = m;
        else
            elc_mosaic_free(m);
    }
    elc_found_list_free(&list);
    return status;
}

void elc_mosaic_free(elc_mosaic *m) {
    if (m == NULL)
        return;
    for (size_t k = 0; k < MOSAIC_HANDLES; k++) {
        elc_image_free(m->handles[k].image);
        elc_transform_free(m->handles[k].way);
    }
    for (size_t k = 0; k < m->count; k++)
        image_free(m->images[k]);
    free(m->images);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* ---- what is asked --------------------------------------------------------------- */

size_t elc_mosaic_count(const elc_mosaic *m) {
    return m->count;
}

bool elc_mosaic_bounds(const elc_mosaic *m, double box[4]) {
    elc_point corners[2] = {{m->box[0], m->box[1]}, {m->box[2], m->box[3]}};
    if (m->count == 0 || elc_web_to_lonlat(corners, 2) > 0)
        return false;
    box[0] = corners[0].x;
    box[1] = corners[0].y;
    box[2] = corners[1].x;
    box[3] = corners[1].y;
    return true;
}

int elc_mosaic_zoom(const elc_mosaic *m) {
    double of_zoom_0 = 2 * HALF_M / 256;
    double zoom = m->count == 0 ? 0 : ceil(log2(of_zoom_0 / m->finest_m));
    return (int)fmax(0, fmin(26, zoom));
}

/* Images too small to be seen at this size are passed over. */
static bool is_seen(const mosaic_image *i, const double box[4], double metres_px) {
    double size = fmax(i->box[2] - i->box[0], i->box[3] - i->box[1]);
    return i->box[0] < box[2] && i->box[2] > box[0] && i->box[1] < box[3] &&
           i->box[3] > box[1] && size >= SMALLEST_PX * metres_px;
}

elc_status elc_mosaic_draw(elc_mosaic *m, const double box[4], int width, int height,
                           const elc_mosaic_wait *wait, uint8_t *rgba, elc_error *err) {
    double metres_px = (box[2] - box[0]) / width;
    int drawn = 0;
    if (width < 1 || height < 1 || width > 4096 || height > 4096 ||
        !(box[0] < box[2] && box[1] < box[3]))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a picture of %d x %d px; 1 to 4096 of each, of a box that is "
                        "not empty, can be drawn",
                        width, height);
    for (size_t k = 0; k < m->count && drawn < DRAWN_MOST; k++) {
        mosaic_handle handle;
        if (!is_seen(m->images[k], box, metres_px))
            continue;
        if (wait != NULL && wait->gone(wait->arg))
            return elc_fail(err, ELC_E_CANCELLED, "who asked has gone");
        ELC_TRY(elc_mosaic_lend(m, m->images[k], &handle, err));
        elc_status status =
            elc_mosaic_draw_image(&handle, box, width, height, rgba, err);
        elc_mosaic_return(m, &handle);
        ELC_TRY(status);
        drawn++;
    }
    return ELC_OK;
}
