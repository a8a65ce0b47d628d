/* classes.c - the classes of detections: their rules, and on which land they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

#include <elcano/label.h>

#include <stdlib.h>
#include <string.h>

#define NO_CLASS   "n" /* keys: of the class NULL, */
#define CLASS_MARK 'c' /* and the first letter of the others */

elc_status elc_check_classes_begin(check_classes *c, elc_error *err) {
    const check_rules *rules = &c->job->rules;
    ELC_TRY(elc_alloc(rules->count, sizeof *c->seen, &c->seen, err));
    for (size_t i = 0; i < rules->count; i++)
        ELC_TRY(elc_alloc(rules->items[i].classes.count, sizeof **c->seen, &c->seen[i],
                          err));
    return ELC_OK;
}

/* True when the rule is for the class; remembers which of its names that was. */
static bool is_for(check_classes *c, size_t rule, const char *name) {
    const elc_names *classes = &c->job->rules.items[rule].classes;
    bool is = classes->count == 0;
    for (size_t i = 0; i < classes->count && name != NULL; i++)
        if (elc_class_same(classes->items[i], name))
            is = c->seen[rule][i] = true;
    return is;
}

static elc_status add_class(check_classes *c, uint32_t number, const char *name,
                            elc_error *err) {
    size_t n_rules = c->job->rules.count, n = (size_t)number + 1, counts;
    if (__builtin_mul_overflow(n, c->n_lands, &counts))
        return elc_fail(err, ELC_E_MEMORY, "more classes than can be counted");
    ELC_TRY(elc_reserve(&c->items, &c->capacity, n, sizeof *c->items, err));
    ELC_TRY(
        elc_reserve(&c->counts, &c->counts_capacity, counts, sizeof *c->counts, err));
    memset(c->counts + counts - c->n_lands, 0, c->n_lands * sizeof *c->counts);
    ELC_TRY(elc_reserve(&c->matching, &c->matching_capacity, c->n_matching + n_rules,
                        sizeof *c->matching, err));
    check_class *item = &c->items[number];
    *item = (check_class){.first = c->n_matching};
    for (size_t i = 0; i < n_rules; i++)
        if (is_for(c, i, name) && c->theme_of[i] != SIZE_MAX)
            c->matching[c->n_matching++] = i;
    item->n = c->n_matching - item->first;
    return ELC_OK;
}

static elc_status write_key(check_classes *c, const char *text, size_t size,
                            elc_error *err) {
    static const char mark = CLASS_MARK;
    c->key.size = 0;
    if (text == NULL)
        return elc_string_printf(&c->key, err, NO_CLASS);
    ELC_TRY(elc_string_append(&c->key, &mark, 1, err));
    return elc_string_append(&c->key, text, strnlen(text, size), err);
}

elc_status elc_check_class(check_classes *c, const char *text, size_t size,
                           uint32_t *out, elc_error *err) {
    size_t before = c->names.keys.count;
    ELC_TRY(write_key(c, text, size, err));
    ELC_TRY(elc_part_names_add(&c->names, c->key.data, c->key.data + 1, out, err));
    if (c->names.keys.count == before)
        return ELC_OK;
    return add_class(c, *out, elc_check_class_name(c, *out), err);
}

const char *elc_check_class_name(const check_classes *c, uint32_t number) {
    const char *key = c->names.keys.items[number];
    return *key == CLASS_MARK ? key + 1 : NULL;
}

/* ---- order ---------------------------------------------------------------------- */

typedef struct named {
    const char *name; /* NULL is last */
    uint32_t number;
} named;

static int by_name(const void *a, const void *b) {
    const char *x = ((const named *)a)->name, *y = ((const named *)b)->name;
    return x == NULL || y == NULL ? (x == NULL) - (y == NULL) : strcmp(x, y);
}

elc_status elc_check_classes_order(const check_classes *c, uint32_t **out,
                                   elc_error *err) {
    size_t n = c->names.keys.count;
    named *order = NULL;
    ELC_TRY(elc_alloc(n, sizeof *order, &order, err));
    elc_status status = elc_alloc(n, sizeof **out, out, err);
    for (uint32_t i = 0; i < n && status == ELC_OK; i++)
        order[i] = (named){elc_check_class_name(c, i), i};
    if (status == ELC_OK)
        qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        (*out)[i] = order[i].number;
    free(order);
    return status;
}

/* ---- what is said, and the end -------------------------------------------------- */

void elc_check_classes_warn(const check_classes *c, const elc_context *context) {
    const check_rules *rules = &c->job->rules;
    for (size_t i = 0; i < rules->count; i++)
        for (size_t k = 0; k < rules->items[i].classes.count; k++)
            if (c->theme_of[i] != SIZE_MAX && !c->seen[i][k])
                elc_warn(context, "%s: line %zu: no detection is of the class %s",
                         c->job->rules_name, rules->items[i].line,
                         rules->items[i].classes.items[k]);
}

void elc_check_classes_free(check_classes *c) {
    for (size_t i = 0; c->seen != NULL && i < c->job->rules.count; i++)
        free(c->seen[i]);
    free(c->seen);
    elc_part_names_free(&c->names);
    elc_string_free(&c->key);
    free(c->items);
    free(c->matching);
    free(c->counts);
}
