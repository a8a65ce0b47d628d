/* test_pyarrow.c - pyarrow takes our streams, and we its batches; where it is there. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const char library[] = ELCANO_BINARY_DIR "/libelcano.so";
static const char script[] = ELCANO_SOURCE_DIR "/tests/table/interchange.py";

/* ELC_PYTHON, else what `scripts/setup spark` made, else the system's. */
static const char *interpreter(void) {
    static const char installed[] = ELCANO_BINARY_DIR "/deps/python/bin/python";
    const char *named = getenv("ELC_PYTHON");
    if (named != NULL)
        return named;
    return access(installed, X_OK) == 0 ? installed : "python3";
}

static int python(const char *arguments) {
    char command[2000];
    snprintf(command, sizeof command, "'%s' %s", interpreter(), arguments);
    return system(command);
}

static void test_pyarrow_reads_what_we_write_and_the_reverse(void **state) {
    (void)state;
    char arguments[1500];
    snprintf(arguments, sizeof arguments, "'%s' '%s'", script, library);
    assert_int_equal(python(arguments), 0);
}

/* 77 is CTest's word for skipped. */
static int skipped(const char *why) {
    printf("SKIPPED: %s\n", why);
    return 77;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pyarrow_reads_what_we_write_and_the_reverse),
    };
    if (SANITIZED)
        return skipped("a plain python cannot load a library built with a sanitizer");
    if (access(library, R_OK) != 0)
        return skipped("there is no libelcano.so in the build folder");
    if (python("-c 'import pyarrow' 2>/dev/null") != 0)
        return skipped("no pyarrow; ELC_PYTHON may name a python that has it");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
