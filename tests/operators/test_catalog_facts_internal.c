/* test_catalog_facts_internal.c - every fact has its column, of its name, kind and
 * unit.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "operators/catalog/keys.h"
#include "operators/catalog/rows.h"

static elc_type type_of(elc_fact_kind kind) {
    return kind == ELC_FACT_REAL   ? ELC_FLOAT64
           : kind == ELC_FACT_TIME ? ELC_TIMESTAMP
                                   : ELC_UTF8;
}

/* Size is the image's own, in whole pixels. */
static void test_facts_have_columns_of_their_names(void **state) {
    (void)state;
    for (int i = 0; i < ELC_N_FACTS; i++) {
        int column = elc_catalog_fact_columns[i];
        if (i == ELC_FACT_WIDTH || i == ELC_FACT_HEIGHT || i == ELC_FACT_CORNERS_LONLAT)
            continue;
        assert_in_range(column, 0, ELC_CATALOG_COLUMNS - 1);
        assert_string_equal(elc_catalog_columns[column].name, elc_fact_fields[i].name);
        assert_int_equal(elc_catalog_columns[column].type,
                         type_of(elc_fact_fields[i].kind));
    }
}

static void test_columns_of_angles_and_metres_say_so(void **state) {
    (void)state;
    for (int i = 0; i < ELC_N_FACTS; i++) {
        int column = elc_catalog_fact_columns[i];
        if (column < 0 || elc_fact_fields[i].kind != ELC_FACT_REAL ||
            i == ELC_FACT_CLOUD)
            continue;
        assert_string_equal(elc_catalog_columns[column].unit, elc_fact_fields[i].unit);
    }
}

static void test_columns_are_named_once(void **state) {
    (void)state;
    for (int i = 0; i < ELC_CATALOG_COLUMNS; i++) {
        assert_non_null(elc_catalog_columns[i].help);
        assert_int_equal(elc_catalog_column_find(elc_catalog_columns[i].name), i);
    }
    assert_false(elc_catalog_key_good("GSD_M"));
    assert_true(elc_catalog_key_good("year"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_have_columns_of_their_names),
        cmocka_unit_test(test_columns_of_angles_and_metres_say_so),
        cmocka_unit_test(test_columns_are_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
