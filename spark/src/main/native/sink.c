/* sink.c - the calls of Sink.java: rows, and images, to files. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Sink_##name

static elc_sink *sink_of(jlong address) {
    return (elc_sink *)(intptr_t)address;
}

/* ---- texts ------------------------------------------------------------------------
 */

static void free_texts(char **texts, size_t n) {
    for (size_t i = 0; texts != NULL && i < n; i++)
        free(texts[i]);
    free(texts);
}

/* ---- tables -----------------------------------------------------------------------
 */

static elc_status find_type(const char *name, elc_type *out, elc_error *err) {
    for (elc_type type = ELC_INT32; type <= ELC_FLOATS; type++)
        if (strcmp(elc_type_name(type), name) == 0) {
            *out = type;
            return ELC_OK;
        }
    return elc_fail(err, ELC_E_INTERNAL, "there is no type %s", name);
}

/* From name, type, name, type, ... */
static elc_status make_schema(char *const *texts, size_t n, const char *crs,
                              struct ArrowSchema *out, elc_error *err) {
    elc_column *columns;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(n, sizeof *columns, &columns, err));
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        columns[i].name = texts[2 * i];
        status = find_type(texts[2 * i + 1], &columns[i].type, err);
    }
    if (status == ELC_OK)
        status = elc_schema_create(columns, n, crs, out, err);
    free(columns);
    return status;
}

/* `crs` is any text that names one; NULL: CRS84; "": none. */
static elc_status schema_of(char *const *texts, size_t n, const char *crs,
                            struct ArrowSchema *out, elc_error *err) {
    elc_crs *known = NULL;
    if (crs != NULL && crs[0] != '\0')
        ELC_TRY(elc_crs_create(crs, &known, err));
    elc_status status =
        make_schema(texts, n, known == NULL ? crs : elc_crs_projjson(known), out, err);
    elc_crs_free(known);
    return status;
}

static elc_status open_sink(const char *path, const char *layer, char *const *texts,
                            size_t n, const char *crs, elc_sink **out, elc_error *err) {
    struct ArrowSchema schema = {0};
    elc_sink *sink = NULL;
    size_t number;
    ELC_TRY(schema_of(texts, n, crs, &schema, err));
    elc_status status = elc_sink_create(path, NULL, &sink, err);
    if (status == ELC_OK)
        status = elc_sink_add_layer(sink, layer, &schema, &number, err);
    elc_schema_release(&schema);
    if (status == ELC_OK)
        *out = sink;
    else
        elc_sink_free(sink);
    return status;
}

CALL(jlong, open)
(JNIEnv *env, jclass self, jstring path, jstring layer, jobjectArray columns,
 jstring crs) {
    size_t n = (size_t)(*env)->GetArrayLength(env, columns);
    char *file = elc_jni_utf8(env, path), *name = elc_jni_utf8(env, layer);
    char *place = crs == NULL ? NULL : elc_jni_utf8(env, crs);
    char **texts = calloc(n + 1, sizeof *texts);
    elc_sink *sink = NULL;
    elc_error err = {0};
    elc_status status = ELC_OK;
    (void)self;
    if (file == NULL || name == NULL || texts == NULL || (place == NULL && crs != NULL))
        status = elc_fail(&err, ELC_E_MEMORY, "no memory for a file's name");
    if (status == ELC_OK)
        status = elc_jni_texts(env, columns, texts, (int)n, &err);
    if (status == ELC_OK)
        status = open_sink(file, name, texts, n / 2, place, &sink, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    free_texts(texts, n);
    free(file);
    free(name);
    free(place);
    return (jlong)(intptr_t)sink;
}

CALL(void, write)(JNIEnv *env, jclass self, jlong sink, jlong batch) {
    elc_error err = {0};
    const struct ArrowArray *rows = (const struct ArrowArray *)(intptr_t)batch;
    elc_status status = elc_sink_write(sink_of(sink), 0, rows, &err);
    (void)self;
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

CALL(void, commit)(JNIEnv *env, jclass self, jlong sink) {
    elc_error err = {0};
    elc_status status = elc_sink_commit(sink_of(sink), &err);
    (void)self;
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

CALL(void, free)(JNIEnv *env, jclass self, jlong sink) {
    (void)env, (void)self;
    elc_sink_free(sink_of(sink));
}

/* ---- images -----------------------------------------------------------------------
 */

static elc_status encode(elc_image *image, elc_file_kind kind, elc_string *file,
                         elc_error *err) {
    elc_cutter *cutter = NULL;
    elc_string beside = {0};
    ELC_TRY(elc_cutter_create(image, NULL, 0, 0, &cutter, err));
    const elc_image_info *info = elc_image_info_at(image);
    elc_window all = {0, 0, info->width, info->height};
    elc_status status = elc_cutter_read(cutter, all, err);
    if (status == ELC_OK)
        status = elc_cutter_encode(cutter, kind, file, &beside, err);
    elc_string_free(&beside);
    elc_cutter_free(cutter);
    return status;
}

static elc_status encode_struct(const elc_image_struct *from, const char *name,
                                elc_file_kind kind, elc_string *file, elc_error *err) {
    elc_image *image = NULL;
    ELC_TRY(elc_image_struct_open(from, name, &image, err));
    elc_status status = encode(image, kind, file, err);
    elc_image_free(image);
    return status;
}

static elc_status take_pixels(JNIEnv *env, jbyteArray data, elc_image_struct *out,
                              elc_error *err) {
    out->size = (size_t)(*env)->GetArrayLength(env, data);
    ELC_TRY(elc_alloc(out->size + 1, 1, &out->data, err));
    (*env)->GetByteArrayRegion(env, data, 0, (jsize)out->size, (jbyte *)out->data);
    return ELC_OK;
}

static jbyteArray bytes_of(JNIEnv *env, const elc_string *file) {
    elc_error err;
    if (file->size > INT32_MAX - 8) {
        elc_fail(&err, ELC_E_MEMORY,
                 "an image file of %zu bytes, Java's arrays have 2 GB", file->size);
        elc_jni_throw(env, ELC_E_MEMORY, &err);
        return NULL;
    }
    jbyteArray out = (*env)->NewByteArray(env, (jsize)file->size);
    if (out != NULL)
        (*env)->SetByteArrayRegion(env, out, 0, (jsize)file->size,
                                   (const jbyte *)file->data);
    return out;
}

CALL(jbyteArray, encode)
(JNIEnv *env, jclass self, jstring name, jint kind, jintArray shape, jbyteArray data) {
    jint sizes[4]; /* height, width, channels, mode */
    elc_error err = {0};
    elc_string file = {0};
    jbyteArray out = NULL;
    char *text = elc_jni_utf8(env, name);
    elc_status status = ELC_OK;
    (void)self;
    (*env)->GetIntArrayRegion(env, shape, 0, 4, sizes);
    elc_image_struct pixels = {sizes[0], sizes[1], sizes[2], sizes[3], NULL, 0};
    if (text == NULL)
        status = elc_fail(&err, ELC_E_MEMORY, "no memory for an image's name");
    if (status == ELC_OK)
        status = take_pixels(env, data, &pixels, &err);
    if (status == ELC_OK)
        status = encode_struct(&pixels, text, (elc_file_kind)kind, &file, &err);
    if (status == ELC_OK)
        out = bytes_of(env, &file);
    else
        elc_jni_throw(env, status, &err);
    elc_image_struct_clear(&pixels);
    elc_string_free(&file);
    free(text);
    return out;
}
