/* open_place.c - where an image lies by its own affine and CRS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <ogr_srs_api.h>

/* Drivers give x as east or longitude, whatever the CRS's own order; one that gives the
   CRS's own is turned here. */
static void order_axes(OGRSpatialReferenceH srs, elc_affine *t) {
    int count = 0;
    const int *map = OSRGetDataAxisToSRSAxisMapping(srs, &count);
    bool north_first =
        OSREPSGTreatsAsLatLong(srs) || OSREPSGTreatsAsNorthingEasting(srs);
    if (!north_first || !map || count < 2 || map[0] != 1)
        return;
    elc_affine own = *t;
    for (int i = 0; i < 3; i++) {
        t->a[i] = own.a[i + 3];
        t->a[i + 3] = own.a[i];
    }
}

static bool is_identity(const elc_affine *t) {
    static const double UNSET[6] = {0, 1, 0, 0, 0, 1};
    return !memcmp(t->a, UNSET, sizeof UNSET);
}

/* Images of one folder mostly share one CRS, and PROJ takes its time. */
static elc_status create_crs(const char *wkt, elc_opening *opening, elc_crs **out,
                             elc_error *err) {
    if (opening && opening->wkt && !strcmp(opening->wkt, wkt))
        return elc_crs_clone(opening->crs, out, err);
    elc_crs *crs = NULL;
    char *text = NULL;
    ELC_TRY(elc_crs_create(wkt, &crs, err));
    elc_status status = opening ? elc_strdup(wkt, &text, err) : ELC_OK;
    if (status == ELC_OK && opening)
        status = elc_crs_clone(crs, out, err);
    if (status != ELC_OK || !opening) {
        free(text);
        if (status == ELC_OK)
            *out = crs;
        else
            elc_crs_free(crs);
        return status;
    }
    free(opening->wkt);
    elc_crs_free(opening->crs);
    opening->wkt = text;
    opening->crs = crs;
    return ELC_OK;
}

static elc_status read_crs(const char *path, OGRSpatialReferenceH srs,
                           elc_opening *opening, elc_crs **out, elc_error *err) {
    static const char *const FORMAT[] = {"FORMAT=WKT2_2019", NULL};
    char *wkt = NULL;
    elc_error why = {0};
    elc_status status = ELC_OK;
    if (OSRExportToWktEx(srs, &wkt, FORMAT) != OGRERR_NONE || !wkt)
        status = elc_fail(&why, ELC_E_FORMAT, "it cannot be written as WKT");
    else
        status = create_crs(wkt, opening, out, &why);
    CPLFree(wkt);
    if (status == ELC_OK || status == ELC_E_MEMORY)
        return status;
    return elc_fail(
        err, ELC_E_FORMAT,
        "%s: its CRS cannot be used: %s. Set one: gdal_edit.py -a_srs EPSG:n %s", path,
        why.message, path);
}

/* A place needs both: an affine that can be inverted, and a CRS tied to Earth. */
elc_status elc_image_describe_place(elc_image *image, elc_opening *opening,
                                    elc_error *err) {
    elc_image_info *info = &image->info;
    elc_affine affine, inverse;
    OGRSpatialReferenceH srs = GDALGetSpatialRef(image->dataset);
    if (!srs || OSRIsLocal(srs) ||
        GDALGetGeoTransform(image->dataset, affine.a) != CE_None ||
        is_identity(&affine) || elc_affine_invert(&affine, &inverse, NULL) != ELC_OK)
        return ELC_OK;
    ELC_TRY(read_crs(image->path, srs, opening, &info->crs, err));
    order_axes(srs, &affine);
    info->affine = affine;
    info->has_place = true;
    return ELC_OK;
}
