/* test_encode.c - chips that threads of a fresh process write at the same time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/pictures.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { CHILDREN = 60, THREADS = 4 };

static pthread_barrier_t together;

/* Cuts one chip and makes a JPEG of it; NULL when that went well. */
static void *encode(void *path) {
    elc_error err = {0};
    elc_image *image = NULL;
    elc_cutter *cutter = NULL;
    elc_string file = {0}, beside = {0};
    elc_window window = {0, 0, 32, 32};
    elc_status status = elc_image_open(path, &image, &err);
    if (status == ELC_OK)
        status = elc_cutter_create(image, NULL, 0, 0, &cutter, &err);
    if (status == ELC_OK)
        status = elc_cutter_read(cutter, window, &err);
    pthread_barrier_wait(&together);
    if (status == ELC_OK)
        status = elc_cutter_encode(cutter, ELC_FILE_JPEG, &file, &beside, &err);
    bool good = status == ELC_OK && file.size > 0;
    elc_string_free(&file);
    elc_string_free(&beside);
    elc_cutter_free(cutter);
    elc_image_free(image);
    return good ? NULL : path;
}

/* In a process of its own: GDAL looks a driver's options up at its first file. */
static int encode_at_once(char *path) {
    pthread_t threads[THREADS];
    int failures = 0;
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, encode, path);
    for (int i = 0; i < THREADS; i++) {
        void *failure = NULL;
        pthread_join(threads[i], &failure);
        failures += failure != NULL;
    }
    return failures;
}

static void test_the_first_chips_of_a_process_are_written_by_several_threads(void **s) {
    (void)s;
    char path[64];
    snprintf(path, sizeof path, "/tmp/elcano-encode-%d.tif", (int)getpid());
    picture_make(&(picture){.path = path, .width = 64, .height = 64, .bands = 3});
    int failed = 0;
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(encode_at_once(path));
        int how = 0;
        assert_int_equal(waitpid(child, &how, 0), child);
        failed += how != 0;
    }
    picture_delete(path);
    assert_int_equal(failed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_the_first_chips_of_a_process_are_written_by_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
