/* format.c - the formats of sidecars, and their tables applied. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/format.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const elc_format *const formats[] = {
    &elc_format_digitalglobe, &elc_format_landsat, &elc_format_sentinel2,
    &elc_format_dimap,        &elc_format_fgdc,    &elc_format_iso,
    &elc_format_voc,
};

static bool has_root(const elc_format *format, const char *path) {
    size_t n = strcspn(path, "/@");
    for (const char *const *root = format->roots; *root != NULL; root++) {
        size_t m = strlen(*root);
        if ((n == m || (n > m && path[m] == '_' && n - m < 4)) &&
            strncasecmp(path, *root, m) == 0)
            return true;
    }
    return false;
}

const elc_format *elc_format_of(const elc_record *record) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        for (size_t k = 0; k < record->count && k < 100; k++) {
            if (has_root(formats[i], record->items[k].path))
                return formats[i];
        }
    }
    return NULL;
}

static bool is_known(const elc_findings *f, size_t from, elc_fact_id id) {
    for (size_t i = from; i < f->count; i++) {
        if (f->items[i].id == id)
            return true;
    }
    return false;
}

static elc_status apply_real(const elc_rule *rule, const elc_leaf *leaf,
                             elc_findings *f, elc_error *err) {
    double value;
    if (!elc_text_real(leaf->text, &value))
        return ELC_OK;
    if (rule->kind == ELC_RULE_PERCENT)
        value /= 100;
    if (rule->kind == ELC_RULE_ZENITH)
        value = 90 - value;
    bool fraction = rule->kind == ELC_RULE_FRACTION || rule->kind == ELC_RULE_PERCENT;
    if (fraction && !(value >= 0 && value <= 1))
        return ELC_OK;
    return elc_findings_real(f, rule->id, value, leaf->path, err);
}

static elc_status apply(const elc_rule *rule, const elc_leaf *leaf, elc_findings *f,
                        elc_error *err) {
    switch (rule->kind) {
    case ELC_RULE_TEXT:
        return elc_findings_text(f, rule->id, leaf->text, leaf->path, err);
    case ELC_RULE_TIME:
        return elc_findings_time(f, rule->id, leaf->text, leaf->path, err);
    case ELC_RULE_ABOUT:
        ELC_TRY(elc_findings_time(f, rule->id, leaf->text, leaf->path, err));
        if (f->count > 0 && f->items[f->count - 1].id == rule->id)
            f->items[f->count - 1].vague = true;
        return ELC_OK;
    case ELC_RULE_REAL:
    case ELC_RULE_FRACTION:
    case ELC_RULE_PERCENT:
    case ELC_RULE_ZENITH:
        return apply_real(rule, leaf, f, err);
    }
    return ELC_OK;
}

elc_status elc_rules_apply(const elc_rule *rules, const elc_record *record,
                           elc_findings *f, elc_error *err) {
    size_t from = f->count;
    for (const elc_rule *rule = rules; rule->path != NULL; rule++) {
        if (is_known(f, from, rule->id))
            continue;
        const elc_leaf *leaf = elc_record_at(record, rule->path, 0);
        if (leaf != NULL)
            ELC_TRY(apply(rule, leaf, f, err));
    }
    return ELC_OK;
}

elc_status elc_format_apply(const elc_format *format, const elc_record *record,
                            elc_findings *f, elc_error *err) {
    f->witness = format->witness;
    ELC_TRY(elc_rules_apply(format->rules, record, f, err));
    return format->more != NULL ? format->more(record, f, err) : ELC_OK;
}

elc_status elc_findings_utm(elc_findings *f, double zone, bool north, const char *where,
                            elc_error *err) {
    if (!(zone >= 1 && zone <= 60))
        return ELC_OK;
    elc_string text = {0};
    ELC_TRY(
        elc_string_printf(&text, err, "EPSG:%d", (north ? 32600 : 32700) + (int)zone));
    elc_status status = elc_findings_text(f, ELC_FACT_CRS, text.data, where, err);
    elc_string_free(&text);
    return status;
}

bool elc_is_later_tile(const char *image) {
    int row = 1, col = 1;
    for (const char *at = image; (at = strcasestr(at, "_R")) != NULL; at += 2) {
        if (sscanf(at + 2, "%4d%*1[Cc]%4d", &row, &col) == 2)
            return row != 1 || col != 1;
    }
    return false;
}
