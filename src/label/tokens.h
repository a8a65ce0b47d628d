/* tokens.h - lines of words between blanks, as YOLO and DOTA write them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_TOKENS_H
#define ELCANO_SRC_LABEL_TOKENS_H

#include "label/build.h"

/* The next word of *at, which is moved past it; its end is made a NUL. NULL: no more.
 */
char *elc_label_word(char **at);
size_t elc_label_words(const char *line);
/* True for a whole number, or any number, as the first `n` bytes of a text. */
bool elc_label_is_int(const char *text, size_t n);
bool elc_label_is_real(const char *text, size_t n);
/* Copies the first line that has a word to `line`, cut at its room. */
void elc_label_first_line(const char *head, char *line, size_t room);

/* Calls `take` with each line of b->path that has a word; b->number is its number. */
typedef elc_status (*elc_label_line)(void *arg, char *line, elc_error *err);
elc_status elc_label_each_line(elc_label_build *b, elc_label_line take, void *arg,
                               elc_error *err);

#endif
