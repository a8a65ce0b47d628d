/* osm.c - OpenStreetMap's tags as OGR gives them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "osm.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_vsi.h>
#include <jansson.h>

/* As OGR's own, but that no tag is left out: all are in "all_tags". */
#define LAYER(name, attributes)                                                        \
    "[" name "]\nosm_id=yes\nattributes=" attributes "\nall_tags=yes\n"
static const char config[] =
    "closed_ways_are_polygons=aeroway,amenity,boundary,"
    "building,craft,geological,"
    "historic,landuse,leisure,military,natural,office,place,"
    "shop,sport,tourism,"
    "highway=platform,public_transport=platform\n"
    "report_all_tags=yes\n" LAYER(
        "points",
        "name,barrier,highway,ref,address,is_in,place,man_"
        "made") "unsignificant=created_by,converted_by,source,"
                "time,ele,attribution\n" LAYER("lines", "name,highway,"
                                                        "waterway,"
                                                        "aerialway,"
                                                        "barrier,man_"
                                                        "made,railway")
                    LAYER("multipolygons", "name,type,aeroway,amenity,admin_"
                                           "level,barrier,boundary,building,"
                                           "craft,"
                                           "geological,historic,land_area,"
                                           "landuse,leisure,man_made,military,"
                                           "natural,"
                                           "office,place,shop,sport,tourism")
                        LAYER("multilinestrings", "name,type")
                            LAYER("other_relations", "name,type");

bool elc_osm_is(const char *path) {
    static const char *const endings[] = {".osm", ".pbf", ".osm.gz", NULL};
    size_t n = strlen(path);
    for (const char *const *e = endings; *e; e++)
        if (n > strlen(*e) && strcasecmp(path + n - strlen(*e), *e) == 0)
            return true;
    return false;
}

elc_status elc_osm_configure(const char *folder, elc_error *err) {
    elc_string name = {0};
    ELC_TRY(elc_string_printf(&name, err, "%s/" ELC_OSM_CONFIG, folder));
    VSILFILE *file = VSIFileFromMemBuffer(name.data, (GByte *)(uintptr_t)config,
                                          sizeof config - 1, FALSE);
    elc_string_free(&name);
    if (file == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for OSM's settings");
    VSIFCloseL(file);
    return ELC_OK;
}

/* The text between quotes; *at is moved behind them. False where there is none. */
static bool next_text(const char **at, elc_string *out, elc_error *err) {
    const char *p = *at;
    out->size = 0;
    if (*p++ != '"' || elc_string_append(out, "", 0, err) != ELC_OK)
        return false;
    while (*p != '"' && *p != '\0') {
        p += *p == '\\' && p[1] != '\0';
        if (elc_string_append(out, p++, 1, err) != ELC_OK)
            return false;
    }
    *at = p + (*p == '"');
    return *p == '"';
}

static json_t *parse(const char *hstore, elc_error *err) {
    json_t *tags = json_object();
    elc_string key = {0}, value = {0};
    for (const char *at = hstore; next_text(&at, &key, err);) {
        if (strncmp(at, "=>", 2) != 0)
            break;
        at += 2;
        if (!next_text(&at, &value, err))
            break;
        json_t *text = json_stringn(value.data, value.size);
        json_object_set_new(tags, key.data, text == NULL ? json_null() : text);
        at += *at == ',';
    }
    elc_string_free(&key);
    elc_string_free(&value);
    return tags;
}

elc_status elc_osm_tags(const char *hstore, elc_string *out, elc_error *err) {
    json_t *tags = parse(hstore, err);
    char *text = json_dumps(tags, JSON_COMPACT);
    json_decref(tags);
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a feature's tags");
    out->size = 0;
    elc_status status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}
