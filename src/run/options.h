/* options.h - the value of one option, and how texts become values (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_OPTIONS_H
#define ELCANO_RUN_OPTIONS_H

#include <elcano/run.h>

/* What a text means by its option's type; members of other types are 0. */
typedef struct elc_option_value {
    char *text;  /* as given, choices in their described spelling; NULL: no value */
    bool flag;   /* BOOL */
    bool share;  /* SHARE_OR_PX: `real` is a share, else `whole` are pixels */
    bool metres; /* LENGTH: `real` is in metres, else in units of the CRS */
    int64_t whole;
    double real;
    elc_names list;
} elc_option_value;

/* Fills `out`, which holds nothing yet, and leaves it so on failure. */
elc_status elc_option_parse(const elc_option *option, const char *text,
                            elc_option_value *out, elc_error *err);
void elc_option_value_clear(elc_option_value *value);

/* True when two names differ at most in case, '-' and '_'. */
bool elc_option_same_name(const char *a, const char *b);

/* Refuses the unknown `word`: with the nearest of the known ones, else with all of
   them. `known` ends with NULL. */
elc_status elc_option_unknown(elc_status status, const char *subject, const char *word,
                              const char *const *known, elc_error *err);

#endif
