/* rules.c - what a map must or must not have where a class was found, as a CSV. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

enum { CLASS, RULE, RELATION, THEME, DISTANCE, REASON };
static const char *const columns[] = {"class",      "rule",   "relation", "theme",
                                      "distance_m", "reason", NULL};

typedef struct reader {
    const char *name;
    const check_csv_row *row;
} reader;

static elc_status wrong(const reader *r, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s: line %zu: %s", r->name, r->row->line, what);
}

/* ---- cells ---------------------------------------------------------------------- */

/* True for the second of two words, false for the first. */
static elc_status read_word(const reader *r, int column, const char *const words[2],
                            bool *second, elc_error *err) {
    const char *cell = r->row->cells[column];
    for (int i = 0; i < 2; i++)
        if (strcmp(cell, words[i]) == 0) {
            *second = i == 1;
            return ELC_OK;
        }
    return elc_fail(err, ELC_E_FORMAT, "%s: line %zu: %s is \"%s\"; it is %s or %s",
                    r->name, r->row->line, columns[column], cell, words[0], words[1]);
}

static elc_status read_classes(const reader *r, elc_names *out, elc_error *err) {
    const char *cell = r->row->cells[CLASS];
    if (strcmp(cell, "*") == 0)
        return ELC_OK;
    ELC_TRY(elc_names_split(out, cell, '|', err));
    if (out->count == 0)
        return wrong(r, "no class; * is any", err);
    if (elc_names_find(out, "*") != SIZE_MAX)
        return wrong(r, "* is any class, and stands alone", err);
    return ELC_OK;
}

static elc_status read_distance(const reader *r, check_rule *rule, elc_error *err) {
    const char *cell = r->row->cells[DISTANCE];
    if (!rule->near && *cell != '\0')
        return wrong(r, "within has no distance_m; near has", err);
    if (!rule->near)
        return ELC_OK;
    if (elc_parse_real(cell, "distance_m", &rule->distance_m, NULL) != ELC_OK ||
        !(rule->distance_m >= 0 && rule->distance_m <= CHECK_FARTHEST))
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: line %zu: distance_m is \"%s\"; near needs a number of "
                        "metres from 0 to %.0f",
                        r->name, r->row->line, cell, CHECK_FARTHEST);
    return ELC_OK;
}

/* ---- rules ---------------------------------------------------------------------- */

static elc_status read_rule(const reader *r, check_rule *rule, elc_error *err) {
    static const char *const rule_words[] = {"must", "must_not"}, *const relations[] = {
                                                                      "within", "near"};
    bool forbids = false;
    rule->line = r->row->line;
    rule->theme = r->row->cells[THEME];
    rule->reason = r->row->cells[REASON];
    ELC_TRY(read_classes(r, &rule->classes, err));
    ELC_TRY(read_word(r, RULE, rule_words, &forbids, err));
    ELC_TRY(read_word(r, RELATION, relations, &rule->near, err));
    rule->must = !forbids;
    if (*rule->theme == '\0')
        return wrong(r, "no theme", err);
    if (*rule->reason == '\0')
        return wrong(r, "no reason; it is what people read of a doubt", err);
    return read_distance(r, rule, err);
}

static elc_status read_all(const char *name, check_rules *rules, elc_error *err) {
    const check_csv *csv = &rules->csv;
    for (size_t i = 0; i < csv->count; i++) {
        reader r = {name, &csv->rows[i]};
        ELC_TRY(elc_reserve(&rules->items, &rules->capacity, rules->count + 1,
                            sizeof *rules->items, err));
        check_rule *rule = &rules->items[rules->count++];
        *rule = (check_rule){0};
        ELC_TRY(read_rule(&r, rule, err));
    }
    if (rules->count == 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: has no rule", name);
    return ELC_OK;
}

elc_status elc_check_rules_parse(const char *name, const void *bytes, size_t size,
                                 check_rules *out, elc_error *err) {
    check_rules made = {0};
    elc_status status = elc_check_csv_read(name, bytes, size, columns, &made.csv, err);
    if (status == ELC_OK)
        status = read_all(name, &made, err);
    if (status == ELC_OK)
        *out = made;
    else
        elc_check_rules_free(&made);
    return status;
}

void elc_check_rules_free(check_rules *rules) {
    for (size_t i = 0; i < rules->count; i++)
        elc_names_free(&rules->items[i].classes);
    free(rules->items);
    elc_check_csv_free(&rules->csv);
    *rules = (check_rules){0};
}

const char *elc_check_rule_words(const check_rule *rule) {
    static const char *const words[2][2] = {{"must_not within", "must_not near"},
                                            {"must within", "must near"}};
    return words[rule->must][rule->near];
}
