/* test_places_slow.c - ten million more pairs of places of all types for the predicates,
   and millions for distances, as GEOS says. */
/* SPDX-License-Identifier: Apache-2.0 */

/* Its tables; its tests are run by itself. */
#define main test_places_main
#include "test_places.c"
#undef main

/* Of PLACES x PLACES pairs for each of ten predicates. */
enum { ROUNDS = 13 };

static void test_places_agree_with_geos_on_ten_million_pairs(void **unused) {
    for (int i = 0; i < ROUNDS; i++)
        test_places_agree_with_geos_for_every_predicate(unused);
}

static void test_places_agree_with_geos_on_two_million_pairs_of_edges(void **unused) {
    for (int i = 0; i < ROUNDS; i++)
        test_places_agree_with_geos_on_edges_a_hair_apart(unused);
}

static void test_places_agree_with_geos_on_four_million_distances(void **unused) {
    for (int i = 0; i < ROUNDS; i++)
        test_places_agree_with_geos_within_a_distance(unused);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_agree_with_geos_on_ten_million_pairs),
        cmocka_unit_test(test_places_agree_with_geos_on_two_million_pairs_of_edges),
        cmocka_unit_test(test_places_agree_with_geos_on_four_million_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
