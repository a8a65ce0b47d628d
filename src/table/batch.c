/* batch.c - record batches built row by row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include "array.h"
#include "layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The next batch of a stream is most often as long as the one before: it begins with
   that much room, up to what no one misses who keeps many short ones. */
enum { FIRST_ROWS = 64, KNOWN_ROWS = 4096, KNOWN_BYTES = 1 << 16 };

/* ---- room -------------------------------------------------------------------- */

static elc_status column_room(elc_batch_column *c, size_t used, size_t rows,
                              elc_error *err) {
    ELC_TRY(
        elc_buffer_reserve(&c->valid, elc_bit_bytes(rows), elc_bit_bytes(used), err));
    if (c->bits > 0)
        return elc_buffer_reserve(&c->values, elc_value_bytes(c->bits, rows),
                                  elc_value_bytes(c->bits, used), err);
    size_t kept = used > 0 ? (used + 1) * sizeof(int32_t) : 0;
    ELC_TRY(elc_buffer_reserve(&c->values, (rows + 1) * sizeof(int32_t), kept, err));
    if (used == 0)
        memset(c->values.data, 0, sizeof(int32_t));
    return ELC_OK;
}

elc_status elc_batch_grow(elc_batch *batch, size_t more, elc_error *err) {
    size_t first = batch->known > FIRST_ROWS ? batch->known : FIRST_ROWS;
    size_t rows = batch->capacity == 0 ? first : batch->capacity * 2;
    if (more < PTRDIFF_MAX / 64 && rows < batch->rows + more)
        rows = batch->rows + more;
    if (more >= PTRDIFF_MAX / 64 || rows > PTRDIFF_MAX / 64)
        return elc_fail(err, ELC_E_MEMORY, "table: %zu rows in a batch are too many",
                        batch->rows);
    for (size_t i = 0; i < batch->n_columns; i++)
        ELC_TRY(column_room(&batch->columns[i], batch->rows, rows, err));
    batch->capacity = rows;
    return ELC_OK;
}

static inline elc_status row_room(elc_batch *batch, elc_error *err) {
    return batch->rows < batch->capacity ? ELC_OK : elc_batch_grow(batch, 1, err);
}

/* ---- life -------------------------------------------------------------------- */

static elc_status columns_fill(elc_batch *batch, const elc_column *columns,
                               elc_error *err) {
    for (size_t i = 0; i < batch->n_columns; i++) {
        elc_batch_column *c = &batch->columns[i];
        const elc_layout *layout = elc_layout_of(columns[i].type);
        assert(layout != NULL);
        c->type = columns[i].type;
        c->bits = layout->bits;
        ELC_TRY(elc_strdup(columns[i].name, &c->name, err));
    }
    return ELC_OK;
}

elc_status elc_batch_create(const elc_column *columns, size_t n, elc_batch **out,
                            elc_error *err) {
    elc_batch *batch;
    if (n > (PTRDIFF_MAX - sizeof *batch) / sizeof(elc_batch_column))
        return elc_fail(err, ELC_E_MEMORY, "table: %zu columns are too many", n);
    ELC_TRY(elc_alloc(1, sizeof *batch + n * sizeof(elc_batch_column), &batch, err));
    batch->n_columns = n;
    elc_status status = columns_fill(batch, columns, err);
    if (status != ELC_OK) {
        elc_batch_free(batch);
        return status;
    }
    *out = batch;
    return ELC_OK;
}

void elc_batch_free(elc_batch *batch) {
    if (batch == NULL)
        return;
    for (size_t i = 0; i < batch->n_columns; i++) {
        elc_batch_column *c = &batch->columns[i];
        free(c->name);
        elc_buffer_free(&c->valid);
        elc_buffer_free(&c->values);
        elc_buffer_free(&c->data);
    }
    free(batch);
}

/* ---- setting values ---------------------------------------------------------- */

static elc_batch_column *column_at(elc_batch *batch, size_t i) {
    assert(i < batch->n_columns);
    return &batch->columns[i];
}

static void put_32(elc_batch_column *c, size_t row, int32_t value) {
    memcpy(c->values.data + row * sizeof value, &value, sizeof value);
}

static void put_64(elc_batch_column *c, size_t row, int64_t value) {
    memcpy(c->values.data + row * sizeof value, &value, sizeof value);
}

elc_status elc_batch_int(elc_batch *batch, size_t index, int64_t value,
                         elc_error *err) {
    elc_batch_column *c = column_at(batch, index);
    ELC_TRY(row_room(batch, err));
    switch (c->type) {
    case ELC_INT32:
    case ELC_DATE32:
        if (value < INT32_MIN || value > INT32_MAX)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "column \"%s\": %lld does not fit in %s", c->name,
                            (long long)value, elc_type_name(c->type));
        put_32(c, batch->rows, (int32_t)value);
        break;
    case ELC_BOOL:
        elc_bit_put(c->values.data, batch->rows, value != 0);
        break;
    default:
        assert(c->type == ELC_INT64 || c->type == ELC_TIMESTAMP);
        put_64(c, batch->rows, value);
    }
    c->set = true;
    return ELC_OK;
}

elc_status elc_batch_real(elc_batch *batch, size_t index, double value,
                          elc_error *err) {
    elc_batch_column *c = column_at(batch, index);
    assert(c->type == ELC_FLOAT32 || c->type == ELC_FLOAT64);
    ELC_TRY(row_room(batch, err));
    if (c->type == ELC_FLOAT32) {
        float narrow = (float)value;
        memcpy(c->values.data + batch->rows * sizeof narrow, &narrow, sizeof narrow);
    } else {
        memcpy(c->values.data + batch->rows * sizeof value, &value, sizeof value);
    }
    c->set = true;
    return ELC_OK;
}

elc_status elc_batch_data_room(elc_batch_column *c, size_t size, elc_error *err) {
    if (size > (size_t)(INT32_MAX - c->start))
        return elc_fail(
            err, ELC_E_MEMORY,
            "column \"%s\": %d and %zu more bytes, at most %d in one batch; "
            "make smaller batches",
            c->name, c->start, size, INT32_MAX);
    size_t need = (size_t)c->start + size;
    if (c->data.data == NULL && need < c->known)
        need = c->known;
    return elc_buffer_reserve(&c->data, need, (size_t)c->start, err);
}

elc_status elc_batch_raw(elc_batch *batch, size_t index, const void *bytes, size_t size,
                         elc_error *err) {
    elc_batch_column *c = column_at(batch, index);
    assert(c->bits == 0);
    ELC_TRY(row_room(batch, err));
    ELC_TRY(elc_batch_data_room(c, size, err));
    if (size > 0)
        memcpy(c->data.data + c->start, bytes, size);
    c->end = c->start + (int32_t)size;
    c->set = true;
    return ELC_OK;
}

elc_status elc_batch_bytes(elc_batch *batch, size_t index, const void *bytes,
                           size_t size, elc_error *err) {
    assert(column_at(batch, index)->type != ELC_UTF8);
    assert(column_at(batch, index)->type != ELC_FLOATS);
    return elc_batch_raw(batch, index, bytes, size, err);
}

elc_status elc_batch_floats(elc_batch *batch, size_t index, const float *floats,
                            size_t n, elc_error *err) {
    assert(column_at(batch, index)->type == ELC_FLOATS);
    size_t size = n < INT32_MAX ? n * sizeof *floats : n;
    return elc_batch_raw(batch, index, floats, size, err);
}

/* Length of the character at the start of `text`, or 0 when it is none. */
static size_t character(const char *text, size_t n) {
    for (size_t k = 1; k <= 4 && k <= n; k++) {
        if (elc_utf8_valid(text, k))
            return k;
    }
    return 0;
}

size_t elc_batch_repair(const char *text, size_t n, uint8_t *out) {
    size_t size = 0;
    while (n > 0) {
        size_t k = character(text, n);
        memcpy(out + size, k > 0 ? text : "\xef\xbf\xbd", k > 0 ? k : 3);
        size += k > 0 ? k : 3;
        text += k > 0 ? k : 1;
        n -= k > 0 ? k : 1;
    }
    return size;
}

elc_status elc_batch_text(elc_batch *batch, size_t index, const char *text,
                          elc_error *err) {
    elc_batch_column *c = column_at(batch, index);
    assert(c->type == ELC_UTF8);
    if (text == NULL) {
        c->set = false;
        return ELC_OK;
    }
    size_t n = strlen(text);
    if (elc_utf8_valid(text, n))
        return elc_batch_raw(batch, index, text, n, err);
    ELC_TRY(row_room(batch, err));
    ELC_TRY(elc_batch_data_room(c, n < INT32_MAX ? 3 * n : n, err));
    c->end = c->start + (int32_t)elc_batch_repair(text, n, c->data.data + c->start);
    c->set = true;
    return ELC_OK;
}

/* ---- rows -------------------------------------------------------------------- */

static void end_value(elc_batch_column *c, size_t row) {
    elc_bit_put(c->valid.data, row, c->set);
    c->nulls += !c->set;
    if (c->bits == 0) {
        c->start = c->set ? c->end : c->start;
        put_32(c, row + 1, c->start);
    } else if (!c->set) {
        /* Zero, so that the same rows are the same bytes. */
        if (c->bits == 1)
            elc_bit_put(c->values.data, row, false);
        else
            memset(c->values.data + row * (c->bits / 8), 0, c->bits / 8);
    }
    c->set = false;
}

elc_status elc_batch_end_row(elc_batch *batch, elc_error *err) {
    ELC_TRY(row_room(batch, err));
    for (size_t i = 0; i < batch->n_columns; i++)
        end_value(&batch->columns[i], batch->rows);
    batch->rows++;
    return ELC_OK;
}

size_t elc_batch_rows(const elc_batch *batch) {
    return batch->rows;
}

size_t elc_batch_size(const elc_batch *batch) {
    size_t size = 0;
    for (size_t i = 0; i < batch->n_columns; i++) {
        const elc_batch_column *c = &batch->columns[i];
        unsigned bits = c->bits > 0 ? c->bits : 32;
        size += elc_value_bytes(bits, batch->rows) + (size_t)c->start;
        size += c->nulls > 0 ? elc_bit_bytes(batch->rows) : 0;
    }
    return size;
}

/* ---- finishing --------------------------------------------------------------- */

/* Bits beyond the last row were never written. */
static void clear_tail(uint8_t *bits, size_t n) {
    if (n % 8 != 0)
        bits[n / 8] &= (uint8_t)((1u << (n % 8)) - 1);
}

/* What can fail of a column's finish: an array to move into, and no buffer but NULL. */
static elc_status column_prepare(elc_batch_column *c, struct ArrowArray *out,
                                 elc_error *err) {
    if (c->bits == 0)
        ELC_TRY(elc_buffer_reserve(&c->data, 1, (size_t)c->start, err));
    if (c->type == ELC_FLOATS)
        return elc_array_list(out, err);
    return elc_array_create(c->bits > 0 ? 2 : 3, out, err);
}

/* Offsets were of bytes, and Arrow's are of floats. */
static void list_move(elc_batch_column *c, size_t rows, struct ArrowArray *out) {
    int32_t offset;
    for (size_t i = 0; i <= rows; i++) {
        memcpy(&offset, c->values.data + i * sizeof offset, sizeof offset);
        put_32(c, i, offset / (int32_t)sizeof(float));
    }
    elc_buffer own[2] = {c->valid, c->values}, items[2] = {{0}, c->data};
    elc_array_fill(out->children[0], (size_t)c->start / sizeof(float), 0, items);
    elc_array_fill(out, rows, c->nulls, own);
}

static void column_move(elc_batch_column *c, size_t rows, struct ArrowArray *out) {
    clear_tail(c->valid.data, rows);
    if (c->bits == 1)
        clear_tail(c->values.data, rows);
    if (c->nulls == 0)
        elc_buffer_free(&c->valid);
    elc_buffer buffers[3] = {c->valid, c->values, c->data};
    if (c->type == ELC_FLOATS)
        list_move(c, rows, out);
    else
        elc_array_fill(out, rows, c->nulls, buffers);
    c->valid = c->values = c->data = (elc_buffer){0};
    c->nulls = 0;
    c->known = (size_t)c->start < KNOWN_BYTES ? (size_t)c->start : KNOWN_BYTES;
    c->start = c->end = 0;
    c->set = false;
}

elc_status elc_batch_finish(elc_batch *batch, struct ArrowArray *out, elc_error *err) {
    struct ArrowArray array;
    ELC_TRY(row_room(batch, err));
    ELC_TRY(elc_array_struct(batch->rows, batch->n_columns, &array, err));
    for (size_t i = 0; i < batch->n_columns; i++) {
        elc_status status = column_prepare(&batch->columns[i], array.children[i], err);
        if (status != ELC_OK) {
            elc_array_release(&array);
            return status;
        }
    }
    for (size_t i = 0; i < batch->n_columns; i++)
        column_move(&batch->columns[i], batch->rows, array.children[i]);
    batch->known = batch->rows < KNOWN_ROWS ? batch->rows + 1 : KNOWN_ROWS + 1;
    batch->rows = batch->capacity = 0;
    *out = array;
    return ELC_OK;
}

/* ---- for those who copy columns ---------------------------------------------- */

size_t elc_batch_columns(const elc_batch *batch) {
    return batch->n_columns;
}

elc_type elc_batch_type(const elc_batch *batch, size_t index) {
    return batch->columns[index].type;
}

const char *elc_batch_name(const elc_batch *batch, size_t index) {
    return batch->columns[index].name;
}
