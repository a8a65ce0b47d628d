/* edges.h - where images end on the ground. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_EDGES_H
#define ELCANO_SRC_OPERATORS_DEDUPE_EDGES_H

#include <elcano/run.h>

#include "ground.h"
#include "operators/parts/names.h"
#include "shape.h"

/* A corner of an outline. */
typedef struct edge_point {
    ground_point at;
    bool joined; /* a line leads to the next one, */
    bool seam;   /* along the antimeridian or a pole: no edge of the image */
} edge_point;

typedef struct edge_outline {
    edge_point *points;
    size_t n;
} edge_outline;

/* Outlines by the numbers of images. Start with {0}. */
typedef struct dedupe_edges {
    edge_outline *items;
    size_t count, capacity, n_known;
} dedupe_edges;

/* The outline of an image from points in longitude and latitude, rings as they are
   closed; fewer than three say nothing, and the first one of an image counts. */
elc_status elc_edges_add(dedupe_edges *edges, uint32_t image, const elc_point *ring,
                         size_t n, elc_error *err);
/* Reads the outlines of the images that have a number from a layer; how many of them it
   does not have is told. */
elc_status elc_edges_read(const char *layer, const part_names *images,
                          const elc_context *context, dedupe_edges *edges,
                          elc_error *err);
bool elc_edges_has(const dedupe_edges *edges, uint32_t image);
/* Metres to the nearest edge of the image, from the `at` of a plane of which `p` is a
   point; negative outside. NaN where the outline is not known. */
double elc_edges_depth(const dedupe_edges *edges, uint32_t image,
                       const ground_plane *plane, elc_point p);
/* The image's edges that a ring on the plane ends at, or goes beyond: nearer than
   `near` metres to one of its points. What they leave is the side on which most of the
   ring lies. Into `lines`, at most EDGE_LINES; how many is returned. */
enum { EDGE_LINES = 16 };
size_t elc_edges_cutting(const dedupe_edges *edges, uint32_t image,
                         const ground_plane *plane, const shape_points *ring,
                         double near, half_plane lines[EDGE_LINES]);
/* Gives images other numbers: new_number[old]. */
elc_status elc_edges_renumber(dedupe_edges *edges, const uint32_t *new_number, size_t n,
                              elc_error *err);
void elc_edges_free(dedupe_edges *edges);

#endif
