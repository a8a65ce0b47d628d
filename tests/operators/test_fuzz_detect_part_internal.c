/* test_fuzz_detect_part_internal.c - the seeds of detect's parts, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/detect_part.c"

static elc_status read_seed(const elc_string *seed) {
    detect_part part = {0};
    elc_status status = elc_detect_part_read(seed->data, seed->size, &part, NULL);
    elc_detect_part_free(&part);
    return status;
}

SEEDS_PROGRAM(.target = "detect_part", .good = 3, .bad = 9)
