/* run.h - the table that dedupe gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_RUN_H
#define ELCANO_SRC_OPERATORS_DEDUPE_RUN_H

#include "rule.h"

typedef struct dedupe_wish {
    dedupe_rule rule;
    const char *images; /* the layer with the images' outlines; NULL: none, but rows of
                           a side table `images` among the others count */
    bool hidden;        /* columns that begin with '_' stay */
} dedupe_wish;

/* The stream of the rows that stay, with `n_images`. `in` is moved from on success, and
   read when the first batch is asked for. `wish` is copied, its text borrowed. */
elc_status elc_dedupe_stream(const dedupe_wish *wish, const elc_context *context,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err);

#endif
