/* model.c - `elcano model`: what an ONNX network is, and which are installed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/detect.h>

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
    {.name = "chip",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .min = 1,
     .max = 16384,
     .help = "side of the chips, where the network takes any size"},
    {.name = "bands",
     .type = ELC_OPTION_LIST,
     .help = "for check: bands for its channels, 1-based: 4,3,2; default: red, green, "
             "blue"},
    {.name = "score",
     .type = ELC_OPTION_REAL,
     .min = 0,
     .max = 1,
     .help = "for check: lowest score that counts; default: the network's own, else "
             "0.25"},
    {.name = "tensor",
     .type = ELC_OPTION_TEXT,
     .help =
         "this tensor of its inside instead of its outputs, or auto: the last before "
         "the head"},
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
        .input_width = elc_options_int(call->own, "chip"),
        .input_height = elc_options_int(call->own, "chip"),
        .any = true,
        .tensor = elc_options_text(call->own, "tensor"),
    };
    return ELC_OK;
}

/* What only a trial takes. */
static elc_status refuse_trial(const elc_cli_call *call, elc_error *err) {
    static const char *const names[] = {"bands", "score"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (elc_options_given(call->own, names[i]))
            return elc_fail(err, ELC_E_ARGUMENT, "--%s is for 'model check'", names[i]);
    return ELC_OK;
}

static elc_status check(const elc_cli_call *call, elc_model *model, elc_string *text,
                        elc_error *err) {
    bool scored = elc_options_has(call->own, "score");
    elc_check_wish wish = {
        .input = call->words.count > 2 ? call->words.items[2] : NULL,
        .bands = elc_options_list(call->own, "bands"),
        .score = scored ? elc_options_real(call->own, "score") : -1,
    };
    return elc_model_check(model, &wish, elc_options_bool(call->own, "json"), text,
                           err);
}

/* Names come from the file: what a terminal would obey is not passed on. */
static void make_plain(elc_string *text) {
    for (size_t i = 0; i < text->size; i++) {
        unsigned char c = (unsigned char)text->data[i];
        if ((c < ' ' && c != '\n') || c == 0x7f)
            text->data[i] = '?';
    }
}

static elc_status tell(const elc_cli_call *call, const elc_model_options *options,
                       bool trial, elc_error *err) {
    elc_model *model;
    elc_string text = {0};
    ELC_TRY(elc_model_open(call->words.items[1], options, &model, err));
    elc_status status =
        trial ? check(call, model, &text, err)
              : elc_model_describe(model, elc_options_bool(call->own, "json"), &text,
                                   err);
    make_plain(&text);
    if (status == ELC_OK)
        printf("%s", text.data == NULL ? "" : text.data);
    elc_string_free(&text);
    elc_model_free(model);
    return status;
}

elc_status elc_cli_model(elc_cli_call *call, elc_error *err) {
    const elc_names *words = &call->words;
    const char *verb = words->count > 0 ? words->items[0] : "";
    bool trial = strcmp(verb, "check") == 0, info = strcmp(verb, "info") == 0;
    if (words->count == 1 && strcmp(verb, "list") == 0)
        return elc_cli_model_list(call, err);
    if (!((info && words->count == 2) ||
          (trial && (words->count == 2 || words->count == 3)))) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT,
                        "'info' and a file or name must follow, 'check' and such a "
                        "one and perhaps an image, or 'list'");
    }
    saying s = {0};
    elc_status status = info ? refuse_trial(call, err) : ELC_OK;
    if (status == ELC_OK)
        status = read_saying(call, &s, err);
    if (status == ELC_OK)
        status = tell(call, &s.options, trial, err);
    elc_names_free(&s.classes);
    return status;
}
