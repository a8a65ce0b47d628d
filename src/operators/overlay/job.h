/* job.h - what overlay is asked to do with the tables that it is given. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_OVERLAY_JOB_H
#define ELCANO_SRC_OPERATORS_OVERLAY_JOB_H

#include <elcano/geometry.h>
#include <elcano/run.h>

#include "operators/parts/columns.h"
#include "operators/parts/reader.h"

enum { OVERLAY_FIRST, OVERLAY_SECOND, OVERLAY_SIDES };

/* The first four lay two tables over each other. */
typedef enum overlay_op {
    OVERLAY_INTERSECTION,
    OVERLAY_DIFFERENCE,
    OVERLAY_UNION,
    OVERLAY_SYMMETRIC,
    OVERLAY_BUFFER,
    OVERLAY_SIMPLIFY,
    OVERLAY_VALID,
    OVERLAY_DISSOLVE
} overlay_op;

typedef struct overlay_job {
    const elc_call *call;
    overlay_op op;
    elc_length length; /* distance or tolerance */
    struct ArrowSchema schemas[OVERLAY_SIDES];
    int64_t geometry[OVERLAY_SIDES]; /* columns */
    bool stated;                     /* there is a CRS */
    elc_crs *crs;                    /* of the first table; NULL: OGC:CRS84 */
    elc_crs *other;                  /* of the second */
    bool moves;                      /* the second is brought to the first's */
    part_columns columns;
    int64_t *from[OVERLAY_SIDES];  /* of the columns, in each table; -1: not from it */
    size_t out_geometry, out_rows; /* columns that are made */
    uint64_t n_mended[OVERLAY_SIDES], n_nowhere[OVERLAY_SIDES];
} overlay_job;

/* Refuses options that do not go together. */
elc_status elc_overlay_check(const elc_options *options, elc_error *err);
bool elc_overlay_op_has_two(const elc_options *options);

/* What the call means for tables of the streams' columns; `second` is NULL for
   operations of one table. */
elc_status elc_overlay_job_create(const elc_call *call, struct ArrowArrayStream *first,
                                  struct ArrowArrayStream *second, overlay_job **out,
                                  elc_error *err);
void elc_overlay_job_free(overlay_job *job);

/* What threads lay tables over each other with, one for each: ways for the second
   table's geometries to the first's CRS, NULL where there is none to go. The caller
   frees them whatever came of it. */
elc_status elc_overlay_job_ways(const overlay_job *job, int threads,
                                elc_transform ***out, elc_error *err);
void elc_overlay_ways_free(elc_transform **ways, int threads);
/* And overlays, which share the members of the first. */
elc_status elc_overlay_job_shares(const overlay_job *job, int threads,
                                  elc_overlay ***out, elc_error *err);
void elc_overlay_shares_free(elc_overlay **shares, int threads);

/* Counts what became of a geometry, and warns of all of them. */
void elc_overlay_count(overlay_job *job, int side, elc_taken taken);
void elc_overlay_warn(const overlay_job *job);

/* The streams. They take job and tables when they succeed. */
elc_status elc_overlay_pairs(overlay_job *job, struct ArrowArrayStream *tables,
                             struct ArrowArrayStream *out, elc_error *err);
elc_status elc_overlay_each(overlay_job *job, struct ArrowArrayStream *table,
                            struct ArrowArrayStream *out, elc_error *err);
elc_status elc_overlay_dissolve(overlay_job *job, struct ArrowArrayStream *table,
                                struct ArrowArrayStream *out, elc_error *err);

#endif
