/* path.h - paths in the JSON of parts that travel to other processes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_PATH_H
#define ELCANO_SRC_OPERATORS_PARTS_PATH_H

#include <elcano/base.h>

#include <jansson.h>

/* A path is bytes, JSON's text is UTF-8: other bytes go as hex, named NAME_hex. NULL
   puts nothing. */
elc_status elc_part_put_path(json_t *object, const char *name, const char *path,
                             elc_error *err);
/* The caller's; NULL when it is not there. ELC_E_FORMAT, after `whose`, for what is
   neither text nor hex of bytes that are not UTF-8. */
elc_status elc_part_take_path(const json_t *object, const char *name, const char *whose,
                              char **out, elc_error *err);

#endif
