/* json.h - JSON text walked where it stands, without a copy (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_JSON_H
#define ELCANO_SRC_GEOMETRY_JSON_H

#include <elcano/base.h>

typedef struct elc_json {
    const char *text;
    size_t size, at;
} elc_json;

elc_status elc_json_fail(const elc_json *j, elc_error *err, const char *what);
void elc_json_blanks(elc_json *j);
/* Blanks, and then `c` where it follows; false: something else does. */
bool elc_json_take(elc_json *j, char c);
/* ELC_E_FORMAT with what is missing. */
elc_status elc_json_need(elc_json *j, char c, elc_error *err);
/* A string between its quotes, as it is written: escapes are checked, not resolved. */
elc_status elc_json_string(elc_json *j, const char **text, size_t *n, elc_error *err);
/* A number that a double holds. */
elc_status elc_json_number(elc_json *j, double *out, elc_error *err);
/* Any value, nested at most 256 deep. */
elc_status elc_json_skip(elc_json *j, elc_error *err);

#endif
