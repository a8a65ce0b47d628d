/* image.h - pixels: finding, opening and reading images by window; chip grids. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_IMAGE_H
#define ELCANO_IMAGE_H

#include <elcano/geo.h>

ELC_BEGIN

/* ---- finding ------------------------------------------------------------------- */

/* An image as it was found: where to open it, and its path relative to the folder, glob
   or argument that named it, which goes into ids and rows ("a/b.tif"). */
typedef struct elc_found {
    char *path, *name;
} elc_found;

typedef struct elc_found_list {
    elc_found *items;
    size_t count, capacity;
} elc_found_list;

/* Files as given; globs (*, ?, [..], in any path element; a file of that very name
   comes first); folders, all images in them, recursively; .zip and .tar files like
   folders; /vsicurl/, /vsis3/, /vsizip/ paths, and http://, https://, s3://, gs://
   addresses; names of GDAL's for an image inside an image ("NETCDF:a.nc:v"). In a
   folder, files that end like an image (.tif, .jpg, .png, .jp2 ...) count, even broken
   ones, so that those are told of; side files (.ovr, .xml, .txt, .csv ...) and names
   that begin with a dot do not; GDAL identifies the rest. Links are followed, each
   folder once, at most 64 deep.
   Sorted bytewise within an argument; one that matches nothing is ELC_E_NOT_FOUND.
   Names: "frame.tif" for a file, the path below the folder, or below the glob's fixed
   leading folder; different files of one name have their whole paths, and bytes that
   are not UTF-8 become %XX. The same file twice stays once. */
elc_status elc_images_find(const char *const *arguments, size_t n, elc_found_list *out,
                           elc_error *err);
void elc_found_list_free(elc_found_list *list);

/* ---- images --------------------------------------------------------------------- */

/* Column and row of the first pixel, and size; may reach beyond the image. */
typedef struct elc_window {
    int64_t x, y, width, height;
} elc_window;

/* An open image: one GDAL handle, one thread at a time. */
typedef struct elc_image elc_image;

typedef struct elc_image_info {
    int64_t width, height;
    int bands;      /* alpha among them */
    int alpha_band; /* 1-based; 0: none */
    int block_width, block_height;
    bool is_byte;          /* every band is uint8 */
    const char *type_name; /* of the first band that is not "Byte": "UInt16" */
    const char *driver;    /* "GTiff" */
    bool has_nodata;       /* of the first band, as is `nodata` */
    double nodata;
    bool has_place; /* affine and crs are set */
    elc_affine affine;
    elc_crs *crs; /* NULL without place */
} elc_image_info;

/* True for a path of the operating system, false for GDAL's /vsicurl/, /vsizip/ … */
bool elc_path_is_local(const char *path);

/* Opens with GDAL, read only. A missing file, no permission, not an image, a broken
   header, zero bands, blocks over 1 GiB and a CRS that PROJ refuses each have their own
   message. An image has a place when it has an affine that can be inverted and a CRS
   tied to Earth; one with ground control points or RPCs alone has none yet. GDAL's
   messages never reach stderr. */
elc_status elc_image_open(const char *path, elc_image **out, elc_error *err);
/* Borrowed, valid until the image is freed. */
const elc_image_info *elc_image_info_at(const elc_image *image);
void elc_image_free(elc_image *image);

/* The bands that a detector with `wanted` channels gets: `chosen` as given by the user
   (1-based list, empty: by default: 3 = RGB by colour interpretation, else the first 3;
   a grey image repeated three times; 1 = grey, or luma refused with a message;
   otherwise the first `wanted`). Alpha is never a default band. Fails when a band is
   not there or counts differ, and for a band of a colour table. bands has room for
   `wanted`. */
elc_status elc_image_choose_bands(const elc_image *image, const char *name,
                                  const elc_names *chosen, int wanted, int *bands,
                                  elc_error *err);

/* Reads a window of n bands as uint8, pixel interleaved: out[(row * width + col) * n +
   i]. What lies outside the image is `pad`. `valid` (may be NULL) is set to false when
   every pixel inside the image is nodata in all bands read, transparent or masked, and
   when the window is outside. A block that cannot be read, or that libjpeg had to
   invent, is ELC_E_IO with GDAL's reason and the window, each time it is asked for. */
elc_status elc_image_read(elc_image *image, elc_window window, const int *bands, int n,
                          uint8_t pad, uint8_t *out, bool *valid, elc_error *err);

/* True when the blocks span the width (PNG, JPEG, strips): then chips are best read a
   row of chips at a time, which elc_strip does. */
bool elc_image_wants_strips(const elc_image *image);

/* Rows [y, y + height) of the whole width of an image in memory, filled from top to
   bottom; rows that two fillings share are kept, not read again. Chips are cut from it
   by any number of threads while nobody fills it. Borrows the image. */
typedef struct elc_strip elc_strip;

elc_status elc_strip_create(elc_image *image, const int *bands, int n, int64_t height,
                            elc_strip **out, elc_error *err);
elc_status elc_strip_fill(elc_strip *strip, int64_t y, int64_t height, elc_error *err);
/* As elc_image_read; the window's rows inside the image must be filled. */
elc_status elc_strip_cut(const elc_strip *strip, elc_window window, uint8_t pad,
                         uint8_t *out, bool *valid, elc_error *err);
void elc_strip_free(elc_strip *strip);

/* GDAL's block cache, for a whole program; 64 MiB serves tiled files. Faces call it. */
void elc_image_set_cache(size_t bytes);

/* ---- chips ----------------------------------------------------------------------- */

/* Chips of an image, row by row. Starts are multiples of `step`, the last start is the
   least multiple of `stride` that still covers the last pixel, so that less than one
   stride is padded (an image smaller than a chip is padded to a chip). */
typedef struct elc_grid {
    int64_t width, height; /* image */
    int64_t chip_width, chip_height;
    int64_t step_x, step_y, stride;
    int64_t cols, rows;
} elc_grid;

/* overlap in px, 0 <= overlap < chip; stride <= chip; sizes up to 2^31 - 1. step = chip
   - overlap rounded down to a multiple of stride (at least one stride) unless
   `exact_step`, which takes chip - overlap as is. */
elc_status elc_grid_create(int64_t width, int64_t height, int64_t chip_width,
                           int64_t chip_height, int64_t overlap_x, int64_t overlap_y,
                           int64_t stride, bool exact_step, elc_grid *out,
                           elc_error *err);
int64_t elc_grid_count(const elc_grid *grid);
/* The window of chip `index`; may reach beyond the image. */
elc_window elc_grid_window(const elc_grid *grid, int64_t index);
/* The part of a chip that is nearer to it than to its neighbours: the chip less half
   the overlap on each inner side. Cores tile the image; outer sides are the image's. In
   doubled pixels, so that halves stay whole. */
typedef struct elc_core {
    int64_t x0, y0, x1, y1; /* 2 x pixels, half open */
} elc_core;
elc_core elc_grid_core(const elc_grid *grid, int64_t index);
/* The chip whose core holds a point (clamped into the image). */
int64_t elc_grid_owner(const elc_grid *grid, double x, double y);
/* The chips whose windows share a point with the closed box, as ranges of columns and
   rows [c0, c1] x [r0, r1]; never empty for a box that meets the image; c0 > c1
   or r0 > r1 when there is none. */
void elc_grid_meeting(const elc_grid *grid, double xmin, double ymin, double xmax,
                      double ymax, int64_t *c0, int64_t *r0, int64_t *c1, int64_t *r1);

ELC_END
#endif
