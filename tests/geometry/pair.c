/* pair.c - one place asked for another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

pair_answer pair_ask(const elc_string *left, const elc_string *right, elc_question q) {
    pair_answer out;
    elc_places *places;
    elc_asker *asker;
    const uint32_t *rows;
    size_t n;
    assert_int_equal(elc_places_create(&places, NULL), ELC_OK);
    assert_int_equal(
        elc_places_add(places, right->data, right->size, NULL, &out.right, NULL),
        ELC_OK);
    assert_int_equal(elc_places_build(places, 2, NULL), ELC_OK);
    assert_int_equal(elc_asker_create(places, &q, &asker, NULL), ELC_OK);
    assert_int_equal(
        elc_asker_find(asker, left->data, left->size, &out.left, &rows, &n, NULL),
        ELC_OK);
    elc_asker_free(asker);
    elc_places_free(places);
    out.matches = n == 1;
    return out;
}

static elc_string wkb_of(const char *wkt) {
    elc_string wkb = {0};
    elc_error err = {0};
    if (elc_wkb_from_wkt(wkt, strlen(wkt), &wkb, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return wkb;
}

pair_answer pair_ask_wkt(const char *left, const char *right, elc_question q) {
    elc_string a = wkb_of(left), b = wkb_of(right);
    pair_answer out = pair_ask(&a, &b, q);
    elc_string_free(&a);
    elc_string_free(&b);
    return out;
}
