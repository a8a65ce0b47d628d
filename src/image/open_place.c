/* open_place.c - where an image lies by its own affine and CRS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <ogr_srs_api.h>

#include "image/geokeys.h"
#include "image/sidecars.h"

/* Drivers give x as east or longitude, whatever the CRS's own order; one that gives the
   CRS's own is turned here, and then true is returned. */
static bool order_axes(OGRSpatialReferenceH srs, elc_affine *t) {
    int count = 0;
    const int *map = OSRGetDataAxisToSRSAxisMapping(srs, &count);
    bool north_first =
        OSREPSGTreatsAsLatLong(srs) || OSREPSGTreatsAsNorthingEasting(srs);
    if (!north_first || !map || count < 2 || map[0] != 1)
        return false;
    elc_affine own = *t;
    for (int i = 0; i < 3; i++) {
        t->a[i] = own.a[i + 3];
        t->a[i + 3] = own.a[i];
    }
    return true;
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
    opening->keys.size = 0;
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

/* ---- a CRS that was read before -------------------------------------------------- */

/* True when no other file begins like the image's: no world file, no .aux.xml. */
static bool stands_alone(const char *path, const char *const *siblings) {
    const char *name = elc_name_of(path), *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    for (const char *const *other = siblings; other && *other; other++)
        if (!strncasecmp(*other, name, stem) && (*other)[stem] == '.' &&
            strcmp(*other, name) != 0)
            return false;
    return siblings != NULL;
}

/* All that a GeoTIFF's CRS follows from, and whether GDAL takes its pixels for points,
   which it also learns from the keys; empty where other things may have a say. */
static elc_status find_keys(const elc_image *image, const elc_opening *opening,
                            elc_string *out, elc_error *err) {
    out->size = 0;
    if (strcmp(image->info.driver, "GTiff") != 0 || !elc_path_is_local(image->path) ||
        !stands_alone(image->path, opening->siblings) ||
        CPLGetConfigOption("GDAL_PAM_PROXY_DIR", NULL))
        return ELC_OK;
    ELC_TRY(elc_geokeys_read(image->path, out, err));
    const char *point = GDALGetMetadataItem(image->dataset, "AREA_OR_POINT", NULL);
    return out->size > 0 ? elc_string_printf(out, err, " %s", point ? point : "")
                         : ELC_OK;
}

/* True where the image states the last CRS again. */
static elc_status states_last(const elc_image *image, const elc_opening *opening,
                              bool *out, elc_error *err) {
    const elc_string *last = &opening->keys;
    elc_string keys = {0};
    if (last->size == 0)
        return ELC_OK;
    elc_status status = find_keys(image, opening, &keys, err);
    *out = status == ELC_OK && keys.size == last->size &&
           !memcmp(keys.data, last->data, keys.size);
    elc_string_free(&keys);
    return status;
}

/* ---- a place -------------------------------------------------------------------- */

static bool has_affine(const elc_image *image, elc_affine *affine) {
    elc_affine inverse;
    return GDALGetGeoTransform(image->dataset, affine->a) == CE_None &&
           !is_identity(affine) && elc_affine_invert(affine, &inverse, NULL) == ELC_OK;
}

static elc_status take_last(elc_image *image, const elc_opening *opening,
                            elc_error *err) {
    elc_image_info *info = &image->info;
    elc_affine affine;
    if (!has_affine(image, &affine))
        return ELC_OK;
    ELC_TRY(elc_crs_clone(opening->crs, &info->crs, err));
    info->affine = affine;
    info->has_place = true;
    return ELC_OK;
}

static elc_status take_own(elc_image *image, elc_opening *opening, elc_error *err) {
    elc_image_info *info = &image->info;
    elc_affine affine;
    OGRSpatialReferenceH srs = GDALGetSpatialRef(image->dataset);
    if (!srs || OSRIsLocal(srs) || !has_affine(image, &affine))
        return ELC_OK;
    ELC_TRY(read_crs(image->path, srs, opening, &info->crs, err));
    bool turned = order_axes(srs, &affine);
    info->affine = affine;
    info->has_place = true;
    return opening && !turned ? find_keys(image, opening, &opening->keys, err) : ELC_OK;
}

/* A place needs both: an affine that can be inverted, and a CRS tied to Earth. To build
   a CRS takes GDAL longer than all the rest, so it is asked once for those that are
   stated alike (decision 0004). */
elc_status elc_image_describe_place(elc_image *image, elc_opening *opening,
                                    elc_error *err) {
    if (opening)
        ELC_TRY(states_last(image, opening, &image->alone, err));
    return image->alone ? take_last(image, opening, err)
                        : take_own(image, opening, err);
}
