/* queue.c - the batches of one part that wait for their turn. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include <string.h>

/* The bytes between the first and last offset, and the offsets. */
static size_t weigh_text(const struct ArrowArray *column) {
    int32_t from, to;
    size_t n = (size_t)column->length, start = (size_t)column->offset;
    if (column->n_buffers < 3 || column->buffers[1] == NULL)
        return 0;
    const char *offsets = column->buffers[1];
    memcpy(&from, offsets + start * sizeof from, sizeof from);
    memcpy(&to, offsets + (start + n) * sizeof to, sizeof to);
    int64_t bytes = (int64_t)to - from;
    return n * sizeof from + (bytes > 0 ? (size_t)bytes : 0);
}

static size_t weigh_list(const struct ArrowArray *column) {
    int32_t from, to;
    size_t n = (size_t)column->length, start = (size_t)column->offset;
    if (column->n_buffers != 2 || column->buffers[1] == NULL)
        return 0;
    const char *offsets = column->buffers[1];
    memcpy(&from, offsets + start * sizeof from, sizeof from);
    memcpy(&to, offsets + (start + n) * sizeof to, sizeof to);
    int64_t floats = (int64_t)to - from;
    return n * sizeof from + (floats > 0 ? (size_t)floats * sizeof(float) : 0);
}

static size_t weigh_column(const struct ArrowSchema *schema,
                           const struct ArrowArray *column) {
    elc_type type;
    size_t n = (size_t)column->length;
    if (n == 0 || elc_schema_type(schema, &type, NULL) != ELC_OK)
        return 0;
    switch (type) {
    case ELC_BOOL:
        return n / 8 + 1;
    case ELC_INT32:
    case ELC_FLOAT32:
    case ELC_DATE32:
        return n * 4;
    case ELC_INT64:
    case ELC_FLOAT64:
    case ELC_TIMESTAMP:
        return n * 8;
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY:
        return weigh_text(column);
    case ELC_FLOATS:
        return weigh_list(column);
    }
    return 0;
}

size_t elc_queue_weigh(const struct ArrowSchema *schema,
                       const struct ArrowArray *batch) {
    size_t bytes = 0;
    for (int64_t i = 0; i < batch->n_children && i < schema->n_children; i++)
        bytes += weigh_column(schema->children[i], batch->children[i]);
    return bytes;
}

bool elc_queue_full(const elc_queue *queue, size_t bytes) {
    return queue->count == ELC_QUEUE_BATCHES ||
           (queue->count > 0 && queue->bytes + bytes > ELC_QUEUE_BYTES);
}

void elc_queue_push(elc_queue *queue, struct ArrowArray *batch, size_t bytes) {
    size_t at = (queue->first + queue->count++) % ELC_QUEUE_BATCHES;
    queue->batches[at] = *batch;
    queue->sizes[at] = bytes;
    queue->bytes += bytes;
    batch->release = NULL;
}

void elc_queue_pop(elc_queue *queue, struct ArrowArray *out) {
    *out = queue->batches[queue->first];
    queue->bytes -= queue->sizes[queue->first];
    queue->first = (queue->first + 1) % ELC_QUEUE_BATCHES;
    queue->count--;
}

void elc_queue_clear(elc_queue *queue) {
    while (queue->count > 0) {
        struct ArrowArray batch;
        elc_queue_pop(queue, &batch);
        elc_array_release(&batch);
    }
}
