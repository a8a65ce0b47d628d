/* test_fuzz_xml.c - the seeds of the XML fuzzer, each cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include "../../fuzz/xml_read.c"

static elc_status read_seed(const elc_string *seed) {
    size_t elements = 0;
    return elc_xml_read_bytes("s.xml", seed->data, seed->size, check, &elements, NULL);
}

SEEDS_PROGRAM(.target = "xml_read", .good = 5, .bad = 7)
