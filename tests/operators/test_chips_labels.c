/* test_chips_labels.c - labels cut with the chips, and the layouts of training sets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chipping.h"
#include "support/planted.h"

#include <elcano/label.h>

static const double NORTH[6] = {500000, 0.5, 0, 5300000, 0, -0.5};

/* Boxes of a 200 x 130 px image, as xmin, ymin, xmax, ymax. */
static const double BOXES[][4] = {{10, 10, 30, 40},   {50, 20, 90, 60},
                                  {120, 60, 140, 70}, {60, 55, 70, 75},
                                  {0, 0, 200, 130},   {190, 120, 200, 130}};
enum { N_BOXES = sizeof BOXES / sizeof *BOXES };

static char plain[512], labels_csv[600];

static int make_files(void **state) {
    (void)state;
    snprintf(plain, sizeof plain, "%s",
             raster_make(&(raster){.name = "plain.tif",
                                   .width = 200,
                                   .height = 130,
                                   .bands = 3,
                                   .affine = NORTH,
                                   .crs = "EPSG:32632"}));
    FILE *file = fopen(planted_path("boxes.csv"), "w");
    fprintf(file, "image,xmin,ymin,xmax,ymax,class\n");
    for (size_t i = 0; i < N_BOXES; i++)
        fprintf(file, "plain.tif,%g,%g,%g,%g,%s\n", BOXES[i][0], BOXES[i][1],
                BOXES[i][2], BOXES[i][3], i % 2 ? "car & <bus>" : "ship");
    fclose(file);
    snprintf(labels_csv, sizeof labels_csv, "labels=%s", planted_path("boxes.csv"));
    return 0;
}

/* ---- the oracle: boxes cut by hand
 * ----------------------------------------------------
 */

typedef struct seen {
    double box[4], visible;
} seen;

static bool cut_by_hand(const double *b, double x, double y, double side, seen *out) {
    double x0 = fmax(b[0], x), y0 = fmax(b[1], y);
    double x1 = fmin(b[2], x + side), y1 = fmin(b[3], y + side);
    if (x1 <= x0 || y1 <= y0)
        return false;
    *out = (seen){{x0 - x, y0 - y, x1 - x, y1 - y},
                  (x1 - x0) * (y1 - y0) / ((b[2] - b[0]) * (b[3] - b[1]))};
    return true;
}

static size_t count_by_hand(double x, double y, double side, double least) {
    size_t n = 0;
    seen s;
    for (size_t i = 0; i < N_BOXES; i++)
        n += cut_by_hand(BOXES[i], x, y, side, &s) && s.visible >= least;
    return n;
}

/* True when a line of the labels table is that object of that chip. */
static bool is_seen(const char *rows, size_t n, const char *chip, const seen *s) {
    return strcmp(chip_value(rows, n, "chip"), chip) == 0 &&
           fabs(chip_number(rows, n, "xmin_px") - s->box[0]) < 1e-9 &&
           fabs(chip_number(rows, n, "ymin_px") - s->box[1]) < 1e-9 &&
           fabs(chip_number(rows, n, "xmax_px") - s->box[2]) < 1e-9 &&
           fabs(chip_number(rows, n, "ymax_px") - s->box[3]) < 1e-9 &&
           fabs(chip_number(rows, n, "visible") - s->visible) < 1e-9;
}

static void assert_seen(const char *rows, size_t from, const char *chip,
                        const seen *s) {
    size_t n = chip_count(rows), found = 0;
    for (size_t i = from; i < n; i++)
        found += is_seen(rows, i, chip, s);
    assert_int_equal(found, 1);
}

static void test_labels_are_cut_as_by_hand(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "overlap=16", labels_csv, NULL};
    char *rows = chips_of(plain, options);
    size_t total = 0;
    for (size_t i = 0; i < 12; i++) {
        char id[20];
        double x = chip_number(rows, i, "x_px"), y = chip_number(rows, i, "y_px");
        snprintf(id, sizeof id, "%s", chip_value(rows, i, "id"));
        size_t wanted = count_by_hand(x, y, 64, 0);
        assert_int_equal((size_t)chip_number(rows, i, "n_labels"), wanted);
        total += wanted;
        seen s;
        for (size_t k = 0; k < N_BOXES; k++)
            if (cut_by_hand(BOXES[k], x, y, 64, &s))
                assert_seen(rows, 12, id, &s);
    }
    assert_int_equal(chip_count(rows), 12 + total);
    free(rows);
}

static void test_labels_that_are_hardly_seen_are_left_out(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "overlap=16", labels_csv,
                                   "min_visible=0.5", NULL};
    char *rows = chips_of(plain, options);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal((size_t)chip_number(rows, i, "n_labels"),
                         count_by_hand(chip_number(rows, i, "x_px"),
                                       chip_number(rows, i, "y_px"), 64, 0.5));
    free(rows);
}

static void test_labels_on_the_map_are_brought_to_pixels(void **state) {
    (void)state;
    char option[600];
    planted_run("printf 'id,class,geometry\\n1,ship,\"POLYGON((500005 5299995, 500015 "
                "5299995, 500015 5299980, 500005 5299980, 500005 5299995))\"\\n' "
                ">map.csv && ogr2ogr -q -s_srs EPSG:32632 -t_srs EPSG:4326 -oo "
                "GEOM_POSSIBLE_NAMES=geometry -lco COORDINATE_PRECISION=12 map.geojson "
                "map.csv");
    snprintf(option, sizeof option, "labels=%s", planted_path("map.geojson"));
    const char *const options[] = {"chip=64", option, "label_format=layer", NULL};
    char *rows = chips_of(plain, options);
    size_t last = chip_count(rows) - 1;
    assert_true(fabs(chip_number(rows, last, "xmin_px") - 10) < 1e-4);
    assert_true(fabs(chip_number(rows, last, "ymin_px") - 10) < 1e-4);
    assert_true(fabs(chip_number(rows, last, "xmax_px") - 30) < 1e-4);
    assert_true(fabs(chip_number(rows, last, "ymax_px") - 40) < 1e-4);
    assert_true(*chip_value(rows, last, "geometry") != 0);
    free(rows);
}

/* ---- layouts -----------------------------------------------------------------------
 */

/* Chips with labels in a folder; what they are is in its rows. */
static char *lay_out(const char *layout, const char *pixels, uint64_t part_units) {
    char out[600], l[32], p[32];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("set"));
    snprintf(l, sizeof l, "layout=%s", layout);
    snprintf(p, sizeof p, "pixels=%s", pixels);
    const char *const options[] = {"chip=64", "overlap=16", labels_csv, l,
                                   p,         out,          NULL};
    const char *const paths[] = {plain, NULL};
    chipping c = {paths, options, NULL, part_units};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    if (chipping_rows(&c, &text, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(rows, 12);
    return text.data;
}

static void test_yolos_layout_is_read_by_a_few_lines_of_python(void **state) {
    (void)state;
    free(lay_out("yolo", "png", 0));
    FILE *file = fopen(planted_path("yolo.py"), "w");
    fputs("import glob, json, os\n"
          "names = [l.split(': ', 1)[1] for l in open('set/data.yaml') if "
          "l.startswith('  ')]\n"
          "assert [json.loads(n) for n in names] == ['ship', 'car & <bus>'], names\n"
          "images = sorted(glob.glob('set/images/*.png'))\n"
          "assert len(images) == 12\n"
          "for image in images:\n"
          "    text = image.replace('/images/', '/labels/')[:-4] + '.txt'\n"
          "    x, y = map(int, text[:-4].split('_')[-2:])\n"
          "    for line in open(text):\n"
          "        k, cx, cy, w, h = map(float, line.split())\n"
          "        x0, y0 = x + (cx - w / 2) * 64, y + (cy - h / 2) * 64\n"
          "        assert k in (0, 1) and 0 <= x0 and x0 + w * 64 <= 200 + 1e-5\n"
          "        assert abs(x0 - round(x0)) < 1e-4 and abs(y0 - round(y0)) < 1e-4\n"
          "first = open('set/labels/plain_0_0.txt').readline().split()\n"
          "assert first == ['0', '0.31250000', '0.39062500', '0.31250000', "
          "'0.46875000'], first\n",
          file);
    fclose(file);
    planted_run("python3 yolo.py");
}

static void test_cocos_layout_is_read_by_a_few_lines_of_python(void **state) {
    (void)state;
    free(lay_out("coco", "jpeg", 5));
    FILE *file = fopen(planted_path("coco.py"), "w");
    fputs("import json, os\n"
          "d = json.load(open('set/annotations.json'))\n"
          "assert {c['id']: c['name'] for c in d['categories']} == {1: 'ship', 2: 'car "
          "& <bus>'}\n"
          "images = {i['id']: i for i in d['images']}\n"
          "assert len(images) == 12 and len({a['id'] for a in d['annotations']}) == "
          "len(d['annotations'])\n"
          "for i in images.values():\n"
          "    assert os.path.getsize('set/images/' + i['file_name']) > 0\n"
          "    assert i['width'] == i['height'] == 64\n"
          "for a in d['annotations']:\n"
          "    x, y, w, h = a['bbox']\n"
          "    assert a['category_id'] in (1, 2) and a['image_id'] in images\n"
          "    assert abs(a['area'] - w * h) < 1e-6 and a['iscrowd'] == 0\n"
          "    ring = a['segmentation'][0]\n"
          "    assert min(ring[::2]) == x and max(ring[1::2]) == y + h\n"
          "    assert 0 < a['visible'] <= 1\n",
          file);
    fclose(file);
    planted_run("python3 coco.py");
}

static void test_layouts_are_the_same_for_any_parts(void **state) {
    (void)state;
    const char *const layouts[] = {"yolo", "coco", "none"};
    for (size_t i = 0; i < 3; i++) {
        char *one = lay_out(layouts[i], "png", 0);
        planted_run("rm -rf first && cp -r set first");
        for (uint64_t units = 1; units < 9; units += 4) {
            char *other = lay_out(layouts[i], "png", units);
            assert_string_equal(other, one);
            planted_run("diff -r first set");
            free(other);
        }
        free(one);
    }
}

static elc_status chip_size(void *arg, const char *image, int64_t *width,
                            int64_t *height, elc_error *err) {
    (void)arg, (void)image, (void)err;
    *width = *height = 64;
    return ELC_OK;
}

/* What was written is read as the same labels, by the reader of each format. */
static void test_layouts_are_read_back(void **state) {
    (void)state;
    const struct {
        const char *layout, *path, *format;
    } cases[] = {{"yolo", "set/labels", "yolo"},
                 {"coco", "set/annotations.json", "coco"},
                 {"none", "set", "voc"}};
    for (size_t i = 0; i < 3; i++) {
        char *rows = lay_out(cases[i].layout, "png", 0);
        elc_labels labels = {0};
        elc_error err = {0};
        if (elc_labels_read(planted_path(cases[i].path), cases[i].format, chip_size,
                            NULL, &labels, &err) != ELC_OK)
            fail_msg("%s", err.message);
        assert_int_equal(labels.count, chip_count(rows) - 12);
        assert_true(elc_names_find(&labels.classes, "car & <bus>") != SIZE_MAX);
        elc_labels_clear(&labels);
        free(rows);
    }
}

static void test_layouts_need_labels_and_files(void **state) {
    (void)state;
    const char *const no_labels[] = {"layout=yolo", "pixels=png", "out_dir=x", NULL};
    const char *const no_files[] = {"layout=coco", labels_csv, NULL};
    assert_chips_fail(plain, no_labels, ELC_E_ARGUMENT, "no labels given");
    assert_chips_fail(plain, no_files, ELC_E_ARGUMENT, "is of files");
}

static void test_labels_on_the_map_need_a_place(void **state) {
    (void)state;
    char option[600], path[512];
    planted_run("printf '{\"type\":\"FeatureCollection\",\"features\":[{\"type\":"
                "\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\","
                "\"coordinates\":[1,2]}}]}' >point.geojson");
    snprintf(option, sizeof option, "labels=%s", planted_path("point.geojson"));
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){
                 .name = "nowhere.tif", .width = 100, .height = 90, .bands = 1}));
    const char *const options[] = {option, "label_format=layer", NULL};
    assert_chips_fail(path, options, ELC_E_ARGUMENT, "leave --labels out");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_are_cut_as_by_hand),
        cmocka_unit_test(test_labels_that_are_hardly_seen_are_left_out),
        cmocka_unit_test(test_labels_on_the_map_are_brought_to_pixels),
        cmocka_unit_test(test_yolos_layout_is_read_by_a_few_lines_of_python),
        cmocka_unit_test(test_cocos_layout_is_read_by_a_few_lines_of_python),
        cmocka_unit_test(test_layouts_are_the_same_for_any_parts),
        cmocka_unit_test(test_layouts_are_read_back),
        cmocka_unit_test(test_layouts_need_labels_and_files),
        cmocka_unit_test(test_labels_on_the_map_need_a_place),
    };
    return cmocka_run_group_tests(tests, make_files, NULL);
}
