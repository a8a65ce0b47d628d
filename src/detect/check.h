/* check.h - a network tried once, as the files of `model check` share it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_DETECT_CHECK_H
#define ELC_DETECT_CHECK_H

#include <elcano/detect.h>

enum { ELC_ANSWERS_MAX = 5 };

/* Least, mean and greatest of the numbers that are finite. */
typedef struct elc_range {
    double min, mean, max;
    size_t finite, others; /* NaN and infinite ones */
} elc_range;

typedef struct elc_answer {
    const char *name; /* borrowed; NULL: goes by `number` */
    int64_t number;
    double value;
    elc_box box; /* of detectors */
} elc_answer;

typedef struct elc_check {
    elc_model *model;
    const elc_model_info *info;
    const elc_check_wish *wish;
    double score, iou;
    elc_inference *inference;
    elc_string source; /* what went in, for people */
    bool generated, padded, empty;
    double seconds;
    elc_values input, *outputs;
    elc_range input_range, *output_ranges;
    size_t n_outputs;
    elc_box_list boxes; /* all of them, best first; NMS is not done */
    elc_box_list few;   /* those over the threshold, after NMS */
    size_t over;        /* of the boxes, over the threshold */
    uint64_t flat;
    bool capped;
    elc_string unread; /* why the boxes cannot be read; empty: they can */
    elc_answer answers[ELC_ANSWERS_MAX];
    size_t n_answers;
    elc_names doubts;
} elc_check;

/* check_input.c: fills the inference and says what with. */
elc_status elc_check_feed(elc_check *check, elc_error *err);
/* check_answers.c: what the outputs say, at most five. Needs outputs and boxes. */
elc_status elc_check_answer(elc_check *check, elc_error *err);
/* check_doubts.c: in plain words. Needs all the rest. */
elc_status elc_check_doubt(elc_check *check, elc_error *err);
/* check_print.c */
elc_status elc_check_print(const elc_check *check, elc_string *out, elc_error *err);
elc_status elc_check_json(const elc_check *check, elc_string *out, elc_error *err);

#endif
