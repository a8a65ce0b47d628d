/* label.h - labelled boxes and shapes, as training sets keep them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_LABEL_H
#define ELCANO_LABEL_H

#include <elcano/layer.h>

ELC_BEGIN

/* A labelled object. In pixels of its image (x right, y down, (0, 0) the outer corner
   of the first pixel) or on the map. A box is a ring of four points from its upper left
   corner clockwise, a point a ring of one. A shape of several parts or with holes is
   one ring, too: lines there and back join the parts to its first point, and what lies
   inside an odd number of times belongs to it. Both texts belong to the elc_labels. */
typedef struct elc_label {
    const char *image; /* file name or path that the label states; NULL: of any image */
    const char *class_name; /* "object" where none is stated */
    int32_t class_id;       /* that of the file; -1: not stated */
    bool on_map;            /* lon, lat in degrees, else pixels */
    elc_point *ring;        /* not closed; finite */
    size_t n;
    bool difficult, truncated, crowd;
    double angle_deg; /* NaN: not stated */
    double box[4];    /* xmin, ymin, xmax, ymax that the file states beside an outline
                         (COCO's bbox); NaN: none, so that it is that of the ring */
    double area;      /* px^2 that it states (COCO's); NaN: none */
} elc_label;

/* The box of a label: what its file states, else that of its ring. */
void elc_label_box(const elc_label *label, double box[4]);

/* Start with {0}. */
typedef struct elc_labels {
    elc_label *items;
    size_t count, capacity;
    elc_names classes;  /* in the order of their ids where the file names them, those
                           without a label too; else by first appearance */
    elc_names images;   /* by first appearance; COCO's without a label come last */
    elc_names passed_over; /* files of a folder that have the format's ending, and begin
                              like none: damaged, or no labels */
    const char *format; /* "voc", "coco", "yolo", "xview", "dota", "csv", "layer" */
    struct label_entry *by_stem; /* items in the order that elc_labels_of looks them up in, */
    size_t n_by_stem;            /* made by elc_labels_read; of no other use */
    bool settled;       /* items name images of a run (elc_labels_settle) */
} elc_labels;

/* The size of an image in pixels. `image` is what a label file states or is called,
   such as "train/0001" (elc_label_is_of tells what it means). ELC_E_NOT_FOUND passes
   over the labels of that image; any other failure ends the reading. */
typedef elc_status (*elc_label_size)(void *arg, const char *image, int64_t *width,
                                     int64_t *height, elc_error *err);

/* Reads labels from a file or from all files of one format below a folder, in bytewise
   order: Pascal VOC XML, COCO JSON, YOLO text (boxes, polygons and oriented boxes;
   classes.txt or data.yaml beside or above it names the classes), xView GeoJSON, DOTA
   text, CSV (image, xmin, ymin, xmax, ymax, class under their usual names), or any
   layer with polygons or points. `format` NULL: found from the content; a folder with
   several is ELC_E_ARGUMENT. YOLO's shares of the image need its size: `size_of` is
   asked for it. What is wrong is ELC_E_FORMAT with the file and its line. On success
   *out, which must be empty, is freed by elc_labels_clear. Docs: docs/labels.md. */
elc_status elc_labels_read(const char *path, const char *format, elc_label_size size_of,
                           void *arg, elc_labels *out, elc_error *err);
void elc_labels_clear(elc_labels *labels);
/* The names of the formats, NULL-terminated. */
const char *const *elc_label_formats(void);

/* The number of a class of xView by its name or number, as elc_class_same compares;
   -1: xView has no such class. */
int32_t elc_label_xview_id(const char *class_name);

/* True when a label that states `stated` may be of `image`: the same file name, or the
   same stem. */
bool elc_label_is_of(const char *stated, const char *image);

/* How well a label that states `stated` fits `image`: 0, not at all; more for the file
   name than for the stem, for the whole path than for both, and for each folder before
   it that they have in common. */
size_t elc_label_fit(const char *stated, const char *image);

/* Many images by their names, which are borrowed. */
typedef struct elc_label_images elc_label_images;
elc_status elc_label_images_create(const char *const *names, size_t n,
                                   elc_label_images **out, elc_error *err);
/* The number of the one that a label with `stated` fits best, SIZE_MAX: none. *other
   (may be NULL) is one that it fits as well, or SIZE_MAX. */
size_t elc_label_images_find(const elc_label_images *images, const char *stated,
                             size_t *other);
void elc_label_images_free(elc_label_images *images);

/* Decides which of n images each label is of: the one that what it states fits best.
   From then on elc_labels_of gives an image those alone. `images` are names of a run,
   relative to one root; borrowed until the labels are cleared. ELC_E_ARGUMENT where two
   images fit as well, with both. */
elc_status elc_labels_settle(elc_labels *labels, const char *const *images, size_t n,
                             elc_error *err);

/* Those of one image, and those of any: by path, by file name, or by stem, the first
   that holds, and among equals those with more of the folders before it in common. Two
   stated images that fit as well are ELC_E_ARGUMENT. NULL image matches all. Indices
   into items, in order; the caller frees. */
elc_status elc_labels_of(const elc_labels *labels, const char *image, size_t **indices,
                         size_t *n, elc_error *err);

/* A label cut to a window of pixels. */
typedef struct elc_cut_label {
    size_t label;                  /* index */
    double xmin, ymin, xmax, ymax; /* box of the visible part, in the window's pixels */
    double visible;  /* share of its area (of its box for a box) inside, 0 to 1 */
    elc_point *ring; /* the visible part's outline, in the window's pixels */
    size_t n;
} elc_cut_label;

/* The labels that share area with the window, and the points inside it (on its left and
   upper side, not on the other two); labels on the map are passed over. Shapes that
   cross themselves are made valid first. `indices` NULL: the first n items. *out is the
   caller's, each ring too: elc_cut_labels_free. */
elc_status elc_labels_cut(const elc_labels *labels, const size_t *indices, size_t n,
                          double x, double y, double width, double height,
                          elc_cut_label **out, size_t *n_out, elc_error *err);
void elc_cut_labels_free(elc_cut_label *labels, size_t n);

/* ---- classes and how they are shown ------------------------------------------------
 */

/* A class of a small file: what it is called, which group it belongs to, its colour as
   0xRRGGBB and the least score that its boxes need. */
typedef struct elc_style {
    int32_t id;         /* -1: not stated */
    char *name, *group; /* group NULL: none */
    int32_t colour;     /* -1: not stated */
    double least;       /* NaN: not stated */
} elc_style;

/* Start with {0}. */
typedef struct elc_styles {
    elc_style *items;
    size_t count, capacity;
} elc_styles;

/* Reads a table with the columns class_id, name, group, colour (#rrggbb) and
   least_score, of which name is needed: a CSV, or any layer. share/styles has some.
   What is wrong, also a class that comes twice, is ELC_E_FORMAT with its row. */
elc_status elc_styles_read(const char *path, elc_styles *out, elc_error *err);
void elc_styles_clear(elc_styles *styles);
/* The style of a class by its name, as elc_class_same compares, else by its number
   where the name is that number; NULL: none. */
const elc_style *elc_styles_find(const elc_styles *styles, const char *class_name);
/* Whether two names mean one class: case does not matter, nor which of ' ', '_' and '-'
   parts their words. */
bool elc_class_same(const char *a, const char *b);

ELC_END
#endif
