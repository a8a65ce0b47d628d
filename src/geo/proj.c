/* proj.c - a PROJ context of one's own, which keeps its last complaint and is silent.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/proj.h"

#include <stdio.h>
#include <string.h>

static void keep_message(void *data, int level, const char *message) {
    elc_proj *p = data;
    if (level == PJ_LOG_ERROR && message)
        snprintf(p->said, sizeof p->said, "%s", message);
}

elc_status elc_proj_open(elc_proj *p, elc_error *err) {
    p->said[0] = 0;
    p->context = proj_context_create();
    if (!p->context)
        return elc_fail(err, ELC_E_MEMORY, "PROJ: no memory for a context");
    proj_log_level(p->context, PJ_LOG_ERROR);
    proj_log_func(p->context, p, keep_message);
    return ELC_OK;
}

void elc_proj_close(elc_proj *p) {
    if (p->context)
        proj_context_destroy(p->context);
    p->context = NULL;
}

const char *elc_proj_reason(const elc_proj *p) {
    if (p->said[0])
        return p->said;
    const char *text =
        proj_context_errno_string(p->context, proj_context_errno(p->context));
    return text ? text : "PROJ gives no reason";
}

/* OGC:CRS84 goes by its twin with the axes turned: EPSG's tables name more operations
   for EPSG:4326, and GDAL, QGIS and PostGIS all take those (DHDN differs by 0.2 m). */
elc_status elc_proj_crs(elc_proj *p, const elc_crs *crs, PJ **out, elc_error *err) {
    const char *label = crs ? elc_crs_label(crs) : "OGC:CRS84";
    bool twin = !strcmp(label, "OGC:CRS84");
    PJ *pj = proj_create(p->context, twin ? "EPSG:4326" : elc_crs_projjson(crs));
    if (!pj)
        return elc_fail(err, ELC_E_ARGUMENT, "CRS %s: %s", label, elc_proj_reason(p));
    *out = pj;
    return ELC_OK;
}
