/* batches.c - the calls of Batches.java: where the columns of a stream's batches lie.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Batches_##name

/* Of each array: its validity (0: no value is NULL), its first value's index, its
   values or offsets, and the bytes of texts. */
enum { PLACES = 4 };

static struct ArrowArrayStream *stream_of(jlong address) {
    return (struct ArrowArrayStream *)(intptr_t)address;
}

CALL(jobjectArray, columns)(JNIEnv *env, jclass self, jlong stream) {
    struct ArrowSchema schema = {0};
    elc_error err = {0};
    elc_status status = elc_stream_schema(stream_of(stream), &schema, &err);
    (void)self;
    if (status != ELC_OK) {
        elc_jni_throw(env, status, &err);
        return NULL;
    }
    jobjectArray out = elc_jni_columns(env, &schema);
    elc_schema_release(&schema);
    return out;
}

static jlong buffer_of(const struct ArrowArray *array, int64_t i) {
    return i < array->n_buffers ? (jlong)(intptr_t)array->buffers[i] : 0;
}

/* Its own places and those of what is inside of it, where there is room; gives where
   the next ones go. */
static jsize put_places(JNIEnv *env, const struct ArrowArray *array, int64_t offset,
                        jlongArray out, jsize at) {
    jlong valid = array->null_count == 0 ? 0 : buffer_of(array, 0);
    const jlong places[PLACES] = {valid, array->offset + offset, buffer_of(array, 1),
                                  buffer_of(array, 2)};
    if (at + PLACES <= (*env)->GetArrayLength(env, out))
        (*env)->SetLongArrayRegion(env, out, at, PLACES, places);
    at += PLACES;
    for (int64_t i = 0; i < array->n_children; i++)
        at = put_places(env, array->children[i], 0, out, at);
    return at;
}

static void fail_places(JNIEnv *env, jsize n, jsize expected) {
    elc_error err = {0};
    elc_fail(&err, ELC_E_INTERNAL,
             "a batch of %d numbers, where its columns have %d; please report this", n,
             expected);
    elc_jni_throw(env, ELC_E_INTERNAL, &err);
}

/* Lets go of the batch at that address and puts the next one there. */
CALL(jint, next)
(JNIEnv *env, jclass self, jlong stream, jlong address, jlongArray out) {
    struct ArrowArray *batch = (struct ArrowArray *)(intptr_t)address;
    elc_error err = {0};
    jsize at = 0;
    (void)self;
    elc_array_release(batch);
    batch->release = NULL;
    elc_status status = elc_stream_next(stream_of(stream), batch, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    if (status != ELC_OK || batch->release == NULL)
        return -1;
    for (int64_t i = 0; i < batch->n_children; i++)
        at = put_places(env, batch->children[i], batch->offset, out, at);
    if (at != (*env)->GetArrayLength(env, out))
        fail_places(env, at, (*env)->GetArrayLength(env, out));
    return (jint)batch->length;
}
