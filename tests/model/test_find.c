/* test_find.c - networks by name: what is a name, and where it is looked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/elcano-find-XXXXXX";

static void put(const char *name) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static int make_folder(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    put("ships.onnx");
    put("cars.onnx");
    put("notes.txt");
    put("v1.2.onnx");
    return setenv("ELCANO_MODELS", folder, 1);
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"ships.onnx", "cars.onnx", "notes.txt",
                                        "v1.2.onnx"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void expect_path(const char *model, const char *wanted) {
    elc_string path = {0};
    assert_int_equal(elc_model_find(model, &path, NULL), ELC_OK);
    assert_string_equal(path.data, wanted);
    elc_string_free(&path);
}

static void test_find_leaves_paths_as_they_are(void **state) {
    (void)state;
    expect_path("ships.onnx", "ships.onnx");
    expect_path("./ships", "./ships");
    expect_path("/models/ships", "/models/ships");
}

static void test_find_looks_for_names_in_the_folder_of_ones_own(void **state) {
    (void)state;
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s/ships.onnx", folder);
    expect_path("ships", wanted);
}

static void test_find_knows_the_network_of_the_build(void **state) {
    (void)state;
    elc_string path = {0};
    assert_int_equal(elc_model_find("vehicles", &path, NULL), ELC_OK);
    assert_int_equal(access(path.data, R_OK), 0);
    assert_non_null(strstr(path.data, "models/vehicles.onnx"));
    elc_string_free(&path);
}

static void test_find_says_where_a_name_was_looked_for(void **state) {
    (void)state;
    elc_string path = {0};
    elc_error err = {0};
    assert_int_equal(elc_model_find("planes", &path, &err), ELC_E_NOT_FOUND);
    assert_int_equal(path.size, 0);
    assert_non_null(strstr(err.message, folder));
    assert_non_null(strstr(err.message, "planes.onnx"));
    assert_non_null(strstr(err.message, "./planes"));
    elc_string_free(&path);
}

static void test_find_says_what_was_meant(void **state) {
    (void)state;
    elc_string path = {0};
    elc_error err = {0};
    assert_int_equal(elc_model_find("shisp", &path, &err), ELC_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "did you mean \"ships\"?"));
    assert_int_equal(elc_model_find("nothing-near", &path, &err), ELC_E_NOT_FOUND);
    assert_null(strstr(err.message, "did you mean"));
    elc_string_free(&path);
}

static void test_names_are_sorted_and_hold_what_can_be_given(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_model_names(&names, NULL), ELC_OK);
    size_t cars = elc_names_find(&names, "cars");
    size_t ships = elc_names_find(&names, "ships");
    assert_true(cars < ships && ships < elc_names_find(&names, "vehicles"));
    assert_true(elc_names_find(&names, "vehicles") < names.count);
    assert_int_equal(elc_names_find(&names, "notes"), SIZE_MAX);
    assert_int_equal(elc_names_find(&names, "v1.2"), SIZE_MAX);
    elc_names_free(&names);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_leaves_paths_as_they_are),
        cmocka_unit_test(test_find_looks_for_names_in_the_folder_of_ones_own),
        cmocka_unit_test(test_find_knows_the_network_of_the_build),
        cmocka_unit_test(test_find_says_where_a_name_was_looked_for),
        cmocka_unit_test(test_find_says_what_was_meant),
        cmocka_unit_test(test_names_are_sorted_and_hold_what_can_be_given),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
