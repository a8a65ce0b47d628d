/* test_parquet.c - Parquet and GeoParquet: what is written, and what others write. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elcano/geo.h>
#include <elcano/sql.h>

#include <jansson.h>

/* ---- files of others --------------------------------------------------------------
 */

#define POINT                                                                          \
    "'\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xF0\\x3F\\x00\\x00\\x0" \
    "0"                                                                                \
    "\\x00\\x00\\x00\\x00\\x40'::BLOB"
#define GEO(COLUMN)                                                                    \
    "{\"version\":\"1.1.0\",\"primary_column\":\"g\",\"columns\":{\"g\":{"             \
    "\"encoding\":\"WKB\",\"geometry_types\":[]" COLUMN "}}}"

/* The text of a query over the file by DuckDB, which knows nothing of us. */
static char *ask(const char *path, const char *before, const char *after) {
    elc_sql_options options = {.threads = 1, .files = true};
    elc_sql *sql = NULL;
    elc_string query = {0};
    elc_error err = {0};
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_rows *rows = NULL;
    size_t n;
    assert_int_equal(elc_sql_open(&options, &sql, NULL), ELC_OK);
    elc_string_printf(&query, NULL, "SELECT decode((%s", before);
    elc_sql_quote_text(&query, path, NULL);
    elc_string_printf(&query, NULL, "%s)::BLOB) AS a", after);
    if (elc_sql_query(sql, query.data, "", &stream, &err) != ELC_OK)
        fail_msg("%s: %s", query.data, err.message);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_OK);
    assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
    const char *bytes = elc_rows_bytes(rows, 0, 0, &n);
    char *text = bytes == NULL ? NULL : calloc(n + 1, 1);
    if (text != NULL)
        memcpy(text, bytes, n);
    elc_rows_free(rows);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    elc_string_free(&query);
    elc_sql_free(sql);
    return text;
}

static void assert_fails(const char *path, elc_status status, const char *why) {
    elc_error err = {0};
    assert_int_equal(fixture_read_status(path, &err), status);
    if (strstr(err.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, why);
}

static void assert_crs(const char *path, const char *label) {
    fixture_table table;
    char *text = NULL;
    elc_crs *crs = NULL;
    fixture_read(path, &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(column, 0);
    assert_int_equal(elc_schema_crs(table.schema.children[0], &text, NULL), ELC_OK);
    if (text[0] == '\0') {
        assert_string_equal(label, "");
    } else {
        assert_int_equal(elc_crs_create(text, &crs, NULL), ELC_OK);
        assert_string_equal(elc_crs_label(crs), label);
    }
    elc_crs_free(crs);
    free(text);
    fixture_table_free(&table);
}

static void test_a_crs_is_as_the_metadata_state_it(void **state) {
    const char *path = fixture_path(state, "g.parquet");
    static const char query[] = "SELECT 1 AS a, " POINT " AS g";
    fixture_write_query(path, query, GEO(""));
    assert_crs(path, "OGC:CRS84");
    fixture_write_query(path, query, GEO(",\"crs\":null"));
    assert_crs(path, "");
    elc_crs *crs = NULL;
    elc_string geo = {0};
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    elc_string_printf(&geo, NULL, GEO(",\"crs\":%s"), elc_crs_projjson(crs));
    fixture_write_query(path, query, geo.data);
    assert_crs(path, "EPSG:32633");
    elc_string_free(&geo);
    elc_crs_free(crs);
}

static void test_a_file_without_metadata_is_a_table_of_its_columns(void **state) {
    fixture_table table;
    const char *path = fixture_path(state, "plain.parquet");
    fixture_write_query(
        path, "SELECT 1::UTINYINT AS a, 'x' AS _b, [1, 2] AS c, " POINT " AS g", NULL);
    fixture_read(path, &table);
    assert_int_equal(table.schema.n_children, 4);
    assert_int_equal(fixture_column(&table, "a", ELC_INT32), 0);
    assert_int_equal(fixture_column(&table, "g", ELC_BINARY), 3);
    fixture_assert_text(&table, "b", 0, "x");
    fixture_assert_text(&table, "c", 0, "[1,2]");
    fixture_table_free(&table);
}

static void test_columns_keep_their_order_and_boxes_are_hidden(void **state) {
    fixture_table table;
    const char *path = fixture_path(state, "g.parquet");
    fixture_write_query(
        path,
        "SELECT 1 AS a, {xmin: 1, ymin: 2, xmax: 1, ymax: 2} AS b, " POINT
        " AS g, 'x' AS geometry",
        GEO(",\"covering\":{\"bbox\":{\"xmin\":[\"b\",\"xmin\"],\"ymin\":[\"b\","
            "\"ymin\"],\"xmax\":[\"b\",\"xmax\"],\"ymax\":[\"b\",\"ymax\"]}}"));
    fixture_read(path, &table);
    assert_int_equal(table.schema.n_children, 3);
    assert_int_equal(fixture_column(&table, "geometry", ELC_GEOMETRY), 0);
    assert_int_equal(fixture_column(&table, "a", ELC_INT32), 1);
    assert_int_equal(fixture_column(&table, "geometry_2", ELC_UTF8), 2);
    fixture_table_free(&table);
}

/* Two columns of geometry, g and h; `g` and `h` follow their encodings. */
#define TWO_GEO(G, H)                                                                  \
    "{\"version\":\"1.1.0\",\"primary_column\":\"g\",\"columns\":{\"g\":{"             \
    "\"encoding\":\"WKB\"" G "},\"h\":{\"encoding\":\"WKB\"" H "}}}"
#define BOXES_IN(COLUMN)                                                               \
    ",\"covering\":{\"bbox\":{\"xmin\":[\"" COLUMN "\",\"xmin\"],\"ymin\":[\"" COLUMN  \
    "\",\"ymin\"],\"xmax\":[\"" COLUMN "\",\"xmax\"],\"ymax\":[\"" COLUMN              \
    "\",\"ymax\"]}}"

static void
test_a_geometry_is_no_column_of_boxes_whatever_the_metadata_state(void **state) {
    fixture_table table;
    const char *path = fixture_path(state, "lies.parquet");
    static const char query[] = "SELECT 1 AS a, " POINT " AS g, " POINT " AS h";
    static const char *const lies[] = {TWO_GEO(BOXES_IN("h"), ""),
                                       TWO_GEO("", BOXES_IN("h")),
                                       TWO_GEO(BOXES_IN("g"), BOXES_IN("g"))};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        fixture_write_query(path, query, lies[i]);
        fixture_read(path, &table);
        assert_int_equal(table.schema.n_children, 3);
        assert_int_equal(fixture_column(&table, "geometry", ELC_GEOMETRY), 0);
        assert_int_equal(fixture_column(&table, "a", ELC_INT32), 1);
        assert_int_equal(fixture_column(&table, "h", ELC_GEOMETRY), 2);
        fixture_table_free(&table);
    }
}

static void test_what_cannot_be_read_is_refused_with_the_reason(void **state) {
    const char *path = fixture_path(state, "bad.parquet");
    static const char query[] = "SELECT 'x' AS g";
    assert_fails(path, ELC_E_NOT_FOUND, "there is no such file");
    fixture_put(path, "");
    assert_fails(path, ELC_E_FORMAT, "bad.parquet: ");
    fixture_put(path, "PAR1 and nothing that is Parquet PAR1");
    assert_fails(path, ELC_E_FORMAT, "bad.parquet: ");
    fixture_write_query(path, query, GEO(""));
    assert_fails(path, ELC_E_FORMAT, "geometry column g is utf8, and WKB is bytes");
    fixture_write_query(path, "SELECT 1 AS a", GEO(""));
    assert_fails(path, ELC_E_FORMAT, "has the column g, and the file has none");
    fixture_write_query(path, query, "{\"version\":");
    assert_fails(path, ELC_E_FORMAT, "is no JSON object");
    fixture_write_query(
        path, query,
        "{\"primary_column\":\"g\",\"columns\":{\"g\":{\"encoding\":\"point\"}}}");
    assert_fails(path, ELC_E_UNSUPPORTED, "encoded as 'point', and WKB is read");
    assert_fails("/vsimem/x.parquet", ELC_E_UNSUPPORTED, "from local files");
    assert_fails("s3://bucket/x.parquet", ELC_E_UNSUPPORTED, "from local files");
}

/* A row each; the second batch of DuckDB's begins with row 2,049. */
static void test_bytes_that_are_no_wkb_are_told_with_their_row(void **state) {
    static const struct {
        const char *bytes, *why;
    } bad[] = {
        {"", "WKB of 0 bytes: at byte 0 a geometry is missing"},
        {"0101000000", "WKB of 5 bytes: at byte 5 it ends within a point"},
        {"01e7030000", "WKB of 5 bytes: at byte 1 the geometry type is 999"},
        {"010200000005000000", "at byte 5 it counts 5 items"},
    };
    const char *path = fixture_path(state, "bytes.parquet");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        elc_string query = {0};
        elc_string_printf(
            &query, NULL,
            "SELECT range AS n, CASE range WHEN 7 THEN NULL WHEN 5000 THEN "
            "unhex('%s') ELSE unhex('0101000000' || repeat('0', 32)) END "
            "AS g FROM range(6000)",
            bad[i].bytes);
        fixture_write_query(path, query.data, GEO(""));
        assert_fails(path, ELC_E_FORMAT, "bytes.parquet: row 5001: geometry: WKB of");
        assert_fails(path, ELC_E_FORMAT, bad[i].why);
        elc_string_free(&query);
    }
}

static void test_a_file_that_is_cut_or_changed_is_refused(void **state) {
    const char *path = fixture_path(state, "good.parquet");
    const char *cut = fixture_path(state, "cut.parquet");
    size_t n;
    fixture_write_ok(path, 5000);
    char *bytes = fixture_slurp(path, &n);
    for (size_t keep = 0; keep < n; keep += n / 17 + 1) {
        FILE *file = fopen(cut, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes, 1, keep, file), keep);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(fixture_read_status(cut, NULL), ELC_E_FORMAT);
    }
    free(bytes);
}

static void test_a_name_may_hold_the_marks_of_a_pattern(void **state) {
    static const char *const names[] = {"a[1].parquet", "it's.parquet", "what?.parquet",
                                        "[x.PARQUET", "a*.geoparquet"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture_table table;
        fixture_write_ok(fixture_path(state, names[i]), 3);
        fixture_read(fixture_path(state, names[i]), &table);
        assert_int_equal(table.count, 3);
        fixture_table_free(&table);
    }
}

/* ---- less than all -----------------------------------------------------------------
 */

enum { GRID = 20480 };

#define DIAGONAL "{xmin: i / 200.0, ymin: i / 200.0, xmax: i / 200.0, ymax: i / 200.0}"

/* Points along the diagonal, x from 0 to 102.395, in row groups of 2,048 rows, with
   boxes as stated. */
static void write_boxed(const char *path, const char *boxes) {
    elc_sql_options options = {.threads = 1, .files = true};
    elc_sql *sql = NULL;
    elc_string copy = {0};
    elc_error err = {0};
    assert_int_equal(elc_sql_open(&options, &sql, NULL), ELC_OK);
    elc_string_printf(
        &copy, NULL,
        "COPY (SELECT i::INTEGER AS i, i / 200.0 - 1 AS x, " POINT
        " AS g, (%s)::STRUCT(xmin DOUBLE, ymin DOUBLE, xmax DOUBLE, "
        "ymax DOUBLE) AS b, 'row ' || i AS _t FROM range(%d) AS r(i)) TO ",
        boxes, GRID);
    elc_sql_quote_text(&copy, path, NULL);
    elc_string_printf(&copy, NULL, " (FORMAT parquet, ROW_GROUP_SIZE 2048, ");
    elc_string_printf(&copy, NULL, "KV_METADATA {geo: ");
    elc_sql_quote_text(
        &copy,
        GEO(",\"covering\":{\"bbox\":{\"xmin\":[\"b\",\"xmin\"],\"ymin\":[\"b\","
            "\"ymin\"],\"xmax\":[\"b\",\"xmax\"],\"ymax\":[\"b\",\"ymax\"]}}"),
        NULL);
    elc_string_printf(&copy, NULL, "})");
    if (elc_sql_run(sql, copy.data, &err) != ELC_OK)
        fail_msg("%s: %s", copy.data, err.message);
    elc_string_free(&copy);
    elc_sql_free(sql);
}

static void write_diagonal(const char *path) {
    write_boxed(path, DIAGONAL);
}

/* Rows that are read where `wish` is told, and the lowest and highest of column i. */
static elc_status read_wish(const char *path, const elc_wish *wish, size_t *n,
                            int64_t ends[2]) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    assert_int_equal(elc_layer_read(path, &stream, NULL), ELC_OK);
    assert_int_equal(elc_stream_narrow(&stream, wish, NULL), ELC_OK);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    elc_status status;
    *n = 0;
    while ((status = elc_stream_next(&stream, &batch, NULL)) == ELC_OK &&
           batch.release != NULL) {
        elc_rows *rows;
        assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
        size_t column = (size_t)elc_rows_column(rows, "i");
        if (*n == 0)
            ends[0] = elc_rows_int(rows, column, 0);
        *n += elc_rows_count(rows);
        ends[1] = elc_rows_int(rows, column, elc_rows_count(rows) - 1);
        elc_rows_free(rows);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    return status;
}

/* Makes the pages of a column of row groups from `first` on what no one can unpack. */
static void spoil(const char *path, int first) {
    char *from = NULL, after[200];
    snprintf(after, sizeof after, ") WHERE row_group_id >= %d AND path_in_schema = 'i'",
             first);
    from = ask(path,
               "SELECT string_agg(coalesce(dictionary_page_offset, data_page_offset) "
               "|| ' ' || total_compressed_size, ' ') FROM parquet_metadata(",
               after);
    assert_non_null(from);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    char *at = from;
    while (*at != '\0') {
        long offset = strtol(at, &at, 10), size = strtol(at, &at, 10);
        assert_int_equal(fseek(file, offset, SEEK_SET), 0);
        for (long i = 0; i < size; i++)
            assert_int_equal(fputc(0xff, file), 0xff);
    }
    assert_int_equal(fclose(file), 0);
    free(from);
}

static void test_row_groups_that_lie_elsewhere_are_not_read(void **state) {
    const char *path = fixture_path(state, "diagonal.parquet");
    const double near[4] = {1, 0, 3, 50}, none[4] = {1, 20, 3, 50};
    size_t n;
    int64_t ends[2];
    write_diagonal(path);
    elc_wish wish = {.box = near};
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 401);
    assert_int_equal(ends[0], 200);
    assert_int_equal(ends[1], 600);
    spoil(path, 1);
    assert_int_equal(fixture_read_status(path, NULL), ELC_E_FORMAT);
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 401);
    wish.box = none;
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 0);
}

/* Where most row groups are needed, their boxes are not worth reading. */
static void test_a_box_of_most_rows_is_passed_over(void **state) {
    const char *path = fixture_path(state, "diagonal.parquet");
    const double most[4] = {20, 20, 200, 200};
    size_t n;
    int64_t ends[2];
    write_diagonal(path);
    assert_int_equal(read_wish(path, &(elc_wish){.box = most}, &n, ends), ELC_OK);
    assert_int_equal(n, GRID);
}

/* In degrees a row at 361 is one at 1: longitudes tell nothing where some are so. */
static void test_longitudes_count_only_within_a_turn(void **state) {
    const char *path = fixture_path(state, "diagonal.parquet");
    const double east[4] = {1, -90, 3, 90}, low[4] = {-180, 1, 180, 3};
    size_t n;
    int64_t ends[2];
    write_diagonal(path);
    elc_wish wish = {.box = east, .degrees = true};
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 401);
    wish.box = low;
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 401);
}

/* A box over the antimeridian has its xmin in the east, as GeoParquet says. */
static void test_boxes_over_the_antimeridian_are_no_narrow_ones(void **state) {
    const char *path = fixture_path(state, "over.parquet");
    const double east[4] = {178, 0, 179, 90}, low[4] = {178, 1, 179, 3};
    size_t n;
    int64_t ends[2];
    write_boxed(path, "CASE WHEN i % 2048 = 7 THEN {xmin: 177, ymin: i / 200.0, "
                      "xmax: -178, ymax: i / 200.0} ELSE " DIAGONAL " END");
    elc_wish wish = {.box = east, .degrees = true};
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, GRID);
    wish.box = low;
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 401);
    wish.degrees = false;
    wish.box = east;
    assert_int_equal(read_wish(path, &wish, &n, ends), ELC_OK);
    assert_int_equal(n, 0);
}

static void test_a_shape_without_a_box_may_lie_anywhere(void **state) {
    const char *path = fixture_path(state, "unboxed.parquet");
    const double near[4] = {1, 0, 3, 50};
    size_t n;
    int64_t ends[2];
    write_boxed(path, "CASE WHEN i <> 9 THEN " DIAGONAL " END");
    assert_int_equal(read_wish(path, &(elc_wish){.box = near}, &n, ends), ELC_OK);
    assert_int_equal(n, GRID);
}

static void test_columns_that_nobody_wants_are_not_read(void **state) {
    const char *path = fixture_path(state, "diagonal.parquet");
    elc_names names = {0};
    size_t n;
    int64_t ends[2];
    write_diagonal(path);
    spoil(path, 0);
    assert_int_equal(elc_names_add(&names, "t", NULL), ELC_OK);
    assert_int_equal(elc_names_add(&names, "geometry", NULL), ELC_OK);
    assert_int_equal(elc_names_add(&names, "nowhere", NULL), ELC_OK);
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_type type;
    elc_wish wish = {.columns = &names};
    assert_int_equal(elc_layer_read(path, &stream, NULL), ELC_OK);
    assert_int_equal(elc_stream_narrow(&stream, &wish, NULL), ELC_OK);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[0]->name, "geometry");
    assert_int_equal(elc_schema_type(schema.children[0], &type, NULL), ELC_OK);
    assert_int_equal(type, ELC_GEOMETRY);
    assert_string_equal(schema.children[1]->name, "t");
    assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_OK);
    elc_rows *rows;
    assert_int_equal(elc_rows_view(&schema, &batch, &rows, NULL), ELC_OK);
    assert_memory_equal(elc_rows_bytes(rows, 1, 7, &n), "row 7", 5);
    /* Once it has begun it stays as it is. */
    assert_int_equal(
        elc_stream_narrow(&stream, &(elc_wish){.columns = &(elc_names){0}}, NULL),
        ELC_OK);
    elc_schema_release(&schema);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(schema.n_children, 2);
    elc_rows_free(rows);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    elc_names_free(&names);
    /* The column itself is broken. */
    assert_int_equal(read_wish(path, &(elc_wish){0}, &n, ends), ELC_E_FORMAT);
}

/* ---- files of ours ----------------------------------------------------------------
 */

static void test_what_is_written_is_read_again(void **state) {
    fixture_table table;
    const char *path = fixture_path(state, "t.parquet");
    fixture_write_ok(path, 10);
    fixture_read(path, &table);
    assert_int_equal(table.count, 10);
    assert_int_equal(elc_schema_find(&table.schema, "_hidden"), -1);
    assert_int_equal(elc_schema_find(&table.schema, "bbox"), -1);
    for (size_t row = 0; row < 10; row++) {
        size_t n64 = fixture_column(&table, "n64", ELC_INT64);
        size_t f64 = fixture_column(&table, "f64", ELC_FLOAT64);
        size_t f32 = fixture_column(&table, "f32", ELC_FLOAT32);
        size_t yes = fixture_column(&table, "yes", ELC_BOOL);
        size_t day = fixture_column(&table, "day", ELC_DATE32);
        size_t at = fixture_column(&table, "at", ELC_TIMESTAMP);
        size_t blob = fixture_column(&table, "blob", ELC_BINARY);
        bool null = row % 5 == 4;
        assert_int_equal(elc_rows_null(table.rows, n64, row), null);
        assert_int_equal(elc_rows_null(table.rows, 0, row), null);
        assert_int_equal(elc_rows_null(table.rows, blob, row), null);
        if (null)
            continue;
        assert_true(elc_rows_int(table.rows, n64, row) == fixture_n64(row));
        assert_true(elc_rows_real(table.rows, f64, row) == fixture_f64(row));
        assert_true(elc_rows_real(table.rows, f32, row) ==
                    (double)(float)((double)row * 0.1));
        assert_true(elc_rows_int(table.rows, yes, row) == (int64_t)row % 2);
        assert_true(elc_rows_int(table.rows, day, row) == fixture_day(row));
        assert_true(elc_rows_int(table.rows, at, row) == fixture_time(row));
    }
    fixture_assert_text(&table, "id", 2, "zwei\nZeilen");
    fixture_table_free(&table);
}

static void test_the_same_rows_give_the_same_bytes_however_they_are_cut(void **state) {
    size_t n, m;
    const char *a = fixture_path(state, "a.parquet"),
               *b = fixture_path(state, "b.parquet");
    assert_int_equal(fixture_write(a, 150000, 4096, false, NULL), ELC_OK);
    assert_int_equal(fixture_write(b, 150000, 999, false, NULL), ELC_OK);
    char *one = fixture_slurp(a, &n), *other = fixture_slurp(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, other, n);
    free(one);
    free(other);
}

/* A group is held in memory while it is written. */
static void test_rows_of_many_bytes_are_written_in_smaller_groups(void **state) {
    enum { ROWS = 5000, SIZE = 20000 };
    const elc_column column = {"text", ELC_UTF8, NULL, NULL};
    const char *path = fixture_path(state, "long.parquet");
    static char text[SIZE + 1];
    elc_batch *batch = NULL;
    memset(text, 'x', SIZE);
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(elc_batch_text(batch, 0, text, NULL), ELC_OK);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(fixture_write_batch(path, &column, 1, batch, NULL), ELC_OK);
    char *groups = ask(path,
                       "SELECT string_agg(row_group_num_rows, ' ') FROM "
                       "parquet_metadata(",
                       ")");
    assert_string_equal(groups, "2048 2048 904");
    free(groups);
}

static json_t *geo_of(const char *path) {
    char *text = ask(path, "SELECT value FROM parquet_kv_metadata(",
                     ") WHERE key = 'geo'::BLOB");
    assert_non_null(text);
    json_t *geo = json_loads(text, 0, NULL);
    assert_non_null(geo);
    free(text);
    return geo;
}

static void assert_json(const json_t *json, const char *expected) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
    assert_string_equal(text == NULL ? "none" : text, expected);
    free(text);
}

static void test_the_metadata_state_kinds_box_crs_and_covering(void **state) {
    const char *path = fixture_path(state, "s.parquet");
    static const char *const shapes[] = {
        "POINT (1 2)", "LINESTRING Z (3 4 5,-6 7 8)",        "",
        "POINT EMPTY", "MULTIPOLYGON (((0 0,1 0,1 9,0 0)))", NULL};
    assert_int_equal(fixture_write_shapes(path, "EPSG:32633", shapes, NULL), ELC_OK);
    json_t *geo = geo_of(path);
    const json_t *column = json_object_get(json_object_get(geo, "columns"), "geometry");
    assert_string_equal(json_string_value(json_object_get(geo, "version")), "1.1.0");
    assert_string_equal(json_string_value(json_object_get(geo, "primary_column")),
                        "geometry");
    assert_string_equal(json_string_value(json_object_get(column, "encoding")), "WKB");
    assert_json(json_object_get(column, "geometry_types"),
                "[\"Point\",\"LineString Z\",\"MultiPolygon\"]");
    assert_json(json_object_get(column, "bbox"), "[-6.0,0.0,3.0,9.0]");
    assert_json(json_object_get(column, "covering"),
                "{\"bbox\":{\"xmin\":[\"bbox\",\"xmin\"],\"ymin\":[\"bbox\",\"ymin\"],"
                "\"xmax\":[\"bbox\",\"xmax\"],\"ymax\":[\"bbox\",\"ymax\"]}}");
    const json_t *name = json_object_get(json_object_get(column, "crs"), "name");
    assert_string_equal(json_string_value(name), "WGS 84 / UTM zone 33N");
    json_decref(geo);
    assert_crs(path, "EPSG:32633");
}

static void test_each_rows_box_is_that_of_its_shape(void **state) {
    const char *path = fixture_path(state, "s.parquet");
    static const char *const shapes[] = {"LINESTRING (3 4,-6 7)", "", "POINT EMPTY",
                                         NULL};
    assert_int_equal(fixture_write_shapes(path, NULL, shapes, NULL), ELC_OK);
    char *boxes =
        ask(path, "SELECT string_agg(coalesce(bbox::VARCHAR, '-')) FROM ", "");
    assert_string_equal(boxes,
                        "{'xmin': -6.0, 'ymin': 4.0, 'xmax': 3.0, 'ymax': 7.0},-,-");
    free(boxes);
}

static void test_crs84_and_no_crs_are_said_as_geoparquet_has_them(void **state) {
    static const char *const shapes[] = {"POINT (1 2)", NULL};
    const char *path = fixture_path(state, "a.parquet");
    assert_int_equal(fixture_write_shapes(path, NULL, shapes, NULL), ELC_OK);
    json_t *geo = geo_of(path);
    const json_t *column = json_object_get(json_object_get(geo, "columns"), "geometry");
    assert_null(json_object_get(column, "crs"));
    json_decref(geo);
    path = fixture_path(state, "b.parquet");
    assert_int_equal(fixture_write_shapes(path, "", shapes, NULL), ELC_OK);
    geo = geo_of(path);
    column = json_object_get(json_object_get(geo, "columns"), "geometry");
    assert_true(json_is_null(json_object_get(column, "crs")));
    json_decref(geo);
    assert_crs(path, "");
}

static void test_a_table_of_no_rows_or_no_geometry_is_written_too(void **state) {
    fixture_table table;
    static const elc_column one[] = {{"bbox", ELC_INT32, NULL, NULL}};
    elc_batch *batch = NULL;
    fixture_write_ok(fixture_path(state, "none.parquet"), 0);
    fixture_read(fixture_path(state, "none.parquet"), &table);
    assert_int_equal(table.count, 0);
    assert_int_equal(fixture_column(&table, "geometry", ELC_GEOMETRY), 0);
    fixture_table_free(&table);
    const char *path = fixture_path(state, "plain.parquet");
    assert_int_equal(elc_batch_create(one, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_int(batch, 0, 7, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(fixture_write_batch(path, one, 1, batch, NULL), ELC_OK);
    assert_null(ask(path, "SELECT any_value(value) FROM parquet_kv_metadata(", ")"));
    fixture_read(path, &table);
    assert_int_equal(fixture_column(&table, "bbox", ELC_INT32), 0);
    fixture_table_free(&table);
}

/* ---- whole or not at all ----------------------------------------------------------
 */

static elc_status write_some(const char *path, bool commit, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_sink *sink = NULL;
    size_t layer;
    assert_int_equal(
        elc_schema_create(fixture_columns, fixture_n_columns, NULL, &schema, NULL), 0);
    elc_status status = elc_sink_create(path, NULL, &sink, err);
    if (status == ELC_OK)
        status = elc_sink_add_layer(sink, "a", &schema, &layer, err);
    fixture_batch(0, 5000, &batch);
    for (int i = 0; status == ELC_OK && i < 5; i++)
        status = elc_sink_write(sink, layer, &batch, err);
    elc_array_release(&batch);
    if (status == ELC_OK && commit)
        status = elc_sink_add_layer(sink, "b", &schema, &layer, err);
    elc_sink_free(sink);
    elc_schema_release(&schema);
    return status;
}

static void test_a_file_that_is_given_up_leaves_nothing(void **state) {
    const char *path = fixture_path(state, "a.parquet");
    assert_int_equal(write_some(path, false, NULL), ELC_OK);
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_a_second_layer_is_refused_with_what_to_write(void **state) {
    elc_error err = {0};
    const char *path = fixture_path(state, "a.parquet");
    assert_int_equal(write_some(path, true, &err), ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "Parquet holds one table"));
    assert_non_null(strstr(err.message, "write .gpkg"));
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_a_row_whose_geometry_is_none_is_refused_by_its_number(void **state) {
    elc_batch *batch = NULL;
    elc_error err = {0};
    const elc_column one[] = {{"geometry", ELC_GEOMETRY, NULL, NULL}};
    const char *path = fixture_path(state, "a.parquet");
    assert_int_equal(elc_batch_create(one, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, 0, "no", 2, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(fixture_write_batch(path, one, 1, batch, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "row 2"));
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_names_that_differ_in_case_alone_are_refused(void **state) {
    elc_batch *batch = NULL;
    elc_error err = {0};
    const elc_column two[] = {{"a", ELC_INT32, NULL, NULL},
                              {"A", ELC_INT32, NULL, NULL}};
    const char *path = fixture_path(state, "a.parquet");
    assert_int_equal(elc_batch_create(two, 2, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(fixture_write_batch(path, two, 2, batch, &err), ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "the columns a and A"));
    assert_int_equal(fixture_count_files(state), 0);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_crs_is_as_the_metadata_state_it),
        TEST(test_a_file_without_metadata_is_a_table_of_its_columns),
        TEST(test_columns_keep_their_order_and_boxes_are_hidden),
        TEST(test_a_geometry_is_no_column_of_boxes_whatever_the_metadata_state),
        TEST(test_what_cannot_be_read_is_refused_with_the_reason),
        TEST(test_bytes_that_are_no_wkb_are_told_with_their_row),
        TEST(test_a_file_that_is_cut_or_changed_is_refused),
        TEST(test_a_name_may_hold_the_marks_of_a_pattern),
        TEST(test_row_groups_that_lie_elsewhere_are_not_read),
        TEST(test_a_box_of_most_rows_is_passed_over),
        TEST(test_longitudes_count_only_within_a_turn),
        TEST(test_boxes_over_the_antimeridian_are_no_narrow_ones),
        TEST(test_a_shape_without_a_box_may_lie_anywhere),
        TEST(test_columns_that_nobody_wants_are_not_read),
        TEST(test_what_is_written_is_read_again),
        TEST(test_the_same_rows_give_the_same_bytes_however_they_are_cut),
        TEST(test_rows_of_many_bytes_are_written_in_smaller_groups),
        TEST(test_the_metadata_state_kinds_box_crs_and_covering),
        TEST(test_each_rows_box_is_that_of_its_shape),
        TEST(test_crs84_and_no_crs_are_said_as_geoparquet_has_them),
        TEST(test_a_table_of_no_rows_or_no_geometry_is_written_too),
        TEST(test_a_file_that_is_given_up_leaves_nothing),
        TEST(test_a_second_layer_is_refused_with_what_to_write),
        TEST(test_a_row_whose_geometry_is_none_is_refused_by_its_number),
        TEST(test_names_that_differ_in_case_alone_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
