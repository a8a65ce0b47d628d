/* test_fuzz_features_internal.c - the seeds of the fuzzer of kept features, each cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../fuzz/feature_cache.c"

static const char folder[] = ELCANO_SOURCE_DIR "/fuzz/seeds/feature_cache/";

static void fuzz_seed(const char *path) {
    elc_string seed = {0};
    assert_int_equal(elc_file_read(path, 1 << 20, &seed, NULL), ELC_OK);
    uint8_t *bytes = (uint8_t *)seed.data;
    for (size_t i = 0; i < seed.size; i++) {
        uint8_t was = bytes[i];
        LLVMFuzzerTestOneInput(bytes, i);
        bytes[i] = (uint8_t)(was ^ 1);
        LLVMFuzzerTestOneInput(bytes, seed.size);
        bytes[i] = (uint8_t)~was;
        LLVMFuzzerTestOneInput(bytes, seed.size);
        bytes[i] = was;
    }
    LLVMFuzzerTestOneInput(bytes, seed.size);
    elc_string_free(&seed);
}

static void test_bytes_that_are_changed_or_cut_do_no_harm(void **state) {
    (void)state;
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s%s", folder, entry->d_name);
        fuzz_seed(path);
        count++;
    }
    closedir(dir);
    assert_true(count >= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_that_are_changed_or_cut_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
