/* wkt_read.c - fuzzes the reader of well-known text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "spellings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return spellings_fuzz(elc_wkb_from_wkt, data, size);
}
