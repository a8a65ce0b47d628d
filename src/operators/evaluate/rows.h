/* rows.h - the tables, files and pictures that a comparison becomes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_EVALUATE_ROWS_H
#define ELCANO_SRC_OPERATORS_EVALUATE_ROWS_H

#include "result.h"

/* Of the stream: those of the main table, and what side tables have besides. */
enum {
    COL_CLASS,
    COL_GROUP,
    COL_AP,
    COL_AP50,
    COL_AP75,
    COL_AP_SMALL,
    COL_AP_MEDIUM,
    COL_AP_LARGE,
    COL_THRESHOLD,
    COL_PRECISION,
    COL_RECALL,
    COL_F1,
    COL_N_TRUTH,
    COL_N_FOUND,
    COL_N_RIGHT,
    COL_COUNT_ERROR,
    COL_COUNT_SHARE,
    COL_ERROR_PX,
    COL_ERROR_M,
    COL_ERROR_P95,
    EVAL_N_CLASS_COLUMNS,
    COL_IMAGE = EVAL_N_CLASS_COLUMNS,
    COL_ZONE,
    COL_SPLIT,
    COL_RANGE,
    COL_TRUE_CLASS,
    COL_FOUND_CLASS,
    COL_BOXES,
    COL_KIND,
    COL_SCORE,
    COL_IOU,
    COL_XMIN,
    COL_YMIN,
    COL_XMAX,
    COL_YMAX,
    COL_LON,
    COL_LAT,
    COL_TABLE,
    EVAL_N_COLUMNS
};

enum {
    EVAL_N_IMAGE_COLUMNS = 9,
    EVAL_N_ZONE_COLUMNS = 7,
    EVAL_N_SPLIT_COLUMNS = 7,
    EVAL_N_CONFUSION_COLUMNS = 3,
    EVAL_N_MISTAKE_COLUMNS = 12
};

extern const elc_column elc_eval_columns[EVAL_N_COLUMNS];
extern const elc_column elc_eval_image_columns[EVAL_N_IMAGE_COLUMNS];
extern const elc_column elc_eval_zone_columns[EVAL_N_ZONE_COLUMNS];
extern const elc_column elc_eval_split_columns[EVAL_N_SPLIT_COLUMNS];
extern const elc_column elc_eval_confusion_columns[EVAL_N_CONFUSION_COLUMNS];
extern const elc_column elc_eval_mistake_columns[EVAL_N_MISTAKE_COLUMNS];

/* All rows of all tables as a stream. */
elc_status elc_eval_stream(const eval_data *data, const eval_result *result,
                           struct ArrowArrayStream *out, elc_error *err);

/* "extra", "double", "confused", "missed". */
const char *elc_eval_kind_name(eval_kind kind);
/* Classes that have a true or a found box. */
bool elc_eval_is_shown(const eval_data *data, const eval_result *result, size_t c);

/* The whole as a JSON document, appended. */
elc_status elc_eval_json(const eval_data *data, const eval_wish *wish,
                         const eval_result *result, elc_string *out, elc_error *err);

/* The whole as one HTML page, which needs nothing beside it, appended. Pictures of the
   worst mistakes are cut from `images`, where those are. */
elc_status elc_eval_html(const eval_data *data, const eval_wish *wish,
                         const eval_result *result, const elc_found_list *images,
                         const elc_context *context, elc_string *out, elc_error *err);

#endif
