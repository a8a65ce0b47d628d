/* shim.h - what all calls from Java need. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SPARK_SHIM_H
#define ELCANO_SPARK_SHIM_H

#include <elcano/elcano.h>

#include <jni.h>

/* Throws an ElcanoException, unless Java throws already. */
void elc_jni_throw(JNIEnv *env, elc_status status, const elc_error *err);
/* The UTF-8 of any text, to be freed with free(); NULL where Java throws or memory is out. */
char *elc_jni_utf8(JNIEnv *env, jstring text);
/* Java's string of UTF-8; NULL where Java throws. */
jstring elc_jni_text(JNIEnv *env, const char *text);
/* The first n of an array's texts as UTF-8, NULL where they are null; each is the
   caller's to free(), also on failure. */
elc_status elc_jni_texts(JNIEnv *env, jobjectArray texts, char **out, int n,
                         elc_error *err);
/* Name, type and CRS (of geometries, else null) of each column; NULL where Java throws. */
jobjectArray elc_jni_columns(JNIEnv *env, const struct ArrowSchema *schema);
/* Replaces what is in `out` by a copy of an array, since a look at Java's own bytes
   would keep its collector waiting. */
elc_status elc_jni_bytes(JNIEnv *env, jbyteArray bytes, elc_string *out,
                         elc_error *err);

#endif
