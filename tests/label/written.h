/* written.h - label files that a test writes, and what is read from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_WRITTEN_H
#define ELCANO_TESTS_WRITTEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <elcano/label.h>

/* cmocka's setup and teardown: *state is the path of an empty folder, then removed. */
int written_setup(void **state);
int written_teardown(void **state);
#define WRITTEN(test)                                                                  \
    cmocka_unit_test_setup_teardown(test, written_setup, written_teardown)
/* "folder/name", in one of 32 buffers used in turn. */
const char *written_path(void **state, const char *name);
/* Writes a file, and the folders that it is in. */
const char *written_put(void **state, const char *name, const char *text);
/* A file or folder of the test data; NULL after saying so: then skip(). */
const char *written_data(const char *name);

/* An elc_label_size: every image is 200 x 100 pixels. */
elc_status written_size(void *arg, const char *image, int64_t *width, int64_t *height,
                        elc_error *err);
/* Reads, or fails the test with the message; images are 200 x 100. */
elc_labels written_read(const char *path, const char *format);
/* That reading fails, and says each of the texts (NULL-terminated). */
void written_refused(const char *path, const char *format, elc_status status, ...);

/* That a label is a box of these corners, to a millionth of a pixel. */
void written_assert_box(const elc_label *label, double xmin, double ymin, double xmax,
                        double ymax);
void written_assert_near(double value, double expected);
/* "a,b,c": the names, in order. */
void written_assert_names(const elc_names *names, const char *expected);
/* The labels of an image, as a list "0,2,5". */
void written_assert_of(const elc_labels *labels, const char *image,
                       const char *expected);

/* What a program prints, such as an independent few lines of Python; freed by the
   caller. NULL when it fails. */
char *written_python(const char *script, const char *argument);

#endif
