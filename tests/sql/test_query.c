/* test_query.c - queries: their types, their order, what they may do and may not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- types ------------------------------------------------------------------------
 */

static void test_plain_types_stay_as_they_are(void **state) {
    asking_gives(*state,
                 "SELECT true AS a, 7::INTEGER AS b, 8::BIGINT AS c, 0.5::FLOAT AS d, "
                 "0.25::DOUBLE AS e, 'x' AS f, '\\x01\\xff'::BLOB AS g",
                 "a:bool|b:int32|c:int64|d:float32|e:float64|f:utf8|g:binary\n"
                 "1|7|8|0.5|0.25|x|01ff");
}

static void test_narrow_and_unsigned_numbers_widen(void **state) {
    asking_gives(*state,
                 "SELECT 1::TINYINT AS a, 2::SMALLINT AS b, 3::UTINYINT AS c, "
                 "4::USMALLINT AS d, 5::UINTEGER AS e, 6::UBIGINT AS f, 7::HUGEINT AS "
                 "g, 8::UHUGEINT AS h, 1.5 AS i",
                 "a:int32|b:int32|c:int32|d:int32|e:int64|f:int64|g:int64|h:int64|"
                 "i:float64\n1|2|3|4|5|6|7|8|1.5");
}

static void test_a_number_beyond_64_bits_says_what_to_do(void **state) {
    asking_fails(*state, "SELECT 9223372036854775808::HUGEINT AS a", ELC_E_ARGUMENT,
                 "cast it to DOUBLE or VARCHAR");
    asking_fails(*state, "SELECT 18446744073709551615::UBIGINT AS a", ELC_E_ARGUMENT,
                 "whole numbers end at 64 bits");
}

static void test_times_are_utc(void **state) {
    asking_gives(*state,
                 "SELECT DATE '1970-01-03' AS a, TIMESTAMP '1970-01-01 00:00:01' AS b, "
                 "TIMESTAMPTZ '1970-01-01 00:00:02+00' AS c, "
                 "'1970-01-01 00:00:03'::TIMESTAMP_S AS d, "
                 "'1970-01-01 00:00:04'::TIMESTAMP_NS AS e, TIME '12:30' AS f",
                 "a:date32|b:timestamp|c:timestamp|d:timestamp|e:timestamp|f:utf8\n"
                 "2|1000000|2000000|3000000|4000000|12:30:00");
}

static void test_dates_without_end_are_null(void **state) {
    asking_gives(*state, "SELECT 'infinity'::DATE AS a, '-infinity'::TIMESTAMP AS b",
                 "a:date32|b:timestamp\nNULL|NULL");
}

static void test_lists_and_structs_are_json(void **state) {
    asking_gives(*state,
                 "SELECT [1, NULL] AS a, {'x': 1, 'y': 'z'} AS b, MAP {'k': 1.5} AS c, "
                 "'u'::ENUM ('t', 'u') AS d, NULL AS e",
                 "a:utf8|b:utf8|c:utf8|d:utf8|e:int32\n"
                 "[1,null]|{\"x\":1,\"y\":\"z\"}|{\"k\":1.5}|u|NULL");
}

static void test_names_are_seen_and_can_be_told_apart(void **state) {
    asking_gives(*state, "SELECT 1 AS a, 2 AS a, 3 AS _b, 4 AS __",
                 "a:int32|a_2:int32|b:int32|column:int32\n1|2|3|4");
    asking_gives(*state, "SELECT 1::TINYINT AS \"x\"\"y\", 2 AS \"x\"\"y\"",
                 "x\"y:int32|x\"y_2:int32\n1|2");
}

static void test_text_of_any_length_goes_in_and_out(void **state) {
    asking_gives(*state, "SELECT '' AS a, 'zwölf Bytes' AS b, repeat('é', 20) AS c",
                 "a:utf8|b:utf8|c:utf8\n|zwölf Bytes|éééééééééééééééééééé");
}

static void test_text_is_not_cut_at_a_nul(void **state) {
    asking_gives(*state, "SELECT 'a' || chr(0) || 'b' || chr(0) AS a, chr(0) AS b",
                 "a:utf8|b:utf8\na\uFFFDb\uFFFD|\uFFFD");
}

/* ---- order ------------------------------------------------------------------------
 */

static void test_rows_have_the_order_of_the_query(void **state) {
    asking_table(*state, "t", 5, NULL);
    asking_gives(*state, "SELECT id::UTINYINT AS id FROM t ORDER BY id DESC -- done",
                 "id:int32\n4\n3\n2\n1\n0");
    asking_gives(*state, "FROM t SELECT id WHERE word IS NULL;", "id:int64\n2");
}

static void test_without_an_order_rows_have_that_of_the_table(void **state) {
    asking_table(*state, "t", 300000, NULL);
    asking_gives(*state,
                 "SELECT count(*) AS n FROM (SELECT id, row_number() OVER () AS r FROM "
                 "t) WHERE id + 1 <> r",
                 "n:int64\n0");
}

/* Of 20 kB each, a chunk of which is over the 32 MB that a batch ends with. */
static void test_long_rows_come_in_batches_of_few(void **state) {
    enum { ROWS = 10000, SIZE = 20000, BATCH = 32 << 20 };
    struct ArrowArrayStream rows = {0};
    struct ArrowArray batch = {0};
    int64_t n = 0;
    assert_int_equal(elc_sql_query(*state,
                                   "SELECT repeat('x', 20000) FROM range(10000)", NULL,
                                   &rows, NULL),
                     ELC_OK);
    while (elc_stream_next(&rows, &batch, NULL) == ELC_OK && batch.release != NULL) {
        const int32_t *offsets = batch.children[0]->buffers[1];
        assert_int_equal(offsets[batch.length], batch.length * SIZE);
        assert_true(offsets[batch.length] < BATCH + SIZE);
        n += batch.length;
        elc_array_release(&batch);
        batch.release = NULL;
    }
    assert_int_equal(n, ROWS);
    elc_stream_release(&rows);
}

/* Chunks of 80 MB, whose rows are taken one by one: values and NULLs of each type. */
static void test_long_rows_are_what_they_were(void **state) {
    static const char values[] =
        "i % 3 = 0 AS a, i::INTEGER AS b, i::BIGINT AS c, i::FLOAT AS d, i / 2 AS e, "
        "DATE '2020-01-01' + i::INTEGER AS f, "
        "TIMESTAMP '2020-01-01' + to_seconds(i) AS g, i::VARCHAR::BLOB AS h, "
        "repeat('x', 40000 + i) AS j, [i::FLOAT, 1] AS k";
    static const char names[] = "abcdefghjk";
    elc_string query = {0}, check = {0};
    struct ArrowArrayStream rows = {0};
    elc_sql *from = NULL;
    elc_string_printf(&query, NULL, "SELECT i");
    elc_string_printf(&check, NULL, "SELECT count(*) AS n, count(*) FILTER (false");
    for (int i = 0; names[i] != '\0'; i++) {
        int every = 2 + i; /* that one is NULL */
        elc_string_printf(&query, NULL, ", CASE WHEN i %% %d <> 0 THEN %c END AS %c",
                          every, names[i], names[i]);
        elc_string_printf(
            &check, NULL,
            " OR t.%c IS DISTINCT FROM CASE WHEN t.i %% %d <> 0 THEN v.%c END",
            names[i], every, names[i]);
    }
    elc_string_printf(&query, NULL, " FROM (SELECT i, %s FROM range(3000) r(i))",
                      values);
    elc_string_printf(
        &check, NULL,
        ") AS wrong FROM t JOIN (SELECT i, %s FROM range(3000) r(i)) v USING (i)",
        values);
    assert_int_equal(elc_sql_open(NULL, &from, NULL), ELC_OK);
    assert_int_equal(elc_sql_query(from, query.data, NULL, &rows, NULL), ELC_OK);
    elc_sql_free(from);
    assert_int_equal(elc_sql_add_table(*state, "t", &rows, NULL), ELC_OK);
    asking_gives(*state, check.data, "n:int64|wrong:int64\n3000|0");
    elc_string_free(&query);
    elc_string_free(&check);
}

/* ---- what may be asked ------------------------------------------------------------
 */

static void test_only_one_query_is_run(void **state) {
    asking_fails(*state, "", ELC_E_ARGUMENT, "the query is empty");
    asking_fails(*state, "SELECT 1; SELECT 2", ELC_E_ARGUMENT, "2 statements");
    asking_fails(*state, "SELEC 1", ELC_E_ARGUMENT, "syntax error");
    asking_fails(*state, "SELECT $1", ELC_E_ARGUMENT, "parameters");
}

static void test_nothing_is_changed(void **state) {
    asking_table(*state, "t", 5, NULL);
    static const char *const changes[] = {"DROP TABLE t",
                                          "DELETE FROM t",
                                          "INSERT INTO t SELECT * FROM t",
                                          "CREATE TABLE u (a INTEGER)",
                                          "SET threads = 4",
                                          "PRAGMA enable_profiling",
                                          "CALL pragma_version()",
                                          "CHECKPOINT",
                                          "LOAD spatial"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        asking_fails(*state, changes[i], ELC_E_ARGUMENT, "");
    asking_gives(*state, "SELECT count(*) AS n FROM t", "n:int64\n5");
}

static void test_no_file_is_read_or_written(void **state) {
    asking_fails(*state, "SELECT * FROM read_csv('/etc/passwd')", ELC_E_ARGUMENT,
                 "SQL reads no files here");
    asking_fails(*state, "SELECT * FROM read_text('/etc/passwd')", ELC_E_ARGUMENT,
                 "SQL reads no files here");
    asking_fails(*state, "SELECT * FROM '/etc/passwd.csv'", ELC_E_ARGUMENT, "");
    asking_fails(*state, "SELECT * FROM glob('/etc/*')", ELC_E_ARGUMENT,
                 "SQL reads no files here");
    asking_fails(*state, "COPY (SELECT 1) TO '/tmp/elcano-never'", ELC_E_ARGUMENT, "");
    asking_fails(*state, "ATTACH '/tmp/elcano-never'", ELC_E_ARGUMENT, "");
    assert_int_not_equal(access("/tmp/elcano-never", F_OK), 0);
}

static void test_a_column_that_is_not_there_is_told_with_the_nearest(void **state) {
    asking_table(*state, "t", 5, NULL);
    asking_fails(*state, "SELECT wort FROM t", ELC_E_ARGUMENT, "\"word\"");
}

static void test_the_tables_of_a_query_are_known(void **state) {
    elc_names names = {0};
    const char *query = "WITH x AS (SELECT * FROM a) SELECT * FROM x, \"b c\", a";
    assert_int_equal(elc_sql_tables_of(*state, query, &names, NULL), ELC_OK);
    assert_int_equal(names.count, 2);
    assert_true(elc_names_find(&names, "a") != SIZE_MAX);
    assert_true(elc_names_find(&names, "b c") != SIZE_MAX);
    elc_names_free(&names);
}

/* ---- geometries -------------------------------------------------------------------
 */

static void assert_crs(elc_sql *sql, const char *query, const char *crs,
                       const char *expected) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    elc_error err = {0};
    char *is = NULL, *given = crs[0] == '\0' ? strdup("") : asking_projjson(crs);
    char *wanted = expected[0] == '\0' ? strdup("") : asking_projjson(expected);
    if (elc_sql_query(sql, query, given, &stream, &err) != ELC_OK)
        fail_msg("%s: %s", query, err.message);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_crs(schema.children[0], &is, NULL), ELC_OK);
    assert_string_equal(is, wanted);
    free(is);
    free(given);
    free(wanted);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
}

static void test_a_geometry_keeps_the_crs_of_its_table(void **state) {
    asking_table(*state, "a", 3, "EPSG:32633");
    asking_table(*state, "b", 3, "EPSG:25832");
    asking_table(*state, "c", 3, "EPSG:32633");
    assert_crs(*state, "SELECT geometry FROM a", "", "EPSG:32633");
    assert_crs(*state, "SELECT geometry AS g FROM b", "", "EPSG:25832");
    assert_crs(*state, "SELECT b.geometry FROM a JOIN b USING (id)", "", "EPSG:25832");
    assert_crs(*state, "SELECT any_value(geometry) FROM b GROUP BY id", "",
               "EPSG:25832");
    assert_crs(*state, "SELECT geometry FROM a UNION ALL SELECT geometry FROM c", "",
               "EPSG:32633");
}

static void test_a_geometry_of_no_table_has_the_crs_that_is_given(void **state) {
    assert_int_equal(elc_sql_add_functions(*state, "", NULL), ELC_OK);
    assert_crs(*state, "SELECT st_point(1, 2)", "EPSG:4326", "EPSG:4326");
    assert_crs(*state, "SELECT st_point(1, 2)", "", "");
}

/* ---- tables -----------------------------------------------------------------------
 */

static void test_a_name_is_taken_once(void **state) {
    struct ArrowArrayStream rows = {0};
    elc_error err = {0};
    asking_table(*state, "t", 2, NULL);
    asking_stream(2, 1, NULL, &rows);
    assert_int_equal(elc_sql_add_table(*state, "T", &rows, &err), ELC_E_ARGUMENT);
    assert_null(rows.release);
}

/* 150 bytes a row, of which all but one go once they are sorted. */
static elc_status sort_rows(size_t memory, elc_error *err) {
    const elc_context context = {.memory = memory};
    const elc_sql_options options = {.context = &context, .threads = 1};
    elc_sql *sql;
    assert_int_equal(elc_sql_open(&options, &sql, err), ELC_OK);
    elc_status status =
        elc_sql_run(sql,
                    "CREATE TABLE t AS SELECT i, repeat('x', 140) || i AS word FROM "
                    "range(700000) a(i); CREATE TABLE u AS FROM t ORDER BY hash(i)",
                    err);
    elc_sql_free(sql);
    return status;
}

static void test_what_memory_cannot_hold_goes_to_a_folder(void **state) {
    (void)state;
    elc_error err = {0};
    if (sort_rows(elc_memory_resident() + ((size_t)100 << 20), &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void test_a_query_keeps_to_its_memory(void **state) {
    (void)state;
    const elc_context context = {.memory = 1};
    const elc_sql_options options = {.context = &context, .threads = 1};
    elc_sql *sql;
    elc_error err = {0};
    assert_int_equal(elc_sql_open(&options, &sql, &err), ELC_OK);
    elc_status status = elc_sql_run(
        sql, "CREATE TABLE t AS SELECT list(i) AS l FROM range(9000000) a(i)", &err);
    assert_int_equal(status, ELC_E_MEMORY);
    assert_non_null(strstr(err.message, "give it more by --memory"));
    elc_sql_free(sql);
}

static void test_a_table_without_rows_has_its_columns(void **state) {
    asking_table(*state, "t", 0, NULL);
    asking_gives(*state, "SELECT * FROM t", "id:int64|word:utf8|geometry:geometry");
}

static elc_status broken_next(void *state, struct ArrowArray *out, elc_error *err) {
    (void)state, (void)out;
    return elc_fail(err, ELC_E_IO, "row 7: the disk is gone");
}

static void test_a_stream_that_fails_says_so_in_its_own_words(void **state) {
    static const elc_column one[] = {{"a", ELC_INT32, NULL, NULL}};
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream rows = {0};
    elc_error err = {0};
    assert_int_equal(elc_schema_create(one, 1, NULL, &schema, NULL), ELC_OK);
    elc_producer producer = {broken_next, NULL, NULL};
    assert_int_equal(elc_stream_create(&schema, producer, &rows, NULL), ELC_OK);
    assert_int_equal(elc_sql_add_table(*state, "t", &rows, &err), ELC_E_IO);
    assert_string_equal(err.message, "row 7: the disk is gone");
}

/* A table of one text, whose bytes others made. */
static elc_status add_text(elc_sql *sql, const char *name, const char bytes[3],
                           elc_error *err) {
    static const elc_column one[] = {{"a", ELC_UTF8, NULL, NULL}};
    struct ArrowSchema schema = {0};
    struct ArrowArray rows = {0};
    struct ArrowArrayStream stream = {0};
    elc_batch *batch;
    assert_int_equal(elc_batch_create(one, 1, &batch, NULL), ELC_OK);
    elc_batch_text(batch, 0, "abc", NULL);
    elc_batch_end_row(batch, NULL);
    assert_int_equal(elc_batch_finish(batch, &rows, NULL), ELC_OK);
    elc_batch_free(batch);
    memcpy((void *)(uintptr_t)rows.children[0]->buffers[2], bytes, 3);
    assert_int_equal(elc_schema_create(one, 1, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_stream_of_batches(&schema, &rows, 1, &stream, NULL), ELC_OK);
    elc_schema_release(&schema);
    return elc_sql_add_table(sql, name, &stream, err);
}

static void test_text_that_is_no_utf8_is_refused_by_its_row(void **state) {
    elc_error err = {0};
    const char *odd[] = {"a\xff\x62", "\0\xff\xff", "a\0\xf0", "\xff\0a"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(add_text(*state, "odd", odd[i], &err), ELC_E_FORMAT);
        assert_non_null(strstr(err.message, "row 1: a is no UTF-8"));
    }
    assert_int_equal(add_text(*state, "t", "a\0b", NULL), ELC_OK);
    asking_gives(*state, "SELECT length(a) AS n FROM t", "n:int64\n3");
}

static void test_a_stream_is_read_as_it_goes_and_once(void **state) {
    struct ArrowArrayStream rows = {0};
    asking_stream(10000, 7, NULL, &rows);
    assert_int_equal(elc_sql_add_stream(*state, "rows", &rows, false, NULL), ELC_OK);
    asking_gives(*state, "SELECT sum(id) AS s, count(word) AS w FROM rows()",
                 "s:int64|w:int64\n49995000|6667");
    asking_fails(*state, "SELECT * FROM rows()", ELC_E_ARGUMENT, "can be read once");
}

static void test_a_stream_of_rows_outlives_the_session_that_gave_it(void **state) {
    struct ArrowArrayStream stream = {0};
    elc_sql *sql = NULL;
    elc_error err = {0};
    (void)state;
    assert_int_equal(elc_sql_open(NULL, &sql, NULL), ELC_OK);
    assert_int_equal(elc_sql_query(sql, "SELECT 1 AS a", "", &stream, NULL), ELC_OK);
    elc_sql_free(sql);
    char *rows = asking_rows(&stream, &err);
    assert_string_equal(rows, "a:int32\n1");
    free(rows);
    elc_stream_release(&stream);
}

/* ---- cancel -----------------------------------------------------------------------
 */

static void *set_soon(void *cancel) {
    usleep(100 * 1000);
    __atomic_store_n((int *)cancel, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void test_a_long_query_ends_soon_after_cancel(void **state) {
    (void)state;
    int cancel = 0;
    elc_context context = {.threads = 1, .cancel = &cancel};
    elc_sql_options options = {.context = &context};
    elc_sql *sql = NULL;
    pthread_t thread;
    assert_int_equal(elc_sql_open(&options, &sql, NULL), ELC_OK);
    assert_int_equal(pthread_create(&thread, NULL, set_soon, &cancel), 0);
    double started = elc_clock();
    asking_fails(sql,
                 "SELECT count(*) FROM range(100000000) a(x), range(100000) b(y) WHERE "
                 "x * y % 7 = 3",
                 ELC_E_CANCELLED, "cancelled");
    assert_true(elc_clock() - started < 20);
    pthread_join(thread, NULL);
    elc_sql_free(sql);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, asking_setup, asking_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_plain_types_stay_as_they_are),
        TEST(test_narrow_and_unsigned_numbers_widen),
        TEST(test_a_number_beyond_64_bits_says_what_to_do),
        TEST(test_times_are_utc),
        TEST(test_dates_without_end_are_null),
        TEST(test_lists_and_structs_are_json),
        TEST(test_names_are_seen_and_can_be_told_apart),
        TEST(test_text_of_any_length_goes_in_and_out),
        TEST(test_text_is_not_cut_at_a_nul),
        TEST(test_rows_have_the_order_of_the_query),
        TEST(test_without_an_order_rows_have_that_of_the_table),
        TEST(test_long_rows_come_in_batches_of_few),
        TEST(test_long_rows_are_what_they_were),
        TEST(test_only_one_query_is_run),
        TEST(test_nothing_is_changed),
        TEST(test_no_file_is_read_or_written),
        TEST(test_a_column_that_is_not_there_is_told_with_the_nearest),
        TEST(test_the_tables_of_a_query_are_known),
        TEST(test_a_geometry_keeps_the_crs_of_its_table),
        TEST(test_a_geometry_of_no_table_has_the_crs_that_is_given),
        TEST(test_a_name_is_taken_once),
        cmocka_unit_test(test_what_memory_cannot_hold_goes_to_a_folder),
        cmocka_unit_test(test_a_query_keeps_to_its_memory),
        TEST(test_a_table_without_rows_has_its_columns),
        TEST(test_a_stream_that_fails_says_so_in_its_own_words),
        TEST(test_text_that_is_no_utf8_is_refused_by_its_row),
        TEST(test_a_stream_is_read_as_it_goes_and_once),
        TEST(test_a_stream_of_rows_outlives_the_session_that_gave_it),
        TEST(test_a_long_query_ends_soon_after_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
