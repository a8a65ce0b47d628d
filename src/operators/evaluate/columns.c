/* columns.c - the columns of evaluate's tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#define N_TRUTH                                                                        \
    { "n_truth", ELC_INT64, NULL, "true objects that count" }
#define N_FOUND                                                                        \
    { "n_found", ELC_INT64, NULL, "found objects of at least the threshold that count" }
#define N_RIGHT                                                                        \
    { "n_right", ELC_INT64, NULL, "found objects that are true ones" }
#define PRECISION                                                                      \
    { "precision", ELC_FLOAT64, NULL, "n_right of n_found" }
#define RECALL                                                                         \
    { "recall", ELC_FLOAT64, NULL, "n_right of n_truth" }
#define F1                                                                             \
    { "f1", ELC_FLOAT64, NULL, "harmonic mean of both" }
#define COUNT_ERROR                                                                    \
    { "count_error", ELC_INT64, NULL, "n_found less n_truth" }
#define COUNT_SHARE                                                                    \
    { "count_error_share", ELC_FLOAT64, NULL, "the same as a share of n_truth" }

const elc_column elc_eval_columns[EVAL_N_COLUMNS] = {
    [COL_CLASS] = {"class", ELC_UTF8, NULL, "name of the class; all: of all"},
    [COL_GROUP] = {"group", ELC_UTF8, NULL, "its group, as --styles says"},
    [COL_AP] = {"ap", ELC_FLOAT64, NULL,
                "average precision, mean of the IoUs 0.5, 0.55 ... 0.95; of all: mean "
                "of the classes that have true objects"},
    [COL_AP50] = {"ap50", ELC_FLOAT64, NULL, "the same at an IoU of 0.5"},
    [COL_AP75] = {"ap75", ELC_FLOAT64, NULL, "and at 0.75"},
    [COL_AP_SMALL] = {"ap_small", ELC_FLOAT64, NULL, "ap of objects up to 32 x 32 px"},
    [COL_AP_MEDIUM] = {"ap_medium", ELC_FLOAT64, NULL, "of those up to 96 x 96 px"},
    [COL_AP_LARGE] = {"ap_large", ELC_FLOAT64, NULL, "of larger ones"},
    [COL_THRESHOLD] = {"threshold", ELC_FLOAT64, NULL,
                       "score that the numbers after it are for: --score, that of "
                       "--styles, else that of the best F1"},
    [COL_PRECISION] = PRECISION,
    [COL_RECALL] = RECALL,
    [COL_F1] = F1,
    [COL_N_TRUTH] = N_TRUTH,
    [COL_N_FOUND] = N_FOUND,
    [COL_N_RIGHT] = N_RIGHT,
    [COL_COUNT_ERROR] = COUNT_ERROR,
    [COL_COUNT_SHARE] = COUNT_SHARE,
    [COL_ERROR_PX] = {"position_error_px", ELC_FLOAT64, "px",
                      "mean distance between the centres of pairs"},
    [COL_ERROR_M] = {"position_error_m", ELC_FLOAT64, "m",
                     "the same on the ground, where places are known"},
    [COL_ERROR_P95] = {"position_error_p95_m", ELC_FLOAT64, "m",
                       "what 95 of 100 pairs do not exceed"},
    [COL_IMAGE] = {"_image", ELC_UTF8, NULL, "image"},
    [COL_ZONE] = {"_zone", ELC_UTF8, NULL, "zone"},
    [COL_SPLIT] = {"_split", ELC_UTF8, NULL, "what parts the objects"},
    [COL_RANGE] = {"_range", ELC_UTF8, NULL, "part"},
    [COL_TRUE_CLASS] = {"_true_class", ELC_UTF8, NULL, "class of the true object"},
    [COL_FOUND_CLASS] = {"_found_class", ELC_UTF8, NULL, "class of the found one"},
    [COL_BOXES] = {"_n", ELC_INT64, NULL, "pairs"},
    [COL_KIND] = {"_kind", ELC_UTF8, NULL, "what is wrong"},
    [COL_SCORE] = {"_score", ELC_FLOAT64, NULL, "of the found object"},
    [COL_IOU] = {"_iou", ELC_FLOAT64, NULL, "with the true object"},
    [COL_XMIN] = {"_xmin_px", ELC_FLOAT64, "px", "left side"},
    [COL_YMIN] = {"_ymin_px", ELC_FLOAT64, "px", "upper side"},
    [COL_XMAX] = {"_xmax_px", ELC_FLOAT64, "px", "right side"},
    [COL_YMAX] = {"_ymax_px", ELC_FLOAT64, "px", "lower side"},
    [COL_LON] = {"_lon", ELC_FLOAT64, "degrees", "longitude of the centre"},
    [COL_LAT] = {"_lat", ELC_FLOAT64, "degrees", "latitude of the centre"},
    [COL_TABLE] = {"_table", ELC_UTF8, NULL, "side table of the row"},
};

const elc_column elc_eval_image_columns[EVAL_N_IMAGE_COLUMNS] = {
    {"image", ELC_UTF8, NULL, "the image, as the detections call it, else the truth"},
    PRECISION,
    RECALL,
    F1,
    N_TRUTH,
    N_FOUND,
    N_RIGHT,
    COUNT_ERROR,
    COUNT_SHARE,
};

const elc_column elc_eval_zone_columns[EVAL_N_ZONE_COLUMNS] = {
    {"zone", ELC_UTF8, NULL, "its name, or its number from 1"},
    {"class", ELC_UTF8, NULL, "name of the class; all: of all"},
    N_TRUTH,
    N_FOUND,
    N_RIGHT,
    COUNT_ERROR,
    COUNT_SHARE,
};

const elc_column elc_eval_split_columns[EVAL_N_SPLIT_COLUMNS] = {
    {"split", ELC_UTF8, NULL,
     "size (of the box) or border (distance of its centre from a chip's border)"},
    {"range", ELC_UTF8, NULL, "which of them"},
    PRECISION,
    RECALL,
    N_TRUTH,
    N_FOUND,
    N_RIGHT,
};

const elc_column elc_eval_confusion_columns[EVAL_N_CONFUSION_COLUMNS] = {
    {"true_class", ELC_UTF8, NULL, "class of the true object; NULL: there is none"},
    {"found_class", ELC_UTF8, NULL, "class that was found there; NULL: none"},
    {"n", ELC_INT64, NULL, "how often"},
};

const elc_column elc_eval_mistake_columns[EVAL_N_MISTAKE_COLUMNS] = {
    {"kind", ELC_UTF8, NULL,
     "extra (nothing is there), double (of what was found already), confused (another "
     "class) or missed"},
    {"image", ELC_UTF8, NULL, "the image"},
    {"true_class", ELC_UTF8, NULL, "class of the true object"},
    {"found_class", ELC_UTF8, NULL, "class that was found"},
    {"score", ELC_FLOAT64, NULL, "of the found object"},
    {"iou", ELC_FLOAT64, NULL, "of both"},
    {"xmin_px", ELC_FLOAT64, "px", "left side of the box"},
    {"ymin_px", ELC_FLOAT64, "px", "upper side"},
    {"xmax_px", ELC_FLOAT64, "px", "right side"},
    {"ymax_px", ELC_FLOAT64, "px", "lower side"},
    {"lon", ELC_FLOAT64, "degrees", "longitude of the centre, where it is known"},
    {"lat", ELC_FLOAT64, "degrees", "latitude"},
};
