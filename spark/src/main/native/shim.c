/* shim.c - the calls of Native.java. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Native_##name

/* ---- failures ---------------------------------------------------------------------
 */

void elc_jni_throw(JNIEnv *env, elc_status status, const elc_error *err) {
    if ((*env)->ExceptionCheck(env)) /* Java's own, of no memory */
        return;
    jclass kind = (*env)->FindClass(env, "org/elcano/spark/ElcanoException");
    jmethodID make = kind == NULL ? NULL
                                  : (*env)->GetMethodID(env, kind, "<init>",
                                                        "(Ljava/lang/String;Ljava/lang/"
                                                        "String;)V");
    jstring name =
        make == NULL ? NULL : (*env)->NewStringUTF(env, elc_status_name(status));
    const char *said =
        err->message[0] == '\0' && status == ELC_E_MEMORY ? "no memory" : err->message;
    jstring text = name == NULL ? NULL : elc_jni_text(env, said);
    jobject failure =
        text == NULL ? NULL : (*env)->NewObject(env, kind, make, name, text);
    if (failure != NULL)
        (*env)->Throw(env, failure);
}

static elc_job *job_of(jlong address) {
    return (elc_job *)(intptr_t)address;
}

static struct ArrowArrayStream *stream_of(jlong address) {
    return (struct ArrowArrayStream *)(intptr_t)address;
}

/* ---- texts ------------------------------------------------------------------------
 */

/* Java's own calls give a variant of UTF-8. */
char *elc_jni_utf8(JNIEnv *env, jstring text) {
    jclass kind = (*env)->FindClass(env, "java/lang/String");
    jmethodID bytes = kind == NULL ? NULL
                                   : (*env)->GetMethodID(env, kind, "getBytes",
                                                         "(Ljava/lang/String;)[B");
    jstring utf8 = bytes == NULL ? NULL : (*env)->NewStringUTF(env, "UTF-8");
    jbyteArray array =
        utf8 == NULL ? NULL : (*env)->CallObjectMethod(env, text, bytes, utf8);
    if (array == NULL || (*env)->ExceptionCheck(env))
        return NULL;
    jsize size = (*env)->GetArrayLength(env, array);
    char *out = malloc((size_t)size + 1);
    if (out != NULL) {
        (*env)->GetByteArrayRegion(env, array, 0, size, (jbyte *)out);
        out[size] = '\0';
    }
    return out;
}

jstring elc_jni_text(JNIEnv *env, const char *text) {
    jclass kind = (*env)->FindClass(env, "java/lang/String");
    jmethodID make = kind == NULL ? NULL
                                  : (*env)->GetMethodID(env, kind, "<init>",
                                                        "([BLjava/lang/String;)V");
    jstring utf8 = make == NULL ? NULL : (*env)->NewStringUTF(env, "UTF-8");
    jsize size = (jsize)strlen(text);
    jbyteArray bytes = utf8 == NULL ? NULL : (*env)->NewByteArray(env, size);
    if (bytes == NULL)
        return NULL;
    (*env)->SetByteArrayRegion(env, bytes, 0, size, (const jbyte *)text);
    return (*env)->NewObject(env, kind, make, bytes, utf8);
}

elc_status elc_jni_texts(JNIEnv *env, jobjectArray texts, char **out, int n,
                         elc_error *err) {
    elc_status status = ELC_OK;
    memset(out, 0, (size_t)n * sizeof *out);
    for (int i = 0; i < n && status == ELC_OK; i++) {
        jstring text = (*env)->GetObjectArrayElement(env, texts, i);
        out[i] = text == NULL ? NULL : elc_jni_utf8(env, text);
        if (text != NULL && out[i] == NULL)
            status = elc_fail(err, ELC_E_MEMORY, "no memory for a text");
        (*env)->DeleteLocalRef(env, text);
    }
    return status;
}

elc_status elc_jni_bytes(JNIEnv *env, jbyteArray bytes, elc_string *out,
                         elc_error *err) {
    jsize size = (*env)->GetArrayLength(env, bytes);
    if ((size_t)size >= out->capacity)
        ELC_TRY(elc_reserve(&out->data, &out->capacity, (size_t)size + 1, 1, err));
    (*env)->GetByteArrayRegion(env, bytes, 0, size, (jbyte *)out->data);
    out->size = (size_t)size;
    return ELC_OK;
}

CALL(jstring, version)(JNIEnv *env, jclass self) {
    (void)self;
    return elc_jni_text(env, elc_version());
}

CALL(jstring, models)(JNIEnv *env, jclass self) {
    (void)self;
    return elc_jni_text(env, ELCANO_MODELS_FROM_LIBRARY);
}

/* The text of a JSON array whose objects `put` appends one by one, until it has none.
 */
static jstring list_json(JNIEnv *env,
                         elc_status (*put)(size_t i, bool *any, elc_string *json,
                                           elc_error *err)) {
    elc_string json = {0};
    elc_error err = {0};
    bool any = true;
    elc_status status = elc_string_printf(&json, &err, "[");
    for (size_t i = 0; status == ELC_OK && any; i++)
        status = put(i, &any, &json, &err);
    if (status == ELC_OK)
        status = elc_string_printf(&json, &err, "]");
    jstring out = status == ELC_OK ? elc_jni_text(env, json.data) : NULL;
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    elc_string_free(&json);
    return out;
}

static elc_status put_operator(size_t i, bool *any, elc_string *json, elc_error *err) {
    *any = elc_operators[i] != NULL;
    if (!*any)
        return ELC_OK;
    ELC_TRY(elc_string_printf(json, err, "%s", i == 0 ? "" : ","));
    return elc_operator_json(elc_operators[i], json, err);
}

static elc_status put_family(size_t i, bool *any, elc_string *json, elc_error *err) {
    *any = elc_function_families[i] != NULL;
    if (!*any)
        return ELC_OK;
    ELC_TRY(elc_string_printf(json, err, "%s", i == 0 ? "" : ","));
    return elc_function_family_json(elc_function_families[i], json, err);
}

CALL(jstring, operators)(JNIEnv *env, jclass self) {
    (void)self;
    return list_json(env, put_operator);
}

CALL(jstring, functions)(JNIEnv *env, jclass self) {
    (void)self;
    return list_json(env, put_family);
}

/* ---- jobs -------------------------------------------------------------------------
 */

CALL(jlong, create)
(JNIEnv *env, jclass self, jstring op, jstring options, jstring inputs, jint threads) {
    elc_error err = {0};
    elc_job *job = NULL;
    char *name = elc_jni_utf8(env, op), *given = elc_jni_utf8(env, options);
    char *files = elc_jni_utf8(env, inputs);
    elc_status status = ELC_E_MEMORY;
    (void)self;
    if (name != NULL && given != NULL && files != NULL)
        status = elc_job_create(name, given, files, threads, &job, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    free(name);
    free(given);
    free(files);
    return (jlong)(intptr_t)job;
}

CALL(jlong, follow)
(JNIEnv *env, jclass self, jlong first, jstring inputs, jint threads) {
    elc_error err = {0};
    elc_job *job = NULL;
    char *files = elc_jni_utf8(env, inputs);
    elc_status status = ELC_E_MEMORY;
    (void)self;
    if (files != NULL)
        status = elc_job_follow(job_of(first), files, threads, &job, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    free(files);
    return (jlong)(intptr_t)job;
}

CALL(void, free)(JNIEnv *env, jclass self, jlong job) {
    (void)env, (void)self;
    elc_job_free(job_of(job));
}

CALL(void, cancel)(JNIEnv *env, jclass self, jlong job) {
    (void)env, (void)self;
    elc_job_cancel(job_of(job));
}

CALL(jstring, warning)(JNIEnv *env, jclass self, jlong job) {
    char line[1024];
    (void)self;
    return elc_job_warning(job_of(job), line, sizeof line) ? elc_jni_text(env, line)
                                                           : NULL;
}

CALL(jlongArray, progress)(JNIEnv *env, jclass self, jlong job) {
    elc_progress now = elc_job_progress(job_of(job));
    const jlong values[3] = {(jlong)now.done, (jlong)now.pixels,
                             (jlong)(now.network_s * 1e3)};
    jlongArray out = (*env)->NewLongArray(env, 3);
    (void)self;
    if (out != NULL)
        (*env)->SetLongArrayRegion(env, out, 0, 3, values);
    return out;
}

CALL(jboolean, slices)(JNIEnv *env, jclass self, jlong job) {
    (void)env, (void)self;
    return elc_job_slices(job_of(job));
}

/* ---- columns ----------------------------------------------------------------------
 */

enum { COLUMN_TEXTS = 3 }; /* its name, its type, and a geometry's CRS */

static elc_status put_texts(JNIEnv *env, const char *const texts[COLUMN_TEXTS],
                            jsize at, jobjectArray out, elc_error *err) {
    for (int k = 0; k < COLUMN_TEXTS; k++) {
        jstring text = texts[k] == NULL ? NULL : elc_jni_text(env, texts[k]);
        if (text == NULL && texts[k] != NULL)
            return elc_fail(err, ELC_E_MEMORY, "no memory for columns");
        (*env)->SetObjectArrayElement(env, out, at + k, text);
        (*env)->DeleteLocalRef(env, text);
    }
    return ELC_OK;
}

static elc_status put_columns(JNIEnv *env, const struct ArrowSchema *schema,
                              jobjectArray out, elc_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        elc_type type;
        ELC_TRY(elc_schema_type(schema->children[i], &type, err));
        char *crs = NULL;
        if (type == ELC_GEOMETRY)
            ELC_TRY(elc_schema_crs(schema->children[i], &crs, err));
        const char *texts[COLUMN_TEXTS] = {schema->children[i]->name,
                                           elc_type_name(type), crs};
        elc_status status = put_texts(env, texts, (jsize)i * COLUMN_TEXTS, out, err);
        free(crs);
        ELC_TRY(status);
    }
    return ELC_OK;
}

jobjectArray elc_jni_columns(JNIEnv *env, const struct ArrowSchema *schema) {
    jsize n = (jsize)(COLUMN_TEXTS * schema->n_children);
    elc_error err = {0};
    jclass text = (*env)->FindClass(env, "java/lang/String");
    jobjectArray out = text == NULL ? NULL : (*env)->NewObjectArray(env, n, text, NULL);
    elc_status status =
        out == NULL ? ELC_E_MEMORY : put_columns(env, schema, out, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    return out;
}

CALL(jobjectArray, columns)(JNIEnv *env, jclass self, jlong job, jboolean hidden) {
    struct ArrowSchema schema = {0};
    elc_error err = {0};
    elc_status status = hidden ? elc_job_part_schema(job_of(job), &schema, &err)
                               : elc_job_schema(job_of(job), &schema, &err);
    (void)self;
    if (status != ELC_OK) {
        elc_jni_throw(env, status, &err);
        return NULL;
    }
    jobjectArray out = elc_jni_columns(env, &schema);
    elc_schema_release(&schema);
    return out;
}

/* ---- the plan ---------------------------------------------------------------------
 */

static jobjectArray parts_of(JNIEnv *env, const elc_plan *plan) {
    jclass bytes = (*env)->FindClass(env, "[B");
    jobjectArray out =
        bytes == NULL ? NULL
                      : (*env)->NewObjectArray(env, (jsize)plan->count, bytes, NULL);
    for (size_t i = 0; out != NULL && i < plan->count; i++) {
        jbyteArray part = (*env)->NewByteArray(env, (jsize)plan->parts[i].size);
        if (part == NULL)
            return NULL;
        (*env)->SetByteArrayRegion(env, part, 0, (jsize)plan->parts[i].size,
                                   plan->parts[i].bytes);
        (*env)->SetObjectArrayElement(env, out, (jsize)i, part);
        (*env)->DeleteLocalRef(env, part);
    }
    return out;
}

static jlongArray scopes_of(JNIEnv *env, const elc_plan *plan) {
    jlongArray out = (*env)->NewLongArray(env, (jsize)plan->count);
    for (size_t i = 0; out != NULL && i < plan->count; i++) {
        jlong scope = (jlong)plan->parts[i].scope;
        (*env)->SetLongArrayRegion(env, out, (jsize)i, 1, &scope);
    }
    return out;
}

static jdoubleArray weights_of(JNIEnv *env, const elc_plan *plan) {
    jdoubleArray out = (*env)->NewDoubleArray(env, (jsize)plan->count);
    for (size_t i = 0; out != NULL && i < plan->count; i++)
        (*env)->SetDoubleArrayRegion(env, out, (jsize)i, 1, &plan->parts[i].weight);
    return out;
}

CALL(void, wantColumns)(JNIEnv *env, jclass self, jlong job, jobjectArray names) {
    int n = (*env)->GetArrayLength(env, names);
    elc_error err = {0};
    char **texts = calloc((size_t)n + 1, sizeof *texts);
    elc_status status = texts == NULL
                            ? elc_fail(&err, ELC_E_MEMORY, "no memory for columns")
                            : elc_jni_texts(env, names, texts, n, &err);
    (void)self;
    if (status == ELC_OK)
        status = elc_job_want_columns(
            job_of(job), &(elc_names){.items = texts, .count = (size_t)n}, &err);
    for (int i = 0; texts != NULL && i < n; i++)
        free(texts[i]);
    free(texts);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

enum { EXTENT = 5 }; /* a box and a time */

/* A number that is not known is NaN. */
static jdoubleArray extents_of(JNIEnv *env, const elc_plan *plan) {
    jdoubleArray out = (*env)->NewDoubleArray(env, (jsize)plan->count * EXTENT);
    for (size_t i = 0; out != NULL && i < plan->count; i++) {
        const elc_extent *e = &plan->parts[i].extent;
        double box[4] = {e->xmin, e->ymin, e->xmax, e->ymax}, all[EXTENT];
        for (int k = 0; k < 4; k++)
            all[k] = e->placed ? box[k] : (double)NAN;
        all[4] = e->timed ? (double)e->acquired_us : (double)NAN;
        (*env)->SetDoubleArrayRegion(env, out, (jsize)i * EXTENT, EXTENT, all);
    }
    return out;
}

CALL(void, wantExtents)(JNIEnv *env, jclass self, jlong job) {
    (void)env, (void)self;
    elc_job_want_extents(job_of(job));
}

CALL(jobjectArray, plan)(JNIEnv *env, jclass self, jlong job, jlong part_units) {
    const elc_plan *plan = NULL;
    elc_error err = {0};
    elc_status status = elc_job_plan(job_of(job), (uint64_t)part_units, &plan, &err);
    (void)self;
    if (status != ELC_OK) {
        elc_jni_throw(env, status, &err);
        return NULL;
    }
    jobject parts = parts_of(env, plan);
    jobject scopes = parts == NULL ? NULL : scopes_of(env, plan);
    jobject weights = scopes == NULL ? NULL : weights_of(env, plan);
    jobject extents = weights == NULL ? NULL : extents_of(env, plan);
    jclass any = extents == NULL ? NULL : (*env)->FindClass(env, "java/lang/Object");
    jobjectArray out = any == NULL ? NULL : (*env)->NewObjectArray(env, 4, any, NULL);
    if (out == NULL)
        return NULL;
    (*env)->SetObjectArrayElement(env, out, 0, parts);
    (*env)->SetObjectArrayElement(env, out, 1, scopes);
    (*env)->SetObjectArrayElement(env, out, 2, weights);
    (*env)->SetObjectArrayElement(env, out, 3, extents);
    return out;
}

/* ---- rows -------------------------------------------------------------------------
 */

CALL(void, readSlice)
(JNIEnv *env, jclass self, jlong job, jlong slice, jlong slices, jlong stream) {
    elc_error err = {0};
    elc_status status = elc_job_read_slice(job_of(job), (uint64_t)slice,
                                           (uint64_t)slices, stream_of(stream), &err);
    (void)self;
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

/* Copies the bytes of parts, which elc_parts_free frees. */
static elc_part *take_parts(JNIEnv *env, jobjectArray given, size_t n) {
    elc_part *parts = calloc(n + 1, sizeof *parts);
    for (size_t i = 0; parts != NULL && i < n; i++) {
        jbyteArray bytes = (*env)->GetObjectArrayElement(env, given, (jsize)i);
        jsize size = (*env)->GetArrayLength(env, bytes);
        parts[i].bytes = malloc((size_t)size + 1);
        parts[i].size = (size_t)size;
        if (parts[i].bytes != NULL)
            (*env)->GetByteArrayRegion(env, bytes, 0, size, parts[i].bytes);
        else
            parts[i].size = 0;
        (*env)->DeleteLocalRef(env, bytes);
    }
    return parts;
}

CALL(void, readScope)
(JNIEnv *env, jclass self, jlong job, jobjectArray given, jlong stream) {
    size_t n = (size_t)(*env)->GetArrayLength(env, given);
    elc_error err = {0};
    elc_part *parts = take_parts(env, given, n);
    elc_status status =
        parts == NULL
            ? elc_fail(&err, ELC_E_MEMORY, "no memory for parts")
            : elc_job_read_scope(job_of(job), parts, n, stream_of(stream), &err);
    (void)self;
    for (size_t i = 0; parts != NULL && i < n; i++)
        free(parts[i].bytes);
    free(parts);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

CALL(void, readPart)
(JNIEnv *env, jclass self, jlong job, jbyteArray given, jlong stream) {
    jsize size = (*env)->GetArrayLength(env, given);
    elc_error err = {0};
    elc_part part = {.bytes = malloc((size_t)size + 1), .size = (size_t)size};
    elc_status status = ELC_E_MEMORY;
    (void)self;
    if (part.bytes != NULL) {
        (*env)->GetByteArrayRegion(env, given, 0, size, part.bytes);
        status = elc_job_read_part(job_of(job), &part, stream_of(stream), &err);
    }
    free(part.bytes);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

CALL(void, combine)
(JNIEnv *env, jclass self, jlong job, jlong columns, jlong rows, jlong stream) {
    elc_error err = {0};
    elc_status status =
        elc_job_combine(job_of(job), (const struct ArrowSchema *)(intptr_t)columns,
                        (struct ArrowArray *)(intptr_t)rows, stream_of(stream), &err);
    (void)self;
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}
