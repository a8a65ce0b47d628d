/* test_fuzz_batch.c - the seeds of the fuzz target, and each with a byte changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/batch_decode.c"

static elc_status read_seed(const elc_string *seed) {
    elc_column chosen[N_COLUMNS];
    struct ArrowSchema schema;
    struct ArrowArray batch = {0};
    size_t n = choose((uint8_t)seed->data[0], chosen);
    if (elc_schema_create(chosen, n, NULL, &schema, NULL) != ELC_OK)
        abort();
    elc_status status =
        elc_batch_decode(&schema, seed->data + 1, seed->size - 1, &batch, NULL);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return status;
}

SEEDS_PROGRAM(.target = "batch_decode", .good = 4, .bad = 4, .binary = true)
