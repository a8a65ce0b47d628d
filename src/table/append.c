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
    const uint8_t *bits = (const uint8_t *)valid;
    if (valid == NULL) {
        put_ones(c->valid.data, at, n);
        return 0;
    }
    if (at % 8 == 0)
        elc_bits_copy(c->valid.data + at / 8, bits, 0, n);
    for (size_t row = 0; at % 8 != 0 && row < n; row++)
        elc_bit_put(c->valid.data, at + row, elc_bit_get(bits, row));
    return elc_bits_zeros(bits, 0, n);
}

/* ---- values ---------------------------------------------------------------------- */

static void put_bools(elc_batch_column *c, size_t at, const elc_column_values *from,
                      size_t n) {
    const bool *values = from->values;
    for (size_t row = 0; row < n; row++)
        elc_bit_put(c->values.data, at + row,
                    is_valid(from->valid, row) && values[row]);
}

/* NULLs are zero, so that the same rows are the same bytes. `valid` is of 64 rows. */
static void clear_nulls(uint8_t *to, size_t width, uint64_t valid, size_t n) {
    if (valid == 0)
        memset(to, 0, n * width);
    for (size_t row = 0; valid != 0 && valid != UINT64_MAX && row < n; row++)
        if ((valid >> row & 1) == 0)
            memset(to + row * width, 0, width);
}

static void put_numbers(elc_batch_column *c, size_t at, const elc_column_values *from,
                        size_t n) {
    size_t width = c->bits / 8;
    uint8_t *to = c->values.data + at * width;
    memcpy(to, from->values, n * width);
    for (size_t row = 0; from->valid != NULL && row < n; row += 64)
        clear_nulls(to + row * width, width, from->valid[row / 64],
                    n - row < 64 ? n - row : 64);
}

/* Of all values together; more than offsets can say is as good as all of it. */
static size_t size_of(const elc_column_values *from, size_t n) {
    const elc_bytes *values = from->values;
    size_t size = 0;
    for (size_t row = 0; row < n && size <= INT32_MAX; row++)
        if (is_valid(from->valid, row))
            size += values[row].size < INT32_MAX ? values[row].size : INT32_MAX;
    return size;
}

static void put_offset(elc_batch_column *c, size_t row, size_t end) {
    int32_t offset = (int32_t)end;
    memcpy(c->values.data + row * sizeof offset, &offset, sizeof offset);
}

static void copy_bytes(elc_batch_column *c, size_t at, const elc_column_values *from,
                       size_t n) {
    const elc_bytes *values = from->values;
    size_t end = (size_t)c->start;
    for (size_t row = 0; row < n; row++) {
        if (is_valid(from->valid, row) && values[row].size > 0) {
            memcpy(c->data.data + end, values[row].data, values[row].size);
            end += values[row].size;
        }
        put_offset(c, at + row + 1, end);
    }
    c->end = (int32_t)end;
}

/* Characters of one byte, and no NUL: wherever they are cut, the pieces are text. */
static bool is_ascii(const uint8_t *bytes, size_t n) {
    uint8_t high = 0, nul = 0;
    for (size_t i = 0; i < n; i++) {
        high |= bytes[i];
        nul |= bytes[i] == 0;
    }
    return high < 0x80 && nul == 0;
}

static bool is_text(const elc_bytes *value) {
    return elc_utf8_valid(value->data, value->size);
}

/* How many bytes more repairing may take; 0: all of them are text. */
static size_t repair_room(const elc_column_values *from, size_t n) {
    const elc_bytes *values = from->values;
    size_t more = 0;
    for (size_t row = 0; row < n; row++)
        if (is_valid(from->valid, row) && !is_text(&values[row]))
            more += 2 * values[row].size;
    return more;
}

static size_t put_text(const elc_bytes *value, uint8_t *to) {
    if (!is_text(value))
        return elc_batch_repair(value->data, value->size, to);
    memcpy(to, value->data, value->size);
    return value->size;
}

static void repair_texts(elc_batch_column *c, size_t at, const elc_column_values *from,
                         size_t n) {
    const elc_bytes *values = from->values;
    size_t end = (size_t)c->start;
    for (size_t row = 0; row < n; row++) {
        if (is_valid(from->valid, row) && values[row].size > 0)
            end += put_text(&values[row], c->data.data + end);
        put_offset(c, at + row + 1, end);
    }
    c->end = (int32_t)end;
}

/* Texts are looked at once they lie side by side, which most often is enough. */
static elc_status put_bytes(elc_batch_column *c, size_t at,
                            const elc_column_values *from, size_t n, elc_error *err) {
    size_t size = size_of(from, n);
    ELC_TRY(elc_batch_data_room(c, size, err));
    copy_bytes(c, at, from, n);
    if (c->type != ELC_UTF8 || is_ascii(c->data.data + c->start, size))
        return ELC_OK;
    size_t more = repair_room(from, n);
    if (more == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_data_room(c, size + more, err));
    repair_texts(c, at, from, n);
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
