/* test_facts_limits.c - sidecars too large, images cut short, many threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include <cpl_vsi.h>

#define MIB (INT64_C(1) << 20)

/* A sidecar of `size` bytes that begins with `head`; the rest are zeros that take no
   room on the disk. What the facts say is the conflict that they hold. */
static void assert_conflict(const char *ending, const char *head, int64_t size,
                            const char *expected) {
    char folder[] = "/tmp/elcano-facts-XXXXXX", image[100], sidecar[100];
    assert_non_null(mkdtemp(folder));
    snprintf(image, sizeof image, "%s/big.tif", folder);
    snprintf(sidecar, sizeof sidecar, "%s/big%s", folder, ending);
    FILE *file = fopen(sidecar, "w");
    assert_non_null(file);
    fputs(head, file);
    fclose(file);
    assert_int_equal(truncate(sidecar, size), 0);
    elc_sidecars *sidecars = NULL;
    elc_facts facts = {0};
    size_t before = elc_memory_peak();
    assert_int_equal(elc_sidecars_beside(image, &sidecars, NULL), ELC_OK);
    assert_int_equal(elc_facts_read(image, NULL, sidecars, &facts, NULL), ELC_OK);
    assert_non_null(facts.conflicts);
    if (strstr(facts.conflicts, expected) == NULL)
        fail_msg("%s", facts.conflicts);
/* Sanitizers keep what was freed, and shadows of the rest. */
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    assert_true(elc_memory_peak() - before < 64 * (size_t)MIB);
#else
    (void)before;
#endif
    elc_facts_clear(&facts);
    elc_sidecars_free(sidecars);
    unlink(sidecar);
    rmdir(folder);
}

static void test_facts_of_a_gigabyte_of_sidecar_end_at_the_limit(void **state) {
    (void)state;
    assert_conflict(".IMD", "a = 1;\n", 1024 * MIB, "larger than the 16777216 bytes");
    assert_conflict("_MTL.json", "{", 1024 * MIB, "larger than the 16777216 bytes");
    assert_conflict(".xml", "<isd>", 1024 * MIB, "not well-formed XML");
}

/* XML of spaces is well formed up to the limit. */
static void test_facts_of_long_xml_end_at_64_mib(void **state) {
    (void)state;
    static const char path[] = "/vsimem/long/big.xml";
    elc_string spaces = {0};
    for (int i = 0; i < 1 << 16; i++)
        elc_string_append(&spaces, "<b c='d'/>      ", 16, NULL);
    VSILFILE *file = VSIFOpenL(path, "wb");
    VSIFWriteL("<isd>", 1, 5, file);
    for (int i = 0; i < 66; i++)
        VSIFWriteL(spaces.data, 1, spaces.size, file);
    VSIFCloseL(file);
    elc_sidecars *sidecars = NULL;
    elc_facts facts = {0};
    assert_int_equal(elc_sidecars_beside(path, &sidecars, NULL), ELC_OK);
    assert_int_equal(
        elc_facts_read("/vsimem/long/big.tif", NULL, sidecars, &facts, NULL), ELC_OK);
    assert_non_null(strstr(facts.conflicts, "larger than the 67108864 bytes"));
    elc_facts_clear(&facts);
    elc_sidecars_free(sidecars);
    elc_string_free(&spaces);
    VSIUnlink(path);
}

/* ---- images cut short ---------------------------------------------------------------
 */

static void check_cut(const elc_string *bytes, const char *name, size_t n) {
    char path[100];
    snprintf(path, sizeof path, "/vsimem/cut/%s", name);
    VSILFILE *file = VSIFOpenL(path, "wb");
    VSIFWriteL(bytes->data, 1, n, file);
    VSIFCloseL(file);
    elc_image *image = NULL;
    elc_facts facts = {0};
    if (elc_image_open(path, &image, NULL) == ELC_OK)
        assert_true(elc_image_info_at(image)->width > 0);
    assert_int_equal(elc_facts_read(path, image, NULL, &facts, NULL), ELC_OK);
    assert_true((facts.items[ELC_FACT_WIDTH].source != NULL) == (image != NULL));
    elc_facts_clear(&facts);
    elc_image_free(image);
    VSIUnlink(path);
}

static void test_facts_of_images_cut_short_are_those_that_are_left(void **state) {
    (void)state;
    static const char *const files[] = {
        "imagery/DeepForest/OSBS_029.tif", "imagery/gdal/erdas_foo.jp2",
        "imagery/minsk/DJI_0005-0018.jpg", "imagery/kit_ais/MOS86.png",
        "imagery/qgis-plugin-deepness/dummy_fotomap_small.tif"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        elc_string bytes = {0};
        assert_int_equal(elc_file_read(data_path(files[i]), 1 << 26, &bytes, NULL),
                         ELC_OK);
        for (size_t n = 0; n < bytes.size; n = n < 64 ? n + 7 : n * 2)
            check_cut(&bytes, strrchr(files[i], '/') + 1, n);
        elc_string_free(&bytes);
    }
}

/* ---- threads
 * ---------------------------------------------------------------------------- */

static elc_status read_facts(void *arg, int index, elc_error *err) {
    const elc_sidecars *sidecars = arg;
    char path[100], expected[40];
    for (int i = 0; i < 20; i++) {
        elc_facts facts = {0};
        snprintf(path, sizeof path, "/vsimem/many/%d.tif", (index + i) % 8);
        snprintf(expected, sizeof expected, "cat-%d", (index + i) % 8);
        ELC_TRY(elc_facts_read(path, NULL, sidecars, &facts, err));
        const char *id = facts.items[ELC_FACT_CATALOG_ID].text;
        bool same = id != NULL && strcmp(id, expected) == 0;
        elc_facts_clear(&facts);
        if (!same)
            return elc_fail(err, ELC_E_INTERNAL, "%s: not %s", path, expected);
    }
    return ELC_OK;
}

/* The sidecars state names that no stem leads to: whoever comes first reads them. */
static void test_facts_are_read_by_many_threads(void **state) {
    (void)state;
    for (int i = 0; i < 8; i++) {
        char path[100], text[300];
        snprintf(path, sizeof path, "/vsimem/many/part-%d.xml", i);
        snprintf(text, sizeof text,
                 "<isd><IMD><IMAGE><CATID>cat-%d</CATID></IMAGE></IMD><TIL><TILE>"
                 "<FILENAME>%d.tif</FILENAME></TILE></TIL></isd>",
                 i, i);
        VSILFILE *file = VSIFOpenL(path, "wb");
        VSIFWriteL(text, 1, strlen(text), file);
        VSIFCloseL(file);
    }
    elc_sidecars *sidecars = NULL;
    elc_error err = {0};
    assert_int_equal(elc_sidecars_beside("/vsimem/many/0.tif", &sidecars, NULL),
                     ELC_OK);
    if (elc_threads_run(4, read_facts, sidecars, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_sidecars_free(sidecars);
    VSIRmdirRecursive("/vsimem/many");
}

static void test_facts_of_nothing_are_none(void **state) {
    (void)state;
    elc_facts facts = {0};
    elc_sidecars *sidecars = NULL;
    assert_int_equal(elc_sidecars_beside("/no/such/folder/a.tif", &sidecars, NULL),
                     ELC_OK);
    assert_int_equal(
        elc_facts_read("/no/such/folder/a.tif", NULL, sidecars, &facts, NULL), ELC_OK);
    for (int i = 0; i < ELC_N_FACTS; i++)
        assert_null(facts.items[i].source);
    assert_null(facts.raw);
    assert_null(facts.conflicts);
    elc_facts_clear(&facts);
    elc_facts_clear(NULL);
    elc_sidecars_free(sidecars);
    elc_sidecars_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_of_a_gigabyte_of_sidecar_end_at_the_limit),
        cmocka_unit_test(test_facts_of_long_xml_end_at_64_mib),
        cmocka_unit_test(test_facts_of_images_cut_short_are_those_that_are_left),
        cmocka_unit_test(test_facts_are_read_by_many_threads),
        cmocka_unit_test(test_facts_of_nothing_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
