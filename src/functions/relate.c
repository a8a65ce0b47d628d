/* relate.c - predicates of two arguments, one of which may stay the same. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/relate.h"

#include <stdlib.h>

/* Rows that an argument has to stay the same to be worth an index. */
enum { WORTH_INDEXING = 16 };

/* An argument that was asked about, and its index once there is one. */
typedef struct side {
    elc_known wkb;
    size_t same;
    elc_places *places;
    elc_asker *asker;
} side;

typedef struct relate {
    side sides[2];
} relate;

/* ---- life ------------------------------------------------------------------------ */

static void drop_index(side *s) {
    elc_asker_free(s->asker);
    elc_places_free(s->places);
    s->asker = NULL;
    s->places = NULL;
}

static void relate_free(void *kept) {
    relate *r = kept;
    for (int i = 0; i < 2; i++) {
        drop_index(&r->sides[i]);
        elc_string_free(&r->sides[i].wkb.bytes);
    }
    free(r);
}

static elc_status relate_of(elc_frame *f, relate **out, elc_error *err) {
    if (f->kept == NULL) {
        ELC_TRY(elc_alloc(1, sizeof(relate), &f->kept, err));
        f->release = relate_free;
    }
    *out = f->kept;
    return ELC_OK;
}

/* ---- the index of one side ------------------------------------------------------- */

static elc_status build(side *s, elc_predicate predicate, elc_error *err) {
    const elc_question question = {.predicate = predicate};
    elc_place_state state;
    ELC_TRY(elc_places_create(&s->places, err));
    ELC_TRY(elc_places_add(s->places, s->wkb.bytes.data, s->wkb.bytes.size, NULL,
                           &state, err));
    ELC_TRY(elc_places_build(s->places, 1, err));
    return elc_asker_create(s->places, &question, &s->asker, err);
}

/* Whether the argument has been the same for so long that it has an index. */
static elc_status look_at(elc_frame *f, side *s, size_t argument, size_t row,
                          elc_predicate predicate, bool *indexed, elc_error *err) {
    if (!elc_frame_knows(f, argument, row, &s->wkb)) {
        drop_index(s);
        s->same = 0;
        ELC_TRY(elc_frame_learn(f, argument, row, &s->wkb, err));
    }
    s->same++;
    *indexed = s->same >= WORTH_INDEXING;
    if (!*indexed || s->asker != NULL)
        return ELC_OK;
    elc_status status = build(s, predicate, err);
    if (status != ELC_OK)
        drop_index(s);
    return status;
}

/* ---- answers --------------------------------------------------------------------- */

static elc_status ask_plain(elc_frame *f, size_t row, elc_error *err) {
    const elc_relation *relation = f->function->detail;
    const GEOSGeometry *shapes[2];
    bool nowhere = false;
    for (size_t i = 0; i < 2; i++) {
        ELC_TRY(elc_frame_whole(f, i, row, &shapes[i], err));
        nowhere |= !f->shapes->kept[i].finite;
    }
    GEOSContextHandle_t geos = f->shapes->geos;
    if (nowhere || GEOSisEmpty_r(geos, shapes[0]) || GEOSisEmpty_r(geos, shapes[1]))
        return elc_give_int(f, 0, err);
    char answer = relation->plain(geos, shapes[0], shapes[1]);
    if (answer != 2 && relation->inverse)
        answer = !answer;
    return elc_give_answer(f, answer, "this cannot be asked of these geometries", err);
}

static elc_status ask_index(elc_frame *f, const side *s, size_t other, size_t row,
                            elc_error *err) {
    elc_bytes wkb = elc_frame_bytes(f, other, row);
    elc_place_state state;
    const uint32_t *rows;
    size_t n;
    ELC_TRY(elc_asker_find(s->asker, wkb.data, wkb.size, &state, &rows, &n, err));
    if (state == ELC_PLACE_UNASKABLE || state == ELC_PLACE_BROKEN)
        return ask_plain(f, row, err);
    return elc_give_int(f, n > 0, err);
}

elc_status elc_relate_row(elc_frame *f, size_t row, elc_error *err) {
    const elc_relation *relation = f->function->detail;
    const elc_predicate predicates[] = {relation->turned, relation->predicate};
    size_t first = f->arguments[0].step < f->arguments[1].step ? 0 : 1;
    relate *r;
    bool indexed;
    ELC_TRY(relate_of(f, &r, err));
    for (size_t i = 0; i < 2; i++) {
        size_t at = i == 0 ? first : 1 - first;
        ELC_TRY(look_at(f, &r->sides[at], at, row, predicates[at], &indexed, err));
        if (indexed)
            return ask_index(f, &r->sides[at], 1 - at, row, err);
    }
    return ask_plain(f, row, err);
}
