/* option_value.c - the text of an option to its value, checked, by type. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "option chip", the subject of every message. */
typedef struct {
    char text[80];
} subject;

static subject subject_of(const elc_option *option) {
    subject s;
    snprintf(s.text, sizeof s.text, "option %s", option->name);
    return s;
}

/* " px", or nothing, to follow a number. */
static subject unit_of(const elc_option *option) {
    subject s = {""};
    if (option->unit != NULL)
        snprintf(s.text, sizeof s.text, " %s", option->unit);
    return s;
}

/* Of ASCII only: tolower() has other ideas of I in a Turkish locale. */
static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(const char *a, const char *b) {
    for (; lower(*a) == lower(*b); a++, b++) {
        if (*a == '\0')
            return true;
    }
    return false;
}

static const char *skip_marks(const char *name) {
    while (*name == '-' || *name == '_')
        name++;
    return name;
}

bool elc_option_same_name(const char *a, const char *b) {
    for (;; a++, b++) {
        a = skip_marks(a);
        b = skip_marks(b);
        if (lower(*a) != lower(*b))
            return false;
        if (*a == '\0')
            return true;
    }
}

/* "a, b, c", cut with dots where it would be too long for a message. */
static void list_words(const char *const *words, char *out, size_t room) {
    size_t used = 0;
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t need = strlen(words[i]) + 2;
        if (used + need + sizeof "..." > room) {
            memcpy(out + used, "...", sizeof "...");
            return;
        }
        used += (size_t)snprintf(out + used, room - used, "%s%s", words[i],
                                 words[i + 1] != NULL ? ", " : "");
    }
    out[used] = '\0';
}

elc_status elc_option_unknown(elc_status status, const char *about, const char *word,
                              const char *const *known, elc_error *err) {
    char snake[64], all[600];
    snprintf(snake, sizeof snake, "%s", word);
    for (char *c = snake; *c != '\0'; c++)
        *c = *c == '-' ? '_' : lower(*c);
    const char *near = elc_nearest_word(snake, known);
    if (near != NULL)
        return elc_fail(err, status, "%s: \"%.60s\" is not known; did you mean %s?",
                        about, word, near);
    if (known[0] == NULL)
        return elc_fail(err, status, "%s: \"%.60s\" is not known; there are none",
                        about, word);
    list_words(known, all, sizeof all);
    return elc_fail(err, status, "%s: \"%.60s\" is not known; there are %s", about,
                    word, all);
}

static elc_status in_range(const elc_option *option, double value, const char *unit,
                           elc_error *err) {
    if (!(option->min < option->max))
        return ELC_OK;
    if (value < option->min)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "option %s: %.10g%s is too small; give %.10g%s or more",
                        option->name, value, unit, option->min, unit);
    if (value > option->max)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "option %s: %.10g%s is too large; give %.10g%s or less",
                        option->name, value, unit, option->max, unit);
    return ELC_OK;
}

static elc_status parse_bool(const elc_option *option, const char *text,
                             elc_option_value *out, elc_error *err) {
    static const char *const words[][2] = {
        {"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (int flag = 0; flag < 2; flag++) {
            if (same_word(text, words[i][flag])) {
                out->flag = flag == 1;
                return ELC_OK;
            }
        }
    }
    return elc_fail(err, ELC_E_ARGUMENT,
                    "option %s: \"%.60s\" is neither yes nor no; give one of them",
                    option->name, text);
}

static elc_status parse_int(const elc_option *option, const char *text,
                            elc_option_value *out, elc_error *err) {
    ELC_TRY(elc_parse_int(text, subject_of(option).text, &out->whole, err));
    return in_range(option, (double)out->whole, unit_of(option).text, err);
}

static elc_status parse_real(const elc_option *option, const char *text,
                             elc_option_value *out, elc_error *err) {
    ELC_TRY(elc_parse_real(text, subject_of(option).text, &out->real, err));
    return in_range(option, out->real, unit_of(option).text, err);
}

static const char *find_choice(const char *const *choices, const char *word) {
    for (; choices != NULL && *choices != NULL; choices++) {
        if (elc_option_same_name(*choices, word))
            return *choices;
    }
    return NULL;
}

static elc_status check_choice(const elc_option *option, const char *word,
                               const char **out, elc_error *err) {
    *out = find_choice(option->choices, word);
    if (*out != NULL)
        return ELC_OK;
    return elc_option_unknown(ELC_E_ARGUMENT, subject_of(option).text, word,
                              option->choices, err);
}

static elc_status parse_choice(const elc_option *option, const char *text,
                               elc_option_value *out, elc_error *err) {
    assert(option->choices != NULL);
    const char *choice;
    ELC_TRY(check_choice(option, text, &choice, err));
    return elc_strdup(choice, &out->text, err);
}

/* The words as given, in the described spelling; those from choices once each. */
static elc_status take_words(const elc_option *option, const elc_names *words,
                             elc_names *out, elc_error *err) {
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        if (option->choices != NULL)
            ELC_TRY(check_choice(option, word, &word, err));
        if (option->choices == NULL || elc_names_find(out, word) == SIZE_MAX)
            ELC_TRY(elc_names_add(out, word, err));
    }
    return ELC_OK;
}

static elc_status parse_list(const elc_option *option, const char *text,
                             elc_option_value *out, elc_error *err) {
    elc_status status = ELC_OK;
    elc_names words = {0};
    ELC_TRY_GOTO(elc_names_split(&words, text, ',', err), status, done);
    if (words.count == 0)
        status =
            elc_fail(err, ELC_E_ARGUMENT,
                     "option %s: no words; write them with commas between, like a,b",
                     option->name);
    else
        status = take_words(option, &words, &out->list, err);
done:
    elc_names_free(&words);
    return status;
}

static elc_status parse_name(const elc_option *option, const char *text,
                             elc_error *err) {
    if (text[strspn(text, " \t")] != '\0')
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "option %s: is empty; give %s, or leave it out", option->name,
                    option->type == ELC_OPTION_CRS     ? "a CRS like EPSG:32632"
                    : option->type == ELC_OPTION_LAYER ? "file or file:layer"
                                                       : "a path");
}

/* A word of `choices`, else text that geo makes a CRS of. */
static elc_status parse_crs(const elc_option *option, const char *text,
                            elc_option_value *out, elc_error *err) {
    ELC_TRY(parse_name(option, text, err));
    const char *choice = find_choice(option->choices, text);
    return choice != NULL ? elc_strdup(choice, &out->text, err) : ELC_OK;
}

/* A range up to 1 or less is one of shares, any other one of pixels. */
static elc_status share_or_px_in_range(const elc_option *option,
                                       const elc_option_value *value, elc_error *err) {
    bool of_shares = option->max <= 1;
    if (value->share != of_shares)
        return ELC_OK;
    return in_range(option, value->share ? value->real : (double)value->whole,
                    value->share ? "" : " px", err);
}

static elc_status parse_share_or_px(const elc_option *option, const char *text,
                                    elc_option_value *out, elc_error *err) {
    double value;
    ELC_TRY(elc_parse_real(text, subject_of(option).text, &value, err));
    if (value < 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "option %s: %.10g is below zero; give a share like 0.2 or pixels "
            "like 128",
            option->name, value);
    if (value >= 1 && (value != floor(value) || strchr(text, '.')))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "option %s: %.40s is neither a share nor whole pixels; give a "
                        "share under 1 like 0.2 or pixels like 128",
                        option->name, text);
    if (value > INT32_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "option %s: %.10g px is too large; give %d px or less",
                        option->name, value, INT32_MAX);
    out->share = value < 1;
    out->real = out->share ? value : 0;
    out->whole = out->share ? 0 : (int64_t)value;
    return share_or_px_in_range(option, out, err);
}

typedef struct {
    const char *name;
    double metres;
} length_unit;

/* The international foot and mile of 1959. */
static const length_unit length_units[] = {
    {"m", 1}, {"km", 1000}, {"ft", 0.3048}, {"mi", 1609.344}};

static elc_status not_length(const elc_option *option, const char *text,
                             elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "option %s: \"%.60s\" is not a length; write it like 15m, 0.5km, "
                    "40ft or 2mi, or a bare number for units of the CRS",
                    option->name, text);
}

static const length_unit *find_unit(const char *name) {
    for (size_t i = 0; i < sizeof length_units / sizeof *length_units; i++) {
        if (same_word(name, length_units[i].name))
            return &length_units[i];
    }
    return NULL;
}

static elc_status parse_length(const elc_option *option, const char *text,
                               elc_option_value *out, elc_error *err) {
    char number[64];
    size_t n = strspn(text, "0123456789+-.eE");
    const char *name = text + n + strspn(text + n, " ");
    const length_unit *unit = find_unit(name);
    if (n == 0 || n >= sizeof number || (unit == NULL && *name != '\0'))
        return not_length(option, text, err);
    memcpy(number, text, n);
    number[n] = '\0';
    ELC_TRY(elc_parse_real(number, subject_of(option).text, &out->real, err));
    out->metres = unit != NULL;
    out->real *= unit != NULL ? unit->metres : 1;
    if (!isfinite(out->real))
        return not_length(option, text, err);
    return in_range(option, out->real, out->metres ? " m" : "", err);
}

static elc_status parse_typed(const elc_option *option, const char *text,
                              elc_option_value *out, elc_error *err) {
    switch (option->type) {
    case ELC_OPTION_BOOL:
        return parse_bool(option, text, out, err);
    case ELC_OPTION_INT:
        return parse_int(option, text, out, err);
    case ELC_OPTION_REAL:
        return parse_real(option, text, out, err);
    case ELC_OPTION_TEXT:
    case ELC_OPTION_WORD:
        return ELC_OK;
    case ELC_OPTION_CHOICE:
        return parse_choice(option, text, out, err);
    case ELC_OPTION_LIST:
        return parse_list(option, text, out, err);
    case ELC_OPTION_PATH:
    case ELC_OPTION_LAYER:
        return parse_name(option, text, err);
    case ELC_OPTION_CRS:
        return parse_crs(option, text, out, err);
    case ELC_OPTION_SHARE_OR_PX:
        return parse_share_or_px(option, text, out, err);
    case ELC_OPTION_LENGTH:
        return parse_length(option, text, out, err);
    }
    return elc_fail(err, ELC_E_INTERNAL, "option %s: is of an unknown type",
                    option->name);
}

elc_status elc_option_parse(const elc_option *option, const char *text,
                            elc_option_value *out, elc_error *err) {
    if (!elc_utf8_valid(text, strlen(text)))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "option %s: the text is not UTF-8; write it in UTF-8",
                        option->name);
    elc_option_value value = {0};
    elc_status status = parse_typed(option, text, &value, err);
    if (status == ELC_OK && value.text == NULL)
        status = elc_strdup(text, &value.text, err);
    if (status != ELC_OK) {
        elc_option_value_clear(&value);
        return status;
    }
    *out = value;
    return ELC_OK;
}

void elc_option_value_clear(elc_option_value *value) {
    free(value->text);
    elc_names_free(&value->list);
    *value = (elc_option_value){0};
}
