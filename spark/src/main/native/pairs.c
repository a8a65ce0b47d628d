/* pairs.c - the calls of Pairs.java: boxes of places where they are compared, and one
   left place asked of one right place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "meeting.h"

#include <math.h>
#include <stdlib.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Pairs_##name

/* A degree of the ellipsoid's meridian is no shorter (at the equator: 110,574 m). */
static const double METRES_A_DEGREE = 110500;
/* More than what turning a longitude round rounds away. */
static const double MARGIN = 1e-9;
/* Nearer to a pole all longitudes are near each other. */
static const double POLAR = 89;
static const double ANY_LATITUDE = 1000;

/* How rows meet, for one task. */
typedef struct pairs {
    meeting *meeting;
    elc_transform *way[PART_SIDES], *own[PART_SIDES];
    elc_string wkb;
    elc_point *points;
    size_t capacity;
} pairs;

/* A right place with its own index. */
typedef struct one {
    elc_places *places;
    elc_asker *asker;
} one;

static pairs *pairs_of(jlong address) {
    return (pairs *)(intptr_t)address;
}

static one *one_of(jlong address) {
    return (one *)(intptr_t)address;
}

/* ---- life ---------------------------------------------------------------------------
 */

static void pairs_free(pairs *p) {
    if (p == NULL)
        return;
    for (int side = 0; side < PART_SIDES; side++)
        elc_transform_free(p->own[side]);
    elc_meeting_free(p->meeting);
    elc_string_free(&p->wkb);
    free(p->points);
    free(p);
}

static elc_status pairs_fill(pairs *p, char *const call[4], elc_error *err) {
    ELC_TRY(elc_meeting_create(
        call[0], call[1], (const char *const[]){call[2], call[3]}, &p->meeting, err));
    if (p->meeting->join == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: pairs are of join", call[0]);
    for (int side = 0; side < PART_SIDES; side++)
        ELC_TRY(elc_meeting_way(p->meeting, side, &p->way[side], &p->own[side], err));
    return ELC_OK;
}

CALL(jlong, open)(JNIEnv *env, jclass self, jobjectArray texts) {
    char *call[4];
    elc_error err = {0};
    pairs *p = NULL;
    elc_status status = elc_jni_texts(env, texts, call, 4, &err);
    (void)self;
    if (status == ELC_OK)
        status = elc_alloc(1, sizeof *p, &p, &err);
    if (status == ELC_OK)
        status = pairs_fill(p, call, &err);
    for (int i = 0; i < 4; i++)
        free(call[i]);
    if (status == ELC_OK)
        return (jlong)(intptr_t)p;
    pairs_free(p);
    elc_jni_throw(env, status, &err);
    return 0;
}

CALL(void, free)(JNIEnv *env, jclass self, jlong address) {
    (void)env, (void)self;
    pairs_free(pairs_of(address));
}

/* ---- boxes --------------------------------------------------------------------------
 */

typedef struct box {
    double xmin, ymin, xmax, ymax; /* xmin > xmax: of nothing */
} box;

static box box_of(const elc_point *points, size_t n) {
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        elc_point p = points[i];
        if (!isfinite(p.x) || !isfinite(p.y))
            continue;
        b = (box){fmin(b.xmin, p.x), fmin(b.ymin, p.y), fmax(b.xmax, p.x),
                  fmax(b.ymax, p.y)};
    }
    return b;
}

/* So far round it: in degrees no more than what a circle of the distance spans. */
static box widen(box b, const elc_question *question) {
    double far = question->distance;
    if (!question->metres)
        return (box){b.xmin - far, b.ymin - far, b.xmax + far, b.ymax + far};
    double up = 1.01 * far / METRES_A_DEGREE;
    double most = fmax(fabs(b.ymin), fabs(b.ymax)) + up;
    double aside = most < POLAR ? up / cos(most * (3.14159265358979323846 / 180)) : 360;
    return (box){b.xmin - aside, b.ymin - up, b.xmax + aside, b.ymax + up};
}

/* On the globe: one or two boxes within [-180, 180]; those of a border are on both
 * sides. */
static int turn_round(box b, bool moved, box out[2]) {
    if (moved && b.xmax - b.xmin > 180) { /* it may go the other way, round a pole */
        out[0] = (box){-180, -ANY_LATITUDE, 180, ANY_LATITUDE};
        return 1;
    }
    b.xmin -= MARGIN;
    b.xmax += MARGIN;
    double turn = 360 * floor((b.xmin + 180) / 360);
    b.xmin -= turn;
    b.xmax -= turn;
    if (b.xmax - b.xmin >= 360) {
        b.xmin = -180;
        b.xmax = 180;
    }
    out[0] = (box){b.xmin, b.ymin, fmin(b.xmax, 180), b.ymax};
    out[1] = (box){-180, b.ymin, b.xmax - 360, b.ymax};
    return b.xmax > 180 ? 2 : 1;
}

static int boxes_of(const pairs *p, int side, size_t n, box out[2]) {
    const elc_question *question = &p->meeting->join->spatial.question;
    out[0] = box_of(p->points, n);
    if (out[0].xmin > out[0].xmax)
        return 0;
    if (question->predicate == ELC_NEAR && side == PART_RIGHT)
        out[0] = widen(out[0], question);
    return p->meeting->frame.globe || question->metres
               ? turn_round(out[0], p->way[side] != NULL, out)
               : 1;
}

/* Fills `out`, of 8 numbers, with the boxes that hold all that may meet the place of a
   side (0: left); how many there are. */
CALL(jint, boxes)
(JNIEnv *env, jclass self, jlong address, jint side, jbyteArray wkb, jdoubleArray out) {
    pairs *p = pairs_of(address);
    elc_error err = {0};
    size_t n = 0;
    box found[2];
    (void)self;
    elc_status status = elc_jni_bytes(env, wkb, &p->wkb, &err);
    if (status == ELC_OK)
        status = elc_wkb_points(p->wkb.data, p->wkb.size, &p->points, &n, &p->capacity,
                                &err);
    if (status != ELC_OK) {
        elc_jni_throw(env, status, &err);
        return 0;
    }
    if (p->way[side] != NULL)
        elc_transform_points(p->way[side], p->points, n);
    int count = boxes_of(p, side, n, found);
    (*env)->SetDoubleArrayRegion(env, out, 0, 4 * count, (const jdouble *)found);
    return count;
}

/* ---- a pair
 * -------------------------------------------------------------------------- */

static void one_free(one *o) {
    if (o == NULL)
        return;
    elc_asker_free(o->asker);
    elc_places_free(o->places);
    free(o);
}

static elc_status one_fill(one *o, const pairs *p, elc_error *err) {
    elc_question question = p->meeting->join->spatial.question;
    elc_place_state state;
    ELC_TRY(elc_places_create(&o->places, err));
    if (p->meeting->frame.globe)
        elc_places_globe(o->places);
    ELC_TRY(elc_places_add(o->places, p->wkb.data, p->wkb.size, p->way[PART_RIGHT],
                           &state, err));
    ELC_TRY(elc_places_build(o->places, 1, err));
    question.transform = p->way[PART_LEFT];
    return elc_asker_create(o->places, &question, &o->asker, err);
}

CALL(jlong, make)(JNIEnv *env, jclass self, jlong address, jbyteArray wkb) {
    pairs *p = pairs_of(address);
    elc_error err = {0};
    one *o = NULL;
    (void)self;
    elc_status status = elc_jni_bytes(env, wkb, &p->wkb, &err);
    if (status == ELC_OK)
        status = elc_alloc(1, sizeof *o, &o, &err);
    if (status == ELC_OK)
        status = one_fill(o, p, &err);
    if (status == ELC_OK)
        return (jlong)(intptr_t)o;
    one_free(o);
    elc_jni_throw(env, status, &err);
    return 0;
}

CALL(void, drop)(JNIEnv *env, jclass self, jlong address) {
    (void)env, (void)self;
    one_free(one_of(address));
}

CALL(jboolean, meets)
(JNIEnv *env, jclass self, jlong address, jlong right, jbyteArray wkb) {
    pairs *p = pairs_of(address);
    elc_place_state state;
    const uint32_t *rows;
    elc_error err = {0};
    size_t n = 0;
    (void)self;
    elc_status status = elc_jni_bytes(env, wkb, &p->wkb, &err);
    if (status == ELC_OK)
        status = elc_asker_find(one_of(right)->asker, p->wkb.data, p->wkb.size, &state,
                                &rows, &n, &err);
    if (status != ELC_OK)
        elc_jni_throw(env, status, &err);
    return status == ELC_OK && n > 0;
}
