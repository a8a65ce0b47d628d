/* classes.c - functions that ask networks what images show. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/frame.h"

#include <elcano/classify.h>

#include <stdio.h>
#include <stdlib.h>

enum { IMAGE, MODEL };

/* A caller keeps its inference while the model stays the same. */
typedef struct asked {
    elc_known model;
    elc_classifier *classifier; /* of it; NULL: none */
} asked;

/* An answer for a row; class NULL: the image is blank. */
typedef struct answer {
    const char *class;
    float score;
} answer;

static void release(void *kept) {
    asked *a = kept;
    elc_classifier_free(a->classifier);
    elc_string_free(&a->model.bytes);
    free(a);
}

static elc_status asked_of(elc_frame *f, asked **out, elc_error *err) {
    asked *a = f->kept;
    if (a == NULL)
        ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    f->kept = *out = a;
    f->release = release;
    return ELC_OK;
}

static elc_status use_model(elc_frame *f, size_t row, asked *a, const char *model,
                            elc_error *err) {
    if (a->classifier != NULL && elc_frame_knows(f, MODEL, row, &a->model))
        return ELC_OK;
    elc_classifier_free(a->classifier);
    a->classifier = NULL;
    ELC_TRY(elc_frame_learn(f, MODEL, row, &a->model, err));
    return elc_classifier_open(model, &a->classifier, err);
}

/* The reason less the path that it begins with, for `image` is what the caller knows.
 */
static elc_status fail_with_both(elc_status status, const elc_error *why,
                                 const char *image, const char *model, const char *path,
                                 elc_error *err) {
    size_t n = path != NULL ? strlen(path) : 0;
    const char *reason = why->message;
    if (n > 0 && strncmp(reason, path, n) == 0 && strncmp(reason + n, ": ", 2) == 0)
        reason += n + 2;
    return elc_fail(err, status, "%s by %s: %s", image, model, reason);
}

static elc_status ask_path(elc_frame *f, size_t row, const char *model,
                           const char *path, answer *out, elc_error *err) {
    asked *a;
    ELC_TRY(asked_of(f, &a, err));
    ELC_TRY(use_model(f, row, a, model, err));
    return elc_classifier_ask(a->classifier, path, &out->class, &out->score, err);
}

static elc_status ask_file(elc_frame *f, size_t row, answer *out, elc_error *err) {
    const char *path, *model;
    elc_error why;
    ELC_TRY(elc_frame_text(f, IMAGE, row, &path, err));
    ELC_TRY(elc_frame_text(f, MODEL, row, &model, err));
    elc_status status = ask_path(f, row, model, path, out, &why);
    return status == ELC_OK ? ELC_OK
                            : fail_with_both(status, &why, path, model, path, err);
}

static elc_status ask_bytes(elc_frame *f, size_t row, answer *out, elc_error *err) {
    elc_bytes bytes = elc_frame_bytes(f, IMAGE, row);
    char name[64], *path = NULL;
    const char *model;
    elc_error why;
    snprintf(name, sizeof name, "image of %zu bytes", bytes.size);
    ELC_TRY(elc_frame_text(f, MODEL, row, &model, err));
    elc_status status =
        elc_image_memory_bytes(bytes.data, bytes.size, "image", &path, &why);
    if (status == ELC_OK)
        status = ask_path(f, row, model, path, out, &why);
    if (status != ELC_OK)
        fail_with_both(status, &why, name, model, path ? path : "image", err);
    elc_image_memory_drop(path);
    return status;
}

static elc_status give_class(elc_frame *f, const answer *a, elc_error *err) {
    return a->class != NULL ? elc_give_text(f, a->class, err) : ELC_OK;
}

static elc_status give_score(elc_frame *f, const answer *a, elc_error *err) {
    return a->class != NULL ? elc_give_real(f, (double)a->score, err) : ELC_OK;
}

static elc_status class_of_file(elc_frame *f, size_t row, elc_error *err) {
    answer a = {0};
    ELC_TRY(ask_file(f, row, &a, err));
    return give_class(f, &a, err);
}

static elc_status class_of_bytes(elc_frame *f, size_t row, elc_error *err) {
    answer a = {0};
    ELC_TRY(ask_bytes(f, row, &a, err));
    return give_class(f, &a, err);
}

static elc_status score_of_file(elc_frame *f, size_t row, elc_error *err) {
    answer a = {0};
    ELC_TRY(ask_file(f, row, &a, err));
    return give_score(f, &a, err);
}

static elc_status score_of_bytes(elc_frame *f, size_t row, elc_error *err) {
    answer a = {0};
    ELC_TRY(ask_bytes(f, row, &a, err));
    return give_score(f, &a, err);
}

#define OF_IMAGE(NAME, TYPE, RESULT, KERNEL, SUMMARY, EXAMPLE, GIVES)                  \
    {                                                                                  \
        .name = NAME, .arguments = {{"image", TYPE, NULL}, ARG_TEXT("model")},         \
        .result = RESULT, .image = true, .summary = SUMMARY, .example = NAME EXAMPLE,  \
        .gives = GIVES, .row = KERNEL                                                  \
    }

static const elc_function functions[] = {
    OF_IMAGE(
        "classify", ELC_UTF8, ELC_UTF8, class_of_file,
        "the class that a classifier takes the image at a path for; NULL where the "
        "image is blank",
        "('chips/7.png', 'crops.onnx')", "pool"),
    OF_IMAGE("classify", ELC_BINARY, ELC_UTF8, class_of_bytes,
             "the same of an image file's bytes", "(content, 'crops.onnx')", "pool"),
    OF_IMAGE("classify_score", ELC_UTF8, ELC_FLOAT64, score_of_file,
             "how sure the classifier is of that class, 0 to 1",
             "('chips/7.png', 'crops.onnx')", "0.875"),
    OF_IMAGE("classify_score", ELC_BINARY, ELC_FLOAT64, score_of_bytes,
             "the same of an image file's bytes", "(content, 'crops.onnx')", "0.875"),
    {0},
};

const elc_function_family elc_function_family_classes = {
    .name = "classes",
    .summary = "what images show, by a network of one's own",
    .functions = functions,
};
