/* test_environment.c - networks opened and closed by many threads at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/planted.h"

#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Two: so that one often makes what the other has just released as the last. */
enum { THREADS = 2, TIMES = 300 };

static elc_status open_and_close(void *arg, int index, elc_error *err) {
    (void)index;
    for (int i = 0; i < TIMES; i++) {
        elc_model *model = NULL;
        ELC_TRY(elc_model_open(arg, NULL, &model, err));
        elc_model_free(model);
    }
    return ELC_OK;
}

static void test_environment_lets_threads_open_and_close_networks(void **state) {
    (void)state;
    char path[600];
    elc_error err = {0};
    snprintf(path, sizeof path, "%s", planted_instrument("instrument.onnx", ""));
    if (elc_threads_run(THREADS, open_and_close, path, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_lets_threads_open_and_close_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
