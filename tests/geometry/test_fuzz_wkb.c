/* test_fuzz_wkb.c - the seeds of the WKB fuzzer, and their neighbours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include <string.h>

#include "../../fuzz/wkb_check.c"

static elc_status read_seed(const elc_string *seed) {
    elc_error err = {0};
    elc_status status = elc_wkb_check(seed->data, seed->size, &err);
    bool said = status == ELC_E_FORMAT && strstr(err.message, "at byte") != NULL;
    return status == ELC_OK || said ? status : ELC_OK; /* which no bad seed may be */
}

SEEDS_PROGRAM(.target = "wkb_check", .good = 13, .bad = 13, .binary = true)
