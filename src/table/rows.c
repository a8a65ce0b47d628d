/* rows.c - batches from anywhere, checked once and then read without checks. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "batch.h"
#include "layout.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- checks ------------------------------------------------------------------ */

static elc_status broken(const char *name, elc_error *err, const char *why) {
    return elc_fail(err, ELC_E_FORMAT,
                    "column \"%s\": %s; whoever made this Arrow array broke its format",
                    name, why);
}

/* What holds for every array: it lives, and its numbers can be added. */
static elc_status check_array(const struct ArrowArray *array, const char *name,
                              int64_t n_buffers, elc_error *err) {
    int64_t end;
    if (array == NULL || array->release == NULL)
        return broken(name, err, "released, or not there");
    if (array->length < 0 || array->offset < 0 ||
        __builtin_add_overflow(array->length, array->offset, &end) ||
        end > PTRDIFF_MAX / 16)
        return broken(name, err, "length or offset out of range");
    if (array->null_count < -1 || array->null_count > array->length)
        return broken(name, err, "more nulls than values");
    if (array->n_buffers != n_buffers || array->buffers == NULL)
        return broken(name, err, "not the buffers of its type");
    if (array->dictionary != NULL)
        return broken(name, err, "a dictionary that its schema does not have");
    return ELC_OK;
}

static elc_status check_bytes(const elc_rows_part *part, size_t count, const char *name,
                              elc_error *err) {
    const char *offsets = part->values;
    if (!elc_offsets_rise(offsets + part->first * sizeof(int32_t), count))
        return broken(name, err, "offsets that are negative or fall");
    if (part->data == NULL && elc_rows_offset(part, count) > elc_rows_offset(part, 0))
        return broken(name, err, "values without a data buffer");
    return ELC_OK;
}

/* The floats of a list, which begin at `data` then. */
static elc_status look_inside(const struct ArrowArray *array, size_t count,
                              const char *name, elc_rows_part *part, elc_error *err) {
    const struct ArrowArray *items = array->children[0];
    ELC_TRY(check_array(items, name, 2, err));
    const uint8_t *valid = items->buffers[0];
    size_t n = (size_t)items->length;
    if (items->null_count != 0 && valid != NULL &&
        elc_bits_zeros(valid, (size_t)items->offset, n) > 0)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "column \"%s\": a list with NULLs inside; give numbers", name);
    const float *floats = items->buffers[1];
    if ((uintptr_t)floats % sizeof *floats != 0)
        return broken(name, err, "floats that are not aligned");
    part->data = floats == NULL ? NULL : (const char *)(floats + items->offset);
    if (count > 0 && part->values != NULL &&
        !elc_offsets_rise((const char *)part->values + part->first * sizeof(int32_t),
                          count))
        return broken(name, err, "offsets that are negative or fall");
    if (count > 0 && part->values != NULL && (size_t)elc_rows_offset(part, count) > n)
        return broken(name, err, "offsets beyond its floats");
    if (n > 0 && floats == NULL)
        return broken(name, err, "floats without a buffer");
    return ELC_OK;
}

/* A look at one column; rows are `offset`.. of it, the parent's offset. */
static elc_status look(const struct ArrowSchema *schema, const struct ArrowArray *array,
                       size_t offset, size_t count, elc_rows_part *part,
                       elc_error *err) {
    const char *name = schema->name == NULL ? "" : schema->name;
    ELC_TRY(elc_schema_type(schema, &part->type, err));
    part->bits = elc_layout_of(part->type)->bits;
    bool list = part->type == ELC_FLOATS;
    ELC_TRY(check_array(array, name, part->bits > 0 || list ? 2 : 3, err));
    if (array->n_children != list || (list && array->children == NULL))
        return broken(name, err, "children that its type does not have");
    if ((size_t)array->length < offset + count)
        return broken(name, err, "fewer values than the batch has rows");
    part->first = (size_t)array->offset + offset;
    part->valid = array->null_count == 0 ? NULL : array->buffers[0];
    part->values = array->buffers[1];
    part->data = part->bits > 0 || list ? NULL : array->buffers[2];
    if (list)
        ELC_TRY(look_inside(array, count, name, part, err));
    if (part->valid == NULL && array->null_count > 0)
        return broken(name, err, "nulls without a validity buffer");
    if (count == 0)
        return ELC_OK;
    if (part->values == NULL)
        return broken(name, err, "values without a buffer");
    if (part->bits == 0)
        ELC_TRY(check_bytes(part, count, name, err));
    if (part->bits == 0 && part->data == NULL)
        part->data = "";
    return ELC_OK;
}

elc_status elc_rows_check_schema(const struct ArrowSchema *schema, elc_error *err) {
    if (schema == NULL || schema->release == NULL || schema->format == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "table: a schema that is released");
    if (strcmp(schema->format, "+s") != 0 || schema->n_children < 0 ||
        (schema->n_children > 0 && schema->children == NULL))
        return elc_fail(err, ELC_E_FORMAT,
                        "table: schema of format \"%.40s\", a table has \"+s\" and its "
                        "columns as children",
                        schema->format);
    return ELC_OK;
}

static elc_status check_batch(const struct ArrowSchema *schema,
                              const struct ArrowArray *batch, elc_error *err) {
    ELC_TRY(elc_rows_check_schema(schema, err));
    ELC_TRY(check_array(batch, "(the batch)", 1, err));
    if (batch->n_children != schema->n_children ||
        (batch->n_children > 0 && batch->children == NULL))
        return elc_fail(err, ELC_E_FORMAT,
                        "table: a batch of %lld columns, its schema has %lld",
                        (long long)batch->n_children, (long long)schema->n_children);
    const uint8_t *valid = batch->buffers[0];
    if (batch->null_count == 0 || (valid == NULL && batch->null_count < 0))
        return ELC_OK;
    if (valid == NULL ||
        elc_bits_zeros(valid, (size_t)batch->offset, (size_t)batch->length) > 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "table: a batch with rows that are null as a whole; a table's "
                        "rows have null values instead");
    return ELC_OK;
}

static elc_status look_all(elc_rows *rows, const struct ArrowArray *batch,
                           elc_error *err) {
    for (size_t i = 0; i < rows->n_columns; i++)
        ELC_TRY(look(rows->schema->children[i], batch->children[i],
                     (size_t)batch->offset, rows->count, &rows->columns[i], err));
    return ELC_OK;
}

elc_status elc_rows_view(const struct ArrowSchema *schema,
                         const struct ArrowArray *batch, elc_rows **out,
                         elc_error *err) {
    ELC_TRY(check_batch(schema, batch, err));
    size_t n = (size_t)batch->n_children;
    elc_rows *rows;
    if (n > (PTRDIFF_MAX - sizeof *rows) / sizeof(elc_rows_part))
        return elc_fail(err, ELC_E_MEMORY, "table: %zu columns are too many", n);
    ELC_TRY(elc_alloc(1, sizeof *rows + n * sizeof(elc_rows_part), &rows, err));
    rows->schema = schema;
    rows->count = (size_t)batch->length;
    rows->n_columns = n;
    elc_status status = look_all(rows, batch, err);
    if (status != ELC_OK) {
        elc_rows_free(rows);
        return status;
    }
    *out = rows;
    return ELC_OK;
}

void elc_rows_free(elc_rows *rows) {
    free(rows);
}

/* ---- values ------------------------------------------------------------------ */

size_t elc_rows_count(const elc_rows *rows) {
    return rows->count;
}

int64_t elc_rows_column(const elc_rows *rows, const char *name) {
    return elc_schema_find(rows->schema, name);
}

int32_t elc_rows_offset(const elc_rows_part *part, size_t i) {
    int32_t offset;
    const char *offsets = part->values;
    memcpy(&offset, offsets + (part->first + i) * sizeof offset, sizeof offset);
    return offset;
}

static const elc_rows_part *part_at(const elc_rows *rows, size_t column, size_t row) {
    assert(column < rows->n_columns);
    assert(row < rows->count);
    (void)row; /* where assert is switched off */
    return &rows->columns[column];
}

static bool is_null(const elc_rows_part *part, size_t row) {
    return part->valid != NULL && !elc_bit_get(part->valid, part->first + row);
}

bool elc_rows_null(const elc_rows *rows, size_t column, size_t row) {
    return is_null(part_at(rows, column, row), row);
}

/* A place in the buffer; foreign buffers need not be aligned, hence memcpy. */
static const char *place(const elc_rows_part *part, size_t row) {
    const char *values = part->values;
    return values + (part->first + row) * (part->bits / 8);
}

static int64_t int_at(const elc_rows_part *part, size_t row) {
    int32_t narrow;
    int64_t value;
    switch (part->type) {
    case ELC_BOOL:
        return elc_bit_get(part->values, part->first + row);
    case ELC_INT32:
    case ELC_DATE32:
        memcpy(&narrow, place(part, row), sizeof narrow);
        return narrow;
    default:
        assert(part->type == ELC_INT64 || part->type == ELC_TIMESTAMP);
        memcpy(&value, place(part, row), sizeof value);
        return value;
    }
}

int64_t elc_rows_int(const elc_rows *rows, size_t column, size_t row) {
    const elc_rows_part *part = part_at(rows, column, row);
    return is_null(part, row) ? 0 : int_at(part, row);
}

static double real_at(const elc_rows_part *part, size_t row) {
    float narrow;
    double value;
    switch (part->type) {
    case ELC_FLOAT32:
        memcpy(&narrow, place(part, row), sizeof narrow);
        return (double)narrow;
    case ELC_FLOAT64:
        memcpy(&value, place(part, row), sizeof value);
        return value;
    default:
        return (double)int_at(part, row);
    }
}

double elc_rows_real(const elc_rows *rows, size_t column, size_t row) {
    const elc_rows_part *part = part_at(rows, column, row);
    return is_null(part, row) ? 0 : real_at(part, row);
}

void elc_rows_reals(const elc_rows *rows, size_t column, size_t row, size_t n,
                    double *out) {
    assert(column < rows->n_columns);
    assert(row <= rows->count && n <= rows->count - row);
    const elc_rows_part *part = &rows->columns[column];
    if (part->type == ELC_FLOAT64 && n > 0)
        memcpy(out, place(part, row), n * sizeof *out);
    for (size_t i = 0; part->type != ELC_FLOAT64 && i < n; i++)
        out[i] = real_at(part, row + i);
    for (size_t i = 0; part->valid != NULL && i < n; i++)
        if (is_null(part, row + i))
            out[i] = NAN;
}

const char *elc_rows_bytes(const elc_rows *rows, size_t column, size_t row,
                           size_t *size) {
    const elc_rows_part *part = part_at(rows, column, row);
    assert(part->bits == 0 && part->type != ELC_FLOATS);
    if (is_null(part, row)) {
        *size = 0;
        return NULL;
    }
    int32_t start = elc_rows_offset(part, row);
    *size = (size_t)(elc_rows_offset(part, row + 1) - start);
    return part->data + start;
}

const float *elc_rows_floats(const elc_rows *rows, size_t column, size_t row,
                             size_t *n) {
    const elc_rows_part *part = part_at(rows, column, row);
    assert(part->type == ELC_FLOATS);
    *n = 0;
    if (is_null(part, row))
        return NULL;
    int32_t start = elc_rows_offset(part, row);
    *n = (size_t)(elc_rows_offset(part, row + 1) - start);
    return (const float *)(const void *)part->data + start;
}

/* ---- copying ----------------------------------------------------------------- */

static bool is_real(elc_type type) {
    return type == ELC_FLOAT32 || type == ELC_FLOAT64;
}

/* Kinds that a value may pass between without being read as something else. */
static bool same_kind(elc_type to, elc_type from) {
    if (to == ELC_FLOATS || from == ELC_FLOATS)
        return to == from;
    bool bytes = elc_layout_of(to)->bits == 0,
         from_bytes = elc_layout_of(from)->bits == 0;
    if (bytes || from_bytes)
        return bytes && from_bytes && (to == ELC_UTF8) == (from == ELC_UTF8);
    return is_real(to) || !is_real(from);
}

static elc_status copy_value(elc_batch *batch, size_t to, const elc_rows *rows,
                             size_t from, size_t row, elc_error *err) {
    elc_type type = elc_batch_type(batch, to), from_type = rows->columns[from].type;
    if (!same_kind(type, from_type))
        return elc_fail(
            err, ELC_E_ARGUMENT, "column \"%s\": %s cannot be copied from %s",
            elc_batch_name(batch, to), elc_type_name(type), elc_type_name(from_type));
    if (is_real(type))
        return elc_batch_real(batch, to, elc_rows_real(rows, from, row), err);
    if (elc_layout_of(type)->bits > 0)
        return elc_batch_int(batch, to, elc_rows_int(rows, from, row), err);
    size_t size;
    if (type == ELC_FLOATS) {
        const float *floats = elc_rows_floats(rows, from, row, &size);
        return elc_batch_floats(batch, to, floats, size, err);
    }
    const char *bytes = elc_rows_bytes(rows, from, row, &size);
    return elc_batch_raw(batch, to, bytes, size, err);
}

elc_status elc_batch_copy_cells(elc_batch *batch, const elc_rows *rows,
                                const int64_t *from, size_t row, elc_error *err) {
    for (size_t i = 0; i < elc_batch_columns(batch); i++) {
        if (from[i] < 0 || elc_rows_null(rows, (size_t)from[i], row))
            continue;
        ELC_TRY(copy_value(batch, i, rows, (size_t)from[i], row, err));
    }
    return ELC_OK;
}

elc_status elc_batch_copy_row(elc_batch *batch, const elc_rows *rows,
                              const int64_t *from, size_t row, elc_error *err) {
    ELC_TRY(elc_batch_copy_cells(batch, rows, from, row, err));
    return elc_batch_end_row(batch, err);
}
