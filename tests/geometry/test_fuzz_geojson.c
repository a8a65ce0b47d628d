/* test_fuzz_geojson.c - the seeds of the GeoJSON fuzzer, and their neighbours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/geojson_read.c"

static elc_status read_seed(const elc_string *seed) {
    elc_string wkb = {0};
    elc_status status = elc_wkb_from_geojson(seed->data, seed->size, &wkb, NULL, NULL);
    elc_string_free(&wkb);
    return status;
}

SEEDS_PROGRAM(.target = "geojson_read", .good = 16, .bad = 16)
