/* model.c - `elcano model`: what an ONNX network is, and which are installed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/model.h>

#include <string.h>

enum { CLASSES_LIMIT = 16 << 20, CHANNELS = 16 };

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
    {.name = "scale",
     .type = ELC_OPTION_REAL,
     .help = "what pixel values (0 to 255) are multiplied by"},
    {.name = "mean",
     .type = ELC_OPTION_LIST,
     .help = "then subtracted, a number a channel"},
    {.name = "std",
     .type = ELC_OPTION_LIST,
     .help = "then divided by, a number a channel"},
    {.name = "threshold",
     .type = ELC_OPTION_INT,
     .min = 1,
     .max = 255,
     .help = "before that, pixel values below it become 0, and others 255"},
    {.name = "flip",
     .type = ELC_OPTION_CHOICE,
     .choices = (const char *const[]){"none", "horizontal", "vertical", "both", NULL},
     .fallback = "none",
     .help = "the network sees the chips mirrored"},
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

/* The numbers of --mean or --std; none: 0 of them. */
static elc_status read_numbers(const elc_cli_call *call, const char *name,
                               double out[CHANNELS], size_t *n, elc_error *err) {
    const elc_names *list = elc_options_list(call->own, name);
    if (list->count > CHANNELS)
        return elc_fail(err, ELC_E_ARGUMENT, "--%s: %zu numbers, at most %d", name,
                        list->count, CHANNELS);
    for (size_t i = 0; i < list->count; i++)
        ELC_TRY(elc_parse_real(list->items[i], name, &out[i], err));
    *n = list->count;
    return ELC_OK;
}

/* What the options say of the network. */
typedef struct {
    elc_names classes;
    double mean[CHANNELS], std[CHANNELS];
    elc_model_options options;
} saying;

static elc_status read_saying(const elc_cli_call *call, saying *s, elc_error *err) {
    const char *path = elc_options_text(call->own, "classes");
    if (path != NULL)
        ELC_TRY(read_classes(path, &s->classes, err));
    size_t n_mean = 0, n_std = 0;
    ELC_TRY(read_numbers(call, "mean", s->mean, &n_mean, err));
    ELC_TRY(read_numbers(call, "std", s->std, &n_std, err));
    if (n_mean != n_std)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--mean has %zu numbers and --std %zu: give both, one a channel", n_mean,
            n_std);
    s->options = (elc_model_options){
        .head = elc_options_text(call->own, "head"),
        .classes = path == NULL ? NULL : &s->classes,
        .device = elc_options_text(call->own, "device"),
        .channels = elc_options_text(call->own, "channels"),
        .scale = elc_options_real(call->own, "scale"),
        .mean = n_mean > 0 ? s->mean : NULL,
        .std = n_std > 0 ? s->std : NULL,
        .n_mean = n_mean,
        .threshold = (int)elc_options_int(call->own, "threshold"),
        .flip = elc_options_text(call->own, "flip"),
    };
    return ELC_OK;
}

static elc_status describe(const char *path, const elc_model_options *options,
                           bool json, elc_error *err) {
    elc_model *model;
    ELC_TRY(elc_model_open(path, options, &model, err));
    elc_string text = {0};
    elc_status status = elc_model_describe(model, json, &text, err);
    if (status == ELC_OK) {
        bool ended = text.size > 0 && text.data[text.size - 1] == '\n';
        printf("%s%s", text.data == NULL ? "" : text.data, ended ? "" : "\n");
    }
    elc_string_free(&text);
    elc_model_free(model);
    return status;
}

elc_status elc_cli_model(elc_cli_call *call, elc_error *err) {
    const elc_names *words = &call->words;
    if (words->count == 1 && strcmp(words->items[0], "list") == 0)
        return elc_cli_model_list(call, err);
    if (words->count != 2 || strcmp(words->items[0], "info") != 0) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT,
                        "'info' and a file or name must follow, or 'list'");
    }
    saying s = {0};
    elc_status status = read_saying(call, &s, err);
    if (status == ELC_OK)
        status = describe(words->items[1], &s.options,
                          elc_options_bool(call->own, "json"), err);
    elc_names_free(&s.classes);
    return status;
}
