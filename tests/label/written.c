/* written.c - label files that a test writes, and what is read from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

int written_setup(void **state) {
    char *folder = strdup("/tmp/elcano-label-XXXXXX");
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL;
}

static void remove_all(const char *path) {
    struct stat about;
    bool walk = lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
    DIR *folder = walk ? opendir(path) : NULL;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char name[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        remove_all(name);
    }
    if (folder != NULL)
        closedir(folder);
    remove(path);
}

int written_teardown(void **state) {
    remove_all(*state);
    free(*state);
    return 0;
}

const char *written_path(void **state, const char *name) {
    static char paths[32][1024];
    static unsigned turn;
    char *path = paths[turn++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
}

const char *written_put(void **state, const char *name, const char *text) {
    const char *path = written_path(state, name);
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", path);
    make_folders(copy);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *written_data(const char *name) {
    static char paths[4][2048];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    const char *root = getenv("ELCANO_DATA");
    if (root != NULL)
        snprintf(path, sizeof paths[0], "%s/%s", root, name);
    else
        snprintf(path, sizeof paths[0], "%s/../shared/data/%s", ELCANO_SOURCE_DIR,
                 name);
    if (access(path, F_OK) == 0)
        return path;
    print_message("SKIPPED: %s is not there; set ELCANO_DATA to the test data\n", path);
    return NULL;
}

elc_status written_size(void *arg, const char *image, int64_t *width, int64_t *height,
                        elc_error *err) {
    (void)arg;
    (void)image;
    (void)err;
    *width = 200;
    *height = 100;
    return ELC_OK;
}

elc_labels written_read(const char *path, const char *format) {
    elc_labels labels = {0};
    elc_error err = {0};
    if (elc_labels_read(path, format, written_size, NULL, &labels, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return labels;
}

void written_refused(const char *path, const char *format, elc_status status, ...) {
    elc_labels labels = {0};
    elc_error err = {0};
    elc_status got = elc_labels_read(path, format, written_size, NULL, &labels, &err);
    if (got != status)
        fail_msg("%s, not %s: '%s'", elc_status_name(got), elc_status_name(status),
                 err.message);
    va_list texts;
    va_start(texts, status);
    for (const char *text; (text = va_arg(texts, const char *)) != NULL;)
        if (strstr(err.message, text) == NULL)
            fail_msg("'%s' does not say '%s'", err.message, text);
    va_end(texts);
}

void written_assert_near(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-6))
        fail_msg("%.9g is not %.9g", value, expected);
}

void written_assert_box(const elc_label *label, double xmin, double ymin, double xmax,
                        double ymax) {
    double expected[] = {xmin, ymin, xmax, ymin, xmax, ymax, xmin, ymax};
    assert_int_equal(label->n, 4);
    for (int i = 0; i < 4; i++) {
        written_assert_near(label->ring[i].x, expected[2 * i]);
        written_assert_near(label->ring[i].y, expected[2 * i + 1]);
    }
}

void written_assert_names(const elc_names *names, const char *expected) {
    char all[4096] = "";
    size_t n = 0;
    for (size_t i = 0; i < names->count && n < sizeof all; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i > 0 ? "," : "",
                              names->items[i]);
    assert_string_equal(all, expected);
}

void written_assert_of(const elc_labels *labels, const char *image,
                       const char *expected) {
    size_t *indices = NULL, n = 0, used = 0;
    elc_error err = {0};
    char all[1000] = "";
    if (elc_labels_of(labels, image, &indices, &n, &err) != ELC_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%zu",
                                 i > 0 ? "," : "", indices[i]);
    free(indices);
    assert_string_equal(all, expected);
}

char *written_python(const char *script, const char *argument) {
    char command[4096];
    elc_string text = {0};
    snprintf(command, sizeof command, "python3 -c '%s' '%s'", script, argument);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        assert_int_equal(elc_string_append(&text, buffer, n, NULL), ELC_OK);
    if (pclose(pipe) != 0)
        elc_string_free(&text);
    return text.data;
}
