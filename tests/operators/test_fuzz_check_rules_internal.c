/* test_fuzz_check_rules_internal.c - the seeds of the fuzzer of rules, cut and changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/check_rules.c"

static elc_status read_seed(const elc_string *seed) {
    check_rules rules = {0};
    elc_status status =
        elc_check_rules_parse("rules.csv", seed->data, seed->size, &rules, NULL);
    elc_check_rules_free(&rules);
    return status;
}

SEEDS_PROGRAM(.target = "check_rules", .good = 4, .bad = 21)
