/* crs.c - coordinate reference systems: read once, then plain immutable text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/proj.h"
#include "geo/ways.h"
#include <proj_experimental.h> /* proj_crs_demote_to_2D */

#define TEXT_MAX (256 * 1024) /* the longest in EPSG's tables have some 20 KB */

/* No PROJ object is kept, since one may not be shared by threads. */
struct elc_crs {
    char *projjson, *wkt, *label;
    bool geographic;
    elc_ways *ways;
};

/* ---- from text to a horizontal CRS -------------------------------------------------
 */

/* The first words of a text, for messages. */
static const char *brief(const char *text, char out[64]) {
    snprintf(out, 64, "%.56s%s", text, strlen(text) > 56 ? "..." : "");
    return out;
}

/* "+proj=utm ..." alone is an operation to PROJ; marked, it is a CRS. */
static elc_status create_pj(elc_proj *p, const char *text, PJ **out, elc_error *err) {
    const char *start = text + strspn(text, " \t\r\n");
    bool proj4 = *start == '+' || !strncmp(start, "proj=", 5);
    elc_string marked = {0};
    if (proj4 && !strstr(start, "type=crs")) {
        ELC_TRY(elc_string_printf(&marked, err, "%s +type=crs", start));
        start = marked.data;
    }
    PJ *pj = proj_create(p->context, start);
    elc_string_free(&marked);
    char shown[64];
    if (!pj)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "CRS \"%s\" is not understood: %s. Give a code such as EPSG:32633, "
            "WKT, PROJJSON or PROJ text",
            brief(text, shown), elc_proj_reason(p));
    *out = pj;
    return ELC_OK;
}

/* Heights are not used: a compound CRS counts as its horizontal part, 3D as 2D.
   Consumes `pj`; NULL when there is no horizontal part. */
static PJ *horizontal_take(elc_proj *p, PJ *pj) {
    if (proj_get_type(pj) == PJ_TYPE_COMPOUND_CRS) {
        PJ *part = proj_crs_get_sub_crs(p->context, pj, 0);
        proj_destroy(pj);
        pj = part;
    }
    PJ_TYPE type = pj ? proj_get_type(pj) : PJ_TYPE_UNKNOWN;
    if (type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS) {
        PJ *flat = proj_crs_demote_to_2D(p->context, NULL, pj);
        proj_destroy(pj);
        pj = flat;
    }
    return pj;
}

/* The type beneath a bound CRS's +towgs84. */
static PJ_TYPE base_type(elc_proj *p, const PJ *pj) {
    PJ_TYPE type = proj_get_type(pj);
    if (type != PJ_TYPE_BOUND_CRS)
        return type;
    PJ *base = proj_get_source_crs(p->context, pj);
    type = base ? proj_get_type(base) : PJ_TYPE_UNKNOWN;
    proj_destroy(base);
    return type;
}

static elc_status check_type(PJ_TYPE type, const char *text, elc_error *err) {
    char shown[64];
    if (type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_PROJECTED_CRS ||
        type == PJ_TYPE_OTHER_CRS)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "\"%s\" is not a CRS of places on Earth's surface: give a geographic or "
        "projected one, such as EPSG:4326 or EPSG:32633",
        brief(text, shown));
}

/* ---- from PROJ's object to plain text ----------------------------------------------
 */

static elc_status copy_label(const PJ *pj, char **out, elc_error *err) {
    const char *authority = proj_get_id_auth_name(pj, 0);
    const char *code = proj_get_id_code(pj, 0);
    const char *name = proj_get_name(pj);
    if (!authority || !code)
        return elc_strdup(name && *name ? name : "unnamed", out, err);
    elc_string text = {0};
    ELC_TRY(elc_string_printf(&text, err, "%s:%s", authority, code));
    *out = text.data;
    return ELC_OK;
}

static elc_status describe(elc_proj *p, const PJ *pj, elc_crs *crs, elc_error *err) {
    static const char *const ONE_LINE[] = {"MULTILINE=NO", NULL};
    const char *projjson = proj_as_projjson(p->context, pj, ONE_LINE);
    if (!projjson)
        return elc_fail(err, ELC_E_UNSUPPORTED, "CRS %s has no PROJJSON: %s",
                        proj_get_name(pj), elc_proj_reason(p));
    ELC_TRY(elc_strdup(projjson, &crs->projjson, err));
    const char *wkt = proj_as_wkt(p->context, pj, PJ_WKT2_2019, ONE_LINE);
    if (!wkt)
        return elc_fail(err, ELC_E_UNSUPPORTED, "CRS %s has no WKT: %s",
                        proj_get_name(pj), elc_proj_reason(p));
    ELC_TRY(elc_strdup(wkt, &crs->wkt, err));
    crs->geographic = base_type(p, pj) == PJ_TYPE_GEOGRAPHIC_2D_CRS;
    return copy_label(pj, &crs->label, err);
}

/* A name, and neither a code nor a definition. */
static bool is_name(const char *text) {
    return strpbrk(text, ":[{+=") == NULL;
}

/* The next letter or digit, in lower case; 0 at the end. */
static int next_letter(const char **text) {
    while (**text && !isalnum((unsigned char)**text))
        (*text)++;
    return **text ? tolower((unsigned char)*(*text)++) : 0;
}

/* PROJ takes what a name holds somewhere: "nope" would be Sinope, a moon of Jupiter. */
static elc_status check_name(const PJ *pj, const char *text, elc_error *err) {
    const char *asked = text, *got = proj_get_name(pj);
    char shown[64];
    int letter = 0;
    bool same = got != NULL;
    while (same && (letter = next_letter(&asked)) != 0)
        same = letter == next_letter(&got);
    if (same && next_letter(&got) == 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "CRS \"%s\" is not understood: no CRS has that name; give a code "
                    "such as EPSG:32633",
                    brief(text, shown));
}

static elc_status read_text(elc_proj *p, const char *text, elc_crs *crs,
                            elc_error *err) {
    PJ *pj = NULL;
    ELC_TRY(create_pj(p, text, &pj, err));
    elc_status named = is_name(text) ? check_name(pj, text, err) : ELC_OK;
    if (named != ELC_OK) {
        proj_destroy(pj);
        return named;
    }
    pj = horizontal_take(p, pj);
    elc_status status = check_type(pj ? base_type(p, pj) : PJ_TYPE_UNKNOWN, text, err);
    if (status == ELC_OK)
        status = describe(p, pj, crs, err);
    proj_destroy(pj);
    return status;
}

/* ---- public
 * ---------------------------------------------------------------------------- */

elc_status elc_crs_create(const char *text, elc_crs **out, elc_error *err) {
    if (!text || !text[strspn(text, " \t\r\n")])
        return elc_fail(err, ELC_E_ARGUMENT,
                        "CRS \"\" is empty: give a code such as "
                        "EPSG:32633");
    if (strnlen(text, TEXT_MAX + 1) > TEXT_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "CRS text is longer than %d bytes",
                        TEXT_MAX);
    elc_proj proj;
    ELC_TRY(elc_proj_open(&proj, err));
    elc_crs *crs = NULL;
    elc_status status = elc_alloc(1, sizeof *crs, &crs, err);
    if (status == ELC_OK)
        status = elc_ways_create(&crs->ways, err);
    if (status == ELC_OK)
        status = read_text(&proj, text, crs, err);
    elc_proj_close(&proj);
    if (status != ELC_OK) {
        elc_crs_free(crs);
        return status;
    }
    *out = crs;
    return ELC_OK;
}

elc_status elc_crs_clone(const elc_crs *crs, elc_crs **out, elc_error *err) {
    elc_crs *copy = NULL;
    ELC_TRY(elc_alloc(1, sizeof *copy, &copy, err));
    copy->geographic = crs->geographic;
    copy->ways = elc_ways_share(crs->ways);
    elc_status status = elc_strdup(crs->projjson, &copy->projjson, err);
    if (status == ELC_OK)
        status = elc_strdup(crs->wkt, &copy->wkt, err);
    if (status == ELC_OK)
        status = elc_strdup(crs->label, &copy->label, err);
    if (status != ELC_OK) {
        elc_crs_free(copy);
        return status;
    }
    *out = copy;
    return ELC_OK;
}

const char *elc_crs_projjson(const elc_crs *crs) {
    return crs->projjson;
}

const char *elc_crs_wkt(const elc_crs *crs) {
    return crs->wkt;
}

const char *elc_crs_label(const elc_crs *crs) {
    return crs->label;
}

elc_ways *elc_crs_ways(const elc_crs *crs) {
    return crs->ways;
}

bool elc_crs_is_geographic(const elc_crs *crs) {
    return crs->geographic;
}

/* The CRS with x east and y north, in a context of the caller's. */
static PJ *normal(elc_proj *p, const elc_crs *crs) {
    PJ *pj = NULL;
    if (elc_proj_crs(p, crs, &pj, NULL) != ELC_OK)
        return NULL;
    PJ *turned = proj_normalize_for_visualization(p->context, pj);
    if (!turned)
        return pj;
    proj_destroy(pj);
    return turned;
}

bool elc_crs_equal(const elc_crs *a, const elc_crs *b) {
    if (!strcmp(a->projjson, b->projjson))
        return true;
    elc_proj proj;
    if (elc_proj_open(&proj, NULL) != ELC_OK)
        return false;
    PJ *pa = normal(&proj, a), *pb = normal(&proj, b);
    bool equal =
        pa && pb &&
        proj_is_equivalent_to_with_ctx(proj.context, pa, pb,
                                       PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS);
    proj_destroy(pa);
    proj_destroy(pb);
    elc_proj_close(&proj);
    return equal;
}

void elc_crs_free(elc_crs *crs) {
    if (!crs)
        return;
    free(crs->projjson);
    free(crs->wkt);
    free(crs->label);
    elc_ways_free(crs->ways);
    free(crs);
}
