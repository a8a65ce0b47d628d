/* test_facts.c - what is known of real deliveries, against GDAL and Python. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pictures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glob.h>
#include <math.h>
#include <stdio.h>

#include <ogr_srs_api.h>

static void read_facts(const char *path, elc_facts *facts) {
    elc_sidecars *sidecars = NULL;
    elc_image *image = picture_open(path);
    assert_int_equal(elc_sidecars_beside(path, &sidecars, NULL), ELC_OK);
    assert_int_equal(elc_facts_read(path, image, sidecars, facts, NULL), ELC_OK);
    elc_sidecars_free(sidecars);
    elc_image_free(image);
}

/* ---- the golden table ---------------------------------------------------------------
 */

static elc_fact_id field_of(const char *name) {
    for (int i = 0; i < ELC_N_FACTS; i++) {
        if (strcmp(elc_fact_fields[i].name, name) == 0)
            return (elc_fact_id)i;
    }
    fail_msg("facts.txt: no field \"%s\"", name);
    return ELC_N_FACTS;
}

static void check_numbers(const elc_fact *fact, const char *line) {
    const char *at = strchr(line, ' ') + 1;
    for (size_t i = 0; i < fact->n; i++) {
        char *end = NULL;
        double expected = strtod(at, &end);
        if (end == at ||
            fabs(fact->numbers[i] - expected) > 1e-9 * fmax(1, fabs(expected)))
            fail_msg("%s: number %zu is %.17g", line, i, fact->numbers[i]);
        at = end;
    }
    assert_string_equal(at, "");
}

static void check_line(const elc_facts *facts, const char *line) {
    char name[64];
    size_t n = strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", (int)n, line);
    elc_fact_id id = field_of(name);
    const elc_fact *fact = &facts->items[id];
    const char *expected = line + n + 1;
    if (strcmp(expected, "-") == 0) {
        if (fact->source != NULL)
            fail_msg("%s: is known from %s", line, fact->source);
        return;
    }
    if (fact->source == NULL)
        fail_msg("%s: not known", line);
    if (elc_fact_fields[id].kind == ELC_FACT_TEXT)
        assert_string_equal(fact->text, expected);
    else if (elc_fact_fields[id].kind == ELC_FACT_TIME)
        assert_int_equal(fact->time_us, strtoll(expected, NULL, 10));
    else
        check_numbers(fact, line);
}

static void test_facts_of_real_files_are_the_golden_table(void **state) {
    (void)state;
    FILE *table = fopen(ELCANO_SOURCE_DIR "/tests/image/facts.txt", "r");
    assert_non_null(table);
    elc_facts facts = {0};
    char line[1000];
    size_t checked = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strchr(line, '/') != NULL && strchr(line, ' ') == NULL) {
            elc_facts_clear(&facts);
            read_facts(data_path(line), &facts);
        } else if (line[0] != '#' && line[0] != '\0') {
            check_line(&facts, line);
            checked++;
        }
    }
    fclose(table);
    elc_facts_clear(&facts);
    assert_true(checked > 60);
}

/* ---- GDAL's own reading
 * ---------------------------------------------------------------- */

/* Corners in degrees by GDAL: OGC:CRS84 has longitude first. */
static void corners_by_gdal(GDALDatasetH dataset, double out[8]) {
    double t[6], w = GDALGetRasterXSize(dataset), h = GDALGetRasterYSize(dataset);
    const double px[] = {0, w, w, 0}, py[] = {0, 0, h, h};
    OGRSpatialReferenceH from = OSRClone(GDALGetSpatialRef(dataset));
    OGRSpatialReferenceH to = OSRNewSpatialReference(NULL);
    OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetFromUserInput(to, "OGC:CRS84");
    OGRCoordinateTransformationH transform = OCTNewCoordinateTransformation(from, to);
    assert_int_equal(GDALGetGeoTransform(dataset, t), CE_None);
    for (int i = 0; i < 4; i++) {
        out[2 * i] = t[0] + px[i] * t[1] + py[i] * t[2];
        out[2 * i + 1] = t[3] + px[i] * t[4] + py[i] * t[5];
        assert_true(OCTTransform(transform, 1, &out[2 * i], &out[2 * i + 1], NULL));
    }
    OCTDestroyCoordinateTransformation(transform);
    OSRDestroySpatialReference(from);
    OSRDestroySpatialReference(to);
}

static void check_against_gdal(const char *path, size_t *placed) {
    elc_facts facts = {0};
    read_facts(path, &facts);
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    OGRSpatialReferenceH srs = GDALGetSpatialRef(dataset);
    const elc_fact *corners = &facts.items[ELC_FACT_CORNERS_LONLAT];
    assert_int_equal((int)facts.items[ELC_FACT_WIDTH].numbers[0],
                     GDALGetRasterXSize(dataset));
    assert_int_equal((int)facts.items[ELC_FACT_HEIGHT].numbers[0],
                     GDALGetRasterYSize(dataset));
    if (srs != NULL && !OSRIsLocal(srs)) {
        double expected[8];
        corners_by_gdal(dataset, expected);
        assert_int_equal(corners->n, 8);
        for (size_t i = 0; i < 8; i++)
            assert_true(fabs(remainder(corners->numbers[i] - expected[i], 360)) < 1e-9);
        ++*placed;
    }
    GDALClose(dataset);
    elc_facts_clear(&facts);
}

static void test_facts_agree_with_gdal_for_every_image(void **state) {
    (void)state;
    static const char *const patterns[] = {
        "imagery/*/*.tif", "imagery/*/*.tiff", "imagery/*/*.jp2", "imagery/*/*.jpg",
        "imagery/*/*.png", "metadata/*/*.TIF", "metadata/*/*.tif"};
    size_t placed = 0;
    char pattern[1000];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t found = {0};
        snprintf(pattern, sizeof pattern, "%s/%s", data_path(""), patterns[i]);
        assert_int_equal(glob(pattern, 0, NULL, &found), 0);
        for (size_t k = 0; k < found.gl_pathc; k++)
            check_against_gdal(found.gl_pathv[k], &placed);
        globfree(&found);
    }
    assert_true(placed >= 20);
}

/* GDAL reads the same sidecars into its RPC domain, by code of its own. */
static void check_rpc(const char *below) {
    static const char *const keys[] = {
        "LINE_OFF",       "SAMP_OFF",      "LAT_OFF",        "LONG_OFF",
        "HEIGHT_OFF",     "LINE_SCALE",    "SAMP_SCALE",     "LAT_SCALE",
        "LONG_SCALE",     "HEIGHT_SCALE",  "LINE_NUM_COEFF", "LINE_DEN_COEFF",
        "SAMP_NUM_COEFF", "SAMP_DEN_COEFF"};
    elc_facts facts = {0};
    read_facts(data_path(below), &facts);
    const elc_fact *rpc = &facts.items[ELC_FACT_RPC];
    assert_int_equal(rpc->n, 92);
    GDALDatasetH dataset = GDALOpen(data_path(below), GA_ReadOnly);
    size_t at = 2;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = GDALGetMetadataItem(dataset, keys[i], "RPC");
        assert_non_null(text);
        char *end = NULL;
        for (double v = strtod(text, &end); end != text; v = strtod(text, &end)) {
            assert_true(at < 92);
            assert_true(fabs(rpc->numbers[at++] - v) <= 1e-12 * fmax(1, fabs(v)));
            text = end;
        }
    }
    assert_int_equal(at, 92);
    GDALClose(dataset);
    elc_facts_clear(&facts);
}

static void test_facts_rpcs_are_those_that_gdal_reads(void **state) {
    (void)state;
    check_rpc("metadata/gdal/md_dg.tif");
    check_rpc("metadata/gdal/md_dg_2.tif");
    check_rpc("metadata/gdal/IMG_md_ple_R1C1.jp2");
}

/* ---- sources, conflicts, raw
 * ------------------------------------------------------------ */

static void test_facts_say_where_they_are_from(void **state) {
    (void)state;
    elc_facts facts = {0};
    read_facts(data_path("metadata/gdal/md_dg.tif"), &facts);
    assert_string_equal(facts.items[ELC_FACT_PLATFORM].source,
                        "md_dg.IMD: IMAGE_1/satId");
    assert_string_equal(facts.items[ELC_FACT_RPC].source,
                        "md_dg.RPB: IMAGE/lineOffset");
    assert_string_equal(facts.items[ELC_FACT_WIDTH].source, "md_dg.tif: size");
    assert_non_null(strstr(facts.raw, "{\"md_dg.IMD\":{\"version\":\"24.06\""));
    assert_non_null(strstr(facts.raw, "\"md_dg.RPB\":{"));
    elc_facts_clear(&facts);
}

static void test_facts_conflicts_have_both_values(void **state) {
    (void)state;
    elc_facts facts = {0};
    read_facts(data_path("metadata/gdal/md_dg.tif"), &facts);
    assert_non_null(strstr(
        facts.conflicts,
        "{\"field\":\"bit_depth\",\"values\":[{\"value\":8.0,\"source\":\"md_dg.tif: "
        "type\"},{\"value\":16.0,\"source\":\"md_dg.IMD: bitsPerPixel\"}]}"));
    assert_null(strstr(facts.conflicts, "\"rpc\""));
    assert_null(strstr(facts.conflicts, "\"cloud\""));
    elc_facts_clear(&facts);
    read_facts(data_path("imagery/DeepForest/OSBS_029.tif"), &facts);
    assert_null(facts.conflicts);
    elc_facts_clear(&facts);
}

static void test_facts_fields_have_names_of_their_own(void **state) {
    (void)state;
    for (int i = 0; i < ELC_N_FACTS; i++) {
        assert_non_null(elc_fact_fields[i].name);
        assert_non_null(elc_fact_fields[i].unit);
        assert_non_null(elc_fact_fields[i].help);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(elc_fact_fields[i].name, elc_fact_fields[k].name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_of_real_files_are_the_golden_table),
        cmocka_unit_test(test_facts_agree_with_gdal_for_every_image),
        cmocka_unit_test(test_facts_rpcs_are_those_that_gdal_reads),
        cmocka_unit_test(test_facts_say_where_they_are_from),
        cmocka_unit_test(test_facts_conflicts_have_both_values),
        cmocka_unit_test(test_facts_fields_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
