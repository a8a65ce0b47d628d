/* memory.c - the calls of Native.java for images without a file: bytes, and pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <stdlib.h>

#include <elcano/image.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Native_##name

/* The path as a text of Java's, which goes on holding the image. */
static jstring give_path(JNIEnv *env, elc_status status, char *path,
                         const elc_error *err) {
    if (status != ELC_OK) {
        elc_jni_throw(env, status, err);
        return NULL;
    }
    jstring out = elc_jni_text(env, path);
    if (out == NULL)
        elc_image_memory_drop(path);
    else
        free(path);
    return out;
}

CALL(jstring, keepBytes)(JNIEnv *env, jclass self, jbyteArray bytes, jstring name) {
    elc_error err = {0};
    elc_status status = ELC_E_MEMORY;
    char *path = NULL, *text = elc_jni_utf8(env, name);
    (void)self;
    jbyte *at = text == NULL ? NULL : (*env)->GetByteArrayElements(env, bytes, NULL);
    if (at != NULL) {
        size_t size = (size_t)(*env)->GetArrayLength(env, bytes);
        status = elc_image_memory_bytes(at, size, text, &path, &err);
        (*env)->ReleaseByteArrayElements(env, bytes, at, JNI_ABORT);
    }
    free(text);
    return give_path(env, status, path, &err);
}

/* {mode, height, width, channels} */
static elc_image_struct describe(JNIEnv *env, jintArray shape) {
    jint s[4] = {0};
    (*env)->GetIntArrayRegion(env, shape, 0, 4, s);
    return (elc_image_struct){
        .mode = s[0], .height = s[1], .width = s[2], .channels = s[3]};
}

/* Borrows the array's bytes for the call, as a struct whose data is not its own. */
static elc_status keep(JNIEnv *env, elc_image_struct *pixels, jbyteArray data,
                       const char *name, const elc_affine *affine, const char *crs,
                       char **path, elc_error *err) {
    elc_crs *placed = NULL;
    if (affine != NULL)
        ELC_TRY(elc_crs_create(crs, &placed, err));
    jbyte *at = (*env)->GetByteArrayElements(env, data, NULL);
    elc_status status = ELC_E_MEMORY;
    if (at != NULL) {
        pixels->data = (uint8_t *)at;
        pixels->size = (size_t)(*env)->GetArrayLength(env, data);
        status = elc_image_memory_struct(pixels, name, affine, placed, path, err);
        (*env)->ReleaseByteArrayElements(env, data, at, JNI_ABORT);
    }
    elc_crs_free(placed);
    return status;
}

/* The affine may be null: the place is not known. */
CALL(jstring, keepPixels)
(JNIEnv *env, jclass self, jintArray shape, jbyteArray data, jstring name,
 jdoubleArray affine, jstring crs) {
    elc_error err = {0};
    elc_affine place;
    char *path = NULL, *text = elc_jni_utf8(env, name);
    char *where = affine == NULL ? NULL : elc_jni_utf8(env, crs);
    elc_image_struct pixels = describe(env, shape);
    elc_status status = ELC_E_MEMORY;
    (void)self;
    if (affine != NULL)
        (*env)->GetDoubleArrayRegion(env, affine, 0, 6, place.a);
    if (text != NULL && (affine == NULL || where != NULL))
        status = keep(env, &pixels, data, text, affine == NULL ? NULL : &place, where,
                      &path, &err);
    free(text);
    free(where);
    return give_path(env, status, path, &err);
}

CALL(void, drop)(JNIEnv *env, jclass self, jstring path) {
    (void)self;
    elc_image_memory_drop(elc_jni_utf8(env, path));
}
