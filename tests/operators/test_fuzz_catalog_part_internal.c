/* test_fuzz_catalog_part_internal.c - the seeds of catalog's parts, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/catalog_part.c"

static elc_status read_seed(const elc_string *seed) {
    catalog_part part = {0};
    elc_status status = elc_catalog_part_read(seed->data, seed->size, &part, NULL);
    elc_catalog_part_free(&part);
    return status;
}

SEEDS_PROGRAM(.target = "catalog_part", .good = 5, .bad = 15)
