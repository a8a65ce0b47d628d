/* place.c - where true boxes in pixels lie, by the images that they are of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static elc_point centre_of(const elc_score_box *b) {
    return (elc_point){(b->xmin + b->xmax) / 2, (b->ymin + b->ymax) / 2};
}

static void place_boxes(eval_boxes *boxes, uint32_t image, elc_locator *locator) {
    for (size_t i = 0; i < boxes->count; i++) {
        if (boxes->items[i].image != image)
            continue;
        elc_point at = centre_of(&boxes->items[i]);
        if (elc_locator_lonlat(locator, &at, 1) == 0)
            boxes->places[i].lonlat = at;
    }
}

static elc_status place_image(elc_scenes *scenes, const char *path, uint32_t image,
                              eval_data *data, elc_error *err) {
    elc_image *opened = NULL;
    elc_place place = {0};
    elc_locator *locator = NULL;
    ELC_TRY(elc_image_open(path, &opened, err));
    elc_status status = elc_scenes_place(scenes, opened, &place, err);
    if (status == ELC_OK && place.kind != ELC_PLACE_NONE)
        status = elc_place_locator(&place, &locator, err);
    if (status == ELC_OK && locator != NULL)
        place_boxes(&data->truth, image, locator);
    elc_locator_free(locator);
    elc_place_clear(&place);
    elc_image_free(opened);
    return status;
}

const char *elc_eval_image_path(const elc_found_list *images, const char *name) {
    const char *near = NULL;
    for (size_t i = 0; i < images->count; i++) {
        if (strcmp(images->items[i].name, name) == 0)
            return images->items[i].path;
        if (near == NULL && elc_label_is_of(name, images->items[i].name))
            near = images->items[i].path;
    }
    return near;
}

elc_status elc_eval_place_truth(const elc_found_list *images, eval_data *data,
                                elc_error *err) {
    elc_scenes *scenes = NULL;
    const elc_place_wish wish = {.height_m = NAN};
    if (data->on_map || images->count == 0)
        return ELC_OK;
    ELC_TRY(elc_scenes_create(&wish, &scenes, err));
    elc_status status = ELC_OK;
    for (uint32_t i = 0; i < data->images.shown.count && status == ELC_OK; i++) {
        const char *path = elc_eval_image_path(images, data->images.shown.items[i]);
        if (path != NULL)
            status = place_image(scenes, path, i, data, err);
    }
    elc_scenes_free(scenes);
    return status;
}

/* ---- edges ----------------------------------------------------------------------- */

typedef struct size {
    double width, height; /* NaN: not known */
} size;

static void set_aside(eval_boxes *boxes, const size *sizes, double edge) {
    for (size_t i = 0; i < boxes->count; i++) {
        elc_score_box *b = &boxes->items[i];
        const size *s = &sizes[b->image];
        if (isfinite(s->width) &&
            (b->xmin < edge || b->ymin < edge || b->xmax > s->width - edge ||
             b->ymax > s->height - edge))
            b->ignore = true;
    }
}

static elc_status find_sizes(const elc_found_list *images, const part_names *names,
                             size *sizes, elc_error *err) {
    for (size_t i = 0; i < names->shown.count; i++) {
        const char *path = elc_eval_image_path(images, names->shown.items[i]);
        elc_image *image = NULL;
        sizes[i] = (size){NAN, NAN};
        if (path == NULL)
            continue;
        ELC_TRY(elc_image_open(path, &image, err));
        const elc_image_info *info = elc_image_info_at(image);
        sizes[i] = (size){(double)info->width, (double)info->height};
        elc_image_free(image);
    }
    return ELC_OK;
}

elc_status elc_eval_set_aside(const elc_found_list *images, double edge,
                              eval_data *data, elc_error *err) {
    size *sizes = NULL;
    if (!(edge > 0) || data->on_map)
        return ELC_OK;
    ELC_TRY(elc_alloc(data->images.shown.count, sizeof *sizes, &sizes, err));
    elc_status status = find_sizes(images, &data->images, sizes, err);
    if (status == ELC_OK) {
        set_aside(&data->found, sizes, edge);
        set_aside(&data->truth, sizes, edge);
    }
    free(sizes);
    return status;
}
