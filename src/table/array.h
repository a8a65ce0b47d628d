/* array.h - arrays that own their buffers, and buffers that grow; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_ARRAY_H
#define ELC_TABLE_ARRAY_H

#include <elcano/table.h>

/* A growing run of bytes that begins at a multiple of 64 and whose room is one too, as
   Arrow recommends for vector instructions. Start with {0}. */
typedef struct elc_buffer {
    uint8_t *data;
    size_t capacity;
} elc_buffer;

/* Room for at least `need` bytes, never NULL; the first `used` are kept. */
elc_status elc_buffer_reserve(elc_buffer *buffer, size_t need, size_t used,
                              elc_error *err);
void elc_buffer_free(elc_buffer *buffer);

/* A struct array of `length` rows whose children are still to be filled (their release
   is NULL until then, which releasing it passes over). */
elc_status elc_array_struct(size_t length, size_t n_children, struct ArrowArray *out,
                            elc_error *err);

/* An empty array of `n` buffers, at most three. */
elc_status elc_array_create(size_t n, struct ArrowArray *out, elc_error *err);

/* An empty list array and its empty child of two buffers each. */
elc_status elc_array_list(struct ArrowArray *out, elc_error *err);

/* Gives it `length` values: its buffers (validity first, {0} when there are no nulls)
   are moved in. Cannot fail, so that a batch is moved whole or not at all. */
void elc_array_fill(struct ArrowArray *array, size_t length, size_t nulls,
                    elc_buffer *buffers);

#endif
