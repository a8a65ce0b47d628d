/* test_fuzz_geo_internal.c - the seeds of the fuzzer of geo metadata, cut and changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "../../fuzz/parquet_geo.c"
#include "support/seeds.h"

static elc_status read(const elc_string *seed) {
    elc_geo geo = {0};
    elc_status status = elc_geo_parse(seed->data, seed->size, &geo, NULL);
    elc_geo_free(&geo);
    return status;
}

int main(void) {
    return seeds_main(&(seeds_program){.target = "parquet_geo",
                                       .read = read,
                                       .fuzz = LLVMFuzzerTestOneInput,
                                       .good = 6,
                                       .bad = 12});
}
