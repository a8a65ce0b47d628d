/* test_fuzz_request.c - the seeds of the fuzzer of addresses, each cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/serve_request.c"

static elc_status read_seed(const elc_string *seed) {
    serve_request request;
    ELC_TRY(elc_serve_request_read(seed->data, &request, NULL));
    elc_serve_request_clear(&request);
    return ELC_OK;
}

SEEDS_PROGRAM(.target = "serve_request", .good = 5, .bad = 10)
