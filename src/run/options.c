/* options.c - the options of one call: set by name, asked for by name and type. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct elc_options {
    const elc_option *described;
    size_t count;
    elc_option_value *values;
    bool *given;
};

static size_t count_described(const elc_option *described) {
    size_t n = 0;
    while (described != NULL && described[n].name != NULL)
        n++;
    return n;
}

static size_t find_index(const elc_options *options, const char *name) {
    for (size_t i = 0; i < options->count; i++) {
        if (elc_option_same_name(options->described[i].name, name))
            return i;
    }
    return SIZE_MAX;
}

static elc_status set_fallbacks(elc_options *options, elc_error *err) {
    for (size_t i = 0; i < options->count; i++) {
        const elc_option *option = &options->described[i];
        if (option->fallback == NULL)
            continue;
        elc_status status =
            elc_option_parse(option, option->fallback, &options->values[i], err);
        assert(status == ELC_OK || status == ELC_E_MEMORY);
        ELC_TRY(status);
    }
    return ELC_OK;
}

elc_status elc_options_create(const elc_option *described, elc_options **out,
                              elc_error *err) {
    elc_status status = ELC_OK;
    elc_options *options;
    ELC_TRY(elc_alloc(1, sizeof *options, &options, err));
    options->described = described;
    options->count = count_described(described);
    ELC_TRY_GOTO(
        elc_alloc(options->count, sizeof *options->values, &options->values, err),
        status, failed);
    ELC_TRY_GOTO(
        elc_alloc(options->count, sizeof *options->given, &options->given, err), status,
        failed);
    ELC_TRY_GOTO(set_fallbacks(options, err), status, failed);
    *out = options;
    return ELC_OK;
failed:
    elc_options_free(options);
    return status;
}

static elc_status unknown_option(const elc_options *options, const char *name,
                                 elc_error *err) {
    const char **names;
    ELC_TRY(elc_alloc(options->count + 1, sizeof *names, &names, err));
    for (size_t i = 0; i < options->count; i++)
        names[i] = options->described[i].name;
    elc_status status = elc_option_unknown(ELC_E_ARGUMENT, "option", name, names, err);
    free(names);
    return status;
}

elc_status elc_options_set(elc_options *options, const char *name, const char *text,
                           elc_error *err) {
    size_t i = find_index(options, name);
    if (i == SIZE_MAX)
        return unknown_option(options, name, err);
    if (text == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "option %s: has no value; give one",
                        options->described[i].name);
    elc_option_value value = {0};
    ELC_TRY(elc_option_parse(&options->described[i], text, &value, err));
    elc_option_value_clear(&options->values[i]);
    options->values[i] = value;
    options->given[i] = true;
    return ELC_OK;
}

const elc_option *elc_options_find(const elc_options *options, const char *name) {
    size_t i = find_index(options, name);
    return i == SIZE_MAX ? NULL : &options->described[i];
}

bool elc_options_given(const elc_options *options, const char *name) {
    size_t i = find_index(options, name);
    return i != SIZE_MAX && options->given[i];
}

bool elc_options_has(const elc_options *options, const char *name) {
    size_t i = find_index(options, name);
    return i != SIZE_MAX && options->values[i].text != NULL;
}

/* The value of a described option of one of the types in `allowed`, a set of bits. */
static const elc_option_value *value_of(const elc_options *options, const char *name,
                                        unsigned allowed) {
    static const elc_option_value none = {0};
    size_t i = find_index(options, name);
    bool asked_well =
        i != SIZE_MAX && (allowed & 1u << options->described[i].type) != 0;
    assert(asked_well);
    return asked_well ? &options->values[i] : &none;
}

bool elc_options_bool(const elc_options *options, const char *name) {
    return value_of(options, name, 1u << ELC_OPTION_BOOL)->flag;
}

int64_t elc_options_int(const elc_options *options, const char *name) {
    return value_of(options, name, 1u << ELC_OPTION_INT)->whole;
}

double elc_options_real(const elc_options *options, const char *name) {
    return value_of(options, name, 1u << ELC_OPTION_REAL)->real;
}

const char *elc_options_text(const elc_options *options, const char *name) {
    return value_of(options, name,
                    1u << ELC_OPTION_TEXT | 1u << ELC_OPTION_WORD |
                        1u << ELC_OPTION_CHOICE | 1u << ELC_OPTION_PATH |
                        1u << ELC_OPTION_LAYER | 1u << ELC_OPTION_CRS)
        ->text;
}

const elc_names *elc_options_list(const elc_options *options, const char *name) {
    return &value_of(options, name, 1u << ELC_OPTION_LIST)->list;
}

int64_t elc_options_pixels(const elc_options *options, const char *name, int64_t full) {
    const elc_option_value *value =
        value_of(options, name, 1u << ELC_OPTION_SHARE_OR_PX);
    return value->share ? (int64_t)llround(value->real * (double)full) : value->whole;
}

elc_length elc_options_length(const elc_options *options, const char *name) {
    const elc_option_value *value = value_of(options, name, 1u << ELC_OPTION_LENGTH);
    return (elc_length){value->real, value->metres};
}

static bool put_given(const elc_options *options, json_t *object) {
    for (size_t i = 0; i < options->count; i++) {
        if (options->given[i] &&
            json_object_set_new(object, options->described[i].name,
                                json_string(options->values[i].text)) != 0)
            return false;
    }
    return true;
}

elc_status elc_options_to_json(const elc_options *options, elc_string *out,
                               elc_error *err) {
    json_t *object = json_object();
    char *text = NULL;
    if (object != NULL && put_given(options, object))
        text = json_dumps(object, JSON_COMPACT);
    elc_status status =
        text != NULL ? elc_string_append(out, text, strlen(text), err)
                     : elc_fail(err, ELC_E_MEMORY, "options: no memory for their JSON");
    free(text);
    json_decref(object);
    return status;
}

static elc_status set_from_object(elc_options *options, json_t *object,
                                  elc_error *err) {
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) {
        if (!json_is_string(value))
            return elc_fail(err, ELC_E_FORMAT,
                            "option %.60s: its JSON value is not a text; write it in "
                            "quotes",
                            name);
        ELC_TRY(elc_options_set(options, name, json_string_value(value), err));
    }
    return ELC_OK;
}

elc_status elc_options_from_json(elc_options *options, const char *json, size_t size,
                                 elc_error *err) {
    json_error_t where;
    json_t *object = json_loadb(json, size, JSON_REJECT_DUPLICATES, &where);
    if (object == NULL)
        return elc_fail(err, ELC_E_FORMAT, "options: not JSON at byte %d: %s",
                        where.position, where.text);
    elc_status status =
        json_is_object(object)
            ? set_from_object(options, object, err)
            : elc_fail(
                  err, ELC_E_FORMAT,
                  "options: the JSON is not an object; write {\"name\": \"text\"}");
    json_decref(object);
    return status;
}

void elc_options_free(elc_options *options) {
    if (options == NULL)
        return;
    for (size_t i = 0; options->values != NULL && i < options->count; i++)
        elc_option_value_clear(&options->values[i]);
    free(options->values);
    free(options->given);
    free(options);
}
