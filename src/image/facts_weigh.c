/* facts_weigh.c - which of the values that were found stands, and what contradicts it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VALUES 16 /* of one fact, told of in a conflict */

/* Of the pixels the image itself knows best: what a sidecar says of them may be of the
   product that it was cut from. */
static bool image_first(elc_fact_id id) {
    switch (id) {
    case ELC_FACT_CRS:
    case ELC_FACT_AFFINE:
    case ELC_FACT_CORNERS_MAP:
    case ELC_FACT_CORNERS_LONLAT:
    case ELC_FACT_WIDTH:
    case ELC_FACT_HEIGHT:
    case ELC_FACT_GSD:
    case ELC_FACT_BIT_DEPTH:
        return true;
    default:
        return false;
    }
}

static int rank(const elc_finding *finding) {
    if (finding->witness == ELC_WITNESS_IMAGE && image_first(finding->id))
        return -1;
    return (int)finding->witness;
}

static elc_finding *best_of(const elc_findings *f, elc_fact_id id) {
    elc_finding *best = NULL;
    for (size_t i = 0; i < f->count; i++) {
        elc_finding *one = &f->items[i];
        if (one->id == id && one->fact.source != NULL &&
            (best == NULL || rank(one) < rank(best)))
            best = one;
    }
    return best;
}

/* ---- what must not be used --------------------------------------------------------
 */

/* True for two findings of one file. */
static bool same_file(const elc_finding *a, const elc_finding *b) {
    size_t n = strcspn(a->fact.source, ":");
    return strncmp(a->fact.source, b->fact.source, n) == 0 && b->fact.source[n] == ':';
}

static bool sizes_differ(const elc_findings *f, const elc_finding *corners,
                         elc_fact_id side) {
    const elc_finding *best = best_of(f, side);
    for (size_t i = 0; i < f->count; i++) {
        const elc_finding *one = &f->items[i];
        if (one->id == side && one->fact.source != NULL && same_file(one, corners) &&
            one->fact.numbers[0] != best->fact.numbers[0])
            return true;
    }
    return false;
}

/* Corners of a product are not those of a piece of it. */
static void drop_foreign_corners(elc_findings *f) {
    for (size_t i = 0; i < f->count; i++) {
        elc_finding *one = &f->items[i];
        bool corners = one->id == ELC_FACT_CORNERS_MAP || one->id == ELC_FACT_AFFINE ||
                       one->id == ELC_FACT_CORNERS_LONLAT;
        if (!corners || one->witness == ELC_WITNESS_IMAGE || one->fact.source == NULL ||
            !(sizes_differ(f, one, ELC_FACT_WIDTH) ||
              sizes_differ(f, one, ELC_FACT_HEIGHT)))
            continue;
        free(one->fact.numbers);
        free(one->fact.source);
        one->fact = (elc_fact){0};
    }
}

/* ---- what follows ---------------------------------------------------------------- */

/* Corners in degrees from those in a CRS, where the same source knows both. */
static elc_status derive_lonlat(elc_findings *f, elc_error *err) {
    const elc_finding *crs = best_of(f, ELC_FACT_CRS);
    const elc_finding *map = best_of(f, ELC_FACT_CORNERS_MAP);
    elc_transform *transform = NULL;
    elc_crs *from = NULL;
    elc_point points[4];
    if (crs == NULL || map == NULL || map->fact.n != 8 ||
        best_of(f, ELC_FACT_CORNERS_LONLAT) != NULL || !same_file(crs, map) ||
        elc_crs_create(crs->fact.text, &from, NULL) != ELC_OK)
        return ELC_OK;
    size_t failed = 4;
    memcpy(points, map->fact.numbers, sizeof points);
    if (elc_transform_create(from, NULL, &transform, NULL) == ELC_OK)
        failed = elc_transform_points(transform, points, 4);
    elc_transform_free(transform);
    elc_crs_free(from);
    if (failed > 0)
        return ELC_OK;
    double numbers[8];
    memcpy(numbers, points, sizeof points);
    char source[300];
    strncpy(source, map->fact.source, sizeof source - 1);
    source[sizeof source - 1] = '\0';
    char *colon = strstr(source, ": ");
    if (colon != NULL)
        *colon = '\0';
    f->file = source;
    f->witness = map->witness;
    return elc_findings_list(f, ELC_FACT_CORNERS_LONLAT, numbers, 8,
                             colon != NULL ? colon + 2 : "corners", err);
}

/* ---- conflicts ------------------------------------------------------------------- */

/* The length of a pixel in the units of the corners; 0 when it is not known. */
static double pixel_of(const elc_findings *f, const elc_finding *corners) {
    const elc_finding *width = best_of(f, ELC_FACT_WIDTH);
    if (width == NULL || corners->fact.n != 8 || !(width->fact.numbers[0] >= 1))
        return 0;
    const double *c = corners->fact.numbers;
    return hypot(c[2] - c[0], c[3] - c[1]) / width->fact.numbers[0];
}

static int append_value(json_t *values, const elc_finding *finding) {
    json_t *value = elc_finding_value(finding);
    json_t *source = json_string(finding->fact.source);
    json_t *entry = json_object();
    if (json_object_set_new(entry, "value", value) != 0 ||
        json_object_set_new(entry, "source", source) != 0) {
        json_decref(entry);
        return -1;
    }
    return json_array_append_new(values, entry);
}

static elc_status report(const elc_finding *const *said, size_t n, json_t *conflicts,
                         elc_error *err) {
    json_t *values = json_array();
    int failed = 0;
    for (size_t i = 0; i < n; i++)
        failed |= append_value(values, said[i]);
    json_t *entry = json_pack("{s:s, s:o}", "field", elc_fact_fields[said[0]->id].name,
                              "values", values);
    failed |= json_array_append_new(conflicts, entry);
    return failed == 0 ? ELC_OK
                       : elc_fail(err, ELC_E_MEMORY,
                                  "memory: none left for an image's conflicts");
}

static elc_status compare(const elc_findings *f, const elc_finding *best,
                          json_t *conflicts, bool *differ, elc_error *err) {
    const elc_finding *said[MAX_VALUES] = {best};
    size_t n = 1;
    double pixel = pixel_of(f, best);
    for (size_t i = 0; i < f->count && n < MAX_VALUES; i++) {
        const elc_finding *one = &f->items[i];
        bool new = one->id == best->id && one->fact.source != NULL;
        for (size_t k = 0; k < n && new; k++)
            new = !elc_findings_agree(said[k], one, pixel);
        if (new)
            said[n++] = one;
    }
    *differ = n > 1;
    return n > 1 ? report(said, n, conflicts, err) : ELC_OK;
}

/* Corners and affines in different CRSs cannot be compared. */
static elc_status compare_all(const elc_findings *f, json_t *conflicts,
                              elc_error *err) {
    bool crs_differs = false, differ;
    for (int i = 0; i < ELC_N_FACTS; i++) {
        elc_fact_id id = (elc_fact_id)i;
        const elc_finding *best = best_of(f, id);
        bool in_crs = id == ELC_FACT_AFFINE || id == ELC_FACT_CORNERS_MAP;
        if (best == NULL || (in_crs && crs_differs))
            continue;
        ELC_TRY(compare(f, best, conflicts, &differ, err));
        crs_differs = crs_differs || (id == ELC_FACT_CRS && differ);
    }
    return ELC_OK;
}

elc_status elc_facts_weigh(elc_findings *f, elc_facts *out, json_t *conflicts,
                           elc_error *err) {
    drop_foreign_corners(f);
    ELC_TRY(derive_lonlat(f, err));
    ELC_TRY(compare_all(f, conflicts, err));
    for (int i = 0; i < ELC_N_FACTS; i++) {
        elc_finding *best = best_of(f, (elc_fact_id)i);
        if (best == NULL)
            continue;
        out->items[i] = best->fact;
        best->fact = (elc_fact){0};
    }
    return ELC_OK;
}
