/* test_calls.c - Elcano's functions in SQL: their examples, vectors of all kinds,
 * casts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <elcano/function.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state) {
    asking_setup(state);
    return elc_sql_add_functions(*state, "", NULL) == ELC_OK ? 0 : -1;
}

/* The example as SQL, its result as text; '?' for what has none. */
static void example_query(const elc_function *f, elc_string *out) {
    bool shape = f->result == ELC_GEOMETRY;
    elc_string_printf(out, NULL, "SELECT %s%s%s AS v", shape ? "st_astext(" : "",
                      f->example, shape ? ")" : "");
}

/* A list comes out as JSON, without blanks. */
static bool agrees_list(const char *got, const char *wanted) {
    while (*wanted != '\0' && (*wanted == ' ' || *got++ == *wanted))
        wanted++;
    return *got == '\0' && *wanted == '\0';
}

static bool agrees(const char *got, const char *wanted, elc_type type) {
    if (strcmp(got, "NULL") == 0 || strcmp(wanted, "NULL") == 0)
        return strcmp(got, wanted) == 0;
    if (type == ELC_BOOL)
        return strcmp(got, "1") == 0 ? strcmp(wanted, "true") == 0
                                     : strcmp(wanted, "false") == 0;
    if (type == ELC_FLOAT64) {
        double a = strtod(got, NULL), b = strtod(wanted, NULL);
        return a == b || (a - b) * (a - b) <= 1e-16 * b * b;
    }
    return type == ELC_GEOMETRY || strcmp(got, wanted) == 0;
}

/* Each is one that src/functions' own tests hold to its result; here it goes through
   the parser, the casts and the vectors of DuckDB. */
static void test_each_example_gives_in_sql_what_its_function_says(void **state) {
    const elc_function *f;
    size_t tried = 0;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++) {
        struct ArrowArrayStream stream = {0};
        elc_string query = {0};
        elc_error err = {0};
        if (f->image || f->example == NULL || strstr(f->example, "NULL::") != NULL ||
            f->result == ELC_BINARY)
            continue;
        example_query(f, &query);
        if (elc_sql_query(*state, query.data, "", &stream, &err) != ELC_OK)
            fail_msg("%s: %s", query.data, err.message);
        char *rows = asking_rows(&stream, &err);
        if (err.status != ELC_OK)
            fail_msg("%s: %s", query.data, err.message);
        const char *got = strchr(rows, '\n') + 1;
        if (f->list ? !agrees_list(got, f->gives)
                    : !agrees(got, f->gives == NULL ? "NULL" : f->gives, f->result))
            fail_msg("%s: %s, wanted %s", query.data, got, f->gives);
        free(rows);
        elc_stream_release(&stream);
        elc_string_free(&query);
        tried++;
    }
    assert_true(tried > 50);
}

static void test_null_in_gives_null_out(void **state) {
    asking_table(*state, "t", 4, NULL);
    asking_gives(*state,
                 "SELECT st_x(CASE WHEN id % 2 = 0 THEN geometry END) AS x, st_x(NULL) "
                 "AS n FROM t",
                 "x:float64|n:float64\n0|NULL\nNULL|NULL\n2|NULL\nNULL|NULL");
}

/* Lists of several vectors, with NULL and empty ones between. */
static void test_lists_are_sql_s_lists(void **state) {
    asking_table(*state, "t", 10000, NULL);
    asking_gives(
        *state,
        "SELECT count(*) AS n, sum(cell) AS s FROM (SELECT "
        "unnest(st_gridcover(CASE WHEN id % 3 = 0 THEN NULL WHEN id % 3 = 1 "
        "THEN st_geomfromtext('POLYGON EMPTY') ELSE st_makebbox(0.5, id + 0.5, "
        "0.7, id + 1.5) END, 1)) AS cell FROM t)",
        "n:int64|s:int64\n6666|33333333");
    asking_gives(*state,
                 "SELECT len(st_gridcover(st_geomfromtext('POINT EMPTY'), 1)) AS e, "
                 "st_gridcover(NULL, 1) IS NULL AS n",
                 "e:int64|n:bool\n0|1");
}

/* A constant is one row to the function, and a vector of 2048 equal rows to DuckDB. */
static void test_constants_and_columns_give_the_same(void **state) {
    asking_table(*state, "t", 10000, NULL);
    asking_gives(*state,
                 "SELECT count(*) AS n FROM t WHERE st_x(geometry) = id AND "
                 "st_x(st_point(5, id)) = 5 AND st_y(st_point(5, id)) = id AND "
                 "st_x(st_geomfromtext('POINT (3.5 4.5)')) = 3.5 AND "
                 "st_x(st_geomfromtext('POINT (' || id || ' 0)')) = id",
                 "n:int64\n10000");
}

static void test_texts_and_bytes_are_cast_where_a_geometry_is_wanted(void **state) {
    asking_gives(*state,
                 "SELECT st_x('POINT (1 2)') AS a, st_x(st_aswkb(st_point(7, "
                 "2))::BLOB::wkb) AS b, st_astext(TRY_CAST(v AS wkb)) AS c FROM "
                 "(VALUES ('POINT (3 4)'), ('POIN'), (NULL)) s(v)",
                 "a:float64|b:float64|c:utf8\n1|7|POINT (3 4)\n1|7|NULL\n1|7|NULL");
}

static void test_geometries_are_wkt_and_wkb_where_it_is_asked(void **state) {
    asking_table(*state, "t", 2, NULL);
    asking_gives(
        *state,
        "SELECT geometry::VARCHAR AS t, octet_length(geometry::BLOB) AS n FROM t",
        "t:utf8|n:int64\nPOINT (0 0)|21\nPOINT (1 1)|21");
}

static void test_a_row_that_fails_ends_the_query_with_its_reason(void **state) {
    asking_fails(*state, "SELECT st_geomfromtext('POINT (1')", ELC_E_FORMAT, "WKT");
    asking_fails(*state, "SELECT 'abc'::BLOB::wkb", ELC_E_FORMAT, "WKB of 3 bytes");
}

static void test_geometries_of_two_crss_do_not_meet(void **state) {
    elc_sql *sql = NULL;
    (void)state;
    assert_int_equal(elc_sql_open(NULL, &sql, NULL), ELC_OK);
    asking_table(sql, "a", 2, "EPSG:32633");
    asking_table(sql, "b", 2, "EPSG:25832");
    assert_int_equal(elc_sql_add_functions(sql, "", NULL), ELC_OK);
    asking_gives(sql,
                 "SELECT st_x(a.geometry) AS a, st_x(b.geometry) AS b FROM a JOIN b "
                 "USING (id) WHERE st_equals(b.geometry, b.geometry)",
                 "a:float64|b:float64\n0|0\n1|1");
    asking_fails(sql, "SELECT st_equals(a.geometry, b.geometry) FROM a, b",
                 ELC_E_ARGUMENT, "in different CRSs");
    asking_fails(sql, "SELECT st_equals(1, a.geometry) FROM a", ELC_E_ARGUMENT,
                 "-> BOOLEAN");
    elc_sql_free(sql);
}

/* What it gives has no table's CRS, and may be compared with any. */
static void test_transformed_geometries_have_the_crs_that_is_given(void **state) {
    elc_sql *sql = NULL;
    elc_error err = {0};
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    char *json = asking_projjson("EPSG:25832"), *crs = NULL;
    (void)state;
    assert_int_equal(elc_sql_open(NULL, &sql, NULL), ELC_OK);
    asking_table(sql, "a", 2, "EPSG:32633");
    asking_table(sql, "b", 2, "EPSG:25832");
    const char *query =
        "SELECT st_transform(a.geometry, 'EPSG:32633', 'EPSG:25832') AS g "
        "FROM a, b WHERE st_disjoint(g, b.geometry) AND st_isvalid(g)";
    assert_int_equal(elc_sql_add_functions(sql, query, NULL), ELC_OK);
    if (elc_sql_query(sql, query, json, &stream, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_crs(schema.children[0], &crs, NULL), ELC_OK);
    assert_string_equal(crs, json);
    free(crs);
    free(json);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    elc_sql_free(sql);
}

/* ---- all pairs --------------------------------------------------------------------
 */

static void keep(void *arg, const char *line) {
    snprintf(arg, 300, "%s", line);
}

static void test_a_query_of_all_pairs_is_warned_of(void **state) {
    char line[300] = "";
    elc_context context = {.warn = keep, .arg = line};
    elc_sql_options options = {.context = &context};
    elc_sql *sql = NULL;
    (void)state;
    assert_int_equal(elc_sql_open(&options, &sql, NULL), ELC_OK);
    asking_table(sql, "a", 5000, NULL);
    asking_table(sql, "b", 4000, NULL);
    assert_int_equal(elc_sql_add_functions(sql, "", NULL), ELC_OK);
    const char *hashed =
        "SELECT * FROM a JOIN b ON a.id = b.id AND st_equals(a.geometry, "
        "b.geometry)";
    assert_int_equal(elc_sql_warn_of_pairs(sql, hashed, NULL), ELC_OK);
    assert_string_equal(line, "");
    const char *pairs = "SELECT count(*) FROM a, b WHERE st_intersects(a.geometry, "
                        "b.geometry)";
    assert_int_equal(elc_sql_warn_of_pairs(sql, pairs, NULL), ELC_OK);
    assert_non_null(strstr(line, "2e+07 pairs"));
    assert_non_null(strstr(line, "elcano join"));
    elc_sql_free(sql);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, asking_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_each_example_gives_in_sql_what_its_function_says),
        TEST(test_null_in_gives_null_out),
        TEST(test_lists_are_sql_s_lists),
        TEST(test_constants_and_columns_give_the_same),
        TEST(test_texts_and_bytes_are_cast_where_a_geometry_is_wanted),
        TEST(test_geometries_are_wkt_and_wkb_where_it_is_asked),
        TEST(test_a_row_that_fails_ends_the_query_with_its_reason),
        TEST(test_geometries_of_two_crss_do_not_meet),
        TEST(test_transformed_geometries_have_the_crs_that_is_given),
        TEST(test_a_query_of_all_pairs_is_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
