/* rules.h - what a map must or must not have where a class was found. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_RULES_H
#define ELCANO_SRC_OPERATORS_CHECK_RULES_H

#include "csv.h"

/* The farthest that a rule may look, in metres. */
#define CHECK_FARTHEST 100000.0

typedef struct check_rule {
    elc_names classes;          /* none: every class */
    bool must;                  /* else must_not */
    bool near;                  /* else within */
    double distance_m;          /* of near; 0 for within */
    const char *theme, *reason; /* of the CSV */
    size_t line;
} check_rule;

/* Start with {0}. */
typedef struct check_rules {
    check_csv csv;
    check_rule *items;
    size_t count, capacity;
} check_rules;

/* Reads the columns class, rule, relation, theme, distance_m and reason. ELC_E_FORMAT
   with the line for what is no rule, and where there is none at all. */
elc_status elc_check_rules_parse(const char *name, const void *bytes, size_t size,
                                 check_rules *out, elc_error *err);
void elc_check_rules_free(check_rules *rules);

/* "must_not near" */
const char *elc_check_rule_words(const check_rule *rule);

#endif
