/* test_graph_internal.c - how networks end, and that no bytes can harm who reads them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/graph.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "support/planted.h"
#include "support/seeds.h"

#include "../../fuzz/onnx_graph.c"

static const char folder[] = ELCANO_SOURCE_DIR "/fuzz/seeds/onnx_graph/";

static elc_tail tail_of(const char *path, const char *output) {
    elc_string file = {0};
    elc_tail tail = ELC_TAIL_UNKNOWN;
    assert_int_equal(elc_file_read(path, 64 << 20, &file, NULL), ELC_OK);
    assert_int_equal(elc_graph_tail(file.data, file.size, output, &tail, NULL), ELC_OK);
    elc_string_free(&file);
    return tail;
}

/* Seeds are named after their verdict: "raw", "raw-...". */
static elc_tail verdict_of(const char *name) {
    return strncmp(name, "raw", 3) == 0       ? ELC_TAIL_RAW
           : strncmp(name, "decoded", 7) == 0 ? ELC_TAIL_DECODED
                                              : ELC_TAIL_UNKNOWN;
}

static size_t each_seed(void (*check)(const char *path, const char *name)) {
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s%s", folder, entry->d_name);
        check(path, entry->d_name);
        count++;
    }
    closedir(dir);
    return count;
}

static void check_verdict(const char *path, const char *name) {
    if (tail_of(path, "output0") != verdict_of(name))
        fail_msg("%s: %d", name, tail_of(path, "output0"));
}

static void test_seeds_end_as_they_are_named(void **state) {
    (void)state;
    assert_true(each_seed(check_verdict) >= 13);
}

static void fuzz_seed(elc_string *seed) {
    seeds_flipped(seed, LLVMFuzzerTestOneInput);
}

static void test_bytes_that_are_changed_or_cut_do_no_harm(void **state) {
    (void)state;
    assert_true(seeds_each("onnx_graph", "", fuzz_seed) >= 13);
}

static void test_written_heads_end_as_they_should(void **state) {
    (void)state;
    assert_int_equal(tail_of(network_path("yolox_raw"), "output0"), ELC_TAIL_RAW);
    assert_int_equal(tail_of(network_path("yolox_decoded"), "output0"),
                     ELC_TAIL_DECODED);
    assert_int_equal(tail_of(network_path("computed_end"), "output0"),
                     ELC_TAIL_UNKNOWN);
    assert_int_equal(tail_of(network_path("small"), "output0"), ELC_TAIL_UNKNOWN);
}

static void test_a_published_yolox_ends_raw(void **state) {
    (void)state;
    const char *path = planted_data("models/yolox_nano/yolox_nano.onnx");
    if (path == NULL)
        skip();
    assert_int_equal(tail_of(path, "output"), ELC_TAIL_RAW);
    assert_int_equal(tail_of(path, "no such output"), ELC_TAIL_UNKNOWN);
}

static void test_files_of_weights_are_named_once(void **state) {
    (void)state;
    elc_names files = {0};
    assert_int_equal(elc_graph_weights(network_path("weights_apart"), &files, NULL),
                     ELC_OK);
    assert_int_equal(files.count, 1);
    assert_string_equal(files.items[0], "apart.bin");
    assert_int_equal(elc_graph_weights(network_path("weights_apart"), &files, NULL),
                     ELC_OK);
    assert_int_equal(files.count, 1);
    elc_names_free(&files);
    assert_int_equal(elc_graph_weights(network_path("yolov8"), &files, NULL), ELC_OK);
    assert_int_equal(files.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds_end_as_they_are_named),
        cmocka_unit_test(test_bytes_that_are_changed_or_cut_do_no_harm),
        cmocka_unit_test(test_written_heads_end_as_they_should),
        cmocka_unit_test(test_a_published_yolox_ends_raw),
        cmocka_unit_test(test_files_of_weights_are_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
