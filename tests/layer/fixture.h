/* fixture.h - tables of every column type, written and read by the tests of layer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TEST_LAYER_FIXTURE_H
#define ELC_TEST_LAYER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <elcano/layer.h>

/* cmocka's setup and teardown: *state is the path of an empty folder, then removed. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
/* "folder/name", in one of 32 buffers used in turn. */
const char *fixture_path(void **state, const char *name);
/* Names in the folder, hidden ones too. */
size_t fixture_count_files(void **state);
bool fixture_exists(const char *path);
/* A file of the test data, or NULL after saying so: then skip(). */
const char *fixture_data(const char *name);

/* The columns id, n32, n64, f32, f64, yes, blob, day, at, geometry, _hidden. Every
   fifth row has NULL in all but `id`; row 3 has an empty text and an empty blob. */
extern const elc_column fixture_columns[];
extern const size_t fixture_n_columns;
enum { ID, N32, N64, F32, F64, YES, BLOB, DAY, AT, GEOMETRY, HIDDEN };

int64_t fixture_n64(size_t row);
double fixture_f64(size_t row);
int64_t fixture_day(size_t row);
int64_t fixture_time(size_t row);

void fixture_batch(size_t from, size_t to, struct ArrowArray *out);
/* Writes `rows` rows in batches of `cut`. */
elc_status fixture_write(const char *path, size_t rows, size_t cut, bool overwrite,
                         elc_error *err);
void fixture_write_ok(const char *path, size_t rows);

/* Writes the rows of `batch`, which is freed, as one layer "t" of CRS84. */
elc_status fixture_write_batch(const char *path, const elc_column *columns, size_t n,
                               elc_batch *batch, elc_error *err);

/* What DuckDB gives for a query, as a Parquet file with metadata `geo` (NULL: none). */
void fixture_write_query(const char *path, const char *query, const char *geo);

/* A table read whole. */
typedef struct fixture_table {
    struct ArrowSchema schema;
    struct ArrowArray batch;
    elc_rows *rows;
    size_t count; /* 0 where there is no batch */
} fixture_table;

void fixture_read(const char *reference, fixture_table *out);
/* The first failure of opening or reading all rows; ELC_OK. */
elc_status fixture_read_status(const char *reference, elc_error *err);
/* Rows of a layer of any length; fails where it cannot be read. */
size_t fixture_count(const char *reference);
/* Reading it fails with `status`, and the message has `why`. */
void fixture_assert_fails(const char *reference, elc_status status, const char *why);
void fixture_table_free(fixture_table *table);
/* The column's index; fails where there is none, or one of another type. */
size_t fixture_column(const fixture_table *table, const char *name, elc_type type);
void fixture_assert_text(const fixture_table *table, const char *name, size_t row,
                         const char *expected);
/* The first geometry as ISO WKT; NULL for NULL. */
void fixture_assert_wkt(const fixture_table *table, size_t row, const char *expected);

/* A layer "shapes" written from WKT ("": NULL, NULL: the end) and a column "name".
   `crs` is as for elc_schema_create, or EPSG:n. */
elc_status fixture_write_shapes(const char *path, const char *crs,
                                const char *const *wkt, elc_error *err);
/* The whole of a file, NUL-terminated; freed by the caller. */
char *fixture_slurp(const char *path, size_t *size);
void fixture_put(const char *path, const char *text);

#endif
