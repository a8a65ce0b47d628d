/* storm.c - a fuzz target with many inputs that are made of its seeds, the same each time;
   linked to one fuzz/NAME.c, which aborts where a promise is broken.

   storm NAME TIMES */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/seeds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *name;
static long times;

static void test_the_target_keeps_its_promises(void **state) {
    (void)state;
    seeds_storm(name, LLVMFuzzerTestOneInput, times);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_target_keeps_its_promises),
    };
    if (argc != 3)
        return 2;
    name = argv[1];
    times = strtol(argv[2], NULL, 10);
    return times > 0 ? cmocka_run_group_tests_name(name, tests, NULL, NULL) : 2;
}
