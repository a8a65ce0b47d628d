/* cache.h - features of an image's windows, kept on disk by what they were made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_CLASSIFIER_CACHE_H
#define ELCANO_SRC_OPERATORS_TRAIN_CLASSIFIER_CACHE_H

#include <elcano/base.h>

typedef struct feature_window {
    int64_t x, y;
} feature_window;

/* The features of some windows, sorted by y and x. Start with {0}. */
typedef struct feature_file {
    size_t n, d;
    feature_window *windows;
    float *features; /* n rows of d; not a number in the first: nothing was seen */
} feature_file;

void elc_feature_file_clear(feature_file *file);
/* The row of a window, or NULL. */
const float *elc_feature_file_find(const feature_file *file, feature_window window);

/* The folder that is used where none is given: $XDG_CACHE_HOME/elcano/features, or that
   below ~/.cache; nothing is appended where there is neither. */
elc_status elc_feature_cache_folder(elc_string *out, elc_error *err);
/* From bytes: false where they are no such file, or damaged, and *out is empty. */
bool elc_feature_file_parse(const void *bytes, size_t size, feature_file *out);
elc_status elc_feature_file_print(const feature_file *file, elc_string *out,
                                  elc_error *err);
/* FOLDER/KEY: what is not there, or cannot be read, is empty. Only memory fails. */
elc_status elc_feature_cache_read(const char *folder, const char *key,
                                  feature_file *out, elc_error *err);
/* Makes the folders; the file is whole or not there. */
elc_status elc_feature_cache_write(const char *folder, const char *key,
                                   const feature_file *file, elc_error *err);

#endif
