/* test_fuzz_csv_look_internal.c - the seeds of the fuzzer of CSV's lines, cut and
 * changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "../../fuzz/csv_look.c"
#include "support/seeds.h"

static elc_status read_seed(const elc_string *seed) {
    elc_csv_look look = look_at((const uint8_t *)seed->data, seed->size);
    bool bad = look.long_line + look.short_line + look.nul_line > 0 ||
               look.wrong != ELC_CSV_RIGHT || look.odd_values;
    return bad ? ELC_E_FORMAT : ELC_OK;
}

SEEDS_PROGRAM(.target = "csv_look", .good = 4, .bad = 9)
