/* cases.c - boxes and what others make of them, from text files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct boxes {
    elc_score_box *items;
    size_t count, capacity;
} boxes;

static void add_box(boxes *to, const elc_score_box *box) {
    assert_int_equal(
        elc_reserve(&to->items, &to->capacity, to->count + 1, sizeof *to->items, NULL),
        ELC_OK);
    to->items[to->count++] = *box;
}

/* ---- files ---------------------------------------------------------------------- */

static void read_numbers(const char *text, double *out, size_t *n) {
    char *end;
    for (*n = 0; *n < CASE_STATS; ++*n, text = end) {
        out[*n] = strtod(text, &end);
        if (end == text)
            return;
    }
}

static void read_line(const char *line, score_case *c, boxes *found, boxes *truth) {
    elc_score_box b = {.area = NAN};
    unsigned crowd;
    if (sscanf(line, "found %u %u %lf %lf %lf %lf %lf", &b.image, &b.class_id, &b.score,
               &b.xmin, &b.ymin, &b.xmax, &b.ymax) == 7)
        add_box(found, &b);
    else if (sscanf(line, "truth %u %u %u %lf %lf %lf %lf %lf", &b.image, &b.class_id,
                    &crowd, &b.area, &b.xmin, &b.ymin, &b.xmax, &b.ymax) == 8) {
        b.crowd = crowd == 1;
        b.ignore = crowd == 2;
        add_box(truth, &b);
    } else if (sscanf(line, "class %u %lf", &b.class_id, &b.score) == 2) {
        assert_true(b.class_id < CASE_CLASSES);
        c->classes[b.class_id] = b.score;
    } else if (sscanf(line, "most %u", &c->most) == 1) {
        return;
    } else if (strncmp(line, "stats ", 6) == 0) {
        read_numbers(line + 6, c->stats, &c->n_stats);
    } else {
        fail_msg("%s: cannot be read: %s", c->name, line);
    }
}

static void end_case(score_case *c, boxes *found, boxes *truth,
                     void (*body)(const score_case *c)) {
    c->set.found = found->items;
    c->set.n_found = found->count;
    c->set.truth = truth->items;
    c->set.n_truth = truth->count;
    if (c->name[0] != '\0')
        body(c);
    found->count = truth->count = 0;
    *c = (score_case){0};
}

size_t cases_each(const char *name, void (*body)(const score_case *c)) {
    char path[1000], line[1000];
    score_case c = {0};
    boxes found = {0}, truth = {0};
    size_t n = 0;
    snprintf(path, sizeof path, "%s/tests/score/%s", ELCANO_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char word[80];
        unsigned images, classes;
        if (sscanf(line, "case %79s %u %u", word, &images, &classes) == 3) {
            end_case(&c, &found, &truth, body);
            snprintf(c.name, sizeof c.name, "%s", word);
            c.set.n_images = images;
            c.set.n_classes = classes;
            n++;
        } else if (line[0] != '#') {
            read_line(line, &c, &found, &truth);
        }
    }
    fclose(file);
    end_case(&c, &found, &truth, body);
    free(found.items);
    free(truth.items);
    return n;
}

void case_close(const score_case *c, const char *what, double got, double wanted) {
    double shown = isnan(got) ? -1 : got;
    if (!(fabs(shown - wanted) <= 1e-9))
        fail_msg("%s: %s is %.17g, not %.17g", c->name, what, shown, wanted);
}

/* ---- sets in tests -------------------------------------------------------------- */

static void read_boxes(const char *text, boxes *out, elc_score_set *set) {
    elc_names rows = {0};
    assert_int_equal(elc_names_split(&rows, text, '|', NULL), ELC_OK);
    for (size_t i = 0; i < rows.count; i++) {
        elc_score_box b = {.area = NAN};
        char flag = 0;
        int n =
            sscanf(rows.items[i], "%u %u %lf %lf %lf %lf %lf %c", &b.image, &b.class_id,
                   &b.score, &b.xmin, &b.ymin, &b.xmax, &b.ymax, &flag);
        assert_true(n >= 7);
        b.crowd = flag == 'c';
        b.ignore = flag == 'i';
        add_box(out, &b);
        if (b.image >= set->n_images)
            set->n_images = b.image + 1;
        if (b.class_id >= set->n_classes)
            set->n_classes = b.class_id + 1;
    }
    elc_names_free(&rows);
}

elc_score_set score_set_of(const char *found, const char *truth) {
    elc_score_set set = {0};
    boxes f = {0}, t = {0};
    read_boxes(found, &f, &set);
    read_boxes(truth, &t, &set);
    set.found = f.items;
    set.n_found = f.count;
    set.truth = t.items;
    set.n_truth = t.count;
    return set;
}

void score_set_free(elc_score_set *set) {
    free((void *)set->found);
    free((void *)set->truth);
    *set = (elc_score_set){0};
}
