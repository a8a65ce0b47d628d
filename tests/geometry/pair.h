/* pair.h - one place asked for another. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_GEOMETRY_PAIR_H
#define ELCANO_TESTS_GEOMETRY_PAIR_H

#include <elcano/geometry.h>

typedef struct pair_answer {
    bool matches;
    elc_place_state left, right; /* what was said of both */
} pair_answer;

pair_answer pair_ask(const elc_string *left, const elc_string *right, elc_question q);
pair_answer pair_ask_wkt(const char *left, const char *right, elc_question q);

#endif
