/* vectors.c - DuckDB's vectors as Arrow arrays, and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a value in a vector. */
static size_t width_of(elc_type type) {
    switch (type) {
    case ELC_INT32:
    case ELC_FLOAT32:
    case ELC_DATE32:
        return 4;
    case ELC_INT64:
    case ELC_FLOAT64:
    case ELC_TIMESTAMP:
        return 8;
    case ELC_BOOL:
        return sizeof(bool);
    case ELC_UTF8:
    case ELC_BINARY:
    case ELC_GEOMETRY:
        break;
    case ELC_FLOATS:
        return sizeof(duckdb_list_entry);
    }
    return sizeof(duckdb_string_t);
}

static bool has_bytes(elc_type type) {
    return type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY;
}

static bool is_valid(const uint64_t *valid, size_t row) {
    return valid == NULL || (valid[row / 64] >> row % 64 & 1);
}

static bool bit_of(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

/* Constants come as vectors that repeat them, texts by the same pointer: that each is
   the same as the next one is all there is to see of it. */
static bool is_constant(const uint64_t *valid, const void *data, size_t width,
                        size_t rows) {
    for (size_t row = 0; valid != NULL && row < rows; row++)
        if (!is_valid(valid, row))
            return false;
    return rows > 1 &&
           memcmp(data, (const char *)data + width, width * (rows - 1)) == 0;
}

static const char *text_of(const duckdb_string_t *value, size_t *size) {
    *size = value->value.inlined.length;
    return *size <= sizeof value->value.inlined.inlined ? value->value.inlined.inlined
                                                        : value->value.pointer.ptr;
}

static elc_status read_bits(elc_vector *v, const bool *values, size_t rows,
                            elc_error *err) {
    ELC_TRY(elc_alloc(rows / 8 + 1, 1, &v->bits, err));
    for (size_t row = 0; row < rows; row++)
        v->bits[row / 8] |= (uint8_t)(values[row] << row % 8);
    v->buffers[1] = v->bits;
    return ELC_OK;
}

static elc_status read_bytes(elc_vector *v, const duckdb_string_t *values,
                             const uint64_t *valid, size_t rows, elc_error *err) {
    ELC_TRY(elc_alloc(rows + 1, sizeof *v->offsets, &v->offsets, err));
    ELC_TRY(elc_string_append(&v->bytes, "", 0, err)); /* never NULL */
    for (size_t row = 0; row < rows; row++) {
        size_t size = 0;
        const char *text = is_valid(valid, row) ? text_of(&values[row], &size) : "";
        ELC_TRY(elc_string_append(&v->bytes, text, size, err));
        if (v->bytes.size > INT32_MAX)
            return elc_fail(err, ELC_E_UNSUPPORTED,
                            "values of more than 2 GB in %zu rows", rows);
        v->offsets[row + 1] = (int32_t)v->bytes.size;
    }
    v->buffers[1] = v->offsets;
    v->buffers[2] = v->bytes.data;
    return ELC_OK;
}

/* It owns nothing; but an array without a release is none. */
static void release_nothing(struct ArrowArray *array) {
    array->release = NULL;
}

duckdb_type elc_vector_type(elc_type type) {
    switch (type) {
    case ELC_INT32:
        return DUCKDB_TYPE_INTEGER;
    case ELC_INT64:
        return DUCKDB_TYPE_BIGINT;
    case ELC_FLOAT32:
        return DUCKDB_TYPE_FLOAT;
    case ELC_FLOAT64:
        return DUCKDB_TYPE_DOUBLE;
    case ELC_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    case ELC_UTF8:
        return DUCKDB_TYPE_VARCHAR;
    case ELC_DATE32:
        return DUCKDB_TYPE_DATE;
    case ELC_TIMESTAMP:
        return DUCKDB_TYPE_TIMESTAMP;
    case ELC_BINARY:
    case ELC_GEOMETRY:
        break;
    case ELC_FLOATS: /* of floats */
        return DUCKDB_TYPE_LIST;
    }
    return DUCKDB_TYPE_BLOB;
}

elc_status elc_vector_read(elc_vector *v, duckdb_vector vector, elc_type type,
                           size_t rows, elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    const void *data = duckdb->vector_get_data(vector);
    const uint64_t *valid = duckdb->vector_get_validity(vector);
    if (is_constant(valid, data, width_of(type), rows)) {
        rows = 1;
        valid = NULL;
    }
    v->buffers[0] = valid;
    v->buffers[1] = data;
    if (type == ELC_BOOL)
        ELC_TRY(read_bits(v, data, rows, err));
    else if (has_bytes(type))
        ELC_TRY(read_bytes(v, data, valid, rows, err));
    v->array = (struct ArrowArray){.length = (int64_t)rows,
                                   .null_count = valid == NULL ? 0 : -1,
                                   .n_buffers = has_bytes(type) ? 3 : 2,
                                   .buffers = v->buffers,
                                   .release = release_nothing};
    return ELC_OK;
}

void elc_vector_free(elc_vector *v) {
    free(v->bits);
    free(v->offsets);
    elc_string_free(&v->bytes);
    *v = (elc_vector){0};
}

/* ---- back -------------------------------------------------------------------------
 */

static void write_nulls(duckdb_vector out, size_t at, const uint8_t *bits, size_t first,
                        size_t rows) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    for (size_t row = 0; bits != NULL && row < rows; row++)
        if (!bit_of(bits, first + row)) {
            duckdb->vector_ensure_validity_writable(out);
            duckdb->validity_set_row_invalid(duckdb->vector_get_validity(out),
                                             at + row);
        }
}

static elc_status write_bytes(duckdb_vector out, size_t at, elc_type type,
                              const struct ArrowArray *array, elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    const uint8_t *valid = array->buffers[0];
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset;
    const char *bytes = array->buffers[2];
    for (size_t row = 0; row < (size_t)array->length; row++) {
        if (valid != NULL && !bit_of(valid, (size_t)array->offset + row))
            continue;
        const char *text = bytes == NULL ? "" : bytes + offsets[row];
        size_t size = (size_t)(offsets[row + 1] - offsets[row]);
        if (type == ELC_UTF8 && !elc_utf8_valid(text, size))
            return elc_fail(err, ELC_E_INTERNAL, "a result that is no UTF-8");
        duckdb->vector_assign_string_element_len(out, at + row, text, size);
    }
    return ELC_OK;
}

elc_status elc_vector_write(duckdb_vector out, size_t at, elc_type type,
                            const struct ArrowArray *array, elc_error *err) {
    size_t rows = (size_t)array->length, first = (size_t)array->offset;
    size_t width = width_of(type);
    write_nulls(out, at, array->buffers[0], first, rows);
    if (has_bytes(type))
        return write_bytes(out, at, type, array, err);
    char *data = elc_duckdb_loaded()->vector_get_data(out);
    if (type != ELC_BOOL) {
        memcpy(data + at * width, (const char *)array->buffers[1] + first * width,
               rows * width);
        return ELC_OK;
    }
    for (size_t row = 0; row < rows; row++)
        ((bool *)data)[at + row] = bit_of(array->buffers[1], first + row);
    return ELC_OK;
}

elc_status elc_vector_write_lists(duckdb_vector out, const struct ArrowArray *array,
                                  elc_error *err) {
    const elc_duckdb *duckdb = elc_duckdb_loaded();
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset;
    const struct ArrowArray *items = array->children[0];
    size_t rows = (size_t)array->length;
    idx_t n = (idx_t)(offsets[rows] - offsets[0]);
    if (duckdb->list_vector_reserve(out, n) != DuckDBSuccess ||
        duckdb->list_vector_set_size(out, n) != DuckDBSuccess)
        return elc_fail(err, ELC_E_MEMORY, "no memory for lists of %zu numbers",
                        (size_t)n);
    duckdb_list_entry *entries = duckdb->vector_get_data(out);
    for (size_t row = 0; row < rows; row++)
        entries[row] = (duckdb_list_entry){(uint64_t)(offsets[row] - offsets[0]),
                                           (uint64_t)(offsets[row + 1] - offsets[row])};
    write_nulls(out, 0, array->buffers[0], (size_t)array->offset, rows);
    if (n > 0)
        memcpy(duckdb->vector_get_data(duckdb->list_vector_get_child(out)),
               (const int64_t *)items->buffers[1] + items->offset + offsets[0],
               n * sizeof(int64_t));
    return ELC_OK;
}
