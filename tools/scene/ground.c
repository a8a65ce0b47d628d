/* ground.c - asphalt, marks, pavements and the land between the streets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#include <stdlib.h>

enum { COARSE_PX = 64, FINE_PX = 8, MOST_LINES = 16 };
enum { USE_COARSE = 50, USE_FINE, USE_GRAIN };

/* What one row of a tile needs: its roads' places, and the ground's texture. */
typedef struct band {
    const elc_town *town;
    elc_tile *tile;
    int first_col, first_row, uprights, levels;
    double level_at[MOST_LINES][ELC_TILE]; /* the level roads' centres by column */
    int nearest[ELC_TILE];                 /* of the level roads, by column */
    float coarse[ELC_TILE], fine[ELC_TILE];
} band;

static float lattice(uint64_t seed, int x, int y, uint64_t use) {
    return (float)(elc_noise_at(seed, x, y, use) >> 40) * 0x1p-23f - 1;
}

static float eased(int at, int size) {
    float t = ((float)at + 0.5f) / (float)size;
    return t * t * (3 - 2 * t);
}

/* Value noise in [-1, 1] for one row of pixels. */
static void texture_row(uint64_t seed, uint64_t use, int size, int x, int y, int width,
                        float *out) {
    int row = y / size;
    float down = eased(y % size, size);
    for (int cell = x / size, i = 0; i < width; cell++) {
        float a = lattice(seed, cell, row, use), b = lattice(seed, cell + 1, row, use);
        float c = lattice(seed, cell, row + 1, use);
        float d = lattice(seed, cell + 1, row + 1, use);
        float left = a + (c - a) * down, right = b + (d - b) * down;
        for (; i < width && (x + i) / size == cell; i++)
            out[i] = left + (right - left) * eased((x + i) % size, size);
    }
}

static elc_colour mix(elc_colour a, elc_colour b, float t) {
    return (elc_colour){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t,
                        a.b + (b.b - a.b) * t};
}

static const elc_colour white = {206, 206, 200}, kerb = {172, 169, 162};
static const elc_colour slabs = {150, 146, 139}, gravel = {176, 164, 140};
static const elc_colour grass = {92, 108, 62}, dry = {128, 126, 84};
static const elc_colour hedge = {52, 72, 40}, concrete = {146, 143, 137};

static elc_colour asphalt(float coarse, float fine, float base) {
    float v = base + 5 * coarse + 2.5f * fine;
    return (elc_colour){v, v + 1, v + 3};
}

static elc_colour meadow(float coarse, float fine, float dryness) {
    float t = dryness + 0.35f * coarse + 0.12f * fine;
    elc_colour c = mix(grass, dry, t < 0 ? 0 : t > 1 ? 1 : t);
    float gain = 1 + 0.09f * fine;
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

static float wrapped(double at, double period) {
    return (float)(at - period * floor(at / period));
}

/* A road's surface: aside of its middle, along it, and before the next crossing. */
static elc_colour road_colour(const elc_road *road, float aside, double along,
                              float to_crossing, float coarse, float fine) {
    elc_colour surface = asphalt(coarse, fine, 92);
    float side = fabsf(aside), lanes = (float)road->lanes_m;
    if (to_crossing < 0.8f)
        return surface;
    if (to_crossing < 3.8f) /* a zebra */
        return side < lanes && wrapped(aside, 1.0) < 0.5f && to_crossing > 1.0f
                   ? mix(surface, white, 0.85f)
                   : surface;
    if (to_crossing < 4.8f) /* a stop line */
        return to_crossing > 4.4f && side < lanes && side > 0.1f
                   ? mix(surface, white, 0.8f)
                   : surface;
    if (road->lanes == 2 ? side > 0.08f && side < 0.22f
                         : side < 0.08f && wrapped(along, 6) < 3)
        return mix(surface, white, 0.85f);
    if (road->lanes == 2 && fabsf(side - (float)ELC_LANE_M) < 0.07f &&
        wrapped(along, 9) < 3)
        return mix(surface, white, 0.85f);
    if (road->kerb_stalls && fabsf(side - lanes) < 0.06f && wrapped(along, 1.2) < 0.6f)
        return mix(surface, white, 0.7f);
    float track = fabsf(wrapped(side, ELC_LANE_M) - 1.65f); /* wheels darken a lane */
    if (side < lanes && track > 0.6f && track < 1.0f) {
        surface.r -= 4;
        surface.g -= 4;
        surface.b -= 4;
    }
    return side > lanes + 0.06f ? mix(surface, concrete, 0.18f) : surface;
}

static elc_colour park_colour(double x, double y, float coarse, float fine) {
    double path = fabs(wrapped(y + 7 * sin(x / 11), 44) - 22);
    double other = fabs(wrapped(x + 6 * sin(y / 13), 52) - 26);
    if (path < 1.3 || other < 1.1)
        return mix(gravel, slabs, 0.3f + 0.2f * fine);
    return meadow(coarse, fine, 0.2f);
}

static elc_colour garden_colour(double x, double y, float coarse, float fine) {
    float across = wrapped(x + 1.5 * fine, 21), down = wrapped(y + 0.4 * fine, 27);
    if (across < 0.7f || down < 0.7f)
        return mix(hedge, grass, 0.3f + 0.3f * fine);
    if (fabsf(across - 5) < 1.4f && down < 13)
        return mix(slabs, gravel, 0.4f);
    return meadow(coarse, fine, 0.35f);
}

/* The land of a plot, so many metres inside its kerbs. */
static elc_colour land_colour(elc_land land, float inside, double x, double y,
                              float coarse, float fine) {
    if (inside < 0.16f)
        return kerb;
    if (inside < ELC_PAVEMENT_M) {
        bool joint = wrapped(x, 1.0) < 0.1f || wrapped(y, 1.0) < 0.1f;
        return mix(slabs, concrete, joint ? 1.2f : 0.3f + 0.3f * coarse);
    }
    switch (land) {
    case ELC_LAND_HOUSES:
        return garden_colour(x, y, coarse, fine);
    case ELC_LAND_BLOCKS:
        return coarse + 0.2f * fine > 0.12f ? mix(slabs, concrete, 0.5f + 0.4f * fine)
                                            : meadow(coarse, fine, 0.3f);
    case ELC_LAND_PARK:
        return park_colour(x, y, coarse, fine);
    default:
        break;
    }
    if (inside < ELC_PAVEMENT_M + 0.5f)
        return meadow(coarse, fine, 0.3f);
    float base = land == ELC_LAND_LOT ? 104 : land == ELC_LAND_SHOP ? 112 : 124;
    return asphalt(1.2f * coarse, fine, base);
}

/* One pixel, from its offsets to the nearest upright and level road. */
static elc_colour ground_colour(const band *b, int upright, int level, double x,
                                double y, double across, double down, float coarse,
                                float fine) {
    const elc_town *town = b->town;
    const elc_road *u = &town->upright[upright], *l = &town->level[level];
    float from_u = (float)(fabs(across) - u->half_m);
    float from_l = (float)(fabs(down) - l->half_m);
    if (from_u < 0 && from_u <= from_l)
        return road_colour(u, (float)across, y, from_l, coarse, fine);
    if (from_l < 0)
        return road_colour(l, (float)down, x, from_u, coarse, fine);
    int col = across < 0 ? upright - 1 : upright, row = down < 0 ? level - 1 : level;
    col = col < 0 ? 0 : col < town->cols ? col : town->cols - 1;
    row = row < 0 ? 0 : row < town->rows ? row : town->rows - 1;
    return land_colour(elc_town_land(town, col, row), fminf(from_u, from_l), x, y,
                       coarse, fine);
}

static void paint_row(band *b, int y) {
    elc_tile *tile = b->tile;
    const elc_road *upright = &b->town->upright[b->first_col];
    double gsd = tile->gsd_m, y_m = (y + 0.5) * gsd, centre[MOST_LINES];
    for (int k = 0; k < b->uprights; k++)
        centre[k] = elc_road_centre(&upright[k], y_m);
    uint64_t seed = b->town->options->seed;
    texture_row(seed, USE_COARSE, COARSE_PX, tile->x, y, tile->width, b->coarse);
    texture_row(seed, USE_FINE, FINE_PX, tile->x, y, tile->width, b->fine);
    int k = 0;
    for (int i = 0; i < tile->width; i++) {
        double x_m = (tile->x + i + 0.5) * gsd;
        int n = b->nearest[i];
        while (k + 1 < b->uprights && 2 * x_m > centre[k] + centre[k + 1])
            k++;
        while (n + 1 < b->levels && 2 * y_m > b->level_at[n][i] + b->level_at[n + 1][i])
            n++;
        b->nearest[i] = n;
        elc_colour c = ground_colour(b, b->first_col + k, b->first_row + n, x_m, y_m,
                                     x_m - centre[k], y_m - b->level_at[n][i],
                                     b->coarse[i], b->fine[i]);
        elc_tile_set(tile, (size_t)(y - tile->y) * ELC_TILE + (size_t)i, c, 1);
    }
}

/* The roads that may be the nearest ones for a stretch of the frame. */
static int roads_near(const elc_road *roads, int count, double from, double to,
                      int *first) {
    int begin = 0;
    while (begin + 1 < count && roads[begin + 1].at_m < from - 20)
        begin++;
    int end = begin + 1;
    while (end < count && end - begin < MOST_LINES && roads[end - 1].at_m < to + 20)
        end++;
    *first = begin;
    return end - begin;
}

void elc_ground_paint(elc_tile *tile, const elc_town *town) {
    band b = {.town = town, .tile = tile};
    double gsd = tile->gsd_m;
    b.uprights = roads_near(town->upright, town->cols + 1, tile->x * gsd,
                            (tile->x + tile->width) * gsd, &b.first_col);
    b.levels = roads_near(town->level, town->rows + 1, tile->y * gsd,
                          (tile->y + tile->height) * gsd, &b.first_row);
    for (int k = 0; k < b.levels; k++)
        for (int i = 0; i < tile->width; i++)
            b.level_at[k][i] = elc_road_centre(&town->level[b.first_row + k],
                                               (tile->x + i + 0.5) * gsd);
    for (int y = tile->y; y < tile->y + tile->height; y++)
        paint_row(&b, y);
}

void elc_ground_grain(elc_tile *tile, uint64_t seed) {
    uint32_t salt = (uint32_t)elc_noise_mix(seed + USE_GRAIN);
    for (int y = 0; y < tile->height; y++)
        for (int x = 0; x < tile->width; x++) {
            uint32_t h =
                elc_noise_pixel(salt, (uint32_t)(tile->x + x), (uint32_t)(tile->y + y));
            int all = (int)(h & 7) + (int)(h >> 3 & 7) - 7;
            uint8_t *rgb = &tile->rgb[3 * ((size_t)y * ELC_TILE + (size_t)x)];
            for (int k = 0; k < 3; k++) {
                int value = rgb[k] + all + (int)(h >> (8 + 3 * k) & 3) - 2;
                rgb[k] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
        }
}
