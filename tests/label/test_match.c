/* test_match.c - which labels are of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void test_match_is_by_file_name_or_stem(void **state) {
    (void)state;
    assert_true(elc_label_is_of("a.tif", "deliveries/a.tif"));
    assert_true(elc_label_is_of("old/place/a.jpg", "a.tif"));
    assert_true(elc_label_is_of("train/a", "images/train/a.png"));
    assert_true(elc_label_is_of("site.v2", "site.v2.tif"));
    assert_true(elc_label_is_of("a.nc", "a.nc"));
    assert_false(elc_label_is_of("site.v2", "site.tif"));
    assert_false(elc_label_is_of("a.tif", "b/a.tif/c.tif"));
    assert_false(elc_label_is_of("1.tif", "11.tif"));
    assert_false(elc_label_is_of("a", "A.tif"));
}

#define HEAD "image,xmin,ymin,xmax,ymax,label\n"
#define BOX  ",1,1,2,2,t\n"

static elc_labels read_csv(void **state, const char *text) {
    return written_read(written_put(state, "l.csv", text), "csv");
}

static void test_match_prefers_the_folder(void **state) {
    elc_labels labels = read_csv(state, HEAD "val/1.tif" BOX "train/1.tif" BOX
                                             "val/1.tif" BOX "val/2.tif" BOX);
    written_assert_of(&labels, "/data/set/val/1.tif", "0,2");
    written_assert_of(&labels, "train/1.tif", "1");
    written_assert_of(&labels, "elsewhere/2.tif", "3");
    written_assert_of(&labels, "val/3.tif", "");
    written_assert_of(&labels, NULL, "0,1,2,3");
    elc_labels_clear(&labels);
}

static void test_match_prefers_the_file_name_to_the_stem(void **state) {
    elc_labels labels = read_csv(state, HEAD "x/1.tif" BOX "y/1.png" BOX);
    written_assert_of(&labels, "y/1.tif", "0");
    written_assert_of(&labels, "y/1.jpg", "1");
    elc_labels_clear(&labels);
}

static void test_match_refuses_what_two_images_fit(void **state) {
    elc_labels labels = read_csv(state, HEAD "val/1.tif" BOX "train/1.tif" BOX);
    size_t *indices = NULL, n = 0;
    elc_error err = {0};
    assert_int_equal(elc_labels_of(&labels, "1.tif", &indices, &n, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "train/1.tif"));
    assert_non_null(strstr(err.message, "val/1.tif"));
    elc_labels_clear(&labels);
}

static void test_match_of_labels_without_image_is_any(void **state) {
    elc_labels labels = read_csv(state, "xmin,ymin,xmax,ymax,label\n1,1,2,2,t\n");
    written_assert_of(&labels, "any.tif", "0");
    elc_labels_clear(&labels);
}

static const char *const two_folders[] = {"a/1.png", "b/1.png", "2.nc"};

static void test_settled_labels_are_of_the_image_in_their_folder(void **state) {
    elc_labels labels =
        read_csv(state, HEAD "a/1" BOX "x/2" BOX "set/a/1.png" BOX "3.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, two_folders, 3, &err), ELC_OK);
    written_assert_of(&labels, "a/1.png", "2"); /* the file name fits better */
    written_assert_of(&labels, "b/1.png", "");
    written_assert_of(&labels, "2.nc", "1");
    elc_labels_clear(&labels);
}

static void test_settling_refuses_what_fits_two_images(void **state) {
    elc_labels labels = read_csv(state, HEAD "1.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, two_folders, 3, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "a/1.png and b/1.png"));
    elc_labels_clear(&labels);
}

static void test_settling_prefers_the_whole_path(void **state) {
    static const char *const images[] = {"1.png", "a/1.png"};
    elc_labels labels = read_csv(state, HEAD "1.png" BOX "a/1.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, images, 2, &err), ELC_OK);
    written_assert_of(&labels, "1.png", "0");
    written_assert_of(&labels, "a/1.png", "1");
    elc_labels_clear(&labels);
}

/* Names of few letters, so that many fit as well as others. */
static void make_name(uint32_t *seed, char out[32]) {
    static const char *const folders[] = {"",     "a/",   "b/",    "/a/",
                                          "a/b/", "b/a/", "x/a/b/"};
    static const char *const files[] = {"1",    "1.png", "1.tif",
                                        "1.v2", "2.png", "1.v2.png"};
    *seed = *seed * 1664525u + 1013904223u;
    snprintf(out, 32, "%s%s", folders[(*seed >> 8) % 7], files[(*seed >> 16) % 6]);
}

/* The most that any image fits, and how many with other names do. */
static size_t best_of_all(const char *stated, char names[][32], size_t n,
                          size_t *ties) {
    size_t best = 0;
    const char *first = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t fit = elc_label_fit(stated, names[i]);
        if (fit > best)
            *ties = 0, first = names[i];
        else if (fit > 0 && fit == best && strcmp(first, names[i]) != 0)
            ++*ties;
        best = fit > best ? fit : best;
    }
    return best;
}

static void test_search_finds_what_looking_at_all_finds(void **state) {
    (void)state;
    uint32_t seed = 7;
    for (size_t round = 0; round < 3000; round++) {
        char names[12][32], stated[32];
        const char *at[12];
        size_t n = 1 + round % 12, ties = 0, other;
        elc_label_images *images;
        for (size_t i = 0; i < n; i++) {
            make_name(&seed, names[i]);
            at[i] = names[i];
        }
        make_name(&seed, stated);
        size_t best = best_of_all(stated, names, n, &ties);
        assert_int_equal(elc_label_images_create(at, n, &images, NULL), ELC_OK);
        size_t found = elc_label_images_find(images, stated, &other);
        assert_int_equal(found != SIZE_MAX ? elc_label_fit(stated, names[found]) : 0,
                         best);
        assert_int_equal(other != SIZE_MAX, ties > 0);
        elc_label_images_free(images);
    }
}

enum { FOLDERS = 10000 };

/* Ten thousand images of one name, each with a label: not their product. */
static void test_images_of_one_name_are_told_apart_in_seconds(void **state) {
    (void)state;
    static char names[FOLDERS][16];
    static const char *at[FOLDERS];
    static elc_label items[FOLDERS];
    elc_labels labels = {.items = items, .count = FOLDERS};
    clock_t start = clock();
    for (size_t i = 0; i < FOLDERS; i++) {
        snprintf(names[i], sizeof names[i], "f%zu/1.png", i);
        at[i] = names[i];
        items[i].image = names[FOLDERS - 1 - i];
    }
    assert_int_equal(elc_labels_settle(&labels, at, FOLDERS, NULL), ELC_OK);
    for (size_t i = 0; i < FOLDERS; i++) {
        size_t *indices = NULL, n = 0;
        assert_int_equal(elc_labels_of(&labels, names[i], &indices, &n, NULL), ELC_OK);
        assert_int_equal(n, 1);
        assert_string_equal(items[indices[0]].image, names[i]);
        free(indices);
    }
    free(labels.by_stem);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 5);
}

/* Labels that a program made itself have no order to look them up in. */
static void test_match_needs_no_index(void **state) {
    (void)state;
    elc_label items[] = {{.image = "a.tif"}, {.image = NULL}, {.image = "b.tif"}};
    elc_labels labels = {.items = items, .count = 3};
    written_assert_of(&labels, "x/b.tif", "1,2");
    written_assert_of(&labels, "c.tif", "1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match_is_by_file_name_or_stem),
        WRITTEN(test_match_prefers_the_folder),
        WRITTEN(test_match_prefers_the_file_name_to_the_stem),
        WRITTEN(test_match_refuses_what_two_images_fit),
        WRITTEN(test_match_of_labels_without_image_is_any),
        cmocka_unit_test(test_match_needs_no_index),
        cmocka_unit_test(test_search_finds_what_looking_at_all_finds),
        cmocka_unit_test(test_images_of_one_name_are_told_apart_in_seconds),
        WRITTEN(test_settled_labels_are_of_the_image_in_their_folder),
        WRITTEN(test_settling_refuses_what_fits_two_images),
        WRITTEN(test_settling_prefers_the_whole_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
