/* append.c - record batches built many rows at a time: each column's values are copied
   as they lie. What is written lies beyond the last row until all columns are done. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"
#include "layout.h"

#include <assert.h>
#include <string.h>

static bool is_valid(const uint64_t *valid, size_t row) {
    return valid == NULL || (valid[row / 64] >> row % 64 & 1) != 0;
}

/* ---- validity -------------------------------------------------------------------- */

/* Sets n bits from bit `at` on. */
static void put_ones(uint8_t *bits, size_t at, size_t n) {
    for (; n > 0 && at % 8 != 0; n--)
        elc_bit_put(bits, at++, true);
    memset(bits + at / 8, 0xff, n / 8);
    for (size_t i = n / 8 * 8; i < n; i++)
        elc_bit_put(bits, at + i, true);
}

/* Gives how many are NULL. */
static size_t put_valid(elc_batch_column *c, size_t at, const uint64_t *valid,
                        size_t n) {
    size_t nulls = 0;
    if (valid == NULL) {
        put_ones(c->valid.data, at, n);
        return 0;
    }
    for (size_t row = 0; row < n; row++) {
        bool is = is_valid(valid, row);
        elc_bit_put(c->valid.data, at + row, is);
        nulls += !is;
    }
    return nulls;
}

/* ---- values ---------------------------------------------------------------------- */

static void put_bools(elc_batch_column *c, size_t at, const elc_column_values *from,
                      size_t n) {
    const bool *values = from->values;
    for (size_t row = 0; row < n; row++)
        elc_bit_put(c->values.data, at + row,
                    is_valid(from->valid, row) && values[row]);
}

/* NULLs are zero, so that the same rows are the same bytes. */
static void put_numbers(elc_batch_column *c, size_t at, const elc_column_values *from,
                        size_t n) {
    size_t width = c->bits / 8;
    uint8_t *to = c->values.data + at * width;
    memcpy(to, from->values, n * width);
    for (size_t row = 0; from->valid != NULL && row < n; row++)
        if (!is_valid(from->valid, row))
            memset(to + row * width, 0, width);
}

/* The most bytes that the values can take. */
static elc_status bytes_room(elc_batch_column *c, const elc_column_values *from,
                             size_t n, bool *sound, elc_error *err) {
    const elc_bytes *values = from->values;
    size_t size = 0;
    *sound = true;
    for (size_t row = 0; row < n; row++) {
        if (!is_valid(from->valid, row))
            continue;
        bool fine =
            c->type != ELC_UTF8 || elc_utf8_valid(values[row].data, values[row].size);
        size_t most = values[row].size < INT32_MAX ? values[row].size : INT32_MAX;
        size += fine ? most : 3 * most;
        *sound &= fine;
        if (size > INT32_MAX) /* and no sum goes round */
            break;
    }
    return elc_batch_data_room(c, size, err);
}

static size_t put_text(const elc_bytes *value, uint8_t *to) {
    if (!elc_utf8_valid(value->data, value->size))
        return elc_batch_repair(value->data, value->size, to);
    memcpy(to, value->data, value->size);
    return value->size;
}

static elc_status put_bytes(elc_batch_column *c, size_t at,
                            const elc_column_values *from, size_t n, elc_error *err) {
    const elc_bytes *values = from->values;
    bool sound;
    ELC_TRY(bytes_room(c, from, n, &sound, err));
    uint8_t *to = c->data.data;
    size_t end = (size_t)c->start;
    for (size_t row = 0; row < n; row++) {
        if (is_valid(from->valid, row) && values[row].size > 0) {
            if (!sound) {
                end += put_text(&values[row], to + end);
            } else {
                memcpy(to + end, values[row].data, values[row].size);
                end += values[row].size;
            }
        }
        int32_t offset = (int32_t)end;
        memcpy(c->values.data + (at + row + 1) * sizeof offset, &offset, sizeof offset);
    }
    c->end = (int32_t)end;
    return ELC_OK;
}

static elc_status put_column(elc_batch_column *c, size_t at,
                             const elc_column_values *from, size_t n, elc_error *err) {
    if (c->bits == 0)
        return put_bytes(c, at, from, n, err);
    if (c->bits == 1)
        put_bools(c, at, from, n);
    else
        put_numbers(c, at, from, n);
    return ELC_OK;
}

elc_status elc_batch_append(elc_batch *batch, const elc_column_values *columns,
                            size_t rows, elc_error *err) {
    if (rows == 0)
        return ELC_OK;
    if (batch->capacity - batch->rows < rows)
        ELC_TRY(elc_batch_grow(batch, rows, err));
    for (size_t i = 0; i < batch->n_columns; i++) {
        assert(!batch->columns[i].set);
        ELC_TRY(put_column(&batch->columns[i], batch->rows, &columns[i], rows, err));
    }
    for (size_t i = 0; i < batch->n_columns; i++) {
        elc_batch_column *c = &batch->columns[i];
        c->nulls += put_valid(c, batch->rows, columns[i].valid, rows);
        if (c->bits == 0)
            c->start = c->end;
    }
    batch->rows += rows;
    return ELC_OK;
}
