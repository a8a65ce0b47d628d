/* test_fuzz_labels.c - the seeds of the label fuzzers, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/seeds.h"

/* Each target under a name of its own. */
#define LLVMFuzzerTestOneInput fuzz_voc
#include "../../fuzz/label_voc.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_coco
#include "../../fuzz/label_coco.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_yolo
#include "../../fuzz/label_yolo.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_xview
#include "../../fuzz/label_xview.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_dota
#include "../../fuzz/label_dota.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_csv
#include "../../fuzz/label_csv.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_names
#include "../../fuzz/label_names.c"
#undef LLVMFuzzerTestOneInput

static const struct target {
    const char *name, *format, *file;
    int (*run)(const uint8_t *data, size_t size);
} targets[] = {
    {"voc", "voc", "a.xml", fuzz_voc},
    {"coco", "coco", "a.json", fuzz_coco},
    {"yolo", "yolo", "a.txt", fuzz_yolo},
    {"xview", "xview", "a.geojson", fuzz_xview},
    {"dota", "dota", "a.txt", fuzz_dota},
    {"csv", "csv", "a.csv", fuzz_csv},
    {"names", "yolo", "data.yaml", fuzz_names},
};
#define N_TARGETS (sizeof targets / sizeof *targets)

/* The target whose seeds are run; seeds_each has no argument for it. */
static const struct target *now;

static void put(const char *path, const void *bytes, size_t size) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    assert_int_equal(VSIFWriteL(bytes, 1, size, file), size);
    VSIFCloseL(file);
}

static elc_status read_seed(const elc_string *seed) {
    char path[200];
    elc_labels labels = {0};
    put("/vsimem/seeds/a.txt", "0 0.5 0.5 0.1 0.1\n", 18);
    snprintf(path, sizeof path, "/vsimem/seeds/%s", now->file);
    put(path, seed->data, seed->size);
    if (strcmp(now->name, "names") == 0)
        snprintf(path, sizeof path, "/vsimem/seeds/a.txt");
    elc_status status =
        elc_labels_read(path, now->format, labels_size, NULL, &labels, NULL);
    elc_labels_clear(&labels);
    VSIRmdirRecursive("/vsimem/seeds");
    return status;
}

static void accepted(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_E_FORMAT);
}

/* The target aborts when a promise is broken. */
static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, now->run);
}

static size_t each_target(const char *start, void (*body)(elc_string *seed)) {
    size_t n = 0;
    for (now = targets; now < targets + N_TARGETS; now++) {
        char name[100];
        snprintf(name, sizeof name, "label_%s", now->name);
        n += seeds_each(name, start, body);
    }
    return n;
}

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(each_target("good-", accepted) >= 22);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(each_target("bad-", refused) >= 21);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(each_target("", fuzz) >= 43);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
