/* proj.h - a PROJ context of one's own, which keeps its last complaint and is silent.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_PROJ_H
#define ELCANO_SRC_GEO_PROJ_H

#include <elcano/geo.h>

#include <proj.h>

/* PROJ's objects belong to the context that made them and to one thread at a time. */
typedef struct elc_proj {
    PJ_CONTEXT *context;
    char said[400]; /* PROJ's last error message */
} elc_proj;

/* Must stay where it is: the context points to it. */
elc_status elc_proj_open(elc_proj *p, elc_error *err);
void elc_proj_close(elc_proj *p);
/* Why the last call failed. */
const char *elc_proj_reason(const elc_proj *p);
/* The CRS as an object of this context. NULL means OGC:CRS84. */
elc_status elc_proj_crs(elc_proj *p, const elc_crs *crs, PJ **out, elc_error *err);

#endif
