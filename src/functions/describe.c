/* describe.c - functions as text for people, and as JSON, which all faces read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/function.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *elc_function_result(const elc_function *function) {
    return function->list ? "list<int64>" : elc_type_name(function->result);
}

elc_status elc_function_signature(const elc_function *function, elc_string *out,
                                  elc_error *err) {
    ELC_TRY(elc_string_printf(out, err, "%s(", function->name));
    for (const elc_argument *a = function->arguments; a->name != NULL; a++)
        ELC_TRY(elc_string_printf(
            out, err, "%s%s %s%s%s", a > function->arguments ? ", " : "", a->name,
            elc_type_name(a->type), a->fallback != NULL ? " = " : "",
            a->fallback != NULL ? a->fallback : ""));
    return elc_string_printf(out, err, ") -> %s", elc_function_result(function));
}

/* ---- JSON: NULLs of jansson's are passed on, as in run/describe.c -----------------
 */

static bool put_text(json_t *object, const char *name, const char *text) {
    json_t *value = text != NULL ? json_string(text) : json_null();
    return json_object_set_new(object, name, value) == 0;
}

static bool put_aliases(json_t *object, const char *aliases) {
    json_t *list = json_array();
    bool well = json_object_set_new(object, "aliases", list) == 0;
    while (well && aliases != NULL && *aliases != '\0') {
        size_t n = strcspn(aliases, ",");
        well = json_array_append_new(list, json_stringn(aliases, n)) == 0;
        aliases += n + (aliases[n] == ',');
    }
    return well;
}

static bool put_arguments(json_t *object, const elc_argument *argument) {
    json_t *list = json_array();
    bool well = json_object_set_new(object, "arguments", list) == 0;
    for (; well && argument->name != NULL; argument++) {
        json_t *one = json_object();
        well = json_array_append_new(list, one) == 0 &&
               put_text(one, "name", argument->name) &&
               put_text(one, "type", elc_type_name(argument->type)) &&
               (argument->fallback == NULL ||
                put_text(one, "default", argument->fallback));
    }
    return well;
}

static bool put_function(json_t *object, const elc_function *f) {
    return put_text(object, "name", f->name) && put_aliases(object, f->aliases) &&
           put_arguments(object, f->arguments) &&
           put_text(object, "result", elc_function_result(f)) &&
           json_object_set_new(object, "image", json_boolean(f->image)) == 0 &&
           put_text(object, "summary", f->summary) &&
           put_text(object, "example", f->example) &&
           put_text(object, "gives", f->gives);
}

static bool put_family(json_t *object, const elc_function_family *family) {
    json_t *list = json_array();
    bool well = put_text(object, "name", family->name);
    well = put_text(object, "summary", family->summary) && well;
    well = json_object_set_new(object, "functions", list) == 0 && well;
    for (const elc_function *f = family->functions; well && f->name != NULL; f++) {
        json_t *one = json_object();
        well = json_array_append_new(list, one) == 0 && put_function(one, f);
    }
    return well;
}

elc_status elc_function_family_json(const elc_function_family *family, elc_string *out,
                                    elc_error *err) {
    json_t *object = json_object();
    char *text = NULL;
    if (object != NULL && put_family(object, family))
        text = json_dumps(object, JSON_INDENT(2));
    elc_status status =
        text != NULL ? elc_string_append(out, text, strlen(text), err)
                     : elc_fail(err, ELC_E_MEMORY,
                                "%s: no memory for their description", family->name);
    free(text);
    json_decref(object);
    return status;
}
