/* ewkb_read.c - fuzzes the reader of WKB and EWKB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "spellings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return spellings_fuzz(spellings_from_ewkb, data, size);
}
