/* test_fuzz_shape_internal.c - the seeds of shapes, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/detect_shape.c"

static elc_status read_seed(const elc_string *seed) {
    elc_box box = {0};
    elc_status status = elc_shape_unpack(seed->data, seed->size, &box, NULL);
    elc_box_clear(&box);
    return status;
}

SEEDS_PROGRAM(.target = "detect_shape", .good = 4, .bad = 12)
