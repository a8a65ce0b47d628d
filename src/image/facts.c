/* facts.c - all that is known of an image, from itself and from its sidecars. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/metadata/format.h"
#include "image/sidecars.h"

const elc_fact_field elc_fact_fields[ELC_N_FACTS] = {
    [ELC_FACT_PRODUCT_ID] = {"product_id", ELC_FACT_TEXT, "",
                             "the vendor's id of the product or order"},
    [ELC_FACT_CATALOG_ID] = {"catalog_id", ELC_FACT_TEXT, "",
                             "the vendor's id of the scene in its catalogue"},
    [ELC_FACT_PLATFORM] = {"platform", ELC_FACT_TEXT, "",
                           "satellite, or camera's maker"},
    [ELC_FACT_SENSOR] = {"sensor", ELC_FACT_TEXT, "", "instrument or camera"},
    [ELC_FACT_ACQUIRED] = {"acquired", ELC_FACT_TIME, "UTC", "when it was taken"},
    [ELC_FACT_CRS] = {"crs", ELC_FACT_TEXT, "", "coordinate reference system"},
    [ELC_FACT_AFFINE] = {"affine", ELC_FACT_LIST, "CRS units",
                         "pixel to map, six numbers in GDAL's order"},
    [ELC_FACT_CORNERS_MAP] = {"corners_map", ELC_FACT_LIST, "CRS units",
                              "outer corners UL, UR, LR, LL as x, y"},
    [ELC_FACT_CORNERS_LONLAT] = {"corners_lonlat", ELC_FACT_LIST, "degrees",
                                 "outer corners UL, UR, LR, LL as lon, lat"},
    [ELC_FACT_WIDTH] = {"width", ELC_FACT_REAL, "px", "columns"},
    [ELC_FACT_HEIGHT] = {"height", ELC_FACT_REAL, "px", "rows"},
    [ELC_FACT_GSD] = {"gsd_m", ELC_FACT_REAL, "m", "size of a pixel on the ground"},
    [ELC_FACT_SUN_AZIMUTH] = {"sun_azimuth_deg", ELC_FACT_REAL, "degrees",
                              "of the sun, from north over east"},
    [ELC_FACT_SUN_ELEVATION] = {"sun_elevation_deg", ELC_FACT_REAL, "degrees",
                                "of the sun above the horizon"},
    [ELC_FACT_OFF_NADIR] = {"off_nadir_deg", ELC_FACT_REAL, "degrees",
                            "of the view, from straight down"},
    [ELC_FACT_VIEW_AZIMUTH] = {"view_azimuth_deg", ELC_FACT_REAL, "degrees",
                               "of the satellite seen from the ground, or of a "
                               "drone's camera"},
    [ELC_FACT_VIEW_ELEVATION] = {"view_elevation_deg", ELC_FACT_REAL, "degrees",
                                 "of the satellite above the horizon"},
    [ELC_FACT_CLOUD] = {"cloud", ELC_FACT_REAL, "fraction", "share under clouds"},
    [ELC_FACT_RPC] = {"rpc", ELC_FACT_LIST, "",
                      "rational polynomials: errors, offsets, scales, coefficients"},
    [ELC_FACT_BANDS] = {"band_names", ELC_FACT_TEXT, "", "comma between"},
    [ELC_FACT_BIT_DEPTH] = {"bit_depth", ELC_FACT_REAL, "bits", "of a pixel's value"},
    [ELC_FACT_POSITION] = {"position", ELC_FACT_LIST, "degrees, m",
                           "of the camera: lon, lat and, where known, height above the "
                           "sea"},
    [ELC_FACT_ALTITUDE] = {"altitude_m", ELC_FACT_REAL, "m",
                           "of the camera above where it took off"},
};

/* ---- JSON ------------------------------------------------------------------------ */

static elc_status no_memory(elc_error *err) {
    return elc_fail(err, ELC_E_MEMORY, "memory: none left for an image's metadata");
}

/* A path that repeats has a list of its texts. */
static int put(json_t *object, const char *path, const char *text) {
    json_t *there = json_object_get(object, path), *value = json_string(text);
    if (value == NULL)
        return -1;
    if (there == NULL)
        return json_object_set_new(object, path, value);
    if (json_is_array(there))
        return json_array_append_new(there, value);
    json_t *list = json_array();
    if (json_array_append(list, there) != 0 ||
        json_array_append_new(list, value) != 0) {
        json_decref(list);
        return -1;
    }
    return json_object_set_new(object, path, list);
}

static elc_status put_record(json_t *raw, const char *name, const elc_record *record,
                             elc_error *err) {
    if (record->count == 0)
        return ELC_OK;
    json_t *object = json_object();
    for (size_t i = 0; i < record->count; i++) {
        if (put(object, record->items[i].path, record->items[i].text) != 0) {
            json_decref(object);
            return no_memory(err);
        }
    }
    return json_object_set_new_nocheck(raw, name, object) == 0 ? ELC_OK
                                                               : no_memory(err);
}

static elc_status dump(const json_t *value, char **out, elc_error *err) {
    *out = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15));
    return *out != NULL ? ELC_OK : no_memory(err);
}

/* ---- sources --------------------------------------------------------------------- */

typedef struct {
    const char *path;
    const elc_sidecars *sidecars;
    json_t *raw, *conflicts;
    elc_findings found;
} gathering;

/* A sidecar that cannot be read is told of among the conflicts. */
static elc_status note_unreadable(gathering *g, const char *name, const char *why,
                                  elc_error *err) {
    json_t *entry = json_pack("{s:s, s:[{s:n, s:s, s:s}]}", "field", "sidecar",
                              "values", "value", "source", name, "error", why);
    if (entry == NULL)
        entry = json_pack("{s:s, s:[]}", "field", "sidecar", "values");
    return json_array_append_new(g->conflicts, entry) == 0 ? ELC_OK : no_memory(err);
}

static elc_status take_record(gathering *g, const char *name, const elc_record *record,
                              elc_error *err) {
    const elc_format *format = elc_format_of(record);
    g->found.file = name;
    if (format != NULL)
        ELC_TRY(elc_format_apply(format, record, &g->found, err));
    return put_record(g->raw, name, record, err);
}

/* A file's name as text that any table takes. */
static void clean_name(const char *path, char out[256]) {
    snprintf(out, 256, "%s", elc_name_of(path));
    bool valid = elc_utf8_valid(out, strlen(out));
    for (char *c = out; *c != '\0'; c++) {
        if ((!valid && (unsigned char)*c >= 0x80) || (unsigned char)*c < 0x20)
            *c = '?';
    }
}

static elc_status take_sidecar(gathering *g, const char *path, elc_error *err) {
    elc_record record = {0};
    elc_error why = {0};
    char name[256];
    clean_name(path, name);
    elc_status status = elc_sidecar_read(path, &record, &why);
    if (status == ELC_OK)
        status = take_record(g, name, &record, err);
    else if (status == ELC_E_MEMORY || status == ELC_E_CANCELLED)
        status = elc_fail(err, status, "%s", why.message);
    else
        status = note_unreadable(g, name, why.message, err);
    elc_record_free(&record);
    return status;
}

static elc_status take_sidecars(gathering *g, elc_error *err) {
    elc_names paths = {0};
    elc_status status = elc_sidecars_match(g->sidecars, g->path, &paths, err);
    for (size_t i = 0; i < paths.count && status == ELC_OK; i++)
        status = take_sidecar(g, paths.items[i], err);
    elc_names_free(&paths);
    return status;
}

static elc_status take_image(gathering *g, elc_image *image, elc_error *err) {
    elc_record record = {0};
    char *prj = NULL, name[256];
    clean_name(g->path, name);
    g->found.file = name;
    g->found.witness = ELC_WITNESS_IMAGE;
    elc_status status = elc_sidecars_prj(g->sidecars, g->path, &prj, err);
    if (status == ELC_OK)
        status = elc_facts_of_image(image, prj, &record, &g->found, err);
    if (status == ELC_OK)
        status = put_record(g->raw, name, &record, err);
    elc_record_free(&record);
    free(prj);
    return status;
}

/* ---- public ---------------------------------------------------------------------- */

static elc_status gather(gathering *g, elc_image *image, elc_facts *out,
                         elc_error *err) {
    if (g->raw == NULL || g->conflicts == NULL)
        return no_memory(err);
    ELC_TRY(take_sidecars(g, err));
    if (image != NULL)
        ELC_TRY(take_image(g, image, err));
    ELC_TRY(elc_facts_weigh(&g->found, out, g->conflicts, err));
    if (json_array_size(g->conflicts) > 0)
        ELC_TRY(dump(g->conflicts, &out->conflicts, err));
    return json_object_size(g->raw) > 0 ? dump(g->raw, &out->raw, err) : ELC_OK;
}

elc_status elc_facts_read(const char *path, elc_image *image,
                          const elc_sidecars *sidecars, elc_facts *out,
                          elc_error *err) {
    gathering g = {.path = path,
                   .sidecars = sidecars,
                   .raw = json_object(),
                   .conflicts = json_array(),
                   .found = {.image = elc_name_of(path)}};
    elc_facts facts = {0};
    elc_gdal_ready();
    elc_status status = gather(&g, image, &facts, err);
    if (status == ELC_OK)
        *out = facts;
    else
        elc_facts_clear(&facts);
    elc_findings_free(&g.found);
    json_decref(g.raw);
    json_decref(g.conflicts);
    return status;
}

void elc_facts_clear(elc_facts *facts) {
    if (facts == NULL)
        return;
    for (size_t i = 0; i < ELC_N_FACTS; i++) {
        free(facts->items[i].text);
        free(facts->items[i].source);
        free(facts->items[i].numbers);
    }
    free(facts->conflicts);
    free(facts->raw);
    *facts = (elc_facts){0};
}
