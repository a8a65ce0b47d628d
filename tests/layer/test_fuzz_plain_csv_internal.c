/* test_fuzz_plain_csv_internal.c - the seeds of the fuzzer of plain CSV, cut and
 * changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "../../fuzz/plain_csv.c"
#include "support/seeds.h"

static elc_status read_seed(const elc_string *seed) {
    return lines_of((const uint8_t *)seed->data, seed->size) < 0 ? ELC_E_FORMAT
                                                                 : ELC_OK;
}

SEEDS_PROGRAM(.target = "plain_csv", .good = 5, .bad = 6)
