/* test_fuzz_chips_part_internal.c - the seeds of chips' parts, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/chips_part.c"

static elc_status read_seed(const elc_string *seed) {
    chips_part part = {0};
    elc_status status = elc_chips_part_read(seed->data, seed->size, &part, NULL);
    elc_chips_part_free(&part);
    return status;
}

SEEDS_PROGRAM(.target = "chips_part", .good = 3, .bad = 12)
