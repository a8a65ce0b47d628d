/* sight.c - how the network sees an image: at which steps, and back to its pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/detect.h>

#include <math.h>

elc_box elc_sight_box(const elc_sight *s, const elc_box *seen) {
    elc_box box = *seen;
    box.turned = (elc_turned){0};
    box.mask = NULL;
    box.xmin = fmin(box.xmin * s->step_x, (double)s->width);
    box.xmax = fmin(box.xmax * s->step_x, (double)s->width);
    box.ymin = fmin(box.ymin * s->step_y, (double)s->height);
    box.ymax = fmin(box.ymax * s->step_y, (double)s->height);
    return box;
}

/* What is seen of [low, high) of a side, as whole pixels: none that holds anything of
   what is before or after. */
static void show(int64_t low, int64_t high, int64_t side, double step, int64_t *start,
                 int64_t *size) {
    int64_t seen = elc_view_side(side, step);
    double first = ceil(fmax((double)low, 0) / step - 1e-6);
    double end = high >= side ? (double)seen : floor((double)high / step + 1e-6);
    *start = (int64_t)fmin(first, (double)seen);
    *size = end > first ? (int64_t)end - *start : 0;
}

elc_status elc_sight_crop(elc_sight *s, elc_window crop, const char *name,
                          elc_error *err) {
    bool all = crop.width == 0;
    if (all)
        crop = (elc_window){0, 0, s->width, s->height};
    elc_window image = elc_window_common(crop, (elc_window){0, 0, s->width, s->height});
    elc_window w;
    show(image.x, image.x + image.width, s->width, s->step_x, &w.x, &w.width);
    show(image.y, image.y + image.height, s->height, s->step_y, &w.y, &w.height);
    if (w.width < 1 || w.height < 1)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: crop %lld,%lld,%lld,%lld holds nothing of its %lld x %lld "
                        "px; give one that does, or leave the image out",
                        name, (long long)crop.x, (long long)crop.y,
                        (long long)crop.width, (long long)crop.height,
                        (long long)s->width, (long long)s->height);
    s->shown = w;
    return ELC_OK;
}

bool elc_sight_is_cropped(const elc_sight *s) {
    elc_window w = s->shown;
    return w.width > 0 &&
           (w.x > 0 || w.y > 0 || w.width < elc_view_side(s->width, s->step_x) ||
            w.height < elc_view_side(s->height, s->step_y));
}

static int64_t scaled(int64_t at, double step) {
    return llround((double)at * step);
}

elc_window elc_sight_window(const elc_sight *s, elc_window seen) {
    int64_t x = scaled(seen.x, s->step_x), y = scaled(seen.y, s->step_y);
    return (elc_window){x, y, scaled(seen.x + seen.width, s->step_x) - x,
                        scaled(seen.y + seen.height, s->step_y) - y};
}

/* What is not in the crop is nobody's, so a chip whose core is outside has no box to
   keep. */
static bool outside_crop(const elc_sight *s, const elc_grid *grid, int64_t chip) {
    if (!elc_sight_is_cropped(s))
        return false;
    elc_core core = elc_grid_core(grid, chip);
    elc_window shown = s->shown;
    return core.x0 >= 2 * (shown.x + shown.width) || core.x1 <= 2 * shown.x ||
           core.y0 >= 2 * (shown.y + shown.height) || core.y1 <= 2 * shown.y;
}

elc_status elc_sight_outside(const elc_sight *s, const elc_grid *grid, int64_t chip,
                             const elc_area_way *way, elc_locator *locator, bool *out,
                             elc_error *err) {
    *out = outside_crop(s, grid, chip);
    if (*out || !way->area)
        return ELC_OK;
    elc_window seen = elc_grid_window(grid, chip);
    elc_box window = {.xmin = (double)seen.x,
                      .ymin = (double)seen.y,
                      .xmax = (double)(seen.x + seen.width),
                      .ymax = (double)(seen.y + seen.height)};
    elc_box b = elc_sight_box(s, &window);
    const double box[4] = {b.xmin, b.ymin, b.xmax, b.ymax};
    return elc_area_misses_box(way, locator, box, out, err);
}

elc_status elc_detect_steps(const elc_resolution *wish, const elc_image *image,
                            const elc_scene *scene, const char *name, double *step_x,
                            double *step_y, bool *known, elc_error *err) {
    elc_resolution wanted = *wish;
    elc_locator *locator = NULL;
    bool found = false;
    *step_x = *step_y = 1;
    if (known)
        *known = true;
    if (!(wanted.gsd_m > 0))
        return ELC_OK;
    if (!(wanted.image_gsd_m > 0) && scene->gsd_m > 0)
        wanted.image_gsd_m = scene->gsd_m;
    if (scene->place.kind != ELC_PLACE_NONE)
        ELC_TRY(elc_place_locator(&scene->place, &locator, err));
    elc_status status =
        elc_resolution_steps(&wanted, image, locator, step_x, step_y, &found, err);
    elc_locator_free(locator);
    if (status == ELC_OK && !found && wanted.always)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: what its pixels measure is not known, so it cannot be "
                        "seen at --gsd %g: give --image-gsd, or leave --gsd out",
                        name, wanted.gsd_m);
    if (known)
        *known = found;
    return status;
}
