/* place_geoid.c - how high the zero of a DEM's heights lies above the ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/place.h"

#include <math.h>
#include <stdlib.h>

#include <ogr_srs_api.h>

#include "image/image.h"

struct elc_geoid {
    OGRCoordinateTransformationH to_ellipsoid;
};

/* Without what PROJ falls back to where a grid is missing: no difference at all. */
static OGRCoordinateTransformationH transform_from(OGRSpatialReferenceH heights) {
    OGRSpatialReferenceH ellipsoid = OSRNewSpatialReference(NULL);
    OGRCoordinateTransformationOptionsH options =
        OCTNewCoordinateTransformationOptions();
    OGRCoordinateTransformationH made = NULL;
    OCTCoordinateTransformationOptionsSetBallparkAllowed(options, false);
    if (OSRImportFromEPSG(ellipsoid, 4979) == OGRERR_NONE) {
        OSRSetAxisMappingStrategy(ellipsoid, OAMS_TRADITIONAL_GIS_ORDER);
        made = OCTNewCoordinateTransformationEx(heights, ellipsoid, options);
    }
    OCTDestroyCoordinateTransformationOptions(options);
    OSRDestroySpatialReference(ellipsoid);
    return made;
}

double elc_geoid_height(elc_geoid *geoid, elc_point map) {
    double x = map.x, y = map.y, z = 0;
    int well = 0;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    OCTTransformEx(geoid->to_ellipsoid, 1, &x, &y, &z, &well);
    elc_gdal_end();
    return well && isfinite(z) ? z : NAN;
}

static elc_status open_geoid(const elc_image *dem, OGRSpatialReferenceH srs,
                             elc_point middle, elc_geoid *geoid, elc_error *err) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    geoid->to_ellipsoid = transform_from(srs);
    elc_gdal_end();
    if (geoid->to_ellipsoid && isfinite(elc_geoid_height(geoid, middle)))
        return ELC_OK;
    const char *name = OSRGetAttrValue(srs, "VERT_CS", 0);
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: heights by \"%s\", and PROJ knows no way from there to the "
                    "ellipsoid: install its grid (projsync), or give heights above the "
                    "ellipsoid (gdalwarp -t_srs EPSG:4979)",
                    dem->path, name ? name : "a vertical CRS");
}

elc_status elc_geoid_open(const elc_image *dem, elc_geoid **out, elc_error *err) {
    OGRSpatialReferenceH srs = GDALGetSpatialRef(dem->dataset);
    const elc_image_info *info = &dem->info;
    elc_point middle = {(double)info->width / 2, (double)info->height / 2};
    elc_geoid *geoid = NULL;
    *out = NULL;
    if (!srs || !OSRIsCompound(srs))
        return ELC_OK;
    ELC_TRY(elc_alloc(1, sizeof *geoid, &geoid, err));
    middle = elc_affine_apply(&info->affine, middle);
    elc_status status = open_geoid(dem, srs, middle, geoid, err);
    if (status == ELC_OK)
        *out = geoid;
    else
        elc_geoid_free(geoid);
    return status;
}

void elc_geoid_free(elc_geoid *geoid) {
    if (!geoid)
        return;
    OCTDestroyCoordinateTransformation(geoid->to_ellipsoid);
    free(geoid);
}
