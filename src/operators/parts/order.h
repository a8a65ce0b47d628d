/* order.h - a group's zone and its values of --by as bytes that sort as they do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_ORDER_H
#define ELC_OPERATORS_PARTS_ORDER_H

#include <elcano/table.h>

enum { PART_ZONE_BYTES = 8 };

/* The number of a right row, as the first bytes. */
void elc_part_put_zone(size_t zone, char bytes[PART_ZONE_BYTES]);
size_t elc_part_get_zone(const char *bytes);

/* Appends a value: numbers by value, 0 and -0 being one, NaN after them; text by its
   bytes; NULL last. */
elc_status elc_part_put_value(elc_type type, const elc_rows *rows, size_t column,
                              size_t row, elc_string *out, elc_error *err);
/* Sets a cell to the value at *at, and moves *at behind it. ELC_E_FORMAT for bytes that
   are none. `room` is for text. */
elc_status elc_part_get_value(elc_type type, const char *bytes, size_t size, size_t *at,
                              elc_batch *out, size_t column, elc_string *room,
                              elc_error *err);

#endif
