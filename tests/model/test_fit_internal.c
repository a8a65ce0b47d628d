/* test_fit_internal.c - which head outputs make, by a table of shapes and evidence. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIELDS = 5, OUTPUTS = 4 };

/* "84 8400" into [1, 84, 8400] */
static void read_shape(const char *text, elc_output_shape *shape) {
    int used;
    *shape = (elc_output_shape){.name = "output0", .rank = 1, .dims = {1}};
    for (long long dim; sscanf(text, "%lld%n", &dim, &used) == 1; text += used)
        shape->dims[shape->rank++] = dim;
}

static void read_evidence(const char *text, elc_head_case *network,
                          elc_output_shape *first) {
    if (strcmp(text, "raw") == 0)
        network->tail = ELC_TAIL_RAW;
    else if (strcmp(text, "decoded") == 0)
        network->tail = ELC_TAIL_DECODED;
    else if (strcmp(text, "end2end") == 0)
        network->end_to_end = true;
    else if (strncmp(text, "varies", 6) == 0) {
        network->sized = true;
        first->varies[text[6] - '0'] = text[6] != '0';
    } else if (strcmp(text, "-") != 0)
        network->task = text;
}

static void read_case(char *fields[FIELDS], elc_head_case *network,
                      elc_output_shape shapes[OUTPUTS]) {
    long long width, height;
    char *rest = fields[1];
    *network = (elc_head_case){.outputs = shapes};
    assert_int_equal(sscanf(fields[0], "%lldx%lld", &width, &height), 2);
    network->input_width = width;
    network->input_height = height;
    for (char *shape; (shape = strtok_r(rest, ";", &rest)) != NULL;) {
        assert_true(network->n_outputs < OUTPUTS);
        read_shape(shape, &shapes[network->n_outputs++]);
    }
    network->n_classes = (size_t)atoi(fields[2]);
    read_evidence(fields[3], network, &shapes[0]);
}

/* "yolov5 ?yolov8", or "-" */
static void print_fits(const elc_head_case *network, char *out, size_t room) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; elc_heads[i] != NULL; i++) {
        elc_head_layout layout = {0};
        elc_head_fit fit = elc_heads[i]->fit(network, &layout);
        assert_true(layout.reason[0] != '\0');
        if (fit != ELC_FIT_NO)
            used +=
                (size_t)snprintf(out + used, room - used, "%s%s%s", used > 0 ? " " : "",
                                 fit == ELC_FIT_YES ? "" : "?", elc_heads[i]->name);
    }
    if (used == 0)
        snprintf(out, room, "-");
}

/* Cuts a line at '|' and takes blanks and the end of line away. */
static bool cut(char *line, char *fields[FIELDS]) {
    size_t n = 0;
    for (char *rest = line, *part; n < FIELDS && (part = strsep(&rest, "|")) != NULL;) {
        part += strspn(part, " ");
        for (size_t end = strlen(part); end > 0 && strchr(" \n", part[end - 1]); end--)
            part[end - 1] = '\0';
        fields[n++] = part;
    }
    return n == FIELDS;
}

static void test_heads_fit_as_the_table_says(void **state) {
    (void)state;
    char line[256], copy[256], got[256], *fields[FIELDS];
    size_t cases = 0;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/model/fit.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        elc_head_case network;
        elc_output_shape shapes[OUTPUTS];
        if (line[0] == '#')
            continue;
        strcpy(copy, line);
        assert_true(cut(line, fields));
        read_case(fields, &network, shapes);
        print_fits(&network, got, sizeof got);
        if (strcmp(got, fields[4]) != 0)
            fail_msg("%sgave %s", copy, got);
        cases++;
    }
    fclose(file);
    assert_true(cases > 40);
}

static elc_head_fit forced(const char *head, int64_t a, int64_t b, size_t names,
                           elc_head_layout *layout) {
    elc_output_shape shape = {.name = "x", .rank = 3, .dims = {1, a, b}};
    elc_head_case network = {.outputs = &shape,
                             .n_outputs = 1,
                             .input_width = 64,
                             .input_height = 64,
                             .n_classes = names,
                             .forced = true};
    for (size_t i = 0; elc_heads[i] != NULL; i++) {
        if (strcmp(elc_heads[i]->name, head) == 0)
            return elc_heads[i]->fit(&network, layout);
    }
    fail_msg("no head %s", head);
    return ELC_FIT_NO;
}

static void test_a_forced_head_takes_what_it_can_read(void **state) {
    (void)state;
    elc_head_layout layout = {0};
    assert_int_equal(forced("yolov8", 84, 84, 0, &layout), ELC_FIT_YES);
    assert_true(layout.cells_last);
    assert_int_equal(layout.classes, 80);
    assert_int_equal(forced("yolov5", 84, 85, 80, &layout), ELC_FIT_YES);
    assert_int_equal(forced("yolox_raw", 84, 85, 0, &layout), ELC_FIT_YES);
    assert_false(layout.cells_last);
    assert_int_equal(forced("end_to_end", 84, 6, 0, &layout), ELC_FIT_YES);
    assert_int_equal(layout.cap, 84);
}

static void test_a_forced_head_refuses_what_it_cannot_read(void **state) {
    (void)state;
    elc_head_layout layout = {0};
    assert_int_equal(forced("yolox_raw", 90, 85, 0, &layout), ELC_FIT_NO);
    assert_int_equal(forced("yolov5", 91, 8400, 0, &layout), ELC_FIT_NO);
    assert_int_equal(forced("yolov8", 4, 8400, 0, &layout), ELC_FIT_NO);
    assert_int_equal(forced("end_to_end", 300, 7, 0, &layout), ELC_FIT_NO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads_fit_as_the_table_says),
        cmocka_unit_test(test_a_forced_head_takes_what_it_can_read),
        cmocka_unit_test(test_a_forced_head_refuses_what_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
