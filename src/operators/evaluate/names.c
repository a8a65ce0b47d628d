/* names.c - images and classes by their names, and growing lists of boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---------------------------------------------------------------------- */

static uint32_t *slot_of(const eval_names *names, const char *key) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t at = (size_t)(hash ^ hash >> 29) & (names->n_slots - 1);
    while (names->slots[at] != 0 &&
           strcmp(names->keys.items[names->slots[at] - 1], key) != 0)
        at = (at + 1) & (names->n_slots - 1);
    return &names->slots[at];
}

static elc_status grow(eval_names *names, elc_error *err) {
    eval_names wider = *names;
    if (names->keys.count < names->n_slots / 2)
        return ELC_OK;
    wider.n_slots = names->n_slots > 0 ? 2 * names->n_slots : 64;
    ELC_TRY(elc_alloc(wider.n_slots, sizeof *wider.slots, &wider.slots, err));
    for (size_t i = 0; i < names->keys.count; i++)
        *slot_of(&wider, names->keys.items[i]) = (uint32_t)i + 1;
    free(names->slots);
    *names = wider;
    return ELC_OK;
}

elc_status elc_eval_intern(eval_names *names, const char *key, const char *shown,
                           uint32_t *out, elc_error *err) {
    ELC_TRY(grow(names, err));
    uint32_t *slot = slot_of(names, key);
    if (*slot == 0) {
        if (names->keys.count >= ELC_SCORE_NONE - 1)
            return elc_fail(err, ELC_E_UNSUPPORTED, "more than 2^32 names");
        ELC_TRY(elc_names_add(&names->shown, shown, err));
        ELC_TRY(elc_names_add(&names->keys, key, err));
        *slot = (uint32_t)names->keys.count;
    }
    *out = *slot - 1;
    return ELC_OK;
}

uint32_t elc_eval_find(const eval_names *names, const char *key) {
    return names->n_slots > 0 && *slot_of(names, key) != 0 ? *slot_of(names, key) - 1
                                                           : ELC_SCORE_NONE;
}

void elc_eval_names_free(eval_names *names) {
    elc_names_free(&names->shown);
    elc_names_free(&names->keys);
    free(names->slots);
    *names = (eval_names){0};
}

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
    elc_status status = elc_eval_intern(&data->classes, key, shown, out, err);
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
    elc_eval_names_free(&data->images);
    elc_eval_names_free(&data->classes);
    elc_eval_boxes_free(&data->found);
    elc_eval_boxes_free(&data->truth);
}
