/* scene.h - the parts of the scene renderer: options, town, plots, vehicles, output. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SCENE_H
#define ELC_SCENE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Lengths are metres in the image's own frame: x to the right, y down, (0, 0) the outer
 * corner of the first pixel, so a pixel is gsd_m wide. A town is a lattice of plots
 * between swinging roads; a plot is a function of the seed and its place alone, which
 * is why any tile of any town can be painted at any time with the memory of a few
 * plots.
 */

enum { ELC_CAR, ELC_TRUCK, ELC_BUS, ELC_VEHICLE_KINDS };
enum { ELC_CODE_BANDS = 5, ELC_TILE = 512 };

typedef struct elc_scene_error {
    char text[256];
} elc_scene_error;

bool elc_scene_fail(elc_scene_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

typedef struct elc_scene_options {
    int width, height;
    uint64_t seed;
    int64_t objects;
    double gsd_m, origin_e, origin_n, rotation_deg;
    double parking, crowd;
    int epsg;
    bool rgb, code, strips, help, objects_given, origin_given, parking_given;
    const char *out, *truth, *compress;
    const char *pools; /* their truth; NULL: there are none */
} elc_scene_options;

bool elc_options_parse(int argc, char **argv, elc_scene_options *out,
                       elc_scene_error *err);
extern const char elc_options_help[];

/* A road's centre line swings about a straight one; upright roads run along y. */
typedef struct elc_road {
    double at_m, swing_m, wave, phase;
    double half_m;  /* centre line to kerb */
    double lanes_m; /* centre line to the outer lane's edge */
    int lanes;      /* each way */
    bool kerb_stalls;
} elc_road;

static inline double elc_road_centre(const elc_road *road, double along_m) {
    return road->at_m + road->swing_m * sin(road->wave * along_m + road->phase);
}

static inline double elc_road_slope(const elc_road *road, double along_m) {
    return road->swing_m * road->wave * cos(road->wave * along_m + road->phase);
}

elc_road elc_road_make(uint64_t seed, bool upright, int index);

#define ELC_LANE_M       3.3
#define ELC_KERB_STALL_M 2.3
#define ELC_PAVEMENT_M   2.0

/* A rectangle at any angle: its centre, the direction of its length, half sides. */
typedef struct elc_slab {
    double x, y, cosine, sine, half_length, half_width;
} elc_slab;

bool elc_slab_apart(const elc_slab *a, const elc_slab *b, double gap_m);

typedef struct elc_bounds {
    int xmin, ymin, xmax, ymax; /* pixels, the maximum excluded */
} elc_bounds;

double elc_bounds_iou(elc_bounds a, elc_bounds b);

typedef struct elc_vehicle {
    elc_slab slab;
    elc_bounds box;
    double rank; /* vehicles of a plot are chosen by rising rank */
    uint32_t look;
    uint8_t kind;
    bool parked; /* in a dense row, not at a kerb */
} elc_vehicle;

/* The pixels of a vehicle are those whose centre is inside its rounded outline. */
static inline bool elc_vehicle_covers(const elc_vehicle *v, double x_m, double y_m) {
    double dx = x_m - v->slab.x, dy = y_m - v->slab.y;
    double u = fabs(dx * v->slab.cosine + dy * v->slab.sine) - v->slab.half_length;
    double w = fabs(dy * v->slab.cosine - dx * v->slab.sine) - v->slab.half_width;
    double round = v->kind == ELC_CAR ? 0.35 : 0.12;
    if (u > 0 || w > 0)
        return false;
    u += round;
    w += round;
    return u <= 0 || w <= 0 || u * u + w * w <= round * round;
}

elc_vehicle elc_vehicle_make(int kind, uint64_t look);
elc_bounds elc_vehicle_box(const elc_vehicle *vehicle, double gsd_m);

typedef enum elc_land {
    ELC_LAND_HOUSES,
    ELC_LAND_BLOCKS,
    ELC_LAND_PARK,
    ELC_LAND_LOT,
    ELC_LAND_SHOP,
    ELC_LAND_DEPOT
} elc_land;

typedef struct elc_building {
    elc_slab slab;
    double height_m;
    uint32_t look;
    bool gabled;
} elc_building;

typedef struct elc_tree {
    float x, y, radius;
    uint32_t look;
} elc_tree;

typedef struct elc_pool {
    elc_slab slab;
    double round_m; /* radius of its corners */
    elc_bounds box;
    uint32_t look;
} elc_pool;

enum {
    ELC_PLOT_POOLS = 8,
    ELC_PLOT_VEHICLES = 640,
    ELC_PLOT_BUILDINGS = 16,
    ELC_PLOT_TREES = 80,
    ELC_PLOT_STRIPES = 640
};

/* What stands on a plot, and in the streets at its left and its top. */
typedef struct elc_plot {
    int col, row;
    bool full; /* with buildings, trees and stripes, not vehicles alone */
    elc_land land;
    int streets,
        parked; /* vehicles of each sort: first the streets', then the parked */
    int vehicles, buildings, trees, stripes, pools;
    elc_vehicle vehicle[ELC_PLOT_VEHICLES];
    elc_building building[ELC_PLOT_BUILDINGS];
    elc_tree tree[ELC_PLOT_TREES];
    elc_slab stripe[ELC_PLOT_STRIPES];
    elc_pool pool[ELC_PLOT_POOLS];
} elc_plot;

typedef struct elc_town {
    const elc_scene_options *options;
    double width_m, height_m;
    int cols, rows;
    elc_road *upright,
        *level; /* cols + 1 and rows + 1: a plot's roads are [i], [i + 1] */
    elc_land *land;
    int64_t *streets_before, *parked_before; /* room in the plots before this one */
    int64_t streets_wanted, parked_wanted;
    elc_plot *
        *cache; /* those round the tile in hand, by col and row modulo cache_side */
    int cache_side;
} elc_town;

bool elc_town_open(elc_town *town, const elc_scene_options *options,
                   elc_scene_error *err);
void elc_town_close(elc_town *town);
elc_land elc_town_land(const elc_town *town, int col, int row);
/* Metres from a point of a plot to the nearest kerb round it, negative in a road. */
double elc_town_clearance(const elc_town *town, int col, int row, double x, double y);
/* Borrowed until a plot cache_side away is asked for; NULL when memory ran out. */
const elc_plot *elc_town_plot(elc_town *town, int col, int row);
/* How many vehicles of a plot stand: the first ones of each sort. */
void elc_town_quota(const elc_town *town, int col, int row, int *streets, int *parked);

/* Everything that could stand; which of it does is the town's quota. */
void elc_plot_make(elc_plot *plot, const elc_town *town, int col, int row);
bool elc_plot_place(elc_plot *plot, const elc_town *town, elc_vehicle vehicle);
void elc_plot_streets(elc_plot *plot, const elc_town *town);
void elc_plot_yard(elc_plot *plot, const elc_town *town);
void elc_plot_rows(elc_plot *plot, const elc_town *town);
void elc_plot_pools(elc_plot *plot, const elc_town *town);
void elc_plot_trees(elc_plot *plot, const elc_town *town);

typedef struct elc_colour {
    float r, g, b;
} elc_colour;

/* A window of the picture being painted. */
typedef struct elc_tile {
    int x, y, width, height;
    double gsd_m;
    uint8_t rgb[ELC_TILE * ELC_TILE * 3];
    uint8_t shade[ELC_TILE * ELC_TILE]; /* 1: under a roof's or a tree's shadow */
    uint8_t code[ELC_TILE * ELC_TILE * ELC_CODE_BANDS];
} elc_tile;

bool elc_tile_paint(elc_tile *tile, elc_town *town, elc_scene_error *err);
/* The pixels of the tile inside a rectangle in metres; false when there are none. */
bool elc_tile_clip(const elc_tile *tile, double x0, double y0, double x1, double y1,
                   elc_bounds *out);
void elc_ground_paint(elc_tile *tile, const elc_town *town);
void elc_ground_grain(elc_tile *tile, uint64_t seed);
void elc_stripe_paint(elc_tile *tile, const elc_slab *stripe);
void elc_pool_paint(elc_tile *tile, const elc_pool *pool);
void elc_building_shade(elc_tile *tile, const elc_building *building);
void elc_building_paint(elc_tile *tile, const elc_building *building);
void elc_tree_shade(elc_tile *tile, const elc_tree *tree);
void elc_tree_paint(elc_tile *tile, const elc_tree *tree);
void elc_tile_shade(elc_tile *tile);
void elc_vehicle_shade(elc_tile *tile, const elc_vehicle *vehicle);
void elc_vehicle_paint(elc_tile *tile, const elc_vehicle *vehicle);
void elc_vehicle_code(elc_tile *tile, const elc_vehicle *vehicle);
/* a runs from -1 at a vehicle's back to 1 at its front, b across. */
elc_colour elc_look_colour(const elc_vehicle *vehicle, float a, float b);

static inline uint8_t elc_byte(float value) {
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static inline void elc_tile_set(elc_tile *tile, size_t at, elc_colour c, float gain) {
    tile->rgb[3 * at] = elc_byte(c.r * gain);
    tile->rgb[3 * at + 1] = elc_byte(c.g * gain);
    tile->rgb[3 * at + 2] = elc_byte(c.b * gain);
}

/* The shadow of a thing one metre high, in metres of the image's frame. */
#define ELC_SHADOW_X 0.55
#define ELC_SHADOW_Y 0.42

void elc_raster_affine(const elc_scene_options *options, double affine[6]);
bool elc_raster_write(elc_town *town, const char *path, elc_scene_error *err);
/* GeoJSON of the vehicles, or of the pools. */
bool elc_truth_write(elc_town *town, const char *path, bool pools, elc_scene_error *err);

#endif
