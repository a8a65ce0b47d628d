/* shared.h - what the parts of a call share: CRSs, transforms that wait, counts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PROJECT_SHARED_H
#define ELC_OPERATORS_PROJECT_SHARED_H

#include "shape.h"

typedef struct project_shared project_shared;

typedef struct project_counts {
    uint64_t rows;
    uint64_t bare;  /* without a place: NULL, empty or NaN */
    uint64_t lost;  /* beyond what the other CRS has */
    uint64_t round; /* about a pole, and no polygons */
} project_counts;

/* ELC_E_ARGUMENT for CRSs that are not understood. */
elc_status elc_project_shared_create(const elc_call *call, project_shared **out,
                                     elc_error *err);
/* Warns of what was counted. */
void elc_project_shared_free(project_shared *shared);

/* Decides which CRS the points have, from the option or from the table. Refuses when
   neither says, and warns, once, where they differ. */
elc_status elc_project_shared_start(project_shared *shared, const project_shape *shape,
                                    elc_error *err);
const elc_crs *elc_project_shared_to(const project_shared *shared);
/* A transform for one thread, to be given back. */
elc_status elc_project_shared_take(project_shared *shared, elc_transform **out,
                                   elc_error *err);
void elc_project_shared_give(project_shared *shared, elc_transform *transform);
void elc_project_shared_count(project_shared *shared, const project_counts *counts);

#endif
