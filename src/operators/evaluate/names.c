/* names.c - classes by their names, and growing lists of boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* As elc_class_same compares. */
elc_status elc_eval_class(eval_data *data, const char *text, uint32_t *out,
                          elc_error *err) {
    const elc_style *style = elc_styles_find(&data->styles, text);
    const char *shown = style ? style->name : text;
    char *key = NULL;
    if (style && data->by_group && style->group)
        shown = style->group;
    ELC_TRY(elc_strdup(shown, &key, err));
    for (char *c = key; *c; c++)
        *c = *c == '_' || *c == '-' ? ' ' : (char)tolower((unsigned char)*c);
    elc_status status = elc_part_names_add(&data->classes, key, shown, out, err);
    free(key);
    return status;
}

/* ---- boxes ---------------------------------------------------------------------- */

elc_status elc_eval_boxes_add(eval_boxes *boxes, const elc_score_box *box,
                              const eval_place *place, elc_error *err) {
    size_t need = boxes->count + 1;
    ELC_TRY(elc_reserve(&boxes->items, &boxes->capacity, need, sizeof *box, err));
    ELC_TRY(
        elc_reserve(&boxes->places, &boxes->places_capacity, need, sizeof *place, err));
    boxes->items[boxes->count] = *box;
    boxes->places[boxes->count++] = *place;
    return ELC_OK;
}

void elc_eval_boxes_free(eval_boxes *boxes) {
    free(boxes->items);
    free(boxes->places);
    elc_eval_outlines_free(&boxes->outlines);
    *boxes = (eval_boxes){0};
}

void elc_eval_data_free(eval_data *data) {
    elc_part_names_free(&data->images);
    elc_part_names_free(&data->classes);
    elc_eval_boxes_free(&data->found);
    elc_eval_boxes_free(&data->truth);
}
