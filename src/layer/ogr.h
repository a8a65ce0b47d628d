/* ogr.h - GDAL kept quiet, and CRSs between tables and OGR; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_OGR_H
#define ELC_LAYER_OGR_H

#include <elcano/base.h>

#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

/* Between enter and leave this thread's GDAL errors are kept here instead of printed,
   its settings are those of a writer whose bytes are always the same, and drivers fetch
   nothing that a file names: a CRS, a schema. Start with {0}. */
typedef struct elc_ogr_scope {
    bool fetches;    /* they may: it is an address that is read */
    char first[400]; /* the first failure: the cause, where later ones are its echo */
    char **settings; /* as they were before */
} elc_ogr_scope;

typedef enum elc_ogr_use { ELC_OGR_READ, ELC_OGR_WRITE } elc_ogr_use;

void elc_ogr_enter(elc_ogr_scope *scope, elc_ogr_use use);
void elc_ogr_leave(elc_ogr_scope *scope);
bool elc_ogr_failed(const elc_ogr_scope *scope);
/* Of an address that was not fetched, that one is named. */
#define ELC_OGR_NOT_FETCHED "what it names elsewhere is not fetched: "
/* What GDAL said, or "no reason was given". */
const char *elc_ogr_reason(const elc_ogr_scope *scope);

/* Opens a file, packed or not, that can be read again by another; NULL for pipes and
   what is not there. Closed with VSIFCloseL. */
VSILFILE *elc_ogr_open_again(const char *path);

/* Seconds since 1970 that files are dated with: SOURCE_DATE_EPOCH, else a constant. */
int64_t elc_ogr_clock(void);

/* A CRS from PROJJSON, WKT or "EPSG:n", x being east or longitude; NULL for "". What
   could be a file or an address is refused. Freed with OSRRelease. */
elc_status elc_ogr_srs(const char *text, OGRSpatialReferenceH *out, elc_error *err);
/* True for longitude and latitude on WGS 84, by whatever name. */
bool elc_ogr_is_lonlat(OGRSpatialReferenceH srs);
/* WGS 84 as EPSG:4326, with longitude first. */
elc_status elc_ogr_wgs84(OGRSpatialReferenceH *out, elc_error *err);

#endif
