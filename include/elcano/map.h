/* map.h - what people look at: densities of points on a grid, as rasters and pictures.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_MAP_H
#define ELCANO_MAP_H

#include <elcano/geo.h>

ELC_BEGIN

/* Square cells, `width` columns from x to the right and `height` rows from y downward;
   (x, y) is the outer corner of the first cell. `cell` is in units of x and y. */
typedef struct elc_raster_grid {
    double x, y, cell;
    int32_t width, height;
} elc_raster_grid;

enum { ELC_RASTER_CELLS = 1 << 30 }; /* of one raster, at most */

/* How a point's weight is spread. Each holds one over the plane; h is the bandwidth and
   d the distance (Silverman 1986, 4.2):
   Gaussian      exp(-d^2 / 2 h^2) / (2 pi h^2)
   Epanechnikov  2 / (pi h^2) (1 - d^2 / h^2)    within h
   quartic       3 / (pi h^2) (1 - d^2 / h^2)^2  within h */
typedef enum elc_kernel {
    ELC_KERNEL_GAUSSIAN,
    ELC_KERNEL_EPANECHNIKOV,
    ELC_KERNEL_QUARTIC
} elc_kernel;

typedef struct elc_density {
    elc_raster_grid grid;
    elc_kernel kernel;
    double bandwidth; /* in units of the grid's x and y; more than 0 */
} elc_density;

/* How far from a point its kernel is looked at, in units of the bandwidth: what a
   Gaussian has beyond is left out, under 4e-8 of its middle. */
double elc_kernel_reach(elc_kernel kernel);

/* out[row * width + column] = the sum of the points' weights times their kernels at the
   cell's middle: weight for a square unit. `weights` may be NULL: 1 each. Points that are
   not finite, and those of weight 0, add nothing. Within 1e-6 of the highest value of a
   direct sum, for weights of one sign. The same bits for any number of threads.
   ELC_E_ARGUMENT: a grid without cells or with too many, a bandwidth that is no length or
   wider than 100,000 cells, or a weight that is not finite. */
elc_status elc_density_sum(const elc_density *density, const elc_point *points,
                           const double *weights, size_t n, const elc_context *context,
                           float *out, elc_error *err);

/* out[row * width + column] = how much of the cell polygons cover, 0 to 1, by area: ring i
   ends before points[ends[i]], closed or not; outer rings turn counter-clockwise, holes
   clockwise, and no two polygons overlap, as those of a union do not. Exact but for the
   rounding of numbers: cells that no edge meets are 0 or 1. What lies beyond the grid is
   left out. ELC_E_ARGUMENT for a grid that elc_density_sum refuses, and corners that are
   no numbers, or 2^45 cells away. */
elc_status elc_raster_cover(const elc_raster_grid *grid, const elc_point *points,
                            const size_t *ends, size_t n_rings,
                            const elc_context *context, float *out, elc_error *err);

/* ---- what is made of it ----------------------------------------------------------- */

typedef struct elc_raster_band {
    const char *name;    /* NULL: none */
    const float *values; /* width * height; NaN: not seen */
} elc_raster_band;

/* A GeoTIFF (float32, tiled, compressed; NaN is nodata), which appears under its name only
   when it is whole. ELC_E_EXISTS where there is one, unless it may be replaced.
   `context`, which may be NULL, can cancel it. */
elc_status elc_raster_write(const char *path, const elc_raster_grid *grid,
                            const elc_crs *crs, const elc_raster_band *bands,
                            size_t n_bands, bool overwrite, const elc_context *context,
                            elc_error *err);

/* ELC_E_ARGUMENT where the CRS is not projected, or in other units than metres. */
elc_status elc_raster_check_crs(const elc_crs *crs, elc_error *err);

typedef struct elc_picture {
    const char *title; /* small letters, digits and . , - + / */
    const char *unit;  /* of the values, likewise */
    double highest;    /* value of the darkest colour */
} elc_picture;

/* Appends a PNG of a raster with title, legend and scale; the grid's unit is the metre,
   and what is NaN is grey. The longer side of the map has 256 to 2,048 pixels. */
elc_status elc_raster_picture(const elc_raster_grid *grid, const float *values,
                              const elc_picture *wish, elc_string *out, elc_error *err);

/* Of a page, at most; each has a picture. */
enum { ELC_PAGE_BANDS = 32 };

/* Appends an HTML page that shows a raster on a map in the browser, and is all that it
   needs: Leaflet and a picture of each band are in it, the longer side of one at most
   2,048 pixels, of more 1,024. Colours go from 0 to a band's highest value, of which
   `unit` is told; it, names and `title` are shown as text. Nothing is asked of any server
   unless somebody ticks the map beneath. What lies beyond 85.05 degrees of latitude is left out; ELC_E_UNSUPPORTED
   where that is all. */
elc_status elc_raster_page(const elc_raster_grid *grid, const elc_crs *crs,
                           const elc_raster_band *bands, size_t n_bands,
                           const char *title, const char *unit,
                           const elc_context *context, elc_string *out, elc_error *err);

ELC_END
#endif
