/* places.c - the calls of Places.java and Asker.java: right places, held once by a
   process, and the rows of a task that ask them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "meeting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PLACES(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Places_##name
#define ASKER(type, name)  JNIEXPORT type JNICALL Java_org_elcano_spark_Asker_##name

/* Right places; once built many askers may ask them. */
typedef struct right {
    meeting *meeting;
    elc_places *places; /* of join */
    elc_nearby *near;   /* of nearest */
    elc_transform *way, *own_way;
    elc_string wkb; /* a copy of Java's bytes */
} right;

/* One task's. */
typedef struct asker {
    elc_asker *places;
    elc_nearby_asker *near;
    elc_transform *way, *own_way;
    elc_string wkb;
    const uint32_t *rows; /* of the last answer, of join */
    const elc_nearby_hit *hits;
    size_t n;
} asker;

static right *right_of(jlong address) {
    return (right *)(intptr_t)address;
}

static asker *asker_of(jlong address) {
    return (asker *)(intptr_t)address;
}

/* ---- right places ------------------------------------------------------------------
 */

static void right_free(right *r) {
    if (r == NULL)
        return;
    elc_places_free(r->places);
    elc_nearby_free(r->near);
    elc_transform_free(r->own_way);
    elc_meeting_free(r->meeting);
    elc_string_free(&r->wkb);
    free(r);
}

static elc_status right_fill(right *r, const char *const call[2],
                             const char *const crs[PART_SIDES], elc_error *err) {
    ELC_TRY(elc_meeting_create(call[0], call[1], crs, &r->meeting, err));
    ELC_TRY(elc_meeting_way(r->meeting, PART_RIGHT, &r->way, &r->own_way, err));
    if (r->meeting->nearest != NULL)
        return elc_nearby_create(r->meeting->nearest->wish.metres, &r->near, err);
    ELC_TRY(elc_places_create(&r->places, err));
    if (r->meeting->frame.globe)
        elc_places_globe(r->places);
    return ELC_OK;
}

/* texts: the operator, its options, and the CRSs of both sides. */
PLACES(jlong, create)(JNIEnv *env, jclass self, jobjectArray texts) {
    char *given[4];
    elc_error err = {0};
    right *r = NULL;
    elc_status status = elc_jni_texts(env, texts, given, 4, &err);
    (void)self;
    if (status == ELC_OK)
        status = elc_alloc(1, sizeof *r, &r, &err);
    if (status == ELC_OK)
        status = right_fill(r, (const char *const[]){given[0], given[1]},
                            (const char *const[]){given[2], given[3]}, &err);
    for (int i = 0; i < 4; i++)
        free(given[i]);
    if (status == ELC_OK)
        return (jlong)(intptr_t)r;
    right_free(r);
    elc_jni_throw(env, status, &err);
    return 0;
}

PLACES(void, free)(JNIEnv *env, jclass self, jlong address) {
    (void)env, (void)self;
    right_free(right_of(address));
}

/* The next place, which may be null. */
PLACES(void, add)(JNIEnv *env, jclass self, jlong address, jbyteArray wkb) {
    right *r = right_of(address);
    elc_error err = {0};
    elc_place_state state;
    (void)self;
    r->wkb.size = 0;
    elc_status status = wkb == NULL ? ELC_OK : elc_jni_bytes(env, wkb, &r->wkb, &err);
    const void *bytes = wkb == NULL ? NULL : r->wkb.data;
    if (status == ELC_OK)
        status =
            r->places != NULL
                ? elc_places_add(r->places, bytes, r->wkb.size, r->way, &state, &err)
                : elc_nearby_add(r->near, bytes, r->wkb.size, r->way, &state, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

PLACES(void, build)(JNIEnv *env, jclass self, jlong address, jint threads) {
    right *r = right_of(address);
    elc_error err = {0};
    (void)self;
    elc_status status = r->places != NULL ? elc_places_build(r->places, threads, &err)
                                          : elc_nearby_build(r->near, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
}

/* ---- who asks ----------------------------------------------------------------------
 */

static void asker_free(asker *a) {
    if (a == NULL)
        return;
    elc_asker_free(a->places);
    elc_nearby_asker_free(a->near);
    elc_transform_free(a->own_way);
    elc_string_free(&a->wkb);
    free(a);
}

static elc_status asker_fill(asker *a, const right *r, elc_error *err) {
    const meeting *m = r->meeting;
    ELC_TRY(elc_meeting_way(m, PART_LEFT, &a->way, &a->own_way, err));
    if (m->nearest != NULL) {
        elc_nearby_question question = {m->nearest->wish.k, m->nearest->wish.most,
                                        a->way};
        return elc_nearby_asker_create(r->near, &question, &a->near, err);
    }
    elc_question question = m->join->spatial.question;
    question.transform = a->way;
    return elc_asker_create(r->places, &question, &a->places, err);
}

ASKER(jlong, open)(JNIEnv *env, jclass self, jlong address) {
    elc_error err = {0};
    asker *a = NULL;
    (void)self;
    elc_status status = elc_alloc(1, sizeof *a, &a, &err);
    if (status == ELC_OK)
        status = asker_fill(a, right_of(address), &err);
    if (status == ELC_OK)
        return (jlong)(intptr_t)a;
    asker_free(a);
    elc_jni_throw(env, status, &err);
    return 0;
}

ASKER(void, free)(JNIEnv *env, jclass self, jlong address) {
    (void)env, (void)self;
    asker_free(asker_of(address));
}

/* How many match in the high half, and the first of them in the low one. */
static jlong answer(JNIEnv *env, asker *a, elc_status status, const elc_error *err) {
    if (status != ELC_OK) {
        a->n = 0;
        elc_jni_throw(env, status, err);
    }
    if (a->n == 0)
        return 0;
    uint32_t first = a->near != NULL ? a->hits[0].place : a->rows[0];
    return (jlong)((uint64_t)a->n << 32 | first);
}

ASKER(jlong, point)(JNIEnv *env, jclass self, jlong address, jdouble x, jdouble y) {
    asker *a = asker_of(address);
    elc_place_state state;
    elc_error err = {0};
    elc_point p = {x, y};
    (void)self;
    elc_status status =
        a->near != NULL
            ? elc_nearby_find_point(a->near, p, &state, &a->hits, &a->n, &err)
            : elc_asker_find_point(a->places, p, &state, &a->rows, &a->n, &err);
    return answer(env, a, status, &err);
}

ASKER(jlong, shape)(JNIEnv *env, jclass self, jlong address, jbyteArray wkb) {
    asker *a = asker_of(address);
    elc_place_state state;
    elc_error err = {0};
    (void)self;
    elc_status status = elc_jni_bytes(env, wkb, &a->wkb, &err);
    if (status == ELC_OK)
        status = a->near != NULL ? elc_nearby_find(a->near, a->wkb.data, a->wkb.size,
                                                   &state, &a->hits, &a->n, &err)
                                 : elc_asker_find(a->places, a->wkb.data, a->wkb.size,
                                                  &state, &a->rows, &a->n, &err);
    return answer(env, a, status, &err);
}

/* Fills the arrays, as long as what was found; `distances` may be null. */
ASKER(void, all)
(JNIEnv *env, jclass self, jlong address, jintArray rows, jdoubleArray distances) {
    asker *a = asker_of(address);
    (void)self;
    for (size_t i = 0; i < a->n; i++) {
        jint row = (jint)(a->near != NULL ? a->hits[i].place : a->rows[i]);
        (*env)->SetIntArrayRegion(env, rows, (jsize)i, 1, &row);
        if (distances != NULL)
            (*env)->SetDoubleArrayRegion(env, distances, (jsize)i, 1,
                                         &a->hits[i].distance);
    }
}
