/* paint.c - roofs, trees, stripes and shadows, and the order of painting. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#include <string.h>

enum { MOST_PLOTS = 144 };
#define FAR_M 14.0 /* what a plot has reaches no farther over its roads' lines */

bool elc_tile_clip(const elc_tile *tile, double x0, double y0, double x1, double y1,
                   elc_bounds *out) {
    double g = tile->gsd_m;
    double left = fmax(floor(x0 / g), tile->x), top = fmax(floor(y0 / g), tile->y);
    double right = fmin(ceil(x1 / g), tile->x + tile->width);
    double bottom = fmin(ceil(y1 / g), tile->y + tile->height);
    if (left >= right || top >= bottom)
        return false;
    *out = (elc_bounds){(int)left, (int)top, (int)right, (int)bottom};
    return true;
}

static size_t offset_at(const elc_tile *tile, int x, int y) {
    return (size_t)(y - tile->y) * ELC_TILE + (size_t)(x - tile->x);
}

static bool clip_slab(const elc_tile *tile, const elc_slab *s, double dx, double dy,
                      elc_bounds *out) {
    double c = fabs(s->cosine), d = fabs(s->sine);
    double rx = s->half_length * c + s->half_width * d;
    double ry = s->half_length * d + s->half_width * c;
    return elc_tile_clip(tile, s->x - rx, s->y - ry, s->x + rx + dx, s->y + ry + dy,
                         out);
}

/* Offsets along and across the slab, in metres. */
static void slab_local(const elc_slab *s, double x, double y, double *u, double *w) {
    double dx = x - s->x, dy = y - s->y;
    *u = dx * s->cosine + dy * s->sine;
    *w = dy * s->cosine - dx * s->sine;
}

static bool slab_covers(const elc_slab *s, double x, double y) {
    double u, w;
    slab_local(s, x, y, &u, &w);
    return fabs(u) <= s->half_length && fabs(w) <= s->half_width;
}

void elc_stripe_paint(elc_tile *tile, const elc_slab *stripe) {
    elc_bounds box;
    if (!clip_slab(tile, stripe, 0, 0, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++)
            if (slab_covers(stripe, (x + 0.5) * tile->gsd_m, (y + 0.5) * tile->gsd_m))
                elc_tile_set(tile, offset_at(tile, x, y), (elc_colour){186, 186, 180},
                             1);
}

/* Narrows [*from, *to], the part of at + t step within [-half, half]. */
static void narrow(double at, double step, double half, double *from, double *to) {
    if (step == 0) {
        if (fabs(at) > half)
            *from = 2;
        return;
    }
    double a = (-half - at) / step, b = (half - at) / step;
    *from = fmax(*from, fmin(a, b));
    *to = fmin(*to, fmax(a, b));
}

/* A point is shaded when its way to the sun meets the prism (Liang and Barsky). */
void elc_building_shade(elc_tile *tile, const elc_building *b) {
    double sx = b->height_m * ELC_SHADOW_X, sy = b->height_m * ELC_SHADOW_Y;
    double step_u = -sx * b->slab.cosine - sy * b->slab.sine;
    double step_w = -sy * b->slab.cosine + sx * b->slab.sine;
    elc_bounds box;
    if (!clip_slab(tile, &b->slab, sx, sy, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double u, w, from = 0, to = 1;
            slab_local(&b->slab, (x + 0.5) * tile->gsd_m, (y + 0.5) * tile->gsd_m, &u,
                       &w);
            narrow(u, step_u, b->slab.half_length, &from, &to);
            narrow(w, step_w, b->slab.half_width, &from, &to);
            if (from <= to)
                tile->shade[offset_at(tile, x, y)] = 1;
        }
}

static elc_colour flat_roof(const elc_building *b, double u, double w) {
    static const elc_colour tones[8] = {
        {158, 156, 152}, {134, 133, 131}, {178, 174, 166}, {118, 118, 119},
        {196, 194, 188}, {146, 134, 122}, {104, 106, 108}, {168, 160, 150}};
    elc_colour c = tones[b->look & 7];
    double edge = fmin(b->slab.half_length - fabs(u), b->slab.half_width - fabs(w));
    if (edge < 0.35)
        return (elc_colour){c.r * 1.18f, c.g * 1.18f, c.b * 1.18f};
    if (edge < 0.6)
        return (elc_colour){c.r * 0.8f, c.g * 0.8f, c.b * 0.8f};
    /* Machines on the roof: boxes on a lattice, most places empty. */
    double cell_u = floor(u / 5), cell_w = floor(w / 4.5);
    uint64_t h = elc_noise_at(b->look, (int64_t)cell_u, (int64_t)cell_w, 60);
    double du = u - 5 * cell_u - 2.5, dw = w - 4.5 * cell_w - 2.2;
    if (h % 5 == 0 && edge > 1.5 && fabs(du) < 1.1 && fabs(dw) < 0.8)
        return h & 64 ? (elc_colour){188, 190, 191} : (elc_colour){92, 94, 97};
    if (h % 5 == 0 && edge > 1.5 && fabs(du - 0.5) < 1.1 && fabs(dw - 0.4) < 0.8)
        return (elc_colour){c.r * 0.55f, c.g * 0.55f, c.b * 0.56f};
    return c;
}

static elc_colour gabled_roof(const elc_building *b, double u, double w) {
    static const elc_colour tiles[8] = {{140, 88, 70}, {128, 80, 66}, {150, 100, 80},
                                        {110, 76, 62}, {96, 90, 88},  {84, 84, 88},
                                        {134, 92, 72}, {112, 70, 60}};
    elc_colour c = tiles[b->look & 7];
    /* The slope that faces the sun, opposite to the shadows, is lighter. */
    double facing = (-b->slab.sine * ELC_SHADOW_X + b->slab.cosine * ELC_SHADOW_Y) * w;
    float gain = facing < 0 ? 1.18f : 0.84f;
    if (fabs(w) < 0.14)
        gain = 1.3f;
    double row = w / 0.45 - floor(w / 0.45);
    gain *= row < 0.25 ? 0.94f : 1.0f;
    uint64_t h = elc_noise_mix(b->look);
    double at = ((double)(h & 255) / 255 - 0.5) * b->slab.half_length;
    if (fabs(u - at) < 0.5 && fabs(w - 0.9) < 0.45)
        return (elc_colour){126, 104, 92};
    if ((h & 256) && fabs(u + at) < 2.6 && w < -1 && w > -b->slab.half_width + 1)
        return (elc_colour){40, 48, 70};
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

void elc_building_paint(elc_tile *tile, const elc_building *b) {
    elc_bounds box;
    if (!clip_slab(tile, &b->slab, 0, 0, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double u, w;
            slab_local(&b->slab, (x + 0.5) * tile->gsd_m, (y + 0.5) * tile->gsd_m, &u,
                       &w);
            if (fabs(u) > b->slab.half_length || fabs(w) > b->slab.half_width)
                continue;
            elc_colour c = b->gabled ? gabled_roof(b, u, w) : flat_roof(b, u, w);
            elc_tile_set(tile, offset_at(tile, x, y), c, 1);
        }
}

/* A crown's edge is bumpy: its radius swings with the direction. */
static double crown_at(const elc_tree *tree, double dx, double dy) {
    double turn = atan2(dy, dx), phase = tree->look & 63;
    return tree->radius *
           (0.9 + 0.07 * sin(5 * turn + phase) + 0.05 * sin(11 * turn + 2 * phase));
}

void elc_tree_shade(elc_tile *tile, const elc_tree *tree) {
    double r = tree->radius, height = 1.6 * r;
    double cx = tree->x + height * ELC_SHADOW_X, cy = tree->y + height * ELC_SHADOW_Y;
    elc_bounds box;
    if (!elc_tile_clip(tile, cx - r, cy - r, cx + r, cy + r, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double dx = (x + 0.5) * tile->gsd_m - cx, dy = (y + 0.5) * tile->gsd_m - cy;
            double d2 = dx * dx + dy * dy;
            if (d2 < 0.6 * r * r || (d2 < r * r && sqrt(d2) < crown_at(tree, dx, dy)))
                tile->shade[offset_at(tile, x, y)] = 1;
        }
}

static elc_colour leaf_colour(const elc_tree *tree, double dx, double dy, uint32_t h) {
    static const elc_colour greens[6] = {{66, 88, 44},  {76, 98, 50},  {58, 80, 46},
                                         {84, 102, 56}, {92, 104, 52}, {52, 70, 44}};
    elc_colour c = greens[tree->look % 6];
    double light = -(dx * 0.79 + dy * 0.61) / tree->radius; /* towards the sun */
    float clump = (float)(h & 255) / 255 - 0.5f;
    float gain = 0.86f + 0.42f * (float)light + 0.42f * clump;
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

void elc_tree_paint(elc_tile *tile, const elc_tree *tree) {
    double r = tree->radius, g = tile->gsd_m;
    elc_bounds box;
    if (!elc_tile_clip(tile, tree->x - r, tree->y - r, tree->x + r, tree->y + r, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double dx = (x + 0.5) * g - tree->x, dy = (y + 0.5) * g - tree->y;
            double d2 = dx * dx + dy * dy;
            if (d2 > r * r || (d2 > 0.6 * r * r && sqrt(d2) > crown_at(tree, dx, dy)))
                continue;
            uint32_t h =
                elc_noise_pixel(tree->look, (uint32_t)(x / 3), (uint32_t)(y / 3));
            elc_tile_set(tile, offset_at(tile, x, y), leaf_colour(tree, dx, dy, h), 1);
        }
}

void elc_tile_shade(elc_tile *tile) {
    for (int y = 0; y < tile->height; y++)
        for (int x = 0; x < tile->width; x++) {
            size_t at = (size_t)y * ELC_TILE + (size_t)x;
            if (tile->shade[at] != 1)
                continue;
            tile->rgb[3 * at] = (uint8_t)(tile->rgb[3 * at] * 44 / 100);
            tile->rgb[3 * at + 1] = (uint8_t)(tile->rgb[3 * at + 1] * 46 / 100);
            tile->rgb[3 * at + 2] = (uint8_t)(tile->rgb[3 * at + 2] * 52 / 100);
        }
}

/* The plots of which something may be in the tile. */
static int plots_near(elc_tile *tile, elc_town *town, const elc_plot **out) {
    double g = tile->gsd_m, left = tile->x * g - FAR_M, top = tile->y * g - FAR_M;
    double right = (tile->x + tile->width) * g + FAR_M;
    double bottom = (tile->y + tile->height) * g + FAR_M;
    int n = 0;
    for (int row = 0; row < town->rows; row++) {
        if (town->level[row].at_m > bottom || town->level[row + 1].at_m < top)
            continue;
        for (int col = 0; col < town->cols; col++) {
            if (town->upright[col].at_m > right || town->upright[col + 1].at_m < left)
                continue;
            if (n == MOST_PLOTS || (out[n] = elc_town_plot(town, col, row)) == NULL)
                return -1;
            n++;
        }
    }
    return n;
}

static void paint_land(elc_tile *tile, const elc_plot **plots, int n) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < plots[i]->pools; k++)
            elc_pool_paint(tile, &plots[i]->pool[k]);
        for (int k = 0; k < plots[i]->stripes; k++)
            elc_stripe_paint(tile, &plots[i]->stripe[k]);
        for (int k = 0; k < plots[i]->buildings; k++)
            elc_building_shade(tile, &plots[i]->building[k]);
        for (int k = 0; k < plots[i]->trees; k++)
            elc_tree_shade(tile, &plots[i]->tree[k]);
    }
    elc_tile_shade(tile);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < plots[i]->buildings; k++)
            elc_building_paint(tile, &plots[i]->building[k]);
        for (int k = 0; k < plots[i]->trees; k++)
            elc_tree_paint(tile, &plots[i]->tree[k]);
    }
}

static void each_vehicle(elc_tile *tile, const elc_town *town, const elc_plot *plot,
                         void (*act)(elc_tile *, const elc_vehicle *)) {
    int streets, parked;
    elc_town_quota(town, plot->col, plot->row, &streets, &parked);
    for (int k = 0; k < streets; k++)
        act(tile, &plot->vehicle[k]);
    for (int k = 0; k < parked; k++)
        act(tile, &plot->vehicle[plot->streets + k]);
}

bool elc_tile_paint(elc_tile *tile, elc_town *town, elc_scene_error *err) {
    const elc_plot *plots[MOST_PLOTS];
    int n = plots_near(tile, town, plots);
    if (n < 0)
        return elc_scene_fail(err, "out of memory for the plots of a tile");
    if (town->options->code) {
        memset(tile->code, 0, sizeof tile->code);
        for (int i = 0; i < n; i++)
            each_vehicle(tile, town, plots[i], elc_vehicle_code);
    }
    if (!town->options->rgb)
        return true;
    memset(tile->shade, 0, sizeof tile->shade);
    elc_ground_paint(tile, town);
    paint_land(tile, plots, n);
    for (int i = 0; i < n; i++)
        each_vehicle(tile, town, plots[i], elc_vehicle_shade);
    for (int i = 0; i < n; i++)
        each_vehicle(tile, town, plots[i], elc_vehicle_paint);
    elc_ground_grain(tile, town->options->seed);
    return true;
}
