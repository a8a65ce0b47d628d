/* label.h - labelled boxes and shapes, as training sets keep them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_LABEL_H
#define ELCANO_LABEL_H

#include <elcano/layer.h>

ELC_BEGIN

/* A labelled object. In pixels of its image (x right, y down, (0, 0) the outer corner of
   the first pixel) or on the map; a box is a ring of four points, a point a ring of
   one. */
typedef struct elc_label {
    char *image; /* file name or path that the label states; NULL: of any image */
    char *class_name;
    int32_t class_id;  /* -1: not stated */
    bool on_map;       /* lon, lat in degrees, else pixels */
    elc_point *ring;   /* not closed */
    size_t n;
    bool difficult, truncated, crowd;
    double angle_deg;  /* NaN: not stated */
} elc_label;

typedef struct elc_labels {
    elc_label *items;
    size_t count, capacity;
    elc_names classes; /* by id where the file names them, else by first appearance */
    const char *format; /* "voc", "coco", "yolo", "xview", "dota", "csv", "layer" */
} elc_labels;

/* Reads labels from a file or a folder of files: Pascal VOC XML, COCO JSON, YOLO text
   (boxes, polygons and oriented boxes; classes.txt or data.yaml beside it names the
   classes), xView GeoJSON, DOTA text, CSV (image, xmin, ymin, xmax, ymax, class under
   their usual names), or any layer with geometry. `format` NULL: found from the content.
   YOLO's shares of the image need its size: `size_of` is asked for it. A line that is
   wrong is named with its number. */
typedef elc_status (*elc_label_size)(void *arg, const char *image, int64_t *width,
                                     int64_t *height, elc_error *err);
elc_status elc_labels_read(const char *path, const char *format, elc_label_size size_of,
                           void *arg, elc_labels *out, elc_error *err);
void elc_labels_clear(elc_labels *labels);

/* Those of one image, by file name, by stem, or by path; NULL image matches all. Indices
   into items, in order; the caller frees. */
elc_status elc_labels_of(const elc_labels *labels, const char *image, size_t **indices,
                         size_t *n, elc_error *err);

/* A label cut to a window of pixels. */
typedef struct elc_cut_label {
    size_t label; /* index */
    double xmin, ymin, xmax, ymax; /* box of the visible part, in the window's pixels */
    double visible; /* share of its area (of its box for a box) inside, 0 to 1 */
    elc_point *ring; /* the visible part's outline, in the window's pixels */
    size_t n;
} elc_cut_label;

/* The labels (in pixels) that share area with the window. *out is the caller's, each ring
   too: elc_cut_labels_free. */
elc_status elc_labels_cut(const elc_labels *labels, const size_t *indices, size_t n,
                          double x, double y, double width, double height,
                          elc_cut_label **out, size_t *n_out, elc_error *err);
void elc_cut_labels_free(elc_cut_label *labels, size_t n);

ELC_END
#endif
