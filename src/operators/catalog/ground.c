/* ground.c - where an image of the catalogue lies. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ground.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_A_SIDE = 8, OUTLINE = 4 * POINTS_A_SIDE };

static void leave_image(catalog_ground *g) {
    elc_place_clear(&g->place);
    elc_locator_free(g->locator);
    g->place = (elc_place){0};
    g->locator = NULL;
    g->kind = ELC_PLACE_NONE;
    g->crs = NULL;
}

static elc_status use_crs(catalog_ground *g, const elc_crs *crs, elc_error *err) {
    const char *wkt = elc_crs_wkt(crs);
    g->crs = crs;
    if (g->wkt && !strcmp(g->wkt, wkt))
        return ELC_OK;
    elc_transform *transform = NULL;
    char *text = NULL;
    ELC_TRY(elc_strdup(wkt, &text, err));
    elc_status status = elc_transform_create(crs, NULL, &transform, err);
    if (status != ELC_OK) {
        free(text);
        return status;
    }
    elc_transform_free(g->transform);
    free(g->wkt);
    g->transform = transform;
    g->wkt = text;
    return ELC_OK;
}

elc_status elc_catalog_ground_begin(catalog_ground *ground, elc_image *image,
                                    const elc_facts *facts, elc_error *err) {
    catalog_ground *g = ground;
    leave_image(g);
    if (!image)
        return ELC_OK;
    const elc_image_info *info = elc_image_info_at(image);
    if (info->has_place) { /* most images, and the least work */
        ELC_TRY(use_crs(g, info->crs, err));
        g->affine = info->affine;
        g->kind = ELC_PLACE_AFFINE;
        g->place.error_m = NAN;
        return ELC_OK;
    }
    ELC_TRY(elc_place_find(image, facts, NULL, &g->place, err));
    if (g->place.kind == ELC_PLACE_RPC)
        ELC_TRY(elc_place_locator(&g->place, &g->locator, err));
    else if (g->place.kind != ELC_PLACE_NONE)
        ELC_TRY(use_crs(g, g->place.crs, err));
    g->affine = g->place.affine;
    g->kind = g->place.kind; /* last: what failed has no place */
    return ELC_OK;
}

void elc_catalog_ground_lonlat(catalog_ground *ground, elc_point *points, size_t n) {
    if (ground->locator) {
        elc_locator_lonlat(ground->locator, points, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        points[i] = elc_affine_apply(&ground->affine, points[i]);
    elc_transform_points(ground->transform, points, n);
}

double elc_catalog_ground_gsd_m(catalog_ground *ground, const elc_image_info *info) {
    double x = (double)info->width / 2, y = (double)info->height / 2;
    elc_point ends[4] = {{x - 0.5, y}, {x + 0.5, y}, {x, y - 0.5}, {x, y + 0.5}};
    elc_catalog_ground_lonlat(ground, ends, 4);
    return sqrt(elc_distance_m(ends[0], ends[1]) * elc_distance_m(ends[2], ends[3]));
}

elc_status elc_catalog_ground_outline(catalog_ground *ground,
                                      const elc_image_info *info, elc_string *wkb,
                                      elc_error *err) {
    double w = (double)info->width, h = (double)info->height;
    const elc_point corner[5] = {{0, 0}, {0, h}, {w, h}, {w, 0}, {0, 0}};
    elc_point ring[OUTLINE];
    for (int i = 0; i < OUTLINE; i++) {
        elc_point a = corner[i / POINTS_A_SIDE], b = corner[i / POINTS_A_SIDE + 1];
        double t = (double)(i % POINTS_A_SIDE) / POINTS_A_SIDE;
        ring[i] = (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
    }
    elc_catalog_ground_lonlat(ground, ring, OUTLINE);
    wkb->size = 0;
    for (int i = 0; i < OUTLINE; i++)
        if (!isfinite(ring[i].x) || !isfinite(ring[i].y))
            return ELC_OK;
    return elc_wkb_polygon_lonlat(ring, OUTLINE, wkb, err);
}

void elc_catalog_ground_clear(catalog_ground *ground) {
    leave_image(ground);
    elc_transform_free(ground->transform);
    free(ground->wkt);
    *ground = (catalog_ground){0};
}
