/* model.c - `elcano model info`: what an ONNX network is and how it would be used. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/model.h>

#include <string.h>

enum { CLASSES_LIMIT = 16 << 20 };

const elc_option elc_cli_model_options[] = {
    {.name = "json",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "as one JSON object"},
    {.name = "head",
     .type = ELC_OPTION_TEXT,
     .help =
         "how boxes are read from its outputs, where that cannot be found out or is "
         "found wrongly"},
    {.name = "classes",
     .type = ELC_OPTION_PATH,
     .help = "class names, one a line, instead of those in its metadata"},
    {.name = "channels",
     .type = ELC_OPTION_CHOICE,
     .choices = (const char *const[]){"rgb", "bgr", NULL},
     .help = "the order of its channels"},
    {.name = "device",
     .type = ELC_OPTION_TEXT,
     .fallback = "cpu",
     .help = "where it runs: cpu, cuda, cuda:1"},
    {.name = NULL},
};

/* A last line end is no further class; a carriage return is no part of a name. */
static elc_status read_classes(const char *path, elc_names *names, elc_error *err) {
    elc_string text = {0};
    ELC_TRY(elc_file_read(path, CLASSES_LIMIT, &text, err));
    for (char *c = text.data; c != NULL && *c != '\0'; c++) {
        if (*c == '\r')
            *c = ' ';
    }
    elc_status status =
        elc_names_split(names, text.data == NULL ? "" : text.data, '\n', err);
    if (status == ELC_OK && names->count == 0)
        status = elc_fail(err, ELC_E_FORMAT, "%s: no class names in it", path);
    elc_string_free(&text);
    return status;
}

static elc_status describe(const char *path, const elc_cli_call *call,
                           const elc_names *classes, elc_error *err) {
    elc_model_options options = {
        .head = elc_options_text(call->own, "head"),
        .channels = elc_options_text(call->own, "channels"),
        .device = elc_options_text(call->own, "device"),
        .classes = classes->count > 0 ? classes : NULL,
    };
    elc_status status = ELC_OK;
    elc_string text = {0};
    elc_model *model = NULL;
    ELC_TRY_GOTO(elc_model_open(path, &options, &model, err), status, done);
    ELC_TRY_GOTO(
        elc_model_describe(model, elc_options_bool(call->own, "json"), &text, err),
        status, done);
    bool ended = text.size > 0 && text.data[text.size - 1] == '\n';
    printf("%s%s", text.data == NULL ? "" : text.data, ended ? "" : "\n");
done:
    elc_model_free(model);
    elc_string_free(&text);
    return status;
}

elc_status elc_cli_model(elc_cli_call *call, elc_error *err) {
    if (call->words.count != 2 || strcmp(call->words.items[0], "info") != 0) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT, "'info' and one file must follow");
    }
    elc_names classes = {0};
    elc_status status = ELC_OK;
    const char *path = elc_options_text(call->own, "classes");
    if (path != NULL)
        ELC_TRY_GOTO(read_classes(path, &classes, err), status, done);
    status = describe(call->words.items[1], call, &classes, err);
done:
    elc_names_free(&classes);
    return status;
}
