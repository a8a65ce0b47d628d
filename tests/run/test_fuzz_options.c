/* test_fuzz_options.c - the seeds of options as JSON, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/options_json.c"

static elc_status read_seed(const elc_string *seed) {
    elc_options *options = NULL;
    if (elc_options_create(described, &options, NULL) != ELC_OK)
        abort();
    elc_status status = elc_options_from_json(options, seed->data, seed->size, NULL);
    elc_options_free(options);
    return status;
}

SEEDS_PROGRAM(.target = "options_json", .good = 3, .bad = 9)
