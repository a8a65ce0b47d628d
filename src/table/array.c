/* array.c - who owns an ArrowArray: each array its buffers, a parent its children. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, MOST_BUFFERS = 3 };

/* ---- buffers ----------------------------------------------------------------- */

elc_status elc_buffer_reserve(elc_buffer *buffer, size_t need, size_t used,
                              elc_error *err) {
    if (buffer->data != NULL && need <= buffer->capacity)
        return ELC_OK;
    if (need > PTRDIFF_MAX / 2)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: a column of %zu bytes is more than can be addressed",
                        need);
    size_t grown = buffer->capacity * 2 > need ? buffer->capacity * 2 : need;
    grown = (grown + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    grown = grown > 0 ? grown : ALIGNMENT;
    uint8_t *data = aligned_alloc(ALIGNMENT, grown);
    if (data == NULL)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: %zu bytes for a column are not to be had", grown);
    if (used > 0)
        memcpy(data, buffer->data, used);
    free(buffer->data);
    *buffer = (elc_buffer){data, grown};
    return ELC_OK;
}

void elc_buffer_free(elc_buffer *buffer) {
    free(buffer->data);
    *buffer = (elc_buffer){0};
}

/* ---- arrays ------------------------------------------------------------------ */

/* What an array owns. A consumer may move a child out and release the parent first, so
   that no array holds anything for another except the parent its children's structs. */
typedef struct {
    const void *buffers[MOST_BUFFERS];
    void *rooms[MOST_BUFFERS];
    struct ArrowArray *room; /* for the children */
    struct ArrowArray **children;
} owned;

void elc_array_release(struct ArrowArray *array) {
    if (array != NULL && array->release != NULL)
        array->release(array);
}

static void owned_free(owned *o) {
    for (size_t i = 0; i < MOST_BUFFERS; i++)
        free(o->rooms[i]);
    free(o->room);
    free(o->children);
    free(o);
}

static void release(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        elc_array_release(array->children[i]);
    owned_free(array->private_data);
    array->release = NULL;
}

static struct ArrowArray array_of(owned *o, size_t length, size_t nulls,
                                  size_t n_buffers, size_t n_children) {
    return (struct ArrowArray){
        .length = (int64_t)length,
        .null_count = (int64_t)nulls,
        .n_buffers = (int64_t)n_buffers,
        .n_children = (int64_t)n_children,
        .buffers = o->buffers,
        .children = n_children > 0 ? o->children : NULL,
        .release = release,
        .private_data = o,
    };
}

static elc_status children_room(owned *o, size_t n, elc_error *err) {
    ELC_TRY(elc_alloc(n, sizeof *o->room, &o->room, err));
    ELC_TRY(elc_alloc(n, sizeof *o->children, &o->children, err));
    for (size_t i = 0; i < n; i++)
        o->children[i] = &o->room[i];
    return ELC_OK;
}

elc_status elc_array_struct(size_t length, size_t n_children, struct ArrowArray *out,
                            elc_error *err) {
    owned *o;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    elc_status status = children_room(o, n_children, err);
    if (status != ELC_OK) {
        owned_free(o);
        return status;
    }
    *out = array_of(o, length, 0, 1, n_children);
    return ELC_OK;
}

elc_status elc_array_create(size_t n, struct ArrowArray *out, elc_error *err) {
    assert(n <= MOST_BUFFERS);
    owned *o;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    *out = array_of(o, 0, 0, n, 0);
    return ELC_OK;
}

elc_status elc_array_list(struct ArrowArray *out, elc_error *err) {
    struct ArrowArray array;
    ELC_TRY(elc_array_struct(0, 1, &array, err));
    array.n_buffers = 2;
    elc_status status = elc_array_create(2, array.children[0], err);
    if (status != ELC_OK) {
        elc_array_release(&array);
        return status;
    }
    *out = array;
    return ELC_OK;
}

void elc_array_fill(struct ArrowArray *array, size_t length, size_t nulls,
                    elc_buffer *buffers) {
    owned *o = array->private_data;
    array->length = (int64_t)length;
    array->null_count = (int64_t)nulls;
    for (size_t i = 0; i < (size_t)array->n_buffers; i++) {
        free(o->rooms[i]);
        o->rooms[i] = buffers[i].data;
        o->buffers[i] = buffers[i].data;
        buffers[i] = (elc_buffer){0};
    }
}
