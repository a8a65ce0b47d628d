/* place.c - where an image lies, by the best that is known of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/place.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_srs_api.h>

#include "image/image.h"

static_assert(sizeof(elc_rpc) == 92 * sizeof(double), "RPC facts are copied whole");

/* Corners that miss the affine through them by more than this share of the diagonal
   are not those of the image, or not in their order. */
#define CORNERS_OFF 0.02

/* What is looked at, and what is found. */
typedef struct finder {
    elc_image *image; /* may be NULL */
    const elc_facts *facts;
    const elc_place_wish *wish;
    elc_place place;
} finder;

static const elc_fact *fact(const finder *f, elc_fact_id id) {
    const elc_fact *item = f->facts ? &f->facts->items[id] : NULL;
    return item && item->source ? item : NULL;
}

/* A fact of exactly n finite numbers, or NULL. */
static const double *numbers(const finder *f, elc_fact_id id, size_t n) {
    const elc_fact *item = fact(f, id);
    if (!item || item->n != n)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(item->numbers[i]))
            return NULL;
    return item->numbers;
}

bool elc_facts_of_another(const elc_facts *facts) {
    json_t *conflicts =
        facts && facts->conflicts ? json_loads(facts->conflicts, 0, NULL) : NULL;
    bool found = false;
    size_t i;
    json_t *entry;
    json_array_foreach(conflicts, i, entry) {
        const char *field = json_string_value(json_object_get(entry, "field"));
        found =
            found || (field && (!strcmp(field, elc_fact_fields[ELC_FACT_WIDTH].name) ||
                                !strcmp(field, elc_fact_fields[ELC_FACT_HEIGHT].name)));
    }
    json_decref(conflicts);
    return found;
}

/* A CRS that cannot be used is as good as none: only memory fails. */
static elc_status try_crs(const char *text, elc_crs **out, elc_error *err) {
    elc_status status = text ? elc_crs_create(text, out, err) : ELC_OK;
    return status == ELC_E_MEMORY ? status : ELC_OK;
}

static elc_status crs_of_facts(const finder *f, elc_crs **out, elc_error *err) {
    const elc_fact *crs = fact(f, ELC_FACT_CRS);
    return try_crs(crs ? crs->text : NULL, out, err);
}

/* Takes the CRS. */
static void take_affine(finder *f, elc_place_kind kind, const elc_affine *affine,
                        elc_crs *crs, double error_m) {
    f->place.kind = kind;
    f->place.affine = *affine;
    f->place.crs = crs;
    f->place.error_m = error_m;
}

/* ---- the image's own affine ------------------------------------------------------ */

static elc_status by_own_affine(finder *f, elc_error *err) {
    if (!f->image || !f->image->info.has_place)
        return ELC_OK;
    elc_crs *crs = NULL;
    ELC_TRY(elc_crs_clone(f->image->info.crs, &crs, err));
    take_affine(f, ELC_PLACE_AFFINE, &f->image->info.affine, crs, NAN);
    return ELC_OK;
}

/* True for an affine of a plane of its own, such as a scanner's: no CRS that is stated
   elsewhere belongs to it. */
static bool is_local(const finder *f, const double *affine) {
    double own[6];
    if (!f->image)
        return false;
    OGRSpatialReferenceH srs = GDALGetSpatialRef(f->image->dataset);
    return srs && OSRIsLocal(srs) &&
           GDALGetGeoTransform(f->image->dataset, own) == CE_None &&
           !memcmp(own, affine, sizeof own);
}

static elc_status lies_on_earth(const elc_affine *affine, const elc_crs *crs, bool *out,
                                elc_error *err) {
    elc_locator *l = NULL;
    elc_point first = {0, 0};
    *out = false;
    elc_status status = elc_locator_create(affine, crs, &l, err);
    if (status == ELC_OK)
        *out = elc_locator_lonlat(l, &first, 1) == 0;
    elc_locator_free(l);
    return status == ELC_E_MEMORY ? status : ELC_OK;
}

/* Of a world file with a .prj, a tile's grid in its metadata and the like. */
static elc_status by_stated_affine(finder *f, elc_error *err) {
    const double *numbers_given = numbers(f, ELC_FACT_AFFINE, 6);
    elc_affine affine;
    elc_crs *crs = NULL;
    bool on_earth = false;
    if (!numbers_given || is_local(f, numbers_given) || elc_facts_of_another(f->facts))
        return ELC_OK;
    memcpy(affine.a, numbers_given, sizeof affine.a);
    ELC_TRY(crs_of_facts(f, &crs, err));
    elc_status status = crs ? lies_on_earth(&affine, crs, &on_earth, err) : ELC_OK;
    if (status == ELC_OK && on_earth)
        take_affine(f, ELC_PLACE_AFFINE, &affine, crs, NAN);
    else
        elc_crs_free(crs);
    return status;
}

/* ---- points ---------------------------------------------------------------------- */

/* Points known in pixels and on the ground. */
typedef struct tie {
    elc_point *pixels, *ground;
    size_t n;
    elc_crs *crs; /* of the ground */
} tie;

static void tie_clear(tie *t) {
    free(t->pixels);
    free(t->ground);
    elc_crs_free(t->crs);
    *t = (tie){0};
}

static elc_status tie_create(size_t n, tie *out, elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof *out->pixels, &out->pixels, err));
    out->n = n;
    return elc_alloc(n, sizeof *out->ground, &out->ground, err);
}

/* Longitudes on both sides of the antimeridian, brought to one. */
static void unwrap(tie *t) {
    for (size_t i = 1; i < t->n && elc_crs_is_geographic(t->crs); i++)
        t->ground[i].x =
            t->ground[0].x + remainder(t->ground[i].x - t->ground[0].x, 360);
}

/* The place of the affine through the points; three of them leave nothing over, which
   says nothing of the error. Takes the CRS. */
static elc_status by_tie(finder *f, elc_place_kind kind, tie *t, double most_px,
                         elc_error *err) {
    elc_affine fit;
    elc_transform *to_lonlat = NULL;
    unwrap(t);
    if (!elc_fit_affine(t->pixels, t->ground, t->n, &fit) ||
        elc_fit_rms_px(&fit, t->pixels, t->ground, t->n) > most_px)
        return ELC_OK;
    elc_status status = elc_transform_create(t->crs, NULL, &to_lonlat, err);
    if (status != ELC_OK)
        return status == ELC_E_MEMORY ? status : ELC_OK;
    double rms = elc_fit_rms_m(&fit, t->pixels, t->ground, t->n, to_lonlat);
    elc_transform_free(to_lonlat);
    if (isnan(rms))
        return ELC_OK; /* not on Earth */
    take_affine(f, kind, &fit, t->crs, t->n > 3 ? rms : NAN);
    t->crs = NULL;
    return ELC_OK;
}

/* ---- ground control points ------------------------------------------------------- */

static elc_status crs_of_gcps(const finder *f, elc_crs **out, bool *swapped,
                              elc_error *err) {
    static const char *const format[] = {"FORMAT=WKT2_2019", NULL};
    OGRSpatialReferenceH srs = GDALGetGCPSpatialRef(f->image->dataset);
    char *wkt = NULL;
    if (!srs || OSRIsLocal(srs) || OSRExportToWktEx(srs, &wkt, format) != OGRERR_NONE) {
        CPLFree(wkt);
        return ELC_OK;
    }
    int count = 0;
    const int *map = OSRGetDataAxisToSRSAxisMapping(srs, &count);
    bool north_first =
        OSREPSGTreatsAsLatLong(srs) || OSREPSGTreatsAsNorthingEasting(srs);
    *swapped = north_first && map && count >= 2 && map[0] == 1;
    elc_status status = try_crs(wkt, out, err);
    CPLFree(wkt);
    return status;
}

static elc_status read_gcps(const finder *f, tie *t, elc_error *err) {
    size_t n = (size_t)GDALGetGCPCount(f->image->dataset);
    const GDAL_GCP *gcps = GDALGetGCPs(f->image->dataset);
    bool swapped = false;
    ELC_TRY(tie_create(n, t, err));
    ELC_TRY(crs_of_gcps(f, &t->crs, &swapped, err));
    for (size_t i = 0; i < n; i++) {
        double x = gcps[i].dfGCPX, y = gcps[i].dfGCPY;
        t->pixels[i] = (elc_point){gcps[i].dfGCPPixel, gcps[i].dfGCPLine};
        t->ground[i] = swapped ? (elc_point){y, x} : (elc_point){x, y};
    }
    return ELC_OK;
}

static elc_status by_gcps(finder *f, elc_error *err) {
    tie t = {0};
    if (!f->image || GDALGetGCPCount(f->image->dataset) < 3)
        return ELC_OK;
    elc_status status = read_gcps(f, &t, err);
    if (status == ELC_OK && t.crs)
        status = by_tie(f, ELC_PLACE_GCPS, &t, INFINITY, err);
    tie_clear(&t);
    return status;
}

/* ---- rational polynomials -------------------------------------------------------- */

static bool own_rpc(const finder *f, elc_rpc *out) {
    GDALRPCInfoV2 r;
    if (!f->image)
        return false;
    char **items = GDALGetMetadata(f->image->dataset, "RPC");
    if (!items || !GDALExtractRPCInfoV2(items, &r))
        return false;
    *out = (elc_rpc){
        .error_bias = CSLFetchNameValue(items, "ERR_BIAS") ? r.dfERR_BIAS : -1,
        .error_rand = CSLFetchNameValue(items, "ERR_RAND") ? r.dfERR_RAND : -1,
        .line_off = r.dfLINE_OFF,
        .samp_off = r.dfSAMP_OFF,
        .lat_off = r.dfLAT_OFF,
        .lon_off = r.dfLONG_OFF,
        .height_off = r.dfHEIGHT_OFF,
        .line_scale = r.dfLINE_SCALE,
        .samp_scale = r.dfSAMP_SCALE,
        .lat_scale = r.dfLAT_SCALE,
        .lon_scale = r.dfLONG_SCALE,
        .height_scale = r.dfHEIGHT_SCALE,
    };
    memcpy(out->line_num, r.adfLINE_NUM_COEFF, sizeof out->line_num);
    memcpy(out->line_den, r.adfLINE_DEN_COEFF, sizeof out->line_den);
    memcpy(out->samp_num, r.adfSAMP_NUM_COEFF, sizeof out->samp_num);
    memcpy(out->samp_den, r.adfSAMP_DEN_COEFF, sizeof out->samp_den);
    return true;
}

static bool stated_rpc(const finder *f, elc_rpc *out) {
    const double *all =
        elc_facts_of_another(f->facts) ? NULL : numbers(f, ELC_FACT_RPC, 92);
    if (all)
        memcpy(out, all, sizeof *out);
    return all != NULL;
}

/* Both parts, as one; zeros are how files leave them out. */
static double rpc_error(const elc_rpc *rpc) {
    double both = hypot(fmax(rpc->error_bias, 0), fmax(rpc->error_rand, 0));
    return both > 0 ? both : NAN;
}

static elc_status by_rpc(finder *f, elc_error *err) {
    elc_rpc rpc;
    if (!own_rpc(f, &rpc) && !stated_rpc(f, &rpc))
        return ELC_OK;
    if (elc_rpc_check(&rpc, NULL) != ELC_OK)
        return ELC_OK;
    const elc_place_wish *wish = f->wish;
    bool given = wish && isfinite(wish->height_m);
    f->place.kind = ELC_PLACE_RPC;
    f->place.rpc = rpc;
    f->place.height_m = given ? wish->height_m : rpc.height_off;
    f->place.error_m = rpc_error(&rpc);
    return elc_strdup(wish ? wish->dem : NULL, &f->place.dem, err);
}

/* ---- corners --------------------------------------------------------------------- */

/* The size in pixels that stated corners belong to; false when it is not this image's.
 */
static bool size_of_corners(const finder *f, double *width, double *height) {
    const double *w = numbers(f, ELC_FACT_WIDTH, 1);
    const double *h = numbers(f, ELC_FACT_HEIGHT, 1);
    if ((!f->image && !(w && h)) || elc_facts_of_another(f->facts))
        return false;
    *width = f->image ? (double)f->image->info.width : *w;
    *height = f->image ? (double)f->image->info.height : *h;
    return *width > 0 && *height > 0 && (!w || *w == *width) && (!h || *h == *height);
}

/* The UTM or UPS zone in which a lon/lat lies. */
static elc_status zone_of(elc_point lonlat, elc_crs **out, elc_error *err) {
    char code[32];
    int zone = (int)floor((remainder(lonlat.x, 360) + 180) / 6) + 1;
    zone = zone > 60 ? 60 : zone;
    int epsg = lonlat.y > 84    ? 32661
               : lonlat.y < -80 ? 32761
               : lonlat.y < 0   ? 32700 + zone
                                : 32600 + zone;
    snprintf(code, sizeof code, "EPSG:%d", epsg);
    return elc_crs_create(code, out, err);
}

/* Corners in degrees, brought to the image's CRS, or to a plane: there an image is
   nearer to an affine than it is in degrees. */
static elc_status ground_of_lonlat(const finder *f, tie *t, elc_error *err) {
    elc_transform *to_crs = NULL;
    ELC_TRY(crs_of_facts(f, &t->crs, err));
    if (!t->crs)
        ELC_TRY(zone_of(t->ground[0], &t->crs, err));
    elc_status status = elc_transform_create(NULL, t->crs, &to_crs, err);
    if (status == ELC_OK)
        elc_transform_points(to_crs, t->ground, t->n);
    elc_transform_free(to_crs);
    return status == ELC_E_MEMORY ? status : ELC_OK;
}

static elc_status read_corners(const finder *f, double width, double height, tie *t,
                               elc_error *err) {
    const elc_point pixels[4] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
    const double *map = numbers(f, ELC_FACT_CORNERS_MAP, 8);
    const double *lonlat = numbers(f, ELC_FACT_CORNERS_LONLAT, 8);
    if (map)
        ELC_TRY(crs_of_facts(f, &t->crs, err));
    if (!t->crs)
        map = NULL;
    if (!map && !lonlat)
        return ELC_OK;
    ELC_TRY(tie_create(4, t, err));
    memcpy(t->pixels, pixels, sizeof pixels);
    memcpy(t->ground, map ? map : lonlat, sizeof pixels);
    return map ? ELC_OK : ground_of_lonlat(f, t, err);
}

static elc_status by_corners(finder *f, elc_error *err) {
    double width, height;
    tie t = {0};
    if (!size_of_corners(f, &width, &height))
        return ELC_OK;
    elc_status status = read_corners(f, width, height, &t, err);
    if (status == ELC_OK && t.n > 0 && t.crs)
        status =
            by_tie(f, ELC_PLACE_CORNERS, &t, CORNERS_OFF * hypot(width, height), err);
    tie_clear(&t);
    return status;
}

/* ---- public ---------------------------------------------------------------------- */

elc_status elc_place_find(elc_image *image, const elc_facts *facts,
                          const elc_place_wish *wish, elc_place *out, elc_error *err) {
    static elc_status (*const ways[])(finder *, elc_error *) = {
        by_own_affine, by_stated_affine, by_gcps, by_rpc, by_corners};
    finder f = {image, facts, wish, {.error_m = NAN}};
    elc_status status = ELC_OK;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && status == ELC_OK &&
                       f.place.kind == ELC_PLACE_NONE;
         i++)
        status = ways[i](&f, err);
    elc_gdal_end();
    if (status == ELC_OK)
        *out = f.place;
    else
        elc_place_clear(&f.place);
    return status;
}

elc_status elc_place_wish_check(const elc_place_wish *wish, elc_error *err) {
    elc_ground ground;
    if (!wish->dem)
        return ELC_OK;
    ELC_TRY(elc_dem_open(wish->dem, 0, &ground, err));
    ground.release(ground.arg);
    return ELC_OK;
}

static elc_status rpc_locator(const elc_place *place, elc_locator **out,
                              elc_error *err) {
    elc_ground ground = {.height_m = place->height_m};
    if (place->dem)
        ELC_TRY(elc_dem_open(place->dem, place->height_m, &ground, err));
    elc_status status = elc_locator_create_rpc(&place->rpc, &ground, out, err);
    if (status != ELC_OK && ground.release)
        ground.release(ground.arg);
    return status;
}

elc_status elc_place_locator(const elc_place *place, elc_locator **out,
                             elc_error *err) {
    if (place->kind == ELC_PLACE_NONE)
        return elc_fail(err, ELC_E_ARGUMENT, "an image without a georeference");
    if (place->kind == ELC_PLACE_RPC)
        return rpc_locator(place, out, err);
    return elc_locator_create(&place->affine, place->crs, out, err);
}

elc_status elc_place_clone(const elc_place *place, elc_place *out, elc_error *err) {
    elc_place copy = *place;
    copy.crs = NULL;
    copy.dem = NULL;
    elc_status status = place->crs ? elc_crs_clone(place->crs, &copy.crs, err) : ELC_OK;
    if (status == ELC_OK)
        status = elc_strdup(place->dem, &copy.dem, err);
    if (status == ELC_OK)
        *out = copy;
    else
        elc_place_clear(&copy);
    return status;
}

void elc_place_clear(elc_place *place) {
    elc_crs_free(place->crs);
    free(place->dem);
    *place = (elc_place){0};
}
