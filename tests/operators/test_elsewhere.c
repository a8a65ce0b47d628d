/* test_elsewhere.c - detect as a cluster runs it: each part in a process of its own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/detect/rows.h"
#include "support/detecting.h"
#include "support/planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The same call in every process: part_units chips a part, and `more`, an option. */
static elc_status prepare(const char *image, const char *model, const char *more,
                          uint64_t part_units, detect_call *call) {
    static char model_option[700];
    static const char *paths[2], *options[7];
    snprintf(model_option, sizeof model_option, "model=%s", model);
    paths[0] = image;
    options[0] = model_option;
    options[1] = "chip=320";
    options[2] = "overlap=104";
    options[3] = "crs=image";
    options[4] = "blur=0.1"; /* is read with a margin, and leaves bytes as they are */
    options[5] = more;
    detecting d = {paths, options, NULL, part_units};
    return detecting_prepare(&d, call, NULL);
}

/* ---- the other process: opens the part in a file, writes its rows to a pipe
 * ---------- */

static elc_status write_batches(struct ArrowArrayStream *stream, elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    for (;;) {
        struct ArrowArray batch = {0};
        elc_string bytes = {0};
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (!batch.release)
            break;
        ELC_TRY(elc_batch_encode(&schema, &batch, &bytes, err));
        fwrite(&bytes.size, sizeof bytes.size, 1, stdout);
        fwrite(bytes.data, bytes.size, 1, stdout);
        elc_string_free(&bytes);
        elc_array_release(&batch);
    }
    elc_schema_release(&schema);
    return ELC_OK;
}

static int open_part(char **argv) {
    detect_call call;
    elc_error err = {0};
    elc_string bytes = {0};
    struct ArrowArrayStream stream = {0};
    elc_status status = prepare(argv[2], argv[3], argv[5], 1, &call);
    if (status == ELC_OK)
        status = elc_file_read(argv[4], 1 << 20, &bytes, &err);
    elc_part part = {.bytes = bytes.data, .size = bytes.size, .weight = 1};
    if (status == ELC_OK)
        status = elc_call_prepare(&call.call, &err);
    if (status == ELC_OK)
        status = elc_run_open_part(&call.call, &part, NULL, &stream, &err);
    if (status == ELC_OK)
        status = write_batches(&stream, &err);
    elc_stream_release(&stream);
    elc_string_free(&bytes);
    detecting_done(&call);
    fprintf(stderr, "%s", err.message);
    return status != ELC_OK;
}

/* ---- this process
 * ---------------------------------------------------------------------- */

static char self[600], image[600], model[600];
static const char *more; /* an option */

typedef struct arrived {
    struct ArrowArray batches[64];
    size_t n;
} arrived;

static void read_batches(FILE *pipe, const struct ArrowSchema *schema, arrived *out) {
    size_t size;
    out->n = 0;
    while (fread(&size, sizeof size, 1, pipe) == 1) {
        char *bytes = malloc(size);
        assert_int_equal(fread(bytes, 1, size, pipe), size);
        assert_true(out->n < 64);
        assert_int_equal(
            elc_batch_decode(schema, bytes, size, &out->batches[out->n++], NULL),
            ELC_OK);
        free(bytes);
    }
}

static void schema_of_rows(struct ArrowSchema *out) {
    const elc_operator *op = NULL;
    elc_crs *crs = NULL;
    assert_int_equal(elc_operator_find("detect", &op, NULL), ELC_OK);
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    assert_int_equal(elc_schema_create(elc_detect_columns, N_COLUMNS,
                                       elc_crs_projjson(crs), out, NULL),
                     ELC_OK);
    elc_crs_free(crs);
}

/* Opens one part in a new process and gives the stream of what came through its pipe.
 */
static void open_elsewhere(const elc_part *part, struct ArrowArrayStream *out) {
    char command[2000];
    arrived rows;
    struct ArrowSchema schema = {0};
    FILE *file = fopen(planted_path("part"), "wb");
    fwrite(part->bytes, 1, part->size, file);
    fclose(file);
    snprintf(command, sizeof command, "'%s' part '%s' '%s' '%s' '%s'", self, image,
             model, planted_path("part"), more);
    FILE *pipe = popen(command, "r");
    schema_of_rows(&schema);
    read_batches(pipe, &schema, &rows);
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(elc_stream_of_batches(&schema, rows.batches, rows.n, out, NULL),
                     ELC_OK);
}

static char *run_elsewhere(uint64_t part_units) {
    detect_call call;
    elc_plan plan = {0};
    elc_error err = {0};
    elc_string text = {0};
    struct ArrowArrayStream tables[2] = {0};
    size_t rows = 0, images = 0;
    assert_int_equal(prepare(image, model, more, part_units, &call), ELC_OK);
    if (elc_call_prepare(&call.call, &err) != ELC_OK ||
        call.call.op->plan(&call.call, &plan, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_true(plan.count > 1);
    struct ArrowArrayStream *parts = calloc(plan.count, sizeof *parts);
    for (size_t i = plan.count; i-- > 0;)
        open_elsewhere(&plan.parts[i], &parts[i]);
    assert_int_equal(elc_run_finish_tables(&call.call, parts, plan.count, tables, &err),
                     ELC_OK);
    assert_int_equal(detecting_print(&tables[0], &text, &rows, &err), ELC_OK);
    assert_int_equal(detecting_print(&tables[1], &text, &images, &err), ELC_OK);
    assert_int_equal(images, 1);
    elc_plan_clear(&plan);
    detecting_done(&call);
    free(parts);
    return text.data;
}

static char *run_here(size_t wanted) {
    detect_call call;
    elc_run *run = NULL;
    elc_string text = {0};
    struct ArrowArrayStream out = {0};
    size_t rows = 0, images = 0;
    assert_int_equal(prepare(image, model, more, 0, &call), ELC_OK);
    assert_int_equal(elc_run_create(&call.call, &run, NULL), ELC_OK);
    assert_int_equal(elc_run_table(run, &out, NULL), ELC_OK);
    assert_int_equal(detecting_print(&out, &text, &rows, NULL), ELC_OK);
    assert_int_equal(rows, wanted);
    assert_int_equal(elc_run_side(run, 1, &out, NULL), ELC_OK);
    assert_int_equal(detecting_print(&out, &text, &images, NULL), ELC_OK);
    elc_run_free(run);
    detecting_done(&call);
    return text.data;
}

static int set_up(void **state) {
    (void)state;
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    snprintf(
        image, sizeof image, "%s",
        planted_scene("town", "--size 1500x1300 --objects 300 --seed 3 --code-only"));
    snprintf(model, sizeof model, "%s", planted_instrument("instrument.onnx", ""));
    return n < 0;
}

static void is_the_same_there(const char *option, size_t rows) {
    const uint64_t units[] = {2, 9};
    more = option;
    char *here = run_here(rows);
    for (int i = 0; i < 2; i++) {
        char *there = run_elsewhere(units[i]);
        assert_string_equal(there, here);
        free(there);
    }
    free(here);
}

static void test_elsewhere_gives_the_rows_that_one_process_gives(void **state) {
    (void)state;
    is_the_same_there("flip=none", 300);
}

static void test_elsewhere_crops_as_one_process_does(void **state) {
    (void)state;
    is_the_same_there("crop=90,110,901,777", 128);
}

/* A file of that name on another machine may be another network. */
static void test_elsewhere_refuses_another_network(void **state) {
    (void)state;
    detect_call call;
    elc_plan plan = {0};
    elc_error err = {0};
    struct ArrowArrayStream stream = {0};
    const char *other = planted_instrument("other.onnx", "--cap 9");
    assert_int_equal(prepare(image, model, "flip=none", 9, &call), ELC_OK);
    assert_int_equal(elc_call_prepare(&call.call, NULL), ELC_OK);
    assert_int_equal(call.call.op->plan(&call.call, &plan, NULL), ELC_OK);
    detecting_done(&call);
    assert_int_equal(prepare(image, other, "flip=none", 9, &call), ELC_OK);
    assert_int_equal(elc_call_prepare(&call.call, NULL), ELC_OK);
    assert_int_equal(elc_run_open_part(&call.call, &plan.parts[0], NULL, &stream, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "is another network than that of the plan"));
    elc_plan_clear(&plan);
    detecting_done(&call);
}

int main(int argc, char **argv) {
    if (argc == 6 && strcmp(argv[1], "part") == 0)
        return open_part(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elsewhere_gives_the_rows_that_one_process_gives),
        cmocka_unit_test(test_elsewhere_crops_as_one_process_does),
        cmocka_unit_test(test_elsewhere_refuses_another_network),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
