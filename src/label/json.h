/* json.h - large JSON files, an element at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_JSON_H
#define ELCANO_SRC_LABEL_JSON_H

#include "label/build.h"

#include <jansson.h>

/* Called with each element of a list that is wanted; `which` is the list's number.
   b->number is the line that the element begins in. */
typedef elc_status (*elc_label_json_element)(void *arg, size_t which,
                                             const json_t *value, elc_error *err);

/* Reads b->path, one object, and calls `element` for each element of those of its
   members that are `wanted` (NULL-terminated) and lists. Memory is one element of at
   most 64 MiB. */
elc_status elc_label_json_each(elc_label_build *b, const char *const *wanted,
                               elc_label_json_element element, void *arg,
                               elc_error *err);

/* A number or a text as text, to `out`; false for anything else. */
elc_status elc_label_json_text(const json_t *value, elc_string *out, bool *is,
                               elc_error *err);

#endif
