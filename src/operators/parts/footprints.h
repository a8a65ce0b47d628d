/* footprints.h - what images show: the outlines of a layer of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_FOOTPRINTS_H
#define ELCANO_SRC_OPERATORS_PARTS_FOOTPRINTS_H

#include <elcano/geometry.h>
#include <elcano/run.h>

/* Start with {0}. */
typedef struct part_footprints {
    elc_overlay *outlines; /* members 0 to n - 1, each valid */
    size_t n, n_mended, n_nowhere;
} part_footprints;

/* Reads the layer of --images, moved to `to` (NULL: longitude and latitude). Images
   that failed, and rows without an outline, are left out; what is mended or nowhere
   there is warned of. ELC_E_ARGUMENT for a layer that states no CRS. */
elc_status elc_part_footprints_read(const char *layer, const elc_crs *to,
                                    const elc_context *context, part_footprints *out,
                                    elc_error *err);
/* No image has an outline there. */
bool elc_part_footprints_none(const part_footprints *footprints);
/* Appends the WKB of the union, in which what several show is once. */
elc_status elc_part_footprints_unite(const part_footprints *footprints,
                                     const elc_context *context, elc_string *out,
                                     elc_error *err);
/* An index of the outlines, which is the caller's to free. */
elc_status elc_part_footprints_index(const part_footprints *footprints,
                                     const elc_context *context, elc_zones **out,
                                     elc_error *err);
/* Adds to *n_outside how many of n places are in no outline; NaN ones are no places. */
elc_status elc_part_footprints_outside(const elc_zones *index, const elc_point *points,
                                       size_t n, uint64_t *n_outside, elc_error *err);
void elc_part_footprints_warn_outside(const elc_context *context, uint64_t n_outside,
                                      uint64_t n);
void elc_part_footprints_free(part_footprints *footprints);

#endif
