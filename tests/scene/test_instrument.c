/* test_instrument.c - the instrument boxes what is planted, once and exactly. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"
#include "render.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 4096, ROWS = 7, BANDS = 5 };

/* A scene of codes and its truth, rendered once for all tests. */
typedef struct scene {
    picture image;
    planted *truth;
    size_t count;
} scene;

typedef struct chip {
    int x, y, side;
} chip;

typedef struct found {
    float box[4], score;
    int kind;
} found;

static scene scene_make(void) {
    scene s = {0};
    assert_int_equal(render("--size 2400x2000 --seed 9 --objects 420 --code-only "
                            "--out t.tif --truth t.json"),
                     0);
    s.image = render_picture("t.tif");
    s.truth = render_truth("t.json", &s.count);
    return s;
}

static void scene_free(scene *s) {
    free(s->image.pixels);
    free(s->truth);
}

static network *instrument(const char *options) {
    assert_int_equal(render_python("instrument.py i.onnx %s", options), 0);
    return network_open("i.onnx");
}

/* A chip as planes of floats; beyond the image it is 0. */
static void cut(const scene *s, chip c, float *out) {
    for (int b = 0; b < BANDS; b++)
        for (int y = c.y; y < c.y + c.side; y++)
            for (int x = c.x; x < c.x + c.side; x++, out++) {
                bool inside = x < s->image.width && y < s->image.height;
                size_t at = (size_t)y * (size_t)s->image.width + (size_t)x;
                *out = inside ? s->image.pixels[at * BANDS + (size_t)b] : 0;
            }
}

static size_t read_rows(const float *out, found *rows) {
    size_t n = 0;
    for (size_t i = 0; i < CAP; i++) {
        found f = {{out[i] - out[2 * CAP + i] / 2, out[CAP + i] - out[3 * CAP + i] / 2,
                    out[i] + out[2 * CAP + i] / 2, out[CAP + i] + out[3 * CAP + i] / 2},
                   0,
                   -1};
        for (int k = 0; k < 3; k++)
            if (out[(size_t)(4 + k) * CAP + i] > f.score) {
                f.score = out[(size_t)(4 + k) * CAP + i];
                f.kind = k;
            }
        if (f.kind >= 0)
            rows[n++] = f;
    }
    return n;
}

static size_t detect(network *net, const scene *s, chip c, found *rows) {
    float *in = malloc(sizeof *in * BANDS * (size_t)c.side * (size_t)c.side);
    assert_non_null(in);
    cut(s, c, in);
    int64_t dims[3];
    float *out =
        network_run(net, in, false, (int64_t[4]){1, BANDS, c.side, c.side}, dims);
    assert_int_equal(dims[1], ROWS);
    assert_int_equal(dims[2], CAP);
    size_t n = read_rows(out, rows);
    free(in);
    free(out);
    return n;
}

/* Is a pixel of this object in the chip? */
static bool in_chip(const scene *s, chip c, const planted *o) {
    const picture *p = &s->image;
    for (int y = (int)fmax(o->ymin, c.y); y < fmin(o->ymax, c.y + c.side); y++)
        for (int x = (int)fmax(o->xmin, c.x); x < fmin(o->xmax, c.x + c.side); x++) {
            const uint8_t *code =
                &p->pixels[((size_t)y * (size_t)p->width + (size_t)x) * BANDS];
            if (code[4] != 0 && x - code[0] == o->xmin && y - code[1] == o->ymin &&
                x + code[2] == o->xmax && y + code[3] == o->ymax)
                return true;
        }
    return false;
}

static found clipped(chip c, const planted *o) {
    return (found){{(float)fmax(o->xmin - c.x, 0), (float)fmax(o->ymin - c.y, 0),
                    (float)fmin(o->xmax - c.x, c.side),
                    (float)fmin(o->ymax - c.y, c.side)},
                   0,
                   o->kind};
}

static bool within(const found *a, const found *b, float px) {
    for (int i = 0; i < 4; i++)
        if (fabsf(a->box[i] - b->box[i]) > px)
            return false;
    return a->kind == b->kind;
}

static size_t times_found(const found *rows, size_t n, const found *want, float px) {
    size_t times = 0;
    for (size_t i = 0; i < n; i++)
        times += within(&rows[i], want, px);
    return times;
}

/* Every object of the chip once, and nothing else; gives how many. */
static size_t expect_exact(network *net, const scene *s, chip c) {
    static found rows[CAP];
    size_t n = detect(net, s, c, rows), wanted = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!in_chip(s, c, &s->truth[i]))
            continue;
        found want = clipped(c, &s->truth[i]);
        assert_int_equal(times_found(rows, n, &want, 0), 1);
        wanted++;
    }
    assert_int_equal(n, wanted);
    return n;
}

static const chip chips[] = {{0, 0, 640},    {501, 333, 640}, {1777, 1391, 640},
                             {64, 900, 256}, {1000, 77, 320}, {1300, 1000, 1000}};

static void test_instrument_boxes_each_object_once(void **state) {
    (void)state;
    scene s = scene_make();
    network *net = instrument("");
    assert_int_equal(expect_exact(net, &s, (chip){0, 0, 2400}), s.count);
    size_t boxes = 0;
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++)
        boxes += expect_exact(net, &s, chips[i]);
    assert_in_range(boxes, 50, 2000);
    network_close(net);
    scene_free(&s);
}

static void expect_near(const scene *s, chip c, const found *rows, size_t n) {
    for (size_t i = 0; i < s->count; i++) {
        if (!in_chip(s, c, &s->truth[i]))
            continue;
        found want = clipped(c, &s->truth[i]);
        assert_in_range(times_found(rows, n, &want, 0.801f), 1, 2);
        assert_int_equal(times_found(rows, n, &want, 0), 0);
    }
    for (size_t i = 0; i < n; i++) {
        const float *b = rows[i].box;
        assert_true(b[0] >= 0 && b[1] >= 0);
        assert_true(b[2] <= (float)c.side && b[3] <= (float)c.side);
        assert_true(b[2] > b[0] && b[3] > b[1]);
        assert_true(rows[i].score >= 0.5f && rows[i].score <= 0.951f);
    }
}

static void test_instrument_jitter_stays_small_and_in_the_chip(void **state) {
    (void)state;
    scene s = scene_make();
    network *exact = instrument("");
    network *net = instrument("--jitter 0.8 --noisy-scores");
    static found rows[CAP], plain[CAP];
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++) {
        size_t n = detect(net, &s, chips[i], rows);
        assert_int_equal(n, detect(exact, &s, chips[i], plain));
        expect_near(&s, chips[i], rows, n);
    }
    network_close(exact);
    network_close(net);
    scene_free(&s);
}

/* Two chips a few pixels apart see the same objects: their draws must differ. */
static void test_instrument_draws_anew_for_each_chip(void **state) {
    (void)state;
    scene s = scene_make();
    network *net = instrument("--jitter 0.8 --noisy-scores");
    static found first[CAP], again[CAP], moved[CAP];
    size_t n = detect(net, &s, (chip){500, 500, 640}, first);
    assert_int_equal(detect(net, &s, (chip){500, 500, 640}, again), n);
    assert_memory_equal(first, again, n * sizeof *first);
    size_t same = 0, m = detect(net, &s, (chip){492, 500, 640}, moved);
    for (size_t i = 0; i < m; i++) {
        moved[i].box[0] -= 8;
        moved[i].box[2] -= 8;
        same += times_found(first, n, &moved[i], 1e-3f);
    }
    assert_int_equal(same, 0);
    network_close(net);
    scene_free(&s);
}

static void test_instrument_batch_gives_what_single_chips_give(void **state) {
    (void)state;
    enum { SIDE = 320, PLANE = BANDS * SIDE * SIDE, OUT = ROWS * CAP };
    scene s = scene_make();
    network *net = instrument("--jitter 0.8 --noisy-scores");
    float *in = malloc(4 * PLANE * sizeof *in);
    assert_non_null(in);
    for (int i = 0; i < 4; i++)
        cut(&s, (chip){300 * i, 200 * i, SIDE}, in + i * PLANE);
    int64_t dims[3];
    float *all = network_run(net, in, false, (int64_t[4]){4, BANDS, SIDE, SIDE}, dims);
    assert_int_equal(dims[0], 4);
    for (int i = 0; i < 4; i++) {
        float *one = network_run(net, in + i * PLANE, false,
                                 (int64_t[4]){1, BANDS, SIDE, SIDE}, dims);
        assert_memory_equal(one, all + i * OUT, OUT * sizeof *one);
        free(one);
    }
    free(all);
    free(in);
    network_close(net);
    scene_free(&s);
}

static void test_instrument_reads_bytes_as_it_reads_floats(void **state) {
    (void)state;
    enum { SIDE = 512, PLANE = BANDS * SIDE * SIDE };
    scene s = scene_make();
    network *floats = instrument(""), *bytes = instrument("--input uint8");
    float *in = malloc(PLANE * sizeof *in);
    uint8_t *raw = malloc(PLANE);
    assert_true(in != NULL && raw != NULL);
    cut(&s, (chip){700, 300, SIDE}, in);
    for (int i = 0; i < PLANE; i++)
        raw[i] = (uint8_t)in[i];
    int64_t dims[3], shape[4] = {1, BANDS, SIDE, SIDE};
    float *a = network_run(floats, in, false, shape, dims);
    float *b = network_run(bytes, raw, true, shape, dims);
    assert_memory_equal(a, b, ROWS * CAP * sizeof *a);
    free(a);
    free(b);
    free(in);
    free(raw);
    network_close(floats);
    network_close(bytes);
    scene_free(&s);
}

static void test_instrument_takes_padding_for_ground(void **state) {
    (void)state;
    enum { SIDE = 64, PLANE = BANDS * SIDE * SIDE };
    network *net = instrument("");
    static float in[PLANE];
    static const float pads[] = {0, 114, 255};
    for (size_t k = 0; k < 3; k++) {
        for (int i = 0; i < PLANE; i++)
            in[i] = pads[k];
        int64_t dims[3];
        float *out =
            network_run(net, in, false, (int64_t[4]){1, BANDS, SIDE, SIDE}, dims);
        for (int i = 0; i < ROWS * CAP; i++)
            assert_true(out[i] == 0);
        free(out);
    }
    network_close(net);
}

static void test_instrument_leaves_out_what_is_hardly_visible(void **state) {
    (void)state;
    scene s = scene_make();
    network *net = instrument("--min-visible 0.5");
    static found rows[CAP];
    size_t left_out = 0;
    for (size_t i = 0; i < sizeof chips / sizeof *chips; i++) {
        size_t n = detect(net, &s, chips[i], rows), wanted = 0;
        for (size_t k = 0; k < s.count; k++) {
            const planted *o = &s.truth[k];
            found f = clipped(chips[i], o);
            double whole = (double)(o->xmax - o->xmin) * (o->ymax - o->ymin);
            double part = (double)(f.box[2] - f.box[0]) * (f.box[3] - f.box[1]);
            bool seen = in_chip(&s, chips[i], o);
            wanted += seen && part >= whole / 2;
            left_out += seen && part < whole / 2;
        }
        assert_int_equal(n, wanted);
    }
    assert_in_range(left_out, 5, 500);
    network_close(net);
    scene_free(&s);
}

static void test_instrument_cap_is_kept(void **state) {
    (void)state;
    enum { SIDE = 1000 };
    scene s = scene_make();
    network *net = instrument("--cap 10");
    float *in = malloc(sizeof *in * BANDS * SIDE * SIDE);
    assert_non_null(in);
    cut(&s, (chip){600, 600, SIDE}, in);
    int64_t dims[3];
    float *out = network_run(net, in, false, (int64_t[4]){1, BANDS, SIDE, SIDE}, dims);
    assert_int_equal(dims[2], 10);
    for (int i = 0; i < 10; i++)
        assert_true(fmaxf(out[40 + i], fmaxf(out[50 + i], out[60 + i])) > 0.8f);
    free(in);
    free(out);
    network_close(net);
    scene_free(&s);
}

static void test_instrument_refuses_wrong_options(void **state) {
    (void)state;
    assert_int_equal(render_python("instrument.py i.onnx --jitter 11"), 2);
    assert_true(render_talked("--jitter: give 0 to 10 px"));
    assert_int_equal(render_python("instrument.py none/i.onnx"), 1);
    assert_true(render_talked("none/i.onnx: No such file or directory"));
}

#define IN_A_FOLDER(test)                                                              \
    cmocka_unit_test_setup_teardown(test, render_setup, render_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_instrument_boxes_each_object_once),
        IN_A_FOLDER(test_instrument_jitter_stays_small_and_in_the_chip),
        IN_A_FOLDER(test_instrument_draws_anew_for_each_chip),
        IN_A_FOLDER(test_instrument_batch_gives_what_single_chips_give),
        IN_A_FOLDER(test_instrument_reads_bytes_as_it_reads_floats),
        IN_A_FOLDER(test_instrument_takes_padding_for_ground),
        IN_A_FOLDER(test_instrument_leaves_out_what_is_hardly_visible),
        IN_A_FOLDER(test_instrument_cap_is_kept),
        IN_A_FOLDER(test_instrument_refuses_wrong_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
