/* describe.c - an operator's descriptor as JSON, which all faces read. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every json_… call here may give NULL when memory ends, and jansson's setters refuse a
   NULL value, so that one `bool` carried through is enough. */

static const char *cut_name(elc_cut cut) {
    switch (cut) {
    case ELC_CUT_SOURCE:
        return "source";
    case ELC_CUT_DRIVING:
        return "driving";
    case ELC_CUT_WHOLE:
        return "whole";
    case ELC_CUT_KEYED:
        return "keyed";
    }
    return "unknown";
}

static const char *option_type_name(elc_option_type type) {
    static const char *const names[] = {[ELC_OPTION_BOOL] = "bool",
                                        [ELC_OPTION_INT] = "int",
                                        [ELC_OPTION_REAL] = "real",
                                        [ELC_OPTION_TEXT] = "text",
                                        [ELC_OPTION_WORD] = "word",
                                        [ELC_OPTION_CHOICE] = "choice",
                                        [ELC_OPTION_LIST] = "list",
                                        [ELC_OPTION_PATH] = "path",
                                        [ELC_OPTION_LAYER] = "layer",
                                        [ELC_OPTION_CRS] = "crs",
                                        [ELC_OPTION_SHARE_OR_PX] = "share_or_px",
                                        [ELC_OPTION_LENGTH] = "length"};
    return names[type];
}

/* Leaves a member out whose text is NULL. */
static bool put_text(json_t *object, const char *name, const char *text) {
    return text == NULL || json_object_set_new(object, name, json_string(text)) == 0;
}

static json_t *number(double value) {
    bool whole = value == floor(value) && fabs(value) < 1e15;
    return whole ? json_integer((json_int_t)value) : json_real(value);
}

static bool put_words(json_t *object, const char *name, const char *const *words) {
    if (words == NULL)
        return true;
    json_t *array = json_array();
    bool well = json_object_set_new(object, name, array) == 0;
    for (; well && *words != NULL; words++)
        well = json_array_append_new(array, json_string(*words)) == 0;
    return well;
}

static bool put_input(json_t *object, const elc_input *input) {
    return put_text(object, "name", input->name) &&
           put_text(object, "cut", cut_name(input->cut)) &&
           put_words(object, "columns", input->columns) &&
           put_text(object, "key", input->key) &&
           json_object_set_new(object, "optional", json_boolean(input->optional)) ==
               0 &&
           put_text(object, "help", input->help);
}

static bool put_range(json_t *object, const elc_option *option) {
    if (!(option->min < option->max))
        return true;
    return (isinf(option->min) ||
            json_object_set_new(object, "min", number(option->min)) == 0) &&
           (isinf(option->max) ||
            json_object_set_new(object, "max", number(option->max)) == 0);
}

static bool put_option(json_t *object, const elc_option *option) {
    return put_text(object, "name", option->name) &&
           put_text(object, "type", option_type_name(option->type)) &&
           put_text(object, "unit", option->unit) &&
           put_text(object, "default", option->fallback) && put_range(object, option) &&
           put_words(object, "choices", option->choices) &&
           put_text(object, "help", option->help);
}

static bool put_column(json_t *object, const elc_column *column) {
    return put_text(object, "name", column->name) &&
           put_text(object, "type", elc_type_name(column->type)) &&
           put_text(object, "unit", column->unit) &&
           put_text(object, "help", column->help);
}

/* Appends an empty object and gives it; NULL when memory ends. Borrowed. */
static json_t *append_object(json_t *array) {
    json_t *object = json_object();
    return json_array_append_new(array, object) == 0 ? object : NULL;
}

static bool put_output(json_t *object, const elc_output *output) {
    json_t *columns = json_array();
    bool well = put_text(object, "name", output->name) &&
                put_text(object, "help", output->help);
    if (json_object_set_new(object, "columns", columns) != 0)
        return false;
    for (size_t i = 0; well && i < output->n_columns; i++) {
        if (output->columns[i].name[0] == '_')
            continue;
        json_t *column = append_object(columns);
        well = column != NULL && put_column(column, &output->columns[i]);
    }
    return well && put_text(object, "more", output->more);
}

static bool put_inputs(json_t *array, const elc_input *inputs) {
    bool well = true;
    for (; well && inputs != NULL && inputs->name != NULL; inputs++) {
        json_t *object = append_object(array);
        well = object != NULL && put_input(object, inputs);
    }
    return well;
}

static bool put_options(json_t *array, const elc_option *options) {
    bool well = true;
    for (; well && options != NULL && options->name != NULL; options++) {
        json_t *object = append_object(array);
        well = object != NULL && put_option(object, options);
    }
    return well;
}

static bool put_outputs(json_t *array, const elc_output *outputs) {
    bool well = true;
    for (; well && outputs != NULL && outputs->name != NULL; outputs++) {
        json_t *object = append_object(array);
        well = object != NULL && put_output(object, outputs);
    }
    return well;
}

static bool put_operator(json_t *object, const elc_operator *op) {
    json_t *inputs = json_array(), *options = json_array(), *outputs = json_array();
    bool well = put_text(object, "name", op->name);
    well = put_text(object, "summary", op->summary) && well;
    /* Each setter takes its array over, also when it fails. */
    well = json_object_set_new(object, "inputs", inputs) == 0 && well;
    well = json_object_set_new(object, "options", options) == 0 && well;
    well = json_object_set_new(object, "outputs", outputs) == 0 && well;
    return well && put_inputs(inputs, op->inputs) &&
           put_options(options, op->options) && put_outputs(outputs, op->outputs) &&
           put_text(object, "file", op->file) &&
           put_text(object, "example", op->example);
}

elc_status elc_operator_json(const elc_operator *op, elc_string *out, elc_error *err) {
    json_t *object = json_object();
    char *text = NULL;
    if (object != NULL && put_operator(object, op))
        text = json_dumps(object, JSON_INDENT(2));
    elc_status status = text != NULL
                            ? elc_string_append(out, text, strlen(text), err)
                            : elc_fail(err, ELC_E_MEMORY,
                                       "%s: no memory for its description", op->name);
    free(text);
    json_decref(object);
    return status;
}
