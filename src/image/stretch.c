/* stretch.c - how values become bytes: what users write, and what rows carry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 2000 };

static elc_status unknown(const char *text, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "stretch \"%.60s\": give auto, none, minmax, p2-98, sigma2.5, or "
                    "values such as 0-2047 or 0-2047,0-1023,0-1023",
                    text);
}

/* ---- what users write --------------------------------------------------------------
 */

static bool number_of(const char *text, size_t n, double *out) {
    char copy[64];
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return elc_parse_real(copy, "stretch", out, NULL) == ELC_OK;
}

/* "2-98", "-20--10", "1e-3-2": cut at the first '-' that leaves a number on either
 * side.
 */
static bool pair_of(const char *text, size_t n, double *low, double *high) {
    for (size_t i = 1; i + 1 < n; i++)
        if (text[i] == '-' && number_of(text, i, low) &&
            number_of(text + i + 1, n - i - 1, high))
            return true;
    return false;
}

static elc_status parse_percent(const char *text, double *low, double *high,
                                elc_error *err) {
    if (!pair_of(text + 1, strlen(text + 1), low, high))
        return unknown(text, err);
    if (*low < 0 || *high > 100 || *low >= *high)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "stretch \"%.60s\": percentiles rise, from 0 to 100: p2-98",
                        text);
    return ELC_OK;
}

static elc_status parse_sigma(const char *text, double *k, elc_error *err) {
    const char *number = text + strlen("sigma");
    if (!number_of(number, strlen(number), k))
        return unknown(text, err);
    if (*k <= 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "stretch \"%.60s\": give a number over 0: sigma2.5", text);
    return ELC_OK;
}

static elc_status add_values(elc_stretch_wish *w, const char *text, size_t n,
                             elc_error *err) {
    if (w->n == ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "stretch: at most %d bands",
                        ELC_BANDS_MAX);
    double low = 0, high = 0;
    if (!pair_of(text, n, &low, &high))
        return unknown(text, err);
    if (low >= high)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "stretch \"%.*s\": the low value comes first, and is less than "
                        "the high one",
                        (int)(n < 60 ? n : 60), text);
    w->low[w->n] = low;
    w->high[w->n++] = high;
    return ELC_OK;
}

static elc_status parse_values(const char *text, elc_stretch_wish *w, elc_error *err) {
    w->kind = ELC_STRETCH_VALUES;
    for (const char *at = text;; at++) {
        size_t n = strcspn(at, ",");
        ELC_TRY(add_values(w, at, n, err));
        at += n;
        if (!*at)
            return ELC_OK;
    }
}

elc_status elc_stretch_parse(const char *text, elc_stretch_wish *out, elc_error *err) {
    static const struct {
        const char *word;
        elc_stretch_kind kind;
    } words[] = {{"auto", ELC_STRETCH_AUTO},
                 {"none", ELC_STRETCH_NONE},
                 {"minmax", ELC_STRETCH_MINMAX}};
    elc_stretch_wish w = {0};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i].word) == 0) {
            *out = (elc_stretch_wish){.kind = words[i].kind};
            return ELC_OK;
        }
    if (text[0] == 'p') {
        w.kind = ELC_STRETCH_PERCENT;
        ELC_TRY(parse_percent(text, w.low, w.high, err));
    } else if (strncmp(text, "sigma", 5) == 0) {
        w.kind = ELC_STRETCH_SIGMA;
        ELC_TRY(parse_sigma(text, w.low, err));
    } else {
        ELC_TRY(parse_values(text, &w, err));
    }
    *out = w;
    return ELC_OK;
}

/* ---- what rows carry ---------------------------------------------------------------
 */

/* The fewest digits that give the same number back. */
static elc_status print_number(double value, elc_string *out, elc_error *err) {
    elc_string text = {0};
    elc_status status = ELC_OK;
    for (int digits = 6; digits <= 17 && status == ELC_OK; digits++) {
        double again = 0;
        text.size = 0;
        status = elc_string_printf(&text, err, "%.*g", digits, value);
        if (status != ELC_OK ||
            (number_of(text.data, text.size, &again) && again == value))
            break;
    }
    if (status == ELC_OK)
        status = elc_string_append(out, text.data, text.size, err);
    elc_string_free(&text);
    return status;
}

static elc_status print_kind(const elc_stretch *s, elc_string *out, elc_error *err) {
    if (s->kind == ELC_STRETCH_MINMAX)
        return elc_string_printf(out, err, "minmax");
    if (s->kind == ELC_STRETCH_VALUES)
        return elc_string_printf(out, err, "values");
    bool percent = s->kind == ELC_STRETCH_PERCENT;
    ELC_TRY(elc_string_printf(out, err, percent ? "p" : "sigma"));
    ELC_TRY(print_number(s->from, out, err));
    if (!percent)
        return ELC_OK;
    ELC_TRY(elc_string_append(out, "-", 1, err));
    return print_number(s->to, out, err);
}

elc_status elc_stretch_print(const elc_stretch *stretch, elc_string *out,
                             elc_error *err) {
    if (stretch->kind == ELC_STRETCH_AUTO)
        return elc_fail(err, ELC_E_INTERNAL, "stretch: auto was not decided");
    if (stretch->kind == ELC_STRETCH_NONE)
        return elc_string_append(out, "none", 4, err);
    ELC_TRY(print_kind(stretch, out, err));
    for (int i = 0; i < stretch->n; i++) {
        ELC_TRY(elc_string_append(out, " [", 2, err));
        ELC_TRY(print_number(stretch->low[i], out, err));
        ELC_TRY(elc_string_append(out, ",", 1, err));
        ELC_TRY(print_number(stretch->high[i], out, err));
        ELC_TRY(elc_string_append(out, "]", 1, err));
    }
    return ELC_OK;
}

static elc_status not_recorded(const char *text, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT,
                    "\"%.60s\" is not a recorded stretch, such as \"none\" or \"p2-98 "
                    "[12,2033] [5,1999.5]\"",
                    text);
}

static bool scan_pair(const char **at, elc_stretch *s) {
    const char *text = *at, *comma = strchr(text, ','), *end = strchr(text, ']');
    if (*text != '[' || !comma || !end || comma > end || s->n == ELC_BANDS_MAX)
        return false;
    double *low = &s->low[s->n], *high = &s->high[s->n];
    s->n++;
    *at = end + 1;
    return number_of(text + 1, (size_t)(comma - text - 1), low) &&
           number_of(comma + 1, (size_t)(end - comma - 1), high) && *low < *high;
}

static elc_status scan_kind(const char *text, size_t n, elc_stretch *s,
                            elc_error *err) {
    char word[64] = "";
    elc_stretch_wish w = {0};
    if (n < sizeof word)
        memcpy(word, text, n);
    if (strcmp(word, "values") == 0)
        w.kind = ELC_STRETCH_VALUES;
    else if (elc_stretch_parse(word, &w, NULL) != ELC_OK || w.n > 0 ||
             w.kind == ELC_STRETCH_AUTO)
        return not_recorded(text, err);
    s->kind = w.kind;
    s->from = w.low[0];
    s->to = w.high[0];
    return ELC_OK;
}

elc_status elc_stretch_scan(const char *text, elc_stretch *out, elc_error *err) {
    elc_stretch s = {0};
    if (strnlen(text, TEXT_MAX) == TEXT_MAX)
        return not_recorded(text, err);
    size_t n = strcspn(text, " ");
    ELC_TRY(scan_kind(text, n, &s, err));
    for (const char *at = text + n; *at;) {
        if (*at++ != ' ' || !scan_pair(&at, &s))
            return not_recorded(text, err);
    }
    if ((s.kind == ELC_STRETCH_NONE) != (s.n == 0))
        return not_recorded(text, err);
    *out = s;
    return ELC_OK;
}

/* ---- what was recorded
 * ---------------------------------------------------------------
 */

static bool same_stretch(const elc_stretch *a, const elc_stretch *b) {
    if (a->kind != b->kind || a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (a->low[i] != b->low[i] || a->high[i] != b->high[i])
            return false;
    return true;
}

static const elc_recorded_stretch *find_recorded(const elc_recorded_stretch *recorded,
                                                 size_t count, const char *image) {
    bool same = count > 0;
    for (size_t i = 0; i < count; i++) {
        if (!recorded[i].image || strcmp(recorded[i].image, image) == 0)
            return &recorded[i];
        same = same && same_stretch(&recorded[i].stretch, &recorded[0].stretch);
    }
    return same ? &recorded[0] : NULL;
}

elc_status elc_stretch_recall(const elc_recorded_stretch *recorded, size_t count,
                              const char *image, int n, elc_stretch *out,
                              elc_error *err) {
    const elc_recorded_stretch *found = find_recorded(recorded, count, image);
    if (!found)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "%s: none of the %zu recorded stretches is of this image, and "
                        "they differ",
                        image, count);
    const elc_stretch *s = &found->stretch;
    if (s->kind != ELC_STRETCH_NONE && s->n != 1 && s->n != n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the recorded stretch is one of %d bands, %d are read",
                        image, s->n, n);
    *out = *s;
    return ELC_OK;
}
