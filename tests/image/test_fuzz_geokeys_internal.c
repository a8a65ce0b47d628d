/* test_fuzz_geokeys_internal.c - the seeds of the GeoKeys' fuzzer, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/geokeys.c"

static elc_status read_seed(const elc_string *seed) {
    elc_string keys = {0};
    read_bytes((const uint8_t *)seed->data, seed->size, &keys);
    size_t n = keys.size;
    elc_string_free(&keys);
    return n > 32 ? ELC_OK : ELC_E_FORMAT;
}

SEEDS_PROGRAM(.target = "geokeys", .good = 6, .bad = 14)
