/* labels.c - labelled objects, brought to the pixels of images and cut with the chips.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- from the map to pixels --------------------------------------------------------
 */

/* The way from longitude and latitude to the pixels of an image. */
typedef struct to_pixels {
    const elc_place *place;
    elc_transform *to_crs; /* NULL: by RPCs */
    elc_affine inverse;
} to_pixels;

static elc_status find_way(const char *path, const elc_place *place, to_pixels *out,
                           elc_error *err) {
    out->place = place;
    if (place->kind == ELC_PLACE_NONE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no georeference, so labels on the map cannot be found "
                        "in it; leave --labels out",
                        path);
    if (place->kind == ELC_PLACE_RPC)
        return ELC_OK;
    ELC_TRY(elc_affine_invert(&place->affine, &out->inverse, err));
    return elc_transform_create(NULL, place->crs, &out->to_crs, err);
}

/* At the height that holds where there is no terrain: labels are of the image, so what
   they are wrong by is the same for all. */
static double height_of(const elc_place *place) {
    return isfinite(place->height_m) ? place->height_m : place->rpc.height_off;
}

static bool move_ring(const to_pixels *way, elc_point *ring, size_t n) {
    if (way->to_crs && elc_transform_points(way->to_crs, ring, n) > 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        ring[i] = way->to_crs
                      ? elc_affine_apply(&way->inverse, ring[i])
                      : elc_rpc_pixel(&way->place->rpc, ring[i], height_of(way->place));
        if (!isfinite(ring[i].x) || !isfinite(ring[i].y))
            return false;
    }
    return true;
}

/* ---- those of an image --------------------------------------------------------------
 */

void elc_chips_labels_clear(chips_labels *labels) {
    for (size_t i = 0; i < labels->all.count; i++)
        free(labels->all.items[i].ring);
    free(labels->all.items);
    free(labels->class_ids);
    free(labels->numbers);
    *labels = (chips_labels){0};
}

static elc_status find_class(const elc_labels *labels, const elc_label *label,
                             int32_t *out, elc_error *err) {
    size_t id = elc_names_find(&labels->classes, label->class_name);
    if (id == SIZE_MAX)
        return elc_fail(err, ELC_E_INTERNAL,
                        "label: class %s is not among the classes; please report this",
                        label->class_name);
    *out = (int32_t)id;
    return ELC_OK;
}

/* Appends a copy; `way` NULL: it is in pixels already. One that the map's CRS does not
   reach is left out. */
static elc_status add_label(const elc_labels *labels, size_t index,
                            const to_pixels *way, chips_labels *out, elc_error *err) {
    const elc_label *from = &labels->items[index];
    elc_label *to = &out->all.items[out->all.count];
    elc_point *ring = NULL;
    ELC_TRY(find_class(labels, from, &out->class_ids[out->all.count], err));
    ELC_TRY(elc_alloc(from->n, sizeof *ring, &ring, err));
    memcpy(ring, from->ring, from->n * sizeof *ring);
    if (way && !move_ring(way, ring, from->n)) {
        free(ring);
        return ELC_OK;
    }
    *to = *from;
    to->ring = ring;
    to->on_map = false;
    out->numbers[out->all.count++] = index;
    return ELC_OK;
}

static elc_status add_labels(const elc_labels *labels, const char *path,
                             const size_t *indices, size_t n, const elc_place *place,
                             to_pixels *way, chips_labels *out, elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof *out->all.items, &out->all.items, err));
    ELC_TRY(elc_alloc(n, sizeof *out->class_ids, &out->class_ids, err));
    ELC_TRY(elc_alloc(n, sizeof *out->numbers, &out->numbers, err));
    for (size_t i = 0; i < n; i++) {
        bool on_map = labels->items[indices[i]].on_map;
        if (on_map && !way->place)
            ELC_TRY(find_way(path, place, way, err));
        ELC_TRY(add_label(labels, indices[i], on_map ? way : NULL, out, err));
    }
    return ELC_OK;
}

static void see_labels(chips_labels *labels, const elc_sight *sight) {
    for (size_t i = 0; i < labels->all.count; i++)
        for (size_t k = 0; k < labels->all.items[i].n; k++) {
            labels->all.items[i].ring[k].x /= sight->step_x;
            labels->all.items[i].ring[k].y /= sight->step_y;
        }
}

elc_status elc_chips_labels_of(const elc_labels *labels, const char *path,
                               const elc_place *place, const elc_sight *sight,
                               chips_labels *out, elc_error *err) {
    size_t *indices = NULL, n = 0;
    to_pixels way = {0};
    chips_labels found = {0};
    ELC_TRY(elc_labels_of(labels, path, &indices, &n, err));
    elc_status status = add_labels(labels, path, indices, n, place, &way, &found, err);
    elc_transform_free(way.to_crs);
    free(indices);
    see_labels(&found, sight);
    if (status == ELC_OK)
        *out = found;
    else
        elc_chips_labels_clear(&found);
    return status;
}

/* ---- those of a chip ----------------------------------------------------------------
 */

elc_status elc_chips_labels_cut(const chips_labels *labels, elc_window w,
                                double min_visible, elc_cut_label **out, size_t *n,
                                elc_error *err) {
    elc_cut_label *cut = NULL;
    size_t count = 0, kept = 0;
    ELC_TRY(elc_labels_cut(&labels->all, NULL, labels->all.count, (double)w.x,
                           (double)w.y, (double)w.width, (double)w.height, &cut, &count,
                           err));
    for (size_t i = 0; i < count; i++) {
        elc_cut_label one = cut[i];
        if (one.visible >= min_visible)
            cut[kept++] = one;
        else
            free(one.ring);
    }
    *out = cut;
    *n = kept;
    return ELC_OK;
}
