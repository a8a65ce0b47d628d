/* test_fuzz_ewkb.c - the seeds of the EWKB fuzzer, and their neighbours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/ewkb_read.c"

static elc_status read_seed(const elc_string *seed) {
    elc_string wkb = {0};
    elc_status status = spellings_from_ewkb(seed->data, seed->size, &wkb, NULL, NULL);
    elc_string_free(&wkb);
    return status;
}

SEEDS_PROGRAM(.target = "ewkb_read", .good = 20, .bad = 17, .binary = true)
