/* cases.h - boxes and what others make of them, from text files. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_SCORE_CASES_H
#define ELCANO_TESTS_SCORE_CASES_H

#include <elcano/score.h>

enum { CASE_STATS = 16, CASE_CLASSES = 32 };

typedef struct score_case {
    char name[80];
    elc_score_set set;
    double stats[CASE_STATS];
    size_t n_stats;
    double classes[CASE_CLASSES]; /* of each class; -1: none */
    uint32_t most;                /* found boxes of an image and class; 0: all */
} score_case;

/* Calls body() with each case of tests/score/FILE, and gives how many there are. */
size_t cases_each(const char *file, void (*body)(const score_case *c));

/* Two numbers are the same to 1e-9; NaN is -1. Says where when they are not. */
void case_close(const score_case *c, const char *what, double got, double wanted);

/* A set of boxes written as "IMAGE CLASS SCORE XMIN YMIN XMAX YMAX|..." each. Freed by
   score_set_free. */
elc_score_set score_set_of(const char *found, const char *truth);
void score_set_free(elc_score_set *set);

#endif
