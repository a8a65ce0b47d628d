/* rule.h - when two rows are one object, and which of them is kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_RULE_H
#define ELCANO_SRC_OPERATORS_DEDUPE_RULE_H

#include "table.h"

typedef struct dedupe_rule {
    double tolerance_m; /* NaN: from errors and sizes */
    int64_t within_us;  /* -1: any */
    bool across_classes;
} dedupe_rule;

/* What the options say. */
elc_status elc_dedupe_rule_read(const elc_options *options, dedupe_rule *out,
                                elc_error *err);

/* The rule on the rows of one table. */
typedef struct rule_book {
    dedupe_rule rule;
    dedupe_table *table;
    double *reach; /* by row: what is farther off than two reach together is another */
    double *depth; /* metres from the image's edge; -INFINITY: not known */
    bool *cut;     /* it ends at its image's edge */
    shape_points ring[2], spare; /* scratch */
} rule_book;

elc_status elc_rule_book_create(const dedupe_rule *rule, dedupe_table *table,
                                const elc_context *context, rule_book *out,
                                elc_error *err);
void elc_rule_book_free(rule_book *book);

/* Whether more than what the rule allows is between the times of two rows. */
bool elc_rule_apart_in_time(const rule_book *book, uint32_t a, uint32_t b);
/* Whether two rows that are within reach of each other, and not apart in time, are one
   object; and how far apart their centres are: of what both images show, where one of
   them ends in the object. */
elc_status elc_rule_same(rule_book *book, uint32_t a, uint32_t b, bool *same,
                         double *metres, elc_error *err);
/* Whether `a` is kept rather than `b`: its image's edge is farther, else it has the
   better score, else its image's name comes first. */
bool elc_rule_better(const rule_book *book, uint32_t a, uint32_t b);

#endif
