/* xview.c - what xView's scoring does besides: classes left out, means of some. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <math.h>

/* The lists of scoring/score.py (DIUx-xView/xView1_baseline). */
static const int8_t lists[EVAL_XVIEW_LISTS][32] = {
    [EVAL_XVIEW_SMALL] = {17, 18, 19, 20, 21, 23, 24, 26, 27, 28, 32, 41, 60, 62, 63,
                          64, 65, 66, 91},
    [EVAL_XVIEW_MEDIUM] = {11, 12, 15, 25, 29, 33, 34, 35, 36, 37, 38, 42, 44, 47,
                           50, 53, 56, 59, 61, 71, 72, 73, 76, 84, 86, 93, 94},
    [EVAL_XVIEW_LARGE] = {13, 40, 45, 49, 51, 52, 54, 55, 57, 74, 77, 79, 83, 89},
    [EVAL_XVIEW_COMMON] = {13, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 34, 35, 41,
                           47, 60, 63, 64, 71, 72, 73, 76, 77, 79, 83, 86, 89, 91},
    [EVAL_XVIEW_RARE] = {11, 12, 15, 29, 32, 33, 36, 37, 38, 40, 42, 44, 45, 49, 50, 51,
                         52, 53, 54, 55, 56, 57, 59, 61, 62, 65, 66, 74, 84, 93, 94},
};

bool elc_eval_is_left_out(const char *class_name) {
    int64_t id = -1;
    return elc_parse_int(class_name, "class", &id, NULL) == ELC_OK &&
           (id == 75 || id == 82 || id == 87);
}

static bool is_listed(int which, int32_t id) {
    for (size_t i = 0; i < sizeof lists[which] && lists[which][i] > 0; i++)
        if (lists[which][i] == id)
            return true;
    return false;
}

void elc_eval_xview_means(const eval_data *data, eval_result *r) {
    double sum[EVAL_XVIEW_LISTS] = {0};
    size_t n[EVAL_XVIEW_LISTS] = {0};
    for (size_t c = 0; c < r->n_classes; c++) {
        int32_t id = elc_label_xview_id(elc_eval_class_name(data, c));
        for (int i = 0; i < EVAL_XVIEW_LISTS; i++)
            if (id >= 0 && is_listed(i, id) && !isnan(r->classes[c].ap50)) {
                sum[i] += r->classes[c].ap50;
                n[i]++;
            }
    }
    for (int i = 0; i < EVAL_XVIEW_LISTS; i++)
        r->map_xview[i] = n[i] > 0 ? sum[i] / (double)n[i] : NAN;
}
