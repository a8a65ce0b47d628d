/* test_fuzz_check_themes_internal.c - the seeds of the fuzzer of themes, cut and
 * changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/check_themes.c"

static elc_status read_seed(const elc_string *seed) {
    check_themes themes = {0};
    elc_status status =
        elc_check_themes_parse("themes.csv", seed->data, seed->size, &themes, NULL);
    elc_check_themes_free(&themes);
    return status;
}

SEEDS_PROGRAM(.target = "check_themes", .good = 3, .bad = 14)
