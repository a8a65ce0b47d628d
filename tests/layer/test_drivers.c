/* test_drivers.c - readers that are the first of their process, in many threads at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/wait.h>

enum { THREADS = 8, PROCESSES = 24 };

typedef struct {
    const char *path;
    pthread_barrier_t all;
} start;

static elc_status open_at_once(void *arg, int index, elc_error *err) {
    start *s = arg;
    struct ArrowArrayStream stream = {0};
    (void)index;
    pthread_barrier_wait(&s->all);
    elc_status status = elc_layer_read(s->path, &stream, err);
    if (stream.release != NULL)
        stream.release(&stream);
    return status;
}

/* What a new process ends with. The test itself must not have opened anything before. */
static int status_of_process(start *s) {
    elc_error err = {0};
    int code = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        elc_status status = elc_threads_run(THREADS, open_at_once, s, &err);
        if (status != ELC_OK)
            fprintf(stderr, "%s\n", err.message);
        _exit((int)status);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    return code;
}

static void test_the_first_readers_of_a_process_may_start_together(void **state) {
    start s = {.path = fixture_path(state, "points.geojson")};
    FILE *file = fopen(s.path, "w");
    assert_non_null(file);
    fputs("{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", "
          "\"properties\": {}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [1, "
          "2]}}]}",
          file);
    fclose(file);
    assert_int_equal(pthread_barrier_init(&s.all, NULL, THREADS), 0);
    for (int i = 0; i < PROCESSES; i++)
        assert_int_equal(status_of_process(&s), 0);
    pthread_barrier_destroy(&s.all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_the_first_readers_of_a_process_may_start_together, fixture_setup,
            fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
