/* literal.h - lists and dictionaries as Python or JSON writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_LITERAL_H
#define ELC_MODEL_LITERAL_H

#include <elcano/base.h>

#define ELC_CLASSES_MAX 65536

/* Class names by id of "{0: 'car', 1: \"driver's\"}", "{"0": "car"}" or "['car',
   'bus']": either quote, Python's and JSON's escapes. An id without a name is "". Ids
   from 65536, an id twice, and text that is none of this are ELC_E_FORMAT with the
   place. */
elc_status elc_literal_names(const char *text, elc_names *out, elc_error *err);

/* Numbers of "640", "[640, 640]" or "(0.5, 0.25, 1)"; at most `room`. */
elc_status elc_literal_numbers(const char *text, double *out, size_t room, size_t *n,
                               elc_error *err);

#endif
