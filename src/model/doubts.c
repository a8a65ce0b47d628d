/* doubts.c - what is not known of a network for sure, and the option that says it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <string.h>

/* `option` is what says it, "" where none does; the text is printed as is. */
static elc_status add(elc_doubts *out, const char *about, const char *option,
                      const char *text, elc_error *err) {
    ELC_TRY(elc_names_add(&out->about, about, err));
    ELC_TRY(elc_names_add(&out->options, option, err));
    return elc_names_add(&out->texts, text, err);
}

/* The same with a text that is put together; takes it. */
static elc_status add_taken(elc_doubts *out, const char *about, const char *option,
                            elc_string *text, elc_status status, elc_error *err) {
    if (status == ELC_OK)
        status = add(out, about, option, text->data, err);
    elc_string_free(text);
    return status;
}

static elc_status doubt_head(const elc_model *m, elc_doubts *out, elc_error *err) {
    if (m->refusal != NULL)
        return add(out, "head", strstr(m->refusal, "give --head") ? "--head" : "",
                   "no head is sure to read its outputs, so detect refuses it", err);
    if (m->others.count == 0)
        return ELC_OK;
    elc_string text = {0};
    elc_status status = elc_string_printf(&text, err,
                                          "%s is the only one that is sure; its shapes "
                                          "would fit",
                                          m->head->name);
    for (size_t i = 0; status == ELC_OK && i < m->others.count; i++)
        status = elc_string_printf(&text, err, "%s %s", i > 0 ? "," : "",
                                   m->others.items[i]);
    if (status == ELC_OK)
        status = elc_string_printf(&text, err, " too");
    return add_taken(out, "head", "--head", &text, status, err);
}

static elc_status doubt_channels(const elc_model *m, elc_doubts *out, elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_string_printf(
        &text, err, "the order is not stated; %s is %s",
        m->info.channel_order[0] == 'b' ? "BGR" : "RGB",
        m->refusal == NULL ? "how such heads are trained" : "most networks' order");
    return add_taken(out, "channels", "--channels", &text, status, err);
}

static elc_status doubt_scale(const elc_model *m, elc_doubts *out, elc_error *err) {
    elc_string text = {0};
    bool as_is = m->info.scale == 1, share = m->info.scale == 1.0 / 255;
    elc_status status = elc_string_printf(
        &text, err, "the range of its input is not stated; %s is %s",
        as_is   ? "0 to 255"
        : share ? "0 to 1"
                : "this one",
        m->refusal == NULL ? "how such heads are trained" : "the usual one");
    return add_taken(out, "scale", "--scale", &text, status, err);
}

/* Where ImageNet's are a matter of habit. */
static elc_status doubt_means(const elc_model *m, elc_doubts *out, elc_error *err) {
    if (m->refusal != NULL)
        return add(out, "mean", "--mean, --std",
                   "none are stated and none are subtracted; many classifiers want "
                   "0.485,0.456,0.406 and 0.229,0.224,0.225",
                   err);
    if (m->head->imagenet && m->info.scale != 1)
        return add(out, "mean", "--mean, --std",
                   "none are stated; ImageNet's are how such heads are trained", err);
    return ELC_OK;
}

static elc_status doubt_chip(const elc_model *m, elc_doubts *out, elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_string_printf(&text, err,
                                          "the size that it was trained at is not "
                                          "stated; %lld x %lld px is the usual one",
                                          (long long)m->info.chip_width,
                                          (long long)m->info.chip_height);
    return add_taken(out, "chip", "--chip", &text, status, err);
}

static elc_status doubt_image(const elc_model *m, elc_doubts *out, elc_error *err) {
    if (m->guessed.channels)
        ELC_TRY(doubt_channels(m, out, err));
    if (m->guessed.scale)
        ELC_TRY(doubt_scale(m, out, err));
    if (m->guessed.means && m->input.channels == 3)
        ELC_TRY(doubt_means(m, out, err));
    return m->guessed.chip ? doubt_chip(m, out, err) : ELC_OK;
}

static elc_status doubt_classes(const elc_model *m, elc_doubts *out, elc_error *err) {
    bool maps = m->refusal != NULL && m->use.classes == 0; /* with classes as keys */
    bool some = m->info.kind == ELC_MODEL_DETECTOR ||
                (m->info.kind == ELC_MODEL_CLASSIFIER && !maps);
    if (some && m->n_named == 0)
        return add(out, "classes", "--classes",
                   "their names are not stated, so they go by number", err);
    if (some && m->n_named < m->classes.count)
        return add(out, "classes", "--classes", "some of them have no name", err);
    return ELC_OK;
}

static elc_status doubt_weights(const elc_model *m, elc_doubts *out, elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_string_printf(
        &text, err, "its weights are in files that must lie beside it:");
    for (size_t i = 0; status == ELC_OK && i < m->weights.count; i++)
        status = elc_string_printf(&text, err, "%s %s", i > 0 ? "," : "",
                                   m->weights.items[i]);
    return add_taken(out, "weights", "", &text, status, err);
}

elc_status elc_doubts_find(const elc_model *m, elc_doubts *out, elc_error *err) {
    ELC_TRY(doubt_head(m, out, err));
    if (m->input.channels > 0)
        ELC_TRY(doubt_image(m, out, err));
    ELC_TRY(doubt_classes(m, out, err));
    if (m->info.kind == ELC_MODEL_DETECTOR && m->info.gsd_m == 0)
        ELC_TRY(add(out, "resolution", "--gsd",
                    "the ground size of its pixels is not stated, so images go in as "
                    "they are",
                    err));
    if (m->info.license == NULL)
        ELC_TRY(add(out, "licence", "",
                    "not stated; ask who trained it before it is passed on", err));
    return m->weights.count > 0 ? doubt_weights(m, out, err) : ELC_OK;
}

void elc_doubts_clear(elc_doubts *doubts) {
    elc_names_free(&doubts->about);
    elc_names_free(&doubts->texts);
    elc_names_free(&doubts->options);
}
