/* shape.h - a caller's way to GEOS: arguments as shapes, shapes as results (private).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_SHAPE_H
#define ELCANO_SRC_FUNCTIONS_SHAPE_H

#include "functions/frame.h"

#include <geos_c.h>

/* The shape of an argument, kept while its bytes stay the same. */
typedef struct elc_kept_shape {
    elc_known wkb;
    GEOSGeometry *shape;
    GEOSGeometry *whole; /* the same without empty parts; NULL: it has none */
    bool z, finite, usable;
    const GEOSPreparedGeometry *prepared; /* once it was asked for again */
    size_t asked;
} elc_kept_shape;

typedef struct elc_shapes {
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    GEOSWKBWriter *writer;
    char said[300];
    bool flat; /* results have no Z */
    elc_kept_shape kept[ELC_FUNCTION_ARGUMENTS];
} elc_shapes;

void elc_shapes_free(elc_shapes *shapes);

/* Opens GEOS when it is first needed. */
elc_status elc_frame_geos(elc_frame *f, GEOSContextHandle_t *out, elc_error *err);
/* "WHAT: GEOS's reason" */
elc_status elc_frame_fail(const elc_frame *f, const char *what, elc_error *err);

/* The shape of a geometry argument, borrowed until that argument's next one.
   ELC_E_FORMAT for what is no WKB, ELC_E_UNSUPPORTED for curves. */
elc_status elc_frame_shape(elc_frame *f, size_t argument, size_t row,
                           const GEOSGeometry **out, elc_error *err);
/* The same of one whose coordinates are finite and of a size of which GEOS can make
   shapes; ELC_E_ARGUMENT for others. */
#define ELC_SHAPE_MOST 1e100
elc_status elc_frame_finite(elc_frame *f, size_t argument, size_t row,
                            const GEOSGeometry **out, elc_error *err);
/* The shape without the empty parts of collections, over which GEOS 3.11 falls
   (distances, unions, predicates); and the same of one that is finite. */
elc_status elc_frame_whole(elc_frame *f, size_t argument, size_t row,
                           const GEOSGeometry **out, elc_error *err);
elc_status elc_frame_usable(elc_frame *f, size_t argument, size_t row,
                            const GEOSGeometry **out, elc_error *err);
/* A shape of the two above that was asked for often enough to be worth GEOS's index
   of its edges, else NULL. */
const GEOSPreparedGeometry *elc_frame_prepared(elc_frame *f, size_t argument);

/* Gives a shape as the row's WKB and takes it; NULL is GEOS's failure at `what`. It has
   Z only where an argument has. */
elc_status elc_give_shape(elc_frame *f, GEOSGeometry *shape, const char *what,
                          elc_error *err);
/* The same of a shape that stays the caller's. */
elc_status elc_give_shape_of(elc_frame *f, const GEOSGeometry *shape, elc_error *err);

/* What GEOS's predicates give: 0, 1, or 2 for its failure at `what`. */
elc_status elc_give_answer(elc_frame *f, char answer, const char *what, elc_error *err);

#endif
