/* geo.h - numbers on the ellipsoid: affines, CRSs, UTM, cells, distances; plain arrays.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_GEO_H
#define ELCANO_GEO_H

#include <elcano/base.h>

ELC_BEGIN

typedef struct elc_point {
    double x, y;
} elc_point;

/* Pixel (column, row) to map: x = a[0] + a[1] col + a[2] row, y = a[3] + a[4] col +
   a[5] row: GDAL's order. (0, 0) is the outer corner of the first pixel. */
typedef struct elc_affine {
    double a[6];
} elc_affine;

elc_point elc_affine_apply(const elc_affine *t, elc_point pixel);
/* ELC_E_ARGUMENT when singular or not finite. */
elc_status elc_affine_invert(const elc_affine *t, elc_affine *out, elc_error *err);

/* A coordinate reference system; immutable, may be read by many threads. */
typedef struct elc_crs elc_crs;

/* From "EPSG:32633", WKT, PROJJSON, PROJ text, or "OGC:CRS84", of at most 256 KiB.
   Heights are not used: a compound CRS counts as its horizontal part, a 3D one as 2D.
   What is not geographic or projected (vertical, geocentric, a datum) is
   ELC_E_ARGUMENT. Freed with elc_crs_free. */
elc_status elc_crs_create(const char *text, elc_crs **out, elc_error *err);
/* A copy, without PROJ's work. */
elc_status elc_crs_clone(const elc_crs *crs, elc_crs **out, elc_error *err);
/* PROJJSON of it; borrowed. */
const char *elc_crs_projjson(const elc_crs *crs);
/* WKT2:2019 of it; borrowed. */
const char *elc_crs_wkt(const elc_crs *crs);
/* "EPSG:32633" when the authority's code is known, else the name; borrowed. */
const char *elc_crs_label(const elc_crs *crs);
bool elc_crs_is_geographic(const elc_crs *crs);
/* True when its coordinates are longitude and latitude in degrees. */
bool elc_crs_is_degrees(const elc_crs *crs);
/* Same CRS, axis order aside. */
bool elc_crs_equal(const elc_crs *a, const elc_crs *b);
void elc_crs_free(elc_crs *crs);

/* Transforms between two CRSs; x is always east or longitude and y north or latitude,
   whatever the authority's axis order. One thread at a time. */
typedef struct elc_transform elc_transform;

/* NULL for either CRS means OGC:CRS84. PROJ chooses the operation for each point, as it
   does for GDAL; ELC_E_UNSUPPORTED when it knows none. */
elc_status elc_transform_create(const elc_crs *from, const elc_crs *to,
                                elc_transform **out, elc_error *err);
/* In place, n points. UTM and Web Mercator on WGS 84 from and to longitude and latitude
   go by the bulk functions below where those reach, all else by PROJ. What cannot be transformed
   becomes NaN, NaN and is counted in the result. Longitudes in degrees come out within
   [-180, 180]; a latitude beyond a pole, or a longitude beyond ten turns, cannot be
   transformed. */
size_t elc_transform_points(elc_transform *t, elc_point *points, size_t n);
/* The points of one line or ring are to stay together: `points` are what
   elc_transform_points made of `was`, none of them NaN. Where they are longitudes in
   degrees each is turned to where its line leads, beyond 180 if need be. `*middle` NaN:
   the line is put so that the middle of its longitudes is within [-180, 180], and that
   becomes `*middle`; else as near to it as whole turns allow, as a hole is to its
   polygon. False for a closed line that goes round a pole: its points lead to where they
   began, a turn further. */
bool elc_transform_unroll(elc_transform *t, const elc_point *was, elc_point *points,
                          size_t n, double *middle);
void elc_transform_free(elc_transform *t);

/* UTM's zone of (lon, lat), 1 to 60, with the exceptions of Norway and Svalbard; 0
   where there is none: south of -80 degrees, north of 84, NaN. */
int elc_utm_zone(elc_point lonlat);
/* In place, n points: longitude and latitude on WGS 84 in degrees to easting and
   northing of a zone, and back. Within 10 nm of GeographicLib (eastings of 0 to 1,000
   km, latitudes up to 84 degrees), and there and back within 5 nm; longitudes come out
   within [-180, 180]. Refused, NaN, NaN and counted in the result: what lies farther
   than 35 degrees of arc or 50 degrees of longitude from the central meridian (back:
   4,167 km from it), beyond a pole, or in a zone that there is not. The same bits on
   every processor. Krüger's series (Karney 2011). */
size_t elc_utm_from_lonlat(int zone, bool south, elc_point *points, size_t n);
size_t elc_utm_to_lonlat(int zone, bool south, elc_point *points, size_t n);

/* The same with Web Mercator (EPSG:3857) for the grid, within 10 nm of PROJ on the
   ground. Refused: what is off the map, beyond 85.0511 degrees or 20,037,508 m. */
size_t elc_web_from_lonlat(elc_point *points, size_t n);
size_t elc_web_to_lonlat(elc_point *points, size_t n);

/* A cell of the z-order curve over longitudes of -180 to 180 and latitudes of -90 to
   90: the world is halved again and again, by longitude first, and each half adds a
   bit, 1 for the east or the north. A cell holds its western and southern edge; those
   at 180 and 90 degrees hold both. Multiples of five bits are geohashes. */
enum { ELC_ZCELL_BITS = 60, ELC_ZCELL_TEXT = 61 };
typedef struct elc_zcell {
    uint64_t code; /* the curve's first bit is the highest of `bits` */
    int bits;      /* 1 to 60 */
} elc_zcell;

/* The cell of (lon, lat), exactly. ELC_E_ARGUMENT for other bits and places, NaN. */
elc_status elc_zcell_at(elc_point lonlat, int bits, elc_zcell *out, elc_error *err);
void elc_zcell_bounds(elc_zcell cell, elc_point *low, elc_point *high);
/* The cell of so many bits that it lies in: itself, or ELC_E_ARGUMENT for more bits. */
elc_status elc_zcell_parent(elc_zcell cell, int bits, elc_zcell *out, elc_error *err);
/* Those that share an edge or a corner, from the north-west on, each once; they go on
   across the antimeridian and not beyond the poles. The result is their number. */
size_t elc_zcell_neighbours(elc_zcell cell, elc_zcell out[8]);
/* In base 32 where the bits are a multiple of five, else as 0 and 1. */
void elc_zcell_text(elc_zcell cell, char out[ELC_ZCELL_TEXT]);
/* Of base 32, either case, at most 12 letters; else ELC_E_ARGUMENT. */
elc_status elc_zcell_parse(const char *geohash, elc_zcell *out, elc_error *err);

/* A tile of the web map (EPSG:3857): x from the west, y from the north, 2^zoom of each.
 */
enum { ELC_QUAD_ZOOM = 30, ELC_QUAD_TEXT = 31 };
typedef struct elc_quad {
    int zoom; /* 0 to 30 */
    int32_t x, y;
} elc_quad;

/* The tile of (lon, lat); the last ones hold the map's eastern and southern edge.
   ELC_E_ARGUMENT for another zoom, NaN, and places off the map (85.0511 degrees). */
elc_status elc_quad_at(elc_point lonlat, int zoom, elc_quad *out, elc_error *err);
/* South-west and north-east corner, longitude and latitude. */
void elc_quad_bounds(elc_quad quad, elc_point *low, elc_point *high);
/* ELC_E_ARGUMENT for the tile of zoom 0. */
elc_status elc_quad_parent(elc_quad quad, elc_quad *out, elc_error *err);
/* As elc_zcell_neighbours: across the antimeridian, not beyond the map. */
size_t elc_quad_neighbours(elc_quad quad, elc_quad out[8]);
/* The quadkey as a number to base four, and back: tiles in the order of their curve. */
int64_t elc_quad_code(elc_quad quad);
elc_quad elc_quad_of_code(int zoom, int64_t code);
/* The codes of n places' tiles, which may differ from elc_quad_at's where a place is
   within a nanometre of an edge; -1 for what is no place on the map. The same on every
   processor. ELC_E_ARGUMENT for another zoom. */
elc_status elc_quad_codes(const elc_point *lonlat, size_t n, int zoom, int64_t *out,
                          elc_error *err);
/* The quadkey, a digit a zoom ("" for zoom 0), and back; else ELC_E_ARGUMENT. */
void elc_quad_text(elc_quad quad, char out[ELC_QUAD_TEXT]);
elc_status elc_quad_parse(const char *quadkey, elc_quad *out, elc_error *err);

/* Hexagons that cover the world, all of one area: the lattice that divides each edge of
   an icosahedron into `steps`, on the equal-area map of Snyder (1992). Twelve cells,
   round the icosahedron's corners, are pentagons of five sixths of that area. Cells are
   counted from 0; a number means a cell of its own grid only. */
typedef struct elc_hex_grid {
    int64_t steps; /* 1 to 76,744,579 */
} elc_hex_grid;

/* The grid whose neighbours' centres are nearest to `size_m` apart, in the mean: to
   within size_m / 7,674 km. 0.1 m to 7,674 km, else ELC_E_ARGUMENT. Distances on the
   ground differ from it with the direction, by at most 16 %. */
elc_status elc_hex_grid_create(double size_m, elc_hex_grid *out, elc_error *err);
double elc_hex_area_m2(elc_hex_grid grid);
/* How many cells there are: 10 steps^2 + 2. */
int64_t elc_hex_count(elc_hex_grid grid);
/* The cells of n points (lon, lat in degrees, longitudes of any turn); -1 for what is no
   place: NaN, infinite, a latitude beyond 90. What is on an edge is in either. */
void elc_hex_at(elc_hex_grid grid, const elc_point *lonlat, size_t n, int64_t *out);
/* The functions below are ELC_E_ARGUMENT for a number that is no cell. */
elc_status elc_hex_centre(elc_hex_grid grid, int64_t cell, elc_point *out,
                          elc_error *err);
/* Counter-clockwise; `n` becomes 6, or 5. Longitudes go on from the centre's, beyond 180
   where a cell lies across the antimeridian. A cell may hold a pole. */
elc_status elc_hex_corners(elc_hex_grid grid, int64_t cell, elc_point out[6], size_t *n,
                           elc_error *err);
/* Counter-clockwise; `n` becomes 6, or 5. */
elc_status elc_hex_neighbours(elc_hex_grid grid, int64_t cell, int64_t out[6],
                              size_t *n, elc_error *err);
/* The cell of a coarser grid that holds the centre of this one. */
elc_status elc_hex_parent(elc_hex_grid grid, int64_t cell, elc_hex_grid coarser,
                          int64_t *out, elc_error *err);

/* Cells that were met, by their numbers, in the order in which they came: what is counted
   by cell stands at their places. Start with {0}. One thread at a time. */
#define ELC_NO_CELL UINT32_MAX
typedef struct elc_cell_slot {
    uint32_t mark;  /* of its cell: others' are rarely the same */
    uint32_t after; /* its place and one; 0: free */
} elc_cell_slot;
typedef struct elc_cell_set {
    int64_t *cells;
    size_t count, capacity;
    elc_cell_slot *slots; /* a power of two of them */
    size_t n_slots;
    int shift; /* what is left of 64 bits above it numbers a slot */
} elc_cell_set;

/* places[i] = the place of cells[i], which is added when it is new; ELC_NO_CELL for
   what is less than 0. ELC_E_UNSUPPORTED for more cells than places. */
elc_status elc_cell_set_add(elc_cell_set *set, const int64_t *cells, size_t n,
                            uint32_t *places, elc_error *err);
/* The place of a cell, or ELC_NO_CELL. */
uint32_t elc_cell_set_find(const elc_cell_set *set, int64_t cell);
void elc_cell_set_free(elc_cell_set *set);

/* On WGS 84's ellipsoid, of points (lon, lat in degrees), by geodesics (Karney 2013,
   through PROJ's geodesic.h). NaN for what is no place: NaN, a latitude beyond 90. */
double elc_distance_m(elc_point a, elc_point b);
/* The direction in which the geodesic from a to b leaves a, clockwise from north, from
   -180 to 180. */
double elc_azimuth_deg(elc_point a, elc_point b);
/* Where one comes on a geodesic; longitude within [-180, 180]. */
elc_point elc_destination(elc_point from, double azimuth_deg, double metres);
/* The area that n points enclose, joined by geodesics: positive where they go
   counter-clockwise, and right across the antimeridian and round a pole. The last point
   may be the first one again. `perimeter_m` may be NULL. 0 for less than three points.
 */
double elc_ring_area_m2(const elc_point *ring, size_t n, double *perimeter_m);

/* Rational polynomials of an image without a map projection: longitude, latitude and
   height to pixel (NIMA TRE RPC00B). Offsets and scales, then the four lists of 20
   coefficients, in the order of that standard. */
typedef struct elc_rpc {
    double error_bias, error_rand; /* metres; negative: not stated */
    double line_off, samp_off, lat_off, lon_off, height_off;
    double line_scale, samp_scale, lat_scale, lon_scale, height_scale;
    double line_num[20], line_den[20], samp_num[20], samp_den[20];
} elc_rpc;

/* ELC_E_ARGUMENT when a scale is 0 or a number not finite. */
elc_status elc_rpc_check(const elc_rpc *rpc, elc_error *err);
/* (lon, lat in degrees) at a height in metres to pixel; (0, 0) is the outer corner of
   the first pixel, whose centre RPCs call (0, 0). */
elc_point elc_rpc_pixel(const elc_rpc *rpc, elc_point lonlat, double height_m);
/* The inverse, by Newton's method; NaN, NaN where it does not converge. */
elc_point elc_rpc_lonlat(const elc_rpc *rpc, elc_point pixel, double height_m);

/* How high the ground lies above the ellipsoid, in metres. */
typedef struct elc_ground {
    double height_m; /* everywhere, or where height_at gives NaN */
    double (*height_at)(void *arg, elc_point lonlat); /* may be NULL */
    void (*release)(void *arg);                       /* may be NULL */
    void *arg;
} elc_ground;

/* Where a pixel grid lies on Earth: pixels to lon/lat by affine and CRS, or by RPCs.
   One thread at a time. */
typedef struct elc_locator elc_locator;

/* `crs` NULL means OGC:CRS84. ELC_E_ARGUMENT for an affine without inverse. */
elc_status elc_locator_create(const elc_affine *affine, const elc_crs *crs,
                              elc_locator **out, elc_error *err);
/* By RPCs: where the line of sight meets the ground. When it succeeds, the locator owns
   `arg` and releases it. ELC_E_ARGUMENT when elc_rpc_check or the height is wrong. */
elc_status elc_locator_create_rpc(const elc_rpc *rpc, const elc_ground *ground,
                                  elc_locator **out, elc_error *err);
/* pixels -> lon, lat, in place; failures become NaN and are counted. */
size_t elc_locator_lonlat(elc_locator *l, elc_point *pixels, size_t n);
/* Metres on the ground along a pixel's column and row step at `pixel`. */
void elc_locator_pixel_size_m(elc_locator *l, elc_point pixel, double *x_m,
                              double *y_m);
void elc_locator_free(elc_locator *l);

ELC_END
#endif
