/* test_fuzz_sidecar_internal.c - the seeds of the sidecars' fuzzer, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/sidecar.c"

static elc_status read_seed(const elc_string *seed) {
    elc_record record = {0};
    elc_status status = read_bytes(&record, seed->data, seed->size, NULL);
    elc_record_free(&record);
    return status;
}

SEEDS_PROGRAM(.target = "sidecar", .good = 11, .bad = 6)
