/* groups.h - rows that are one object, put together. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_GROUPS_H
#define ELCANO_SRC_OPERATORS_DEDUPE_GROUPS_H

#include "rule.h"

/* Settles `seen` of the table: rows that go have 0, those kept how many images saw
   their object. `*joined` is the number of objects that several rows were of. */
elc_status elc_dedupe_groups(rule_book *book, const elc_context *context,
                             uint64_t *joined, elc_error *err);

#endif
