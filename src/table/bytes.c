/* bytes.c - batches as bytes between processes of one version. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include "array.h"
#include "layout.h"
#include "rows.h"

#include <string.h>

/* In this machine's byte order, every piece padded with zeros to 8 bytes:
   the head; then for each column its head, validity bits if it has nulls, and its
   values, or its offsets (rows + 1, beginning with 0) and its data. All sizes but that
   of the data follow from the number of rows. */
typedef struct {
    uint32_t magic, n_columns;
    uint64_t rows;
} head;

typedef struct {
    uint32_t type, has_nulls;
    uint64_t data_size;
} column_head;

static const uint32_t magic = 0x31424c45; /* "ELB1"; another order reads otherwise */

static size_t padded(size_t n) {
    return (n + 7) / 8 * 8;
}

/* Bytes of the values, or of the offsets. The view bounds rows by 2^59. */
static size_t values_size(unsigned bits, size_t rows) {
    return bits > 0 ? elc_value_bytes(bits, rows) : (rows + 1) * sizeof(int32_t);
}

/* Bytes of the data: heads count what the offsets count. */
static size_t data_bytes(elc_type type, uint64_t size) {
    return (size_t)size * elc_unit_bytes(type);
}

/* ---- writing ----------------------------------------------------------------- */

static size_t data_size(const elc_rows_part *part, size_t rows) {
    if (part->bits > 0 || rows == 0)
        return 0;
    return (size_t)(elc_rows_offset(part, rows) - elc_rows_offset(part, 0));
}

static bool has_nulls(const elc_rows_part *part, size_t rows) {
    return part->valid != NULL && elc_bits_zeros(part->valid, part->first, rows) > 0;
}

/* The next n bytes of `out`, whose room was made, padded. */
static uint8_t *piece(elc_string *out, size_t n) {
    uint8_t *at = (uint8_t *)out->data + out->size;
    memset(at + n, 0, padded(n) - n);
    out->size += padded(n);
    return at;
}

static void put_offsets(elc_string *out, const elc_rows_part *part, size_t rows) {
    uint8_t *to = piece(out, values_size(0, rows));
    if (rows == 0) {
        memset(to, 0, sizeof(int32_t));
        return;
    }
    const char *from = (const char *)part->values + part->first * sizeof(int32_t);
    int32_t base = elc_rows_offset(part, 0), offset;
    if (base == 0) {
        memcpy(to, from, (rows + 1) * sizeof offset);
        return;
    }
    for (size_t i = 0; i <= rows; i++) {
        memcpy(&offset, from + i * sizeof offset, sizeof offset);
        offset -= base;
        memcpy(to + i * sizeof offset, &offset, sizeof offset);
    }
}

static void put_values(elc_string *out, const elc_rows_part *part, size_t rows) {
    size_t size = values_size(part->bits, rows);
    uint8_t *to = piece(out, size);
    if (size == 0)
        return;
    if (part->bits == 1)
        elc_bits_copy(to, part->values, part->first, rows);
    else
        memcpy(to, (const char *)part->values + part->first * (part->bits / 8), size);
}

static column_head head_of(const elc_rows_part *part, size_t rows) {
    return (column_head){part->type, has_nulls(part, rows), data_size(part, rows)};
}

static size_t column_size(const elc_rows_part *part, size_t rows) {
    column_head h = head_of(part, rows);
    size_t valid = h.has_nulls ? elc_bit_bytes(rows) : 0;
    return sizeof h + padded(valid) + padded(values_size(part->bits, rows)) +
           padded(data_bytes(part->type, h.data_size));
}

static void put_column(elc_string *out, const elc_rows_part *part, size_t rows) {
    column_head h = head_of(part, rows);
    memcpy(piece(out, sizeof h), &h, sizeof h);
    if (h.has_nulls)
        elc_bits_copy(piece(out, elc_bit_bytes(rows)), part->valid, part->first, rows);
    if (part->bits > 0) {
        put_values(out, part, rows);
        return;
    }
    put_offsets(out, part, rows);
    size_t size = data_bytes(part->type, h.data_size);
    uint8_t *data = piece(out, size);
    if (size > 0)
        memcpy(data,
               part->data + data_bytes(part->type, (uint64_t)elc_rows_offset(part, 0)),
               size);
}

/* Room for the whole batch at once; its pieces then cannot fail. */
static elc_status batch_room(elc_string *out, const elc_rows *rows, elc_error *err) {
    size_t size = sizeof(head) + 1;
    bool over = __builtin_add_overflow(size, out->size, &size);
    for (size_t i = 0; i < rows->n_columns; i++)
        over |= __builtin_add_overflow(
            size, column_size(&rows->columns[i], rows->count), &size);
    if (over || rows->n_columns > UINT32_MAX)
        return elc_fail(
            err, ELC_E_MEMORY,
            "table: a batch of %zu columns and %zu rows is more than can be "
            "addressed",
            rows->n_columns, rows->count);
    return elc_reserve(&out->data, &out->capacity, size, 1, err);
}

static void put_batch(elc_string *out, const elc_rows *rows) {
    head h = {magic, (uint32_t)rows->n_columns, rows->count};
    memcpy(piece(out, sizeof h), &h, sizeof h);
    for (size_t i = 0; i < rows->n_columns; i++)
        put_column(out, &rows->columns[i], rows->count);
    out->data[out->size] = '\0';
}

elc_status elc_batch_encode(const struct ArrowSchema *schema,
                            const struct ArrowArray *batch, elc_string *out,
                            elc_error *err) {
    elc_rows *rows;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    elc_status status = batch_room(out, rows, err);
    if (status == ELC_OK)
        put_batch(out, rows);
    elc_rows_free(rows);
    return status;
}

/* ---- reading ----------------------------------------------------------------- */

typedef struct {
    const uint8_t *at;
    size_t left;
} reader;

static elc_status damaged(elc_error *err, const char *why) {
    return elc_fail(
        err, ELC_E_FORMAT,
        "batch of bytes: %s; it was cut, changed, or made by another version", why);
}

/* Copies the next n bytes and passes their padding. */
static void take(reader *r, void *to, size_t n) {
    if (n > 0)
        memcpy(to, r->at, n);
    r->at += padded(n);
    r->left -= padded(n);
}

/* Asked before any memory is. */
static elc_status check_left(const reader *r, size_t n, elc_error *err) {
    if (n > r->left || padded(n) > r->left)
        return damaged(err, "ends before its values do");
    return ELC_OK;
}

static elc_status take_buffer(reader *r, size_t n, elc_buffer *buffer, elc_error *err) {
    ELC_TRY(check_left(r, n, err));
    ELC_TRY(elc_buffer_reserve(buffer, n, 0, err));
    take(r, buffer->data, n);
    return ELC_OK;
}

/* Offsets that were copied: from 0, never falling, to the size of the data. */
static elc_status check_offsets(const elc_buffer *offsets, size_t rows, uint64_t size,
                                elc_error *err) {
    int32_t first, last;
    memcpy(&first, offsets->data, sizeof first);
    memcpy(&last, offsets->data + rows * sizeof last, sizeof last);
    if (first != 0 || !elc_offsets_rise(offsets->data, rows) || (uint64_t)last != size)
        return damaged(err, "text whose offsets do not fit its size");
    return ELC_OK;
}

static elc_status take_buffers(reader *r, const column_head *h, elc_type type,
                               size_t rows, elc_buffer buffers[3], elc_error *err) {
    unsigned bits = elc_layout_of(type)->bits;
    if (h->has_nulls)
        ELC_TRY(take_buffer(r, elc_bit_bytes(rows), &buffers[0], err));
    ELC_TRY(take_buffer(r, values_size(bits, rows), &buffers[1], err));
    if (bits > 0)
        return ELC_OK;
    ELC_TRY(check_offsets(&buffers[1], rows, h->data_size, err));
    return take_buffer(r, data_bytes(type, h->data_size), &buffers[2], err);
}

static elc_status take_column_head(reader *r, elc_type type, column_head *h,
                                   elc_error *err) {
    ELC_TRY(check_left(r, sizeof *h, err));
    take(r, h, sizeof *h);
    if (h->type != (uint32_t)type || h->has_nulls > 1)
        return damaged(err, "a column of another type than the schema's");
    if (h->data_size > (elc_layout_of(type)->bits > 0 ? 0 : INT32_MAX))
        return damaged(err, "a column with more data than one can have");
    return ELC_OK;
}

static elc_status take_column(reader *r, const struct ArrowSchema *schema, size_t rows,
                              struct ArrowArray *out, elc_error *err) {
    elc_type type;
    column_head h;
    elc_buffer buffers[3] = {{0}, {0}, {0}};
    ELC_TRY(elc_schema_type(schema, &type, err));
    ELC_TRY(take_column_head(r, type, &h, err));
    unsigned bits = elc_layout_of(type)->bits;
    elc_status status = take_buffers(r, &h, type, rows, buffers, err);
    if (status == ELC_OK)
        status = type == ELC_FLOATS ? elc_array_list(out, err)
                                    : elc_array_create(bits > 0 ? 2 : 3, out, err);
    if (status == ELC_OK && type == ELC_FLOATS) {
        elc_buffer items[2] = {{0}, buffers[2]};
        elc_array_fill(out->children[0], (size_t)h.data_size, 0, items);
        buffers[2] = (elc_buffer){0};
    }
    if (status == ELC_OK) {
        size_t nulls = h.has_nulls ? elc_bits_zeros(buffers[0].data, 0, rows) : 0;
        elc_array_fill(out, rows, nulls, buffers);
    }
    for (size_t i = 0; i < 3; i++)
        elc_buffer_free(&buffers[i]);
    return status;
}

static elc_status take_head(reader *r, const struct ArrowSchema *schema, head *h,
                            elc_error *err) {
    ELC_TRY(check_left(r, sizeof *h, err));
    take(r, h, sizeof *h);
    if (h->magic != magic)
        return damaged(err, "does not begin as one");
    if ((int64_t)h->n_columns != schema->n_children)
        return damaged(err, "not as many columns as the schema");
    /* No column could hold more: a bool needs a bit. */
    if (h->n_columns > 0 && h->rows / 8 > r->left)
        return damaged(err, "more rows than its size allows");
    return h->rows > PTRDIFF_MAX / 16 ? damaged(err, "too many rows") : ELC_OK;
}

static elc_status take_columns(reader *r, const struct ArrowSchema *schema,
                               struct ArrowArray *batch, elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++)
        ELC_TRY(take_column(r, schema->children[i], (size_t)batch->length,
                            batch->children[i], err));
    return r->left == 0 ? ELC_OK : damaged(err, "longer than its columns");
}

elc_status elc_batch_decode(const struct ArrowSchema *schema, const void *bytes,
                            size_t size, struct ArrowArray *out, elc_error *err) {
    reader r = {bytes, size};
    head h;
    struct ArrowArray batch;
    ELC_TRY(elc_rows_check_schema(schema, err));
    ELC_TRY(take_head(&r, schema, &h, err));
    ELC_TRY(elc_array_struct(h.rows, h.n_columns, &batch, err));
    elc_status status = take_columns(&r, schema, &batch, err);
    if (status != ELC_OK) {
        elc_array_release(&batch);
        return status;
    }
    *out = batch;
    return ELC_OK;
}
