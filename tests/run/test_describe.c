/* test_describe.c - operators: found by name, described as JSON; plans. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const needed[] = {"lon", "lat", NULL};
static const elc_input inputs[] = {
    {"points", ELC_CUT_DRIVING, needed, NULL, false, "what is looked for"},
    {"zones", ELC_CUT_KEYED, NULL, "zone", true, "where"},
    {0}};
static const char *const choices[] = {"inside", "touching", NULL};
static const elc_option options[] = {
    {"within", ELC_OPTION_LENGTH, "m", "15.5", 0.5, 1000, NULL, "how far"},
    {"how", ELC_OPTION_CHOICE, NULL, NULL, 0, 0, choices, "which relation"},
    {0}};
static const elc_column columns[] = {{"lon", ELC_FLOAT64, "degrees", "longitude"},
                                     {"_order", ELC_BINARY, NULL, NULL},
                                     {"n", ELC_INT64, NULL, "how many"}};
static const elc_output outputs[] = {
    {"pairs", "one row a pair", columns, 3, "and those of points"}, {0}};
static const elc_operator toy = {
    .name = "toy_join",
    .summary = "Puts things together.",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano toy-join a b",
};

static const char expected[] =
    "{\"name\":\"toy_join\",\"summary\":\"Puts things together.\",\"inputs\":["
    "{\"name\":\"points\",\"cut\":\"driving\",\"columns\":[\"lon\",\"lat\"],"
    "\"optional\":false,\"help\":\"what is looked for\"},"
    "{\"name\":\"zones\",\"cut\":\"keyed\",\"key\":\"zone\",\"optional\":true,"
    "\"help\":\"where\"}],\"options\":["
    "{\"name\":\"within\",\"type\":\"length\",\"unit\":\"m\",\"default\":\"15.5\","
    "\"min\":0.5,\"max\":1000,\"help\":\"how far\"},"
    "{\"name\":\"how\",\"type\":\"choice\",\"choices\":[\"inside\",\"touching\"],"
    "\"help\":\"which relation\"}],\"outputs\":["
    "{\"name\":\"pairs\",\"help\":\"one row a pair\",\"columns\":["
    "{\"name\":\"lon\",\"type\":\"float64\",\"unit\":\"degrees\","
    "\"help\":\"longitude\"},"
    "{\"name\":\"n\",\"type\":\"int64\",\"help\":\"how many\"}],"
    "\"more\":\"and those of points\"}],"
    "\"example\":\"elcano toy-join a b\"}";

/* JSON without the blanks between its tokens. */
static void squeeze(char *json) {
    char *to = json;
    bool quoted = false;
    for (; *json != '\0'; json++) {
        if (*json == '"')
            quoted = !quoted;
        if (quoted || (*json != ' ' && *json != '\n'))
            *to++ = *json;
    }
    *to = '\0';
}

static void test_describe_says_all_that_faces_need(void **state) {
    (void)state;
    elc_string json = {0};
    assert_int_equal(elc_operator_json(&toy, &json, NULL), ELC_OK);
    squeeze(json.data);
    assert_string_equal(json.data, expected);
    elc_string_free(&json);
}

static void test_describe_bare_operator_has_empty_lists(void **state) {
    (void)state;
    const elc_operator bare = {.name = "bare", .summary = "Nothing."};
    elc_string json = {0};
    assert_int_equal(elc_operator_json(&bare, &json, NULL), ELC_OK);
    squeeze(json.data);
    assert_string_equal(json.data, "{\"name\":\"bare\",\"summary\":\"Nothing.\","
                                   "\"inputs\":[],\"options\":[],\"outputs\":[]}");
    elc_string_free(&json);
}

static void test_registry_describes_every_operator_of_the_build(void **state) {
    (void)state;
    for (size_t i = 0; elc_operators[i] != NULL; i++) {
        const elc_operator *found = NULL;
        elc_string json = {0};
        assert_int_equal(elc_operator_find(elc_operators[i]->name, &found, NULL),
                         ELC_OK);
        assert_ptr_equal(found, elc_operators[i]);
        assert_int_equal(elc_operator_json(found, &json, NULL), ELC_OK);
        elc_string_free(&json);
    }
}

static void test_registry_refuses_an_unknown_operator(void **state) {
    (void)state;
    const elc_operator *found = &toy;
    elc_error err = {0};
    assert_int_equal(elc_operator_find("no such one", &found, &err), ELC_E_NOT_FOUND);
    assert_ptr_equal(found, &toy);
    assert_non_null(strstr(err.message, "operator: \"no such one\" is not known; "));
}

static void test_plan_copies_bytes(void **state) {
    (void)state;
    elc_plan plan = {0};
    char bytes[] = "abc";
    assert_int_equal(elc_plan_add(&plan, bytes, 3, 0, 1.5, NULL), ELC_OK);
    assert_int_equal(elc_plan_add(&plan, NULL, 0, 7, 2, NULL), ELC_OK);
    bytes[0] = 'z';
    assert_int_equal(plan.count, 2);
    assert_memory_equal(plan.parts[0].bytes, "abc", 3);
    assert_int_equal(plan.parts[1].scope, 7);
    assert_int_equal(plan.parts[1].size, 0);
    assert_float_equal(plan.parts[0].weight, 1.5, 0);
    elc_plan_clear(&plan);
    assert_int_equal(plan.count, 0);
    elc_plan_clear(&plan);
}

static void test_plan_refuses_scopes_that_decrease(void **state) {
    (void)state;
    elc_plan plan = {0};
    elc_error err = {0};
    assert_int_equal(elc_plan_add(&plan, "a", 1, 5, 1, NULL), ELC_OK);
    assert_int_equal(elc_plan_add(&plan, "a", 1, 4, 1, &err), ELC_E_INTERNAL);
    assert_string_equal(
        err.message, "plan: part 1 is of scope 4, after one of scope 5; please report "
                     "this");
    assert_int_equal(plan.count, 1);
    elc_plan_clear(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describe_says_all_that_faces_need),
        cmocka_unit_test(test_describe_bare_operator_has_empty_lists),
        cmocka_unit_test(test_registry_describes_every_operator_of_the_build),
        cmocka_unit_test(test_registry_refuses_an_unknown_operator),
        cmocka_unit_test(test_plan_copies_bytes),
        cmocka_unit_test(test_plan_refuses_scopes_that_decrease),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
