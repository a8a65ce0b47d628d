/* test_fuzz_slow.c - the fuzz targets of geometries, each with a million inputs made of
   its seeds. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Each target under a name of its own. */
#define LLVMFuzzerTestOneInput fuzz_wkb
#include "../../fuzz/wkb_check.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_ewkb
#include "../../fuzz/ewkb_read.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_wkt
#include "../../fuzz/wkt_read.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_geojson
#include "../../fuzz/geojson_read.c"
#undef LLVMFuzzerTestOneInput

enum { TIMES = 1000000 };

static void test_wkb_keeps_its_promises_a_million_times(void **state) {
    (void)state;
    seeds_storm("wkb_check", fuzz_wkb, TIMES);
}

static void test_ewkb_keeps_its_promises_a_million_times(void **state) {
    (void)state;
    seeds_storm("ewkb_read", fuzz_ewkb, TIMES);
}

static void test_wkt_keeps_its_promises_a_million_times(void **state) {
    (void)state;
    seeds_storm("wkt_read", fuzz_wkt, TIMES);
}

static void test_geojson_keeps_its_promises_a_million_times(void **state) {
    (void)state;
    seeds_storm("geojson_read", fuzz_geojson, TIMES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wkb_keeps_its_promises_a_million_times),
        cmocka_unit_test(test_ewkb_keeps_its_promises_a_million_times),
        cmocka_unit_test(test_wkt_keeps_its_promises_a_million_times),
        cmocka_unit_test(test_geojson_keeps_its_promises_a_million_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
