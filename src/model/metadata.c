/* metadata.c - what exporters write beside a network: Ultralytics, Deepness, Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "metadata.h"

#include <math.h>
#include <string.h>

#include "literal.h"

typedef struct source {
    const elc_names *keys, *values;
    const char *path;
    elc_error *err;
} source;

static const char *find(const source *from, const char *key) {
    size_t i = elc_names_find(from->keys, key);
    return i == SIZE_MAX ? NULL : from->values->items[i];
}

/* Long values are cut: the message must stay one line. */
static elc_status unfit(const source *from, const char *key, const char *wanted) {
    return elc_fail(
        from->err, ELC_E_MODEL,
        "%s: its metadata say %s = %.80s, but %s is needed; set it right in "
        "the file or remove it",
        from->path, key, find(from, key), wanted);
}

static bool whole(double number, double lowest, double highest) {
    return number == floor(number) && number >= lowest && number <= highest;
}

/* Leaves *out as it is when the key is not there; 0 < number <= highest. */
static elc_status positive(const source *from, const char *key, double highest,
                           const char *wanted, double *out) {
    const char *text = find(from, key);
    double number;
    size_t n;
    if (text == NULL)
        return ELC_OK;
    if (elc_literal_numbers(text, &number, 1, &n, NULL) != ELC_OK || number <= 0 ||
        number > highest)
        return unfit(from, key, wanted);
    *out = number;
    return ELC_OK;
}

static bool truth(const source *from, const char *key) {
    const char *text = find(from, key);
    return text != NULL && (strcmp(text, "1") == 0 || strcmp(text, "True") == 0 ||
                            strcmp(text, "true") == 0);
}

static elc_status read_names(const source *from, elc_metadata *out) {
    const char *key = find(from, "names") != NULL ? "names" : "class_names";
    const char *text = find(from, key);
    elc_error why;
    if (text == NULL || elc_literal_names(text, &out->names, &why) == ELC_OK)
        return ELC_OK;
    return elc_fail(from->err, ELC_E_MODEL,
                    "%s: its metadata %s cannot be read (%s); give --classes FILE",
                    from->path, key, why.message);
}

static elc_status read_stride(const source *from, elc_metadata *out) {
    const char *text = find(from, "stride");
    double numbers[8];
    size_t n;
    if (text == NULL)
        return ELC_OK;
    const char *wanted = "a whole number from 1 to 4096";
    if (elc_literal_numbers(text, numbers, 8, &n, NULL) != ELC_OK)
        return unfit(from, "stride", wanted);
    for (size_t i = 0; i < n;
         i++) { /* a list has one for each level; the last repeats */
        if (!whole(numbers[i], 1, 4096))
            return unfit(from, "stride", wanted);
        if ((int64_t)numbers[i] > out->stride)
            out->stride = (int64_t)numbers[i];
    }
    return ELC_OK;
}

static elc_status read_size(const source *from, elc_metadata *out) {
    const char *key = find(from, "imgsz") != NULL ? "imgsz" : "tile_size";
    const char *text = find(from, key);
    double size[2];
    size_t n;
    if (text == NULL)
        return ELC_OK;
    const char *wanted = "a height and width from 1 to 65536";
    if (elc_literal_numbers(text, size, 2, &n, NULL) != ELC_OK ||
        !whole(size[0], 1, 65536) || !whole(size[n - 1], 1, 65536))
        return unfit(from, key, wanted);
    out->chip_height = (int64_t)size[0];
    out->chip_width = (int64_t)size[n - 1];
    return ELC_OK;
}

static elc_status read_channels(const source *from, const char *key, double *out,
                                size_t *n) {
    const char *text = find(from, key);
    if (text == NULL ||
        elc_literal_numbers(text, out, ELC_METADATA_CHANNELS, n, NULL) == ELC_OK)
        return ELC_OK;
    return unfit(from, key, "a list of numbers, one a channel,");
}

static elc_status read_own(const source *from, elc_metadata *out) {
    ELC_TRY(positive(from, "elcano.input_scale", 1e6, "a number over 0", &out->scale));
    out->instrument = truth(from, "elcano.instrument");
    out->channel_order = find(from, "elcano.channel_order");
    if (out->channel_order != NULL && strcmp(out->channel_order, "rgb") != 0 &&
        strcmp(out->channel_order, "bgr") != 0)
        return unfit(from, "elcano.channel_order", "rgb or bgr");
    out->pad = -1;
    const char *pad = find(from, "elcano.pad");
    int64_t value = 0;
    if (pad == NULL)
        return ELC_OK;
    if (elc_parse_int(pad, "pad", &value, NULL) != ELC_OK || value < 0 || value > 255)
        return unfit(from, "elcano.pad", "a whole number from 0 to 255");
    out->pad = (int)value;
    return ELC_OK;
}

elc_status elc_metadata_read(const elc_names *keys, const elc_names *values,
                             bool ignore_names, const char *path, elc_metadata *out,
                             elc_error *err) {
    source from = {keys, values, path, err};
    double centimetres = 0;
    if (!ignore_names)
        ELC_TRY(read_names(&from, out));
    out->task = find(&from, "task");
    out->det_type = find(&from, "det_type");
    out->license = find(&from, "license");
    out->end_to_end = truth(&from, "end2end");
    ELC_TRY(read_stride(&from, out));
    ELC_TRY(read_size(&from, out));
    ELC_TRY(positive(&from, "resolution", 1e7, "centimetres a pixel", &centimetres));
    ELC_TRY(positive(&from, "det_conf", 1, "a score up to 1", &out->score));
    ELC_TRY(positive(&from, "det_iou_thresh", 1, "a share up to 1", &out->iou));
    ELC_TRY(read_channels(&from, "standardization_mean", out->mean, &out->n_mean));
    ELC_TRY(read_channels(&from, "standardization_std", out->std, &out->n_std));
    out->gsd_m = centimetres / 100;
    return read_own(&from, out);
}

void elc_metadata_clear(elc_metadata *metadata) {
    elc_names_free(&metadata->names);
    *metadata = (elc_metadata){0};
}
