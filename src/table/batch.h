/* batch.h - text as it is, for those who copy columns; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_BATCH_H
#define ELC_TABLE_BATCH_H

#include <elcano/table.h>

size_t elc_batch_columns(const elc_batch *batch);
elc_type elc_batch_type(const elc_batch *batch, size_t column);
const char *elc_batch_name(const elc_batch *batch, size_t column);

/* elc_batch_bytes that takes utf8 columns too, unchecked. */
elc_status elc_batch_raw(elc_batch *batch, size_t column, const void *bytes,
                         size_t size, elc_error *err);

#endif
