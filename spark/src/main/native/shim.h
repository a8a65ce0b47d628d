/* shim.h - what all calls from Java need. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SPARK_SHIM_H
#define ELCANO_SPARK_SHIM_H

#include <elcano/elcano.h>

#include <jni.h>

/* Throws an ElcanoException, unless Java throws already. */
void elc_jni_throw(JNIEnv *env, elc_status status, const elc_error *err);
/* Java's string of UTF-8; NULL where Java throws. */
jstring elc_jni_text(JNIEnv *env, const char *text);
/* UTF-8 of any text: Java's own calls give a variant of it. Freed with free(); NULL where
   Java throws, or there is no memory. */
char *elc_jni_utf8(JNIEnv *env, jstring text);

#endif
