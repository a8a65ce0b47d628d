/* functions.c - the calls of Bound.java: a function for one row. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Bound_##name

enum { TEXTS = 3, NUMBERS = 4, MOST_BYTES = INT32_MAX - 8 };

/* What a long result is where it is NULL: a NaN that no function gives, and no BOOL or
   INT32. INT64 and lists of it come as bytes, which can be null. Bound.java has the same. */
#define NULL_RESULT ((jlong)0x7ff8e1ca70000000LL)

/* A place in a query where a function is called. Its caller keeps what was made of
   arguments that stay the same, so it is not shared with other places. A query's
   tasks have each their own; only the driver may come with several threads. */
typedef struct site {
    atomic_flag busy;
    const elc_function *function;
    size_t given;
    elc_caller *caller; /* NULL until a row comes */
    elc_value values[ELC_FUNCTION_ARGUMENTS];
    elc_string texts[TEXTS]; /* copies of Java's bytes, in the order of arguments */
} site;

/* A row's arguments: bytes in their order, and numbers as bits in theirs. */
typedef struct row {
    jbyteArray texts[TEXTS];
    jlong numbers[NUMBERS];
} row;

static site *site_of(jlong address) {
    return (site *)(intptr_t)address;
}

static void enter(site *s) {
    while (atomic_flag_test_and_set_explicit(&s->busy, memory_order_acquire))
        sched_yield();
}

static void leave(site *s) {
    atomic_flag_clear_explicit(&s->busy, memory_order_release);
}

static bool is_bytes(elc_type type) {
    return type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY;
}

/* ---- life -------------------------------------------------------------------------
 */

CALL(jlong, open)(JNIEnv *env, jclass self, jint function, jint given) {
    elc_error err = {0};
    site *s = NULL;
    (void)self;
    if (elc_alloc(1, sizeof *s, &s, &err) != ELC_OK) {
        elc_jni_throw(env, ELC_E_MEMORY, &err);
        return 0;
    }
    s->function = elc_function_at((size_t)function);
    s->given = (size_t)given;
    atomic_flag_clear(&s->busy);
    return (jlong)(intptr_t)s;
}

static void empty(site *s) {
    elc_caller_free(s->caller);
    s->caller = NULL;
    for (size_t i = 0; i < TEXTS; i++)
        elc_string_free(&s->texts[i]);
}

CALL(void, empty)(JNIEnv *env, jobject self, jlong address) {
    site *s = site_of(address);
    (void)env, (void)self;
    enter(s);
    empty(s);
    leave(s);
}

CALL(void, free)(JNIEnv *env, jclass self, jlong address) {
    (void)env, (void)self;
    empty(site_of(address));
    free(site_of(address));
}

/* ---- arguments --------------------------------------------------------------------
 */

static elc_status take_text(JNIEnv *env, jbyteArray given, elc_string *copy,
                            elc_value *out, elc_error *err) {
    ELC_TRY(elc_jni_bytes(env, given, copy, err));
    *out = (elc_value){.bytes = copy->data, .size = copy->size};
    return ELC_OK;
}

static elc_value take_number(jlong bits, elc_type type) {
    elc_value value = {.whole = bits};
    if (type == ELC_FLOAT64)
        memcpy(&value.real, &bits, sizeof bits);
    else
        value.real = (double)bits;
    return value;
}

static elc_status run(JNIEnv *env, site *s, const row *r, elc_value *out,
                      elc_error *err) {
    size_t text = 0, number = 0;
    if (s->caller == NULL)
        ELC_TRY(elc_caller_create(s->function, &s->caller, err));
    for (size_t i = 0; i < s->given; i++) {
        elc_type type = s->function->arguments[i].type;
        if (!is_bytes(type)) {
            s->values[i] = take_number(r->numbers[number++], type);
            continue;
        }
        ELC_TRY(take_text(env, r->texts[text], &s->texts[text], &s->values[i], err));
        text++;
    }
    return elc_caller_row(s->caller, s->values, s->given, out, err);
}

/* ---- results ----------------------------------------------------------------------
 */

static jlong bits_of(const elc_value *value, elc_type type) {
    jlong bits;
    if (value->null)
        return NULL_RESULT;
    if (type != ELC_FLOAT64)
        return value->whole;
    double real = value->real == value->real ? value->real : __builtin_nan("");
    memcpy(&bits, &real, sizeof bits);
    return bits;
}

static jbyteArray bytes_of(JNIEnv *env, const elc_value *value, const elc_function *f) {
    bool whole = f->result == ELC_INT64 && !f->list;
    const void *bytes = whole ? (const void *)&value->whole : value->bytes;
    size_t size = whole ? sizeof value->whole : value->size;
    elc_error err;
    if (value->null)
        return NULL;
    if (size > MOST_BYTES) {
        elc_fail(&err, ELC_E_MEMORY, "a result of %zu bytes, Java's arrays have %d",
                 size, MOST_BYTES);
        elc_jni_throw(env, ELC_E_MEMORY, &err);
        return NULL;
    }
    jbyteArray out = (*env)->NewByteArray(env, (jsize)size);
    if (out != NULL)
        (*env)->SetByteArrayRegion(env, out, 0, (jsize)size, bytes);
    return out;
}

CALL(jlong, number)
(JNIEnv *env, jobject self, jlong address, jbyteArray a, jbyteArray b, jbyteArray c,
 jlong p, jlong q, jlong r, jlong t) {
    site *s = site_of(address);
    elc_error err;
    elc_value value;
    jlong out = NULL_RESULT;
    (void)self;
    enter(s);
    elc_status status = run(env, s, &(row){{a, b, c}, {p, q, r, t}}, &value, &err);
    if (status == ELC_OK)
        out = bits_of(&value, s->function->result);
    leave(s);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    return out;
}

CALL(jbyteArray, bytes)
(JNIEnv *env, jobject self, jlong address, jbyteArray a, jbyteArray b, jbyteArray c,
 jlong p, jlong q, jlong r, jlong t) {
    site *s = site_of(address);
    elc_error err;
    elc_value value;
    jbyteArray out = NULL;
    (void)self;
    enter(s);
    elc_status status = run(env, s, &(row){{a, b, c}, {p, q, r, t}}, &value, &err);
    if (status == ELC_OK)
        out = bytes_of(env, &value, s->function);
    leave(s);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    return out;
}
