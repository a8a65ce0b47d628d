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
   are not UTF-8 become %XX. The same file twice stays once. "@list.txt" stands for the
   lines of that file, without blank ones and those that begin with '#'. */
elc_status elc_images_find(const char *const *arguments, size_t n, elc_found_list *out,
                           elc_error *err);
void elc_found_list_free(elc_found_list *list);

/* One folder (archive, bucket) that images are in, or a stretch of its names. Its images
   are found when it is read, so that many folders take the memory of the largest. */
typedef struct elc_folder {
    char *path;     /* as GDAL lists it; NULL: none, for GDAL's own names of images */
    char *root;     /* the argument that it was found below; NULL for `files` */
    char *prefix;   /* what its images' names begin with: "", "year=2024/june/" */
    bool recursive; /* what is below it is looked at, too */
    char *from, *to; /* its names from `from` to before `to`; NULL: no limit */
    elc_found_list files; /* images named one by one; none: all of the folder */
    uint64_t entries;     /* how many names there were when it was found */
} elc_folder;

typedef struct elc_folder_list {
    elc_folder *items;
    size_t count, capacity;
} elc_folder_list;

typedef struct elc_folder_wish {
    bool recursive; /* folders in folders, and archives in folders */
    /* A folder is cut into stretches of at least `slice` names, at most `most` of them;
       0: it stays whole. */
    uint64_t slice, most;
} elc_folder_wish;

/* The folders that elc_images_find would look into, without their images: files named
   one by one or by a pattern first, as lists by folder; then folders, those below one
   after it, sorted bytewise. Folders of different arguments whose names are the same, or
   that hold a file of a name that is there already, have their whole paths in `prefix`. An argument that is not there is
   ELC_E_NOT_FOUND; a line of a list that is not is kept as a file. */
elc_status elc_folders_find(const char *const *arguments, size_t n,
                            const elc_folder_wish *wish, elc_folder_list *out,
                            elc_error *err);
void elc_folder_clear(elc_folder *folder);
void elc_folder_list_free(elc_folder_list *list);

/* ---- images --------------------------------------------------------------------- */

/* Column and row of the first pixel, and size; may reach beyond the image. */
typedef struct elc_window {
    int64_t x, y, width, height;
} elc_window;

/* What two windows share; without width or height where that is nothing. */
elc_window elc_window_common(elc_window a, elc_window b);

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
/* Adds the files that GDAL reads of it: its own first, then masks, overviews, world files,
   statistics, and what a VRT shows. */
elc_status elc_image_files(const elc_image *image, elc_names *out, elc_error *err);

/* The bands that a detector with `wanted` channels gets: `chosen` as given by the user
   (1-based list, empty: by default: 3 = RGB by colour interpretation, else the first 3;
   a grey image repeated three times; 1 = grey, or luma refused with a message;
   otherwise the first `wanted`). Alpha is never a default band. Of an image with a
   colour table, of CMYK and of YCbCr, bands 1, 2, 3 are red, green and blue, as
   elc_view shows them (elc_image_read does not). Fails when a band is not there or
   counts differ, and for a colour table of another band than the first. bands has room
   for `wanted`. */
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

/* ---- the images of a folder ----------------------------------------------------- */

/* Goes through the names of a folder, and opens its images as fast as GDAL can: the
   folder is listed once for all of them, and images of one CRS share its reading.
   Borrows `folder`. One thread at a time. */
typedef struct elc_folder_reader elc_folder_reader;

/* ELC_E_IO or ELC_E_FORMAT for a folder or archive that cannot be listed. */
elc_status elc_folder_reader_create(const elc_folder *folder, elc_folder_reader **out,
                                    elc_error *err);
/* All names of files in the folder, sorted bytewise; borrowed. */
const elc_names *elc_folder_reader_names(const elc_folder_reader *reader);
/* The next name, borrowed until the one after it; NULL at the end. `is_image` is false
   for side files, and for a link to an image that is looked at itself. */
elc_status elc_folder_reader_next(elc_folder_reader *reader, const elc_found **out,
                                  bool *is_image, elc_error *err);
/* As elc_image_open. */
elc_status elc_folder_reader_open(elc_folder_reader *reader, const char *path,
                                  elc_image **out, elc_error *err);
/* True for an image that only shows others (a VRT), all of which are looked at
   themselves. */
bool elc_folder_reader_shows_others(const elc_folder_reader *reader,
                                    const elc_image *image);
void elc_folder_reader_free(elc_folder_reader *reader);

/* The images inside of a file that has no pixels itself (HDF, NetCDF), as GDAL names
   them. Empty where there are none. */
elc_status elc_image_subdatasets(const char *path, elc_names *out, elc_error *err);
/* Overviews of the first band, inside and beside the file. */
int elc_image_overviews(const elc_image *image);
/* "DEFLATE"; NULL when none is said. Borrowed. */
const char *elc_image_compression(const elc_image *image);
/* Size and last change (microseconds since 1970, UTC) of a file of any kind that GDAL
   reaches; -1 where it is not known. */
void elc_path_stat(const char *path, int64_t *bytes, int64_t *modified_us);

/* ---- stretch and view ------------------------------------------------------------ */

/* How values of any pixel type become bytes: 0 at `low`, 255 at `high`, linear and
   rounded between, the same for the whole image. */
typedef enum elc_stretch_kind {
    ELC_STRETCH_AUTO,    /* bytes as they are, other types p2-98 */
    ELC_STRETCH_NONE,    /* values as they are, clipped to 0..255 */
    ELC_STRETCH_MINMAX,
    ELC_STRETCH_PERCENT, /* from the low to the high percentile */
    ELC_STRETCH_SIGMA,   /* mean less and plus k standard deviations */
    ELC_STRETCH_VALUES   /* as given, one pair for all bands or one a band */
} elc_stretch_kind;

enum { ELC_BANDS_MAX = 16 };

/* `low` and `high`: percentiles, k (in `low`), or values; n pairs. */
typedef struct elc_stretch_wish {
    elc_stretch_kind kind;
    int n;
    double low[ELC_BANDS_MAX], high[ELC_BANDS_MAX];
} elc_stretch_wish;

/* From "auto", "none", "minmax", "p2-98", "sigma2.5", "0-2047" or "0-2047,0-1023,…". */
elc_status elc_stretch_parse(const char *text, elc_stretch_wish *out, elc_error *err);

/* What was decided for the n bands of one image: never AUTO. */
typedef struct elc_stretch {
    elc_stretch_kind kind;
    double from, to; /* the percentiles, or k (in `from`), that were asked for */
    int n;           /* 0 for NONE, which has no values */
    double low[ELC_BANDS_MAX], high[ELC_BANDS_MAX];
} elc_stretch;

/* Looks at a fixed sample of about a million pixels (of the smallest overview that has
   a quarter of that, else of blocks spread evenly), nodata, NaN, infinite and masked
   pixels left out: the same on every machine and in every process. AUTO of a byte image
   and NONE look at nothing. A band without valid pixels gets 0..1; where all values are
   one, `high` is one more. Percentiles are numpy's, linear between two values. */
elc_status elc_stretch_decide(elc_image *image, const int *bands, int n,
                              const elc_stretch_wish *wish, elc_stretch *out,
                              elc_error *err);
/* The same for images that several threads see in parts, each decided once: a memo keeps
   the stretches of the last 64 images. It is of one wish, and of bands that an image
   always has; who comes while another one decides waits for it. */
typedef struct elc_stretch_memo elc_stretch_memo;
elc_status elc_stretch_memo_create(elc_stretch_memo **out, elc_error *err);
elc_status elc_stretch_memo_decide(elc_stretch_memo *memo, elc_image *image,
                                   const int *bands, int n,
                                   const elc_stretch_wish *wish, elc_stretch *out,
                                   elc_error *err);
void elc_stretch_memo_free(elc_stretch_memo *memo);
/* "none", or "p2-98 [12,2033] [5,1999.5]": what rows carry, and back. */
elc_status elc_stretch_print(const elc_stretch *stretch, elc_string *out,
                             elc_error *err);
elc_status elc_stretch_scan(const char *text, elc_stretch *out, elc_error *err);

/* A stretch that was recorded with an image; `image` NULL: for any. */
typedef struct elc_recorded_stretch {
    char *image;
    elc_stretch stretch;
} elc_recorded_stretch;

/* The stretch that was recorded for an image of this name; else, where all that was
   recorded is the same, that; else ELC_E_NOT_FOUND. ELC_E_ARGUMENT where it has other
   than n bands. */
elc_status elc_stretch_recall(const elc_recorded_stretch *recorded, size_t count,
                              const char *image, int n, elc_stretch *out,
                              elc_error *err);

/* What a pixel of the image and one of the network measure on the ground. */
typedef struct elc_resolution {
    double gsd_m;       /* wanted; 0: as the image is */
    double image_gsd_m; /* of an image without a place; 0: not known */
    bool always;        /* even where the two are within 5 % of each other */
} elc_resolution;

/* Source pixels per view pixel along columns and rows, measured at the image's centre
   through its locator (NULL: it has no place); 1, 1 where nothing is to be resampled or
   the image's resolution is not known, which `*known` (may be NULL) tells. Steps within
   0.2 % of a whole number, or of one part in a whole number, are that.
   ELC_E_ARGUMENT for more than 32 times finer or 65536 times coarser than the image. */
elc_status elc_resolution_steps(const elc_resolution *wanted, const elc_image *image,
                                elc_locator *locator, double *step_x, double *step_y,
                                bool *known, elc_error *err);

/* View pixels along a side: ceil(source size / step). */
int64_t elc_view_side(int64_t source, double step);

/* An image seen as bytes of chosen bands at a chosen resolution: any pixel type that is
   not complex, colour tables expanded, CMYK and YCbCr as RGB, pixels of fewer than 8
   bits spread over 0 to 255, nodata, NaN and alpha as a mask. Bytes that need neither
   stretch nor resampling are read by elc_image_read itself. Borrows the image. One
   thread at a time. */
typedef struct elc_view elc_view;

typedef struct elc_view_options {
    const int *bands; /* 1-based; with a colour table, 1, 2, 3 are its red, green, blue */
    int n;
    elc_stretch stretch; /* NONE, one pair for all bands, or one a band */
    /* Source pixels per view pixel, along columns and rows; 1, 1: no resampling. */
    double step_x, step_y;
} elc_view_options;

elc_status elc_view_create(elc_image *image, const elc_view_options *options,
                           elc_view **out, elc_error *err);
/* Size in view pixels. View pixel (0, 0) begins at the source's outer corner; view x is
   source x / step_x. */
int64_t elc_view_width(const elc_view *view);
int64_t elc_view_height(const elc_view *view);
/* As elc_image_read, in view pixels; where values are stretched or resampled, nodata
   becomes `pad`. Going to coarser steps each source pixel counts by the area that it
   covers; to finer ones, cubic (Keys, a = -0.5); nodata pixels weigh nothing. Weights
   are anchored at the image's origin, so a window equals the same window of the whole
   view, to the bit. */
elc_status elc_view_read(elc_view *view, elc_window window, uint8_t pad, uint8_t *out,
                         bool *valid, elc_error *err);
/* True when the image wants strips, and one of `height` rows takes no more memory for
   being seen at a finer resolution than the file's (at most 256 MiB). */
bool elc_view_wants_strips(const elc_view *view, int64_t height);
/* A strip of a view's rows, for images that want strips: filled and cut in view pixels,
   its nodata `pad`. Borrows the view. */
elc_status elc_view_strip(elc_view *view, int64_t height, uint8_t pad, elc_strip **out,
                          elc_error *err);
void elc_view_free(elc_view *view);

/* ---- blur ------------------------------------------------------------------------ */

/* A Gaussian over chips, without seams: a blurred chip equals the same window of the
   whole image blurred at once, to the bit. One thread at a time. */
typedef struct elc_blur elc_blur;

/* Pixels around a chip that a blur needs: 3 standard deviations, rounded up. `sigma` in
   px, over 0 and up to 100; else ELC_E_ARGUMENT. */
elc_status elc_blur_reach(double sigma, int64_t *out, elc_error *err);
/* For chips of width x height px of n bytes each. */
elc_status elc_blur_create(double sigma, int64_t width, int64_t height, int n,
                           elc_blur **out, elc_error *err);
/* `pixels` are the chip's, interleaved, with the reach more on each of its four sides.
   `inside` is the part of them that is the image's: what is outside weighs nothing, and
   stays as it is. `out`: the chip. */
void elc_blur_chip(elc_blur *blur, const uint8_t *pixels, elc_window inside,
                   uint8_t *out);
void elc_blur_free(elc_blur *blur);

/* ---- facts: an image's metadata ------------------------------------------------------ */

typedef enum elc_fact_kind {
    ELC_FACT_TEXT,
    ELC_FACT_REAL, /* numbers[0] */
    ELC_FACT_TIME, /* time_us */
    ELC_FACT_LIST  /* numbers[0..n) */
} elc_fact_kind;

typedef enum elc_fact_id {
    ELC_FACT_PRODUCT_ID,
    ELC_FACT_CATALOG_ID,
    ELC_FACT_PLATFORM,
    ELC_FACT_SENSOR,
    ELC_FACT_ACQUIRED,
    ELC_FACT_CRS,            /* as elc_crs_create takes it */
    ELC_FACT_AFFINE,         /* 6, GDAL's order */
    ELC_FACT_CORNERS_MAP,    /* 8: outer corners UL, UR, LR, LL as x, y in the CRS */
    ELC_FACT_CORNERS_LONLAT, /* 8: the same in degrees */
    ELC_FACT_WIDTH,
    ELC_FACT_HEIGHT,
    ELC_FACT_GSD,
    ELC_FACT_SUN_AZIMUTH,
    ELC_FACT_SUN_ELEVATION,
    ELC_FACT_OFF_NADIR,
    ELC_FACT_VIEW_AZIMUTH,
    ELC_FACT_VIEW_ELEVATION,
    ELC_FACT_CLOUD, /* fraction, 0 to 1 */
    ELC_FACT_RPC,   /* 92: see elc_rpc */
    ELC_FACT_BANDS, /* names, comma between */
    ELC_FACT_BIT_DEPTH,
    ELC_FACT_POSITION, /* 3: lon, lat of the camera, height above the sea (or 2) */
    ELC_FACT_ALTITUDE, /* of the camera above where it took off */
    ELC_N_FACTS
} elc_fact_id;

typedef struct elc_fact_field {
    const char *name; /* of the column */
    elc_fact_kind kind;
    const char *unit, *help;
} elc_fact_field;
extern const elc_fact_field elc_fact_fields[ELC_N_FACTS];

/* A value and where it came from, such as "md_dg.IMD: IMAGE_1/meanSunEl"; not known
   when `source` is NULL. */
typedef struct elc_fact {
    char *text, *source;
    double *numbers;
    size_t n;
    int64_t time_us; /* since 1970, UTC */
} elc_fact;

typedef struct elc_facts {
    elc_fact items[ELC_N_FACTS];
    char *conflicts; /* JSON: [{"field": …, "values": [{"value": …, "source": …}, …]}] */
    char *raw;       /* JSON: {"md_dg.IMD": {…}} */
} elc_facts;

/* The files of a folder that may describe its images. `folder` as GDAL names it, `names`
   its entries (files), in any order; both copied. Reads none of them. */
typedef struct elc_sidecars elc_sidecars;
elc_status elc_sidecars_create(const char *folder, const char *const *names, size_t n,
                               elc_sidecars **out, elc_error *err);
void elc_sidecars_free(elc_sidecars *sidecars);

/* Lists the folder that a file is in; one that cannot be listed has no sidecars. */
elc_status elc_sidecars_beside(const char *path, elc_sidecars **out, elc_error *err);

/* All that is known of an image: from itself (`image`, may be NULL when it cannot be
   opened), and from the sidecars that match it by stem, by the file name that they state,
   or by the layout of their folders (Sentinel-2). Of size, bit depth, GSD, CRS, affine and
   corners the image's own tags come first, since a sidecar may be of the product that it
   was cut from; of the rest the vendor's sidecar does, then the image's tags, then other
   sidecars. Where two differ, the first stands and `conflicts` has both. A sidecar that
   cannot be read is a conflict, too ("sidecar", with the reason in "error"), never a
   failure: only memory and cancel are. */
elc_status elc_facts_read(const char *path, elc_image *image,
                          const elc_sidecars *sidecars, elc_facts *out, elc_error *err);
void elc_facts_clear(elc_facts *facts);

/* ---- place: where an image lies, by the best that is known ------------------------------ */

typedef enum elc_place_kind {
    ELC_PLACE_NONE,
    ELC_PLACE_AFFINE,  /* its own affine and CRS */
    ELC_PLACE_CORNERS, /* an affine through the corners that its metadata states */
    ELC_PLACE_GCPS,    /* an affine fitted to its ground control points */
    ELC_PLACE_RPC
} elc_place_kind;

typedef struct elc_place {
    elc_place_kind kind;
    elc_affine affine; /* all but RPC */
    elc_crs *crs;      /* owned; NULL for NONE and RPC */
    elc_rpc rpc;
    double height_m;   /* of the ground, for RPC */
    char *dem;         /* owned; path of a raster of heights, for RPC; NULL: none */
    double error_m;    /* expected, one sigma; NaN: not stated */
} elc_place;

/* Of heights for RPCs, in metres above the ellipsoid. */
typedef struct elc_place_wish {
    double height_m;   /* NaN: the RPCs' own height offset */
    const char *dem;   /* any raster with a CRS; height_m where it has none. NULL: none */
} elc_place_wish;

/* That its DEM can be used, so that a run need not find out with its first image. */
elc_status elc_place_wish_check(const elc_place_wish *wish, elc_error *err);

/* The image's own affine, else one that `facts` state (a world file and its .prj); else
   the first of GCPs, RPCs, corners of the metadata. Either of image and facts may be NULL.
   Its own errors are what an affine of more than three GCPs or of corners leaves over
   (root mean square), and what RPCs state, bias and random part together. GCPs along a
   line, corners whose affine misses them by a fiftieth of the image, or that are of an
   image of another size, count as none; so does a drone's position alone. `wish` may be
   NULL. */
elc_status elc_place_find(elc_image *image, const elc_facts *facts,
                          const elc_place_wish *wish, elc_place *out, elc_error *err);
/* ELC_E_ARGUMENT for NONE. With a DEM, opens it; the locator owns it. */
elc_status elc_place_locator(const elc_place *place, elc_locator **out, elc_error *err);
elc_status elc_place_clone(const elc_place *place, elc_place *out, elc_error *err);
void elc_place_clear(elc_place *place);

/* Where and when an image was taken. */
typedef struct elc_scene {
    elc_place place;
    double gsd_m;   /* that its metadata state; NaN: none */
    bool has_time;
    int64_t acquired_us; /* since 1970, UTC */
} elc_scene;

/* Finds the scenes of images one after another, by their own metadata and the sidecars in
   their folder, which is listed once for all images that follow each other in it. The
   wish's DEM is borrowed. Any thread, with an image of its own. */
typedef struct elc_scenes elc_scenes;
elc_status elc_scenes_create(const elc_place_wish *wish, elc_scenes **out,
                             elc_error *err);
/* Only memory and cancel fail: what cannot be found is not known. */
elc_status elc_scenes_find(elc_scenes *scenes, elc_image *image, elc_scene *out,
                           elc_error *err);
/* The place alone: no file but the image is read where that has an affine itself. */
elc_status elc_scenes_place(elc_scenes *scenes, elc_image *image, elc_place *out,
                            elc_error *err);
/* The place alone where there is one, which needs no other file; without one, and where a
   resolution is wanted, all: their metadata may state it. */
elc_status elc_scenes_place_or_all(elc_scenes *scenes, elc_image *image, bool wants_gsd,
                                   elc_scene *out, elc_error *err);
elc_status elc_scene_clone(const elc_scene *scene, elc_scene *out, elc_error *err);
void elc_scene_clear(elc_scene *scene);
void elc_scenes_free(elc_scenes *scenes);

/* ---- cutting ---------------------------------------------------------------------------- */

/* Cuts windows out of an image in its own type. What lies outside of the image is
   nodata, or 0 where there is none. Borrows the image. One thread at a time. */
typedef struct elc_cutter elc_cutter;

/* n bands, 1-based, in any order; n = 0: all. `rows` is the height of the windows to
   come: of an image whose blocks span the width so many rows are read at once and kept;
   0: each window by itself. */
elc_status elc_cutter_create(elc_image *image, const int *bands, int n, int64_t rows,
                             elc_cutter **out, elc_error *err);
/* The same as bytes, as a view shows the image: by a stretch that was decided for the
   whole of it, and resampled; windows are in the view's pixels. What holds nothing is 0,
   and masked in a TIFF. */
elc_status elc_cutter_create_seen(elc_image *image, const elc_view_options *seen,
                                  int64_t rows, elc_cutter **out, elc_error *err);
/* The bands of such bytes: the n asked for, with n = 0 all but alpha. ELC_E_UNSUPPORTED
   for more than ELC_BANDS_MAX, and for numbers of a colour table. */
elc_status elc_cutter_seen_bands(const elc_image *image, const int *bands, int n,
                                 int out[ELC_BANDS_MAX], int *count, elc_error *err);
/* Reads a window, which the other calls are then about. Errors as elc_image_read. */
elc_status elc_cutter_read(elc_cutter *cutter, elc_window window, elc_error *err);
/* Its share of pixels that hold nothing: outside of the image, transparent or masked,
   or nodata in all bands. */
double elc_cutter_nodata_share(const elc_cutter *cutter);
int elc_cutter_bands(const elc_cutter *cutter);

typedef enum elc_file_kind { ELC_FILE_TIF, ELC_FILE_PNG, ELC_FILE_JPEG } elc_file_kind;

/* The bytes of an image file of it, appended. A TIFF keeps type, nodata, colour table,
   band names, mask, affine, CRS and control points; PNG takes 1 to 4 bands of 8 or 16
   bits, JPEG 1 or 3 of 8: others are ELC_E_UNSUPPORTED. What the file itself cannot
   hold, such as a PNG's place, is appended to `beside`, to be kept as NAME.aux.xml. */
elc_status elc_cutter_encode(elc_cutter *cutter, elc_file_kind kind, elc_string *file,
                             elc_string *beside, elc_error *err);
void elc_cutter_free(elc_cutter *cutter);

/* The bytes of a PNG or JPEG file of width x height pixels of n bytes each, interleaved,
   appended: n of 1 to 4 (grey, grey and alpha, RGB, RGBA), for JPEG 1 or 3; else
   ELC_E_UNSUPPORTED. */
elc_status elc_pixels_encode(const uint8_t *pixels, int width, int height, int n,
                             elc_file_kind kind, elc_string *out, elc_error *err);

/* ---- mosaics ---------------------------------------------------------------------------- */

/* Many images as one picture of the web map (EPSG:3857). */
typedef struct elc_mosaic elc_mosaic;

/* Opens once what elc_images_find finds. What cannot be read or has no place there is told
   to `context`, which may be NULL, and left out; ELC_E_FORMAT where none can be read. */
elc_status elc_mosaic_create(const char *const *arguments, size_t n,
                             const elc_context *context, elc_mosaic **out,
                             elc_error *err);
size_t elc_mosaic_count(const elc_mosaic *mosaic);
/* West, south, east, north in degrees; false where there are no images. */
bool elc_mosaic_bounds(const elc_mosaic *mosaic, double box[4]);
/* The zoom of tiles of 256 px from which on they show all pixels, 0 to 26. */
int elc_mosaic_zoom(const elc_mosaic *mosaic);

/* Whether who waits for a picture has gone, to be asked between images. */
typedef struct elc_mosaic_wait {
    bool (*gone)(void *arg);
    void *arg;
} elc_mosaic_wait;

/* Draws what lies in a box {xmin, ymin, xmax, ymax} in metres of the web map: RGBA of
   width x height (1 to 4096) pixels, rows from the top, over what is there; alpha 0 stays
   where no image is. Later images lie over earlier ones; those smaller than two pixels are
   left out, and of more than 256 that are seen the last ones. Values that are no bytes are
   stretched once an image (AUTO), overviews are used, what lies between pixels is linear.
   RPCs are used at their own height. From any thread; `wait` may be NULL. ELC_E_IO for an
   image that can no longer be read, ELC_E_CANCELLED once who waits has gone. */
elc_status elc_mosaic_draw(elc_mosaic *mosaic, const double box[4], int width,
                           int height, const elc_mosaic_wait *wait, uint8_t *rgba,
                           elc_error *err);
void elc_mosaic_free(elc_mosaic *mosaic);

/* ---- Spark's image struct ------------------------------------------------------------- */

/* One row of Spark's image schema: OpenCV's type in `mode` (depth + ((channels - 1) <<
   3)), rows from the top, pixels interleaved, blue before red where there are three or
   four channels. */
typedef struct elc_image_struct {
    int32_t height, width, channels, mode;
    uint8_t *data; /* owned */
    size_t size;
} elc_image_struct;

/* A window of an image in its own type: uint8 and int8, uint16, int16, int32, float32,
   float64. ELC_E_UNSUPPORTED above 2 GiB of data and for other types, with what to do. */
elc_status elc_image_struct_read(elc_image *image, elc_window window, const int *bands,
                                 int n, elc_image_struct *out, elc_error *err);
/* The same of the window that a cutter has read. */
elc_status elc_cutter_struct(const elc_cutter *cutter, elc_image_struct *out,
                             elc_error *err);
/* An image in memory, which owns a copy of the data. */
elc_status elc_image_struct_open(const elc_image_struct *from, const char *name,
                                 elc_image **out, elc_error *err);
void elc_image_struct_clear(elc_image_struct *data);

/* Images that have no file, for what opens images by their paths: under one of their own
   in GDAL's memory, which ends with the last part of `name` and is there in this process
   until it is dropped. Bytes of a file, which are copied, of a format
   that holds its pixels itself (GeoTIFF, PNG, JPEG, JPEG 2000 …): of one that may name
   other files, as a VRT does, opening says ELC_E_UNSUPPORTED. ELC_E_FORMAT where there
   are none. */
elc_status elc_image_memory_bytes(const void *bytes, size_t size, const char *name,
                                  char **path, elc_error *err);
/* Pixels, which are copied; `affine` and its `crs` say where they lie, NULL: that is not
   known. As elc_image_struct_open fails. */
elc_status elc_image_memory_struct(const elc_image_struct *from, const char *name,
                                   const elc_affine *affine, const elc_crs *crs,
                                   char **path, elc_error *err);
/* Also frees the path. NULL: does nothing. */
void elc_image_memory_drop(char *path);

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
/* ELC_E_UNSUPPORTED, with the image's name, for more than a hundred million chips, more
   than any run comes to the end of: what states a size of 2^31 is no image. */
elc_status elc_grid_check_count(const elc_grid *grid, const char *name, elc_error *err);
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
