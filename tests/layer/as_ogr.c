/* as_ogr.c - files that are read without OGR, held to OGR. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "as_ogr.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool as_ogr_is_plain(const char *path, as_ogr_reader reader) {
    struct ArrowArrayStream stream = {0};
    assert_int_equal(reader(path, NULL, &stream, NULL), ELC_OK);
    bool plain = stream.release != NULL;
    elc_stream_release(&stream);
    return plain;
}

void as_ogr_assert_cancels(const char *path, as_ogr_reader reader) {
    int cancel = 0;
    elc_context context = {.cancel = &cancel};
    elc_error err = {0};
    struct ArrowArrayStream stream = {0};
    assert_int_equal(reader(path, &context, &stream, NULL), ELC_OK);
    assert_non_null(stream.release);
    elc_stream_release(&stream);
    stream.release = NULL;
    cancel = 1;
    assert_int_equal(reader(path, &context, &stream, &err), ELC_E_CANCELLED);
    assert_null(stream.release);
}

static void assert_bytes_equal(const fixture_table *a, const fixture_table *b, size_t i,
                               size_t row) {
    size_t n = 0, m = 0;
    const char *x = elc_rows_bytes(a->rows, i, row, &n);
    const char *y = elc_rows_bytes(b->rows, i, row, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
}

static void assert_values_equal(const fixture_table *a, const fixture_table *b,
                                size_t i, elc_type type) {
    for (size_t row = 0; row < a->count; row++) {
        bool null = elc_rows_null(a->rows, i, row);
        assert_int_equal(null, elc_rows_null(b->rows, i, row));
        if (null)
            continue;
        if (type == ELC_UTF8 || type == ELC_GEOMETRY) {
            assert_bytes_equal(a, b, i, row);
        } else if (type == ELC_FLOAT64) {
            double x = elc_rows_real(a->rows, i, row),
                   y = elc_rows_real(b->rows, i, row);
            assert_memory_equal(&x, &y, sizeof x);
        } else {
            assert_int_equal(elc_rows_int(a->rows, i, row),
                             elc_rows_int(b->rows, i, row));
        }
    }
}

static void assert_columns_equal(const struct ArrowSchema *a,
                                 const struct ArrowSchema *b, elc_type *type) {
    elc_type other;
    char *crs = NULL, *wanted = NULL;
    assert_string_equal(a->name, b->name);
    assert_int_equal(elc_schema_type(a, type, NULL), ELC_OK);
    assert_int_equal(elc_schema_type(b, &other, NULL), ELC_OK);
    assert_int_equal(*type, other);
    if (*type == ELC_GEOMETRY) {
        assert_int_equal(elc_schema_crs(a, &crs, NULL), ELC_OK);
        assert_int_equal(elc_schema_crs(b, &wanted, NULL), ELC_OK);
        assert_string_equal(crs, wanted);
    }
    free(crs);
    free(wanted);
}

void as_ogr_assert(const char *path, as_ogr_reader reader) {
    fixture_table ours, theirs;
    char layer[600];
    snprintf(layer, sizeof layer, "%s:t", path);
    assert_false(as_ogr_is_plain(layer, reader));
    fixture_read(path, &ours);
    fixture_read(layer, &theirs);
    assert_int_equal(ours.count, theirs.count);
    assert_int_equal(ours.schema.n_children, theirs.schema.n_children);
    for (int64_t i = 0; i < ours.schema.n_children; i++) {
        elc_type type;
        assert_columns_equal(ours.schema.children[i], theirs.schema.children[i], &type);
        if (ours.count > 0)
            assert_values_equal(&ours, &theirs, (size_t)i, type);
    }
    fixture_table_free(&ours);
    fixture_table_free(&theirs);
}
