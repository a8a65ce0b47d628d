/* network.c - what a user says of a network, in options that operators share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/pixels/network.h"

enum { MAX_CLASS_FILE = 1 << 20, CHANNELS = 16 };

static elc_status read_class_file(const char *path, elc_names *out, elc_error *err) {
    elc_string text = {0};
    if (!path)
        return ELC_OK;
    ELC_TRY(elc_file_read(path, MAX_CLASS_FILE, &text, err));
    elc_status status = ELC_OK;
    for (char *c = text.data; c && *c; c++)
        if (*c == '\r')
            *c = ' ';
    if (text.data)
        status = elc_names_split(out, text.data, '\n', err);
    if (status == ELC_OK && out->count == 0)
        status =
            elc_fail(err, ELC_E_ARGUMENT, "%s: has no class names; one a line", path);
    elc_string_free(&text);
    return status;
}

static elc_status read_numbers(const elc_options *options, const char *name,
                               double *out, size_t *n, elc_error *err) {
    const elc_names *list = elc_options_list(options, name);
    if (list->count > CHANNELS)
        return elc_fail(err, ELC_E_ARGUMENT, "--%s: %zu values, at most %d channels",
                        name, list->count, CHANNELS);
    for (size_t i = 0; i < list->count; i++)
        ELC_TRY(elc_parse_real(list->items[i], name, &out[i], err));
    *n = list->count;
    return ELC_OK;
}

static elc_status check_mean_std(size_t mean, size_t std, elc_error *err) {
    if (mean == std)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--mean has %zu values and --std %zu: give both, one a channel",
                    mean, std);
}

static const char *text_of(const elc_options *o, const char *name) {
    return elc_options_find(o, name) != NULL ? elc_options_text(o, name) : NULL;
}

elc_status elc_pixels_network_read(const elc_options *o, pixels_network *out,
                                   elc_error *err) {
    size_t n_mean = 0, n_std = 0;
    ELC_TRY(read_class_file(text_of(o, "classes"), &out->classes, err));
    ELC_TRY(read_numbers(o, "mean", out->mean, &n_mean, err));
    ELC_TRY(read_numbers(o, "std", out->std, &n_std, err));
    ELC_TRY(check_mean_std(n_mean, n_std, err));
    out->options = (elc_model_options){
        .head = text_of(o, "head"),
        .classes = out->classes.count ? &out->classes : NULL,
        .device = text_of(o, "device"),
        .channels = text_of(o, "channels"),
        .scale = elc_options_real(o, "scale"),
        .mean = n_mean ? out->mean : NULL,
        .std = n_std ? out->std : NULL,
        .n_mean = n_mean,
        .threshold = (int)elc_options_int(o, "threshold"),
        .flip = text_of(o, "flip"),
        .input_width = elc_options_int(o, "chip"),
        .input_height = elc_options_int(o, "chip"),
    };
    return ELC_OK;
}

void elc_pixels_network_clear(pixels_network *network) {
    elc_names_free(&network->classes);
}
