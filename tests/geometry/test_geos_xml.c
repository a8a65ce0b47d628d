/* test_geos_xml.c - GEOS's own XML cases: each file of $ELCANO_DATA/oracles/geos, each
   operation that Elcano has, predicates in both orders. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geos_cases.h"
#include "shapes.h"

#include "support/planted.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

enum { NAMES = 64 };

/* How many cases of an operation agreed, differed and were passed over. */
typedef struct tally {
    char name[40];
    int n[3];
} tally;

typedef struct run {
    tally tallies[NAMES];
    int n_tallies;
    const char *file;
    operand a, b;
    bool rounded; /* all is on a grid, where Elcano has none */
} run;

/* ---- operands ---------------------------------------------------------------------
 */

static void operand_free(operand *o) {
    elc_string_free(&o->wkb);
    GEOSGeom_destroy_r(shapes_geos(), o->shape);
    o->shape = NULL;
}

/* WKT, or WKB in hexadecimal digits; false: neither, or what GEOS refuses. */
static bool operand_read(operand *o, const char *text) {
    size_t n = strlen(text);
    bool hex = n > 0 && strspn(text, "0123456789ABCDEFabcdef") == n;
    operand_free(o);
    elc_status status = hex ? elc_wkb_from_hex(text, n, &o->wkb, NULL, NULL)
                            : elc_wkb_from_wkt(text, n, &o->wkb, NULL, NULL);
    if (status == ELC_OK)
        o->shape = GEOSGeomFromWKB_buf_r(shapes_geos(), (unsigned char *)o->wkb.data,
                                         o->wkb.size);
    return o->shape != NULL;
}

static bool is_empty(const operand *o) {
    return GEOSisEmpty_r(shapes_geos(), o->shape) == 1;
}

static bool is_valid(const operand *o) {
    return GEOSisValid_r(shapes_geos(), o->shape) == 1;
}

/* ---- operations -------------------------------------------------------------------
 */

static void count(run *r, const char *name, verdict v, const char *wanted) {
    int i = 0;
    while (i < r->n_tallies && strcasecmp(r->tallies[i].name, name) != 0)
        i++;
    assert_true(i < NAMES);
    if (i == r->n_tallies)
        snprintf(r->tallies[r->n_tallies++].name, sizeof r->tallies[i].name, "%s",
                 name);
    r->tallies[i].n[v]++;
    if (v != DIFFERS)
        return;
    elc_string a = {0}, b = {0};
    elc_wkb_to_wkt(r->a.wkb.data, r->a.wkb.size, ELC_EXACT, &a, NULL);
    if (r->b.shape != NULL)
        elc_wkb_to_wkt(r->b.wkb.data, r->b.wkb.size, ELC_EXACT, &b, NULL);
    print_error("%s: %s is not %.60s: %.400s and %.400s\n", r->file, name, wanted,
                a.data, b.data ? b.data : "nothing");
    elc_string_free(&a);
    elc_string_free(&b);
}

static bool says_true(const char *text) {
    return strcasecmp(text, "true") == 0;
}

static bool predicate_of(const char *name, elc_predicate *out) {
    static const char *const names[] = {"intersects", "within",          "contains",
                                        "covers",     "coveredBy",       "touches",
                                        "crosses",    "overlaps",        "equalsTopo",
                                        "disjoint",   "isWithinDistance"};
    for (int i = 0; i < 11; i++)
        if (strcasecmp(names[i], name) == 0) {
            *out = (elc_predicate)i;
            return true;
        }
    return false;
}

/* Nothing matches nothing, whatever is asked. */
static verdict ask(const operand *a, const operand *b, elc_predicate p, double distance,
                   bool wanted) {
    if (!is_valid(a) || !is_valid(b))
        return PASSED_OVER;
    wanted = wanted && !is_empty(a) && !is_empty(b);
    return cases_ask(a, b, p, distance) == wanted ? AGREES : DIFFERS;
}

static verdict ask_matrix(const operand *a, const operand *b, const char *matrix,
                          bool wanted) {
    int dim_a = GEOSGeom_getDimensions_r(shapes_geos(), a->shape);
    int dim_b = GEOSGeom_getDimensions_r(shapes_geos(), b->shape);
    if (!wanted || strlen(matrix) != 9 || strspn(matrix, "F012") != 9)
        return PASSED_OVER;
    for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++) {
        bool says = cases_matrix_says(matrix, dim_a, dim_b, p);
        verdict v = ask(a, b, p, 0, says);
        if (v != AGREES)
            return v;
    }
    return AGREES;
}

static verdict try_pair(run *r, const char *name, const operand *a, const operand *b,
                        const char *more, const char *wanted) {
    elc_predicate p;
    if (predicate_of(name, &p))
        return ask(a, b, p, more ? strtod(more, NULL) : 0, says_true(wanted));
    if (strcasecmp(name, "relate") == 0 && more != NULL)
        return ask_matrix(a, b, more, says_true(wanted));
    if (r->rounded || !is_valid(a) || !is_valid(b))
        return PASSED_OVER;
    if (strcasecmp(name, "overlayAreaTest") == 0)
        return cases_areas(a, b);
    static const char *const overlays[] = {"intersection", "difference", "union",
                                           "symdifference"};
    for (int i = 0; i < 4; i++) {
        size_t n = strlen(overlays[i]);
        bool same = strncasecmp(name, overlays[i], n) == 0 &&
                    (name[n] == '\0' || strcasecmp(name + n, "NG") == 0);
        operand result = {0};
        if (!same)
            continue;
        verdict v = operand_read(&result, wanted)
                        ? cases_overlay(overlays[i], a, b, &result)
                        : PASSED_OVER;
        operand_free(&result);
        return v;
    }
    return PASSED_OVER;
}

static verdict try_single(const char *name, const operand *a, const char *wanted) {
    verdict v = PASSED_OVER;
    operand result = {0};
    if (strcasecmp(name, "isValid") == 0)
        return cases_validity(a, says_true(wanted));
    if (strcasecmp(name, "getCentroid") != 0 && strcasecmp(name, "convexhull") != 0)
        return v;
    if (operand_read(&result, wanted))
        v = strcasecmp(name, "getCentroid") == 0 ? cases_centroid(a, &result)
                                                 : cases_hull(a, &result);
    operand_free(&result);
    return v;
}

static const char *attribute(const char *const *attributes, const char *name) {
    for (; *attributes != NULL; attributes += 2)
        if (strcasecmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static const operand *argument(const run *r, const char *which) {
    const operand *o = which == NULL                 ? NULL
                       : strcasecmp(which, "a") == 0 ? &r->a
                       : strcasecmp(which, "b") == 0 ? &r->b
                                                     : NULL;
    return o != NULL && o->shape != NULL ? o : NULL;
}

static void try_operation(run *r, const char *const *attributes, const char *wanted) {
    const char *name = attribute(attributes, "name");
    const operand *a = argument(r, attribute(attributes, "arg1"));
    const operand *b = argument(r, attribute(attributes, "arg2"));
    const char *more = attribute(attributes, "arg3");
    if (name == NULL)
        return;
    verdict v = a == NULL   ? PASSED_OVER
                : b == NULL ? try_single(name, a, wanted)
                            : try_pair(r, name, a, b, more, wanted);
    count(r, name, v, wanted);
}

/* ---- files ------------------------------------------------------------------------
 */

static elc_status on_element(void *arg, const char *path, const char *text,
                             const char *const *attributes, elc_error *err) {
    run *r = arg;
    (void)err;
    if (strcmp(path, "run/precisionModel") == 0) {
        const char *scale = attribute(attributes, "scale");
        const char *type = attribute(attributes, "type");
        r->rounded = scale != NULL || (type != NULL && strcasecmp(type, "FIXED") == 0);
    } else if (strcmp(path, "run/case/a") == 0) {
        operand_read(&r->a, text);
        operand_free(&r->b);
    } else if (strcmp(path, "run/case/b") == 0) {
        operand_read(&r->b, text);
    } else if (strcmp(path, "run/case/test/op") == 0) {
        try_operation(r, attributes, text);
    }
    return ELC_OK;
}

static void run_file(run *r, const char *path) {
    elc_string xml = {0};
    elc_error err = {0};
    r->file = strrchr(path, '/') + 1;
    r->rounded = false;
    assert_int_equal(elc_file_read(path, 64 << 20, &xml, NULL), ELC_OK);
    if (elc_xml_read_bytes(r->file, xml.data, xml.size, on_element, r, &err) != ELC_OK)
        print_message("%s\n", err.message);
    operand_free(&r->a);
    operand_free(&r->b);
    elc_string_free(&xml);
}

static void must_have_run(const run *r, const char *name, int least) {
    for (int i = 0; i < r->n_tallies; i++)
        if (strcasecmp(r->tallies[i].name, name) == 0 &&
            r->tallies[i].n[AGREES] >= least)
            return;
    fail_msg("%s: fewer than %d cases agree", name, least);
}

static void test_cases_of_geos_have_the_answers_that_it_gives(void **state) {
    static const char *const names[] = {
        "intersects", "within",   "contains",   "covers",   "coveredBy", "touches",
        "crosses",    "overlaps", "equalsTopo", "disjoint", "relate"};
    static run r;
    glob_t files;
    char pattern[1100];
    int differing = 0;
    (void)state;
    const char *folder = planted_data("oracles/geos");
    if (folder == NULL)
        skip();
    snprintf(pattern, sizeof pattern, "%s/*.xml", folder);
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        run_file(&r, files.gl_pathv[i]);
    globfree(&files);
    for (int i = 0; i < r.n_tallies; i++) {
        const tally *t = &r.tallies[i];
        print_message("%-20s agree %4d, differ %d, passed over %d\n", t->name,
                      t->n[AGREES], t->n[DIFFERS], t->n[PASSED_OVER]);
        differing += t->n[DIFFERS];
    }
    for (int i = 0; i < 11; i++)
        must_have_run(&r, names[i], 11);
    must_have_run(&r, "isValid", 85);
    must_have_run(&r, "getCentroid", 33);
    assert_int_equal(differing, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases_of_geos_have_the_answers_that_it_gives),
    };
    return cmocka_run_group_tests(tests, shapes_set_up, shapes_tear_down);
}
