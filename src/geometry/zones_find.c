/* zones_find.c - which of many polygons a point lies in: the asking. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones.h"

#include <stdlib.h>

/* Points whose memory is fetched at once. */
enum { BLOCK = 256 };

static elc_status add_hit(elc_zone_hits *hits, uint32_t zone, bool border,
                          elc_error *err) {
    if (hits->count == hits->capacity)
        ELC_TRY(elc_reserve(&hits->items, &hits->capacity, hits->count + 1,
                            sizeof *hits->items, err));
    hits->items[hits->count++] = (elc_zone_hit){zone, border};
    return ELC_OK;
}

/* ---- edges ----------------------------------------------------------------------- */

enum { BORDER = -1, CHAIN_MOST = 63 };

static bool is_between(elc_point a, elc_point b, elc_point p) {
    return p.x >= fmin(a.x, b.x) && p.x <= fmax(a.x, b.x) && p.y >= fmin(a.y, b.y) &&
           p.y <= fmax(a.y, b.y);
}

/* Whether the line from p to the reference point crosses the edge, or BORDER. */
static int cross_exactly(elc_point a, elc_point b, elc_point p, elc_point reference) {
    if (elc_side(a, b, p) == 0 && is_between(a, b, p))
        return BORDER;
    return elc_zones_side(a, b, p) != elc_zones_side(a, b, reference) &&
           elc_zones_parts(p, reference, a) != elc_zones_parts(p, reference, b);
}

static int count_exactly(const elc_point *at, size_t n, elc_point p,
                         elc_point reference) {
    int odd = 0;
    for (size_t i = 0; i < n; i++) {
        int crosses = cross_exactly(at[i], at[i + 1], p, reference);
        if (crosses == BORDER)
            return BORDER;
        odd ^= crosses;
    }
    return odd;
}

/* Clears *sure where the sign of the result may be wrong; see elc_side. */
static inline double side_of(elc_point a, elc_point b, elc_point p, bool *sure) {
    double l = (a.x - p.x) * (b.y - p.y), r = (a.y - p.y) * (b.x - p.x);
    *sure &= fabs(l - r) > ELC_SIDE_BOUND * (fabs(l) + fabs(r));
    return l - r;
}

/* Whether the line from p to the reference point crosses an odd number of the edges
   from one of the points to the next, or BORDER. First which corners lie left of the
   line: without a branch, for no processor guesses that. */
static int count_crossings(const elc_point *at, size_t n, elc_point p,
                           elc_point reference) {
    uint64_t left = 0;
    bool sure = true;
    for (size_t i = 0; i <= n; i++)
        left |= (uint64_t)(side_of(at[i], reference, p, &sure) > 0) << i;
    uint64_t parted = (left ^ left >> 1) & ((UINT64_C(1) << n) - 1);
    int odd = 0;
    for (; parted != 0; parted &= parted - 1) {
        const elc_point *a = at + __builtin_ctzll(parted);
        odd ^= (side_of(a[0], a[1], p, &sure) > 0) !=
               (side_of(a[0], a[1], reference, &sure) > 0);
    }
    return __builtin_expect(sure, 1) ? odd : count_exactly(at, n, p, reference);
}

static int ask_piece(const elc_zones *z, const zones_piece *piece, elc_point p,
                     elc_point reference) {
    const elc_point *at = z->points + piece->first;
    size_t left = piece->edges;
    int odd = 0;
    do {
        size_t n = left < CHAIN_MOST ? left : CHAIN_MOST;
        int crossings = count_crossings(at, n, p, reference);
        if (crossings == BORDER)
            return BORDER;
        odd ^= crossings;
        at += n;
        left -= n;
    } while (left > 0);
    return odd;
}

/* ---- cells ----------------------------------------------------------------------- */

/* The hits are all zones of the record first, twice their number and 1 where they have
   the point; then those are left that do. */
static elc_status find_in_record(const elc_zones *z, const uint32_t *record,
                                 elc_point p, elc_point reference, elc_zone_hits *hits,
                                 elc_error *err) {
    uint32_t n = record[0], n_pieces = record[1];
    const zones_piece *pieces = (const zones_piece *)(record + ZONES_RECORD_WORDS);
    const uint32_t *zones = (const uint32_t *)(pieces + n_pieces);
    if (hits->capacity - hits->count < n)
        ELC_TRY(elc_reserve(&hits->items, &hits->capacity, hits->count + n,
                            sizeof *hits->items, err));
    elc_zone_hit *found = hits->items + hits->count;
    for (uint32_t i = 0; i < n; i++)
        found[i] = (elc_zone_hit){zones[i], false};
    for (uint32_t i = 0; i < n_pieces; i++) {
        int odd = ask_piece(z, &pieces[i], p, reference);
        found[pieces[i].nth].zone ^= odd & 1;
        found[pieces[i].nth].border |= odd == BORDER;
    }
    size_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        elc_zone_hit hit = found[i];
        found[kept] = (elc_zone_hit){hit.zone >> 1, hit.border};
        kept += (hit.zone & 1) | hit.border;
    }
    hits->count += kept;
    return ELC_OK;
}

static int compare_hits(const void *a, const void *b) {
    const elc_zone_hit *x = a, *y = b;
    return (x->zone > y->zone) - (x->zone < y->zone);
}

/* Down the grids to one that knows; `g` is that of the node. */
static elc_status find_below(const elc_zones *z, const uint32_t *node, zones_grid g,
                             elc_point p, size_t *covers, elc_zone_hits *hits,
                             elc_error *err) {
    for (;;) {
        for (uint32_t i = 0; i < node[1]; i++)
            ELC_TRY(add_hit(hits, node[ZONES_NODE_WORDS + i], false, err));
        *covers += node[1];
        uint32_t column = elc_zones_column(&g, p.x), row = elc_zones_row(&g, p.y);
        uint32_t word = node[ZONES_NODE_WORDS + node[1] + row * g.columns + column];
        const uint32_t *at = node + elc_zones_index(word);
        switch (elc_zones_kind(word)) {
        case ZONES_NONE:
            return ELC_OK;
        case ZONES_ONE:
            return add_hit(hits, elc_zones_index(word), false, err);
        case ZONES_RECORD:
            return find_in_record(z, at, p, elc_zones_reference(&g, column, row), hits,
                                  err);
        default:
            g = elc_zones_child(&g, column, row, at[0]);
            node = at;
        }
    }
}

static elc_status find_in_node(const elc_zones *z, const uint32_t *node,
                               const zones_grid *g, elc_point p, elc_zone_hits *hits,
                               elc_error *err) {
    size_t first = hits->count, covers = 0;
    ELC_TRY(find_below(z, node, *g, p, &covers, hits, err));
    if (covers > 0 && hits->count > first + 1)
        qsort(hits->items + first, hits->count - first, sizeof *hits->items,
              compare_hits);
    return ELC_OK;
}

/* For words of a record or a node. */
static elc_status find_in_cell(const elc_zones *z, uint32_t word, elc_point p,
                               elc_zone_hits *hits, elc_error *err) {
    const uint32_t *at = z->words + elc_zones_index(word);
    uint32_t column = elc_zones_column(&z->grid, p.x),
             row = elc_zones_row(&z->grid, p.y);
    if (elc_zones_kind(word) == ZONES_RECORD) {
        elc_point reference = {z->reference_x[column], z->reference_y[row]};
        return find_in_record(z, at, p, reference, hits, err);
    }
    zones_grid child = elc_zones_child(&z->grid, column, row, at[0]);
    return find_in_node(z, at, &child, p, hits, err);
}

/* ---- points ------------------------------------------------------------------------
 */

static inline double away_from_nothing(double v) {
    return v != 0 && fabs(v) < ELC_SIDE_LEAST ? copysign(ELC_SIDE_LEAST, v) : v;
}

/* That of no zone for points out of bounds. */
static inline uint32_t cell_of(const elc_zones *z, elc_point p) {
    const zones_grid *g = &z->grid;
    uint32_t cell = elc_zones_row(g, p.y) * g->columns + elc_zones_column(g, p.x);
    bool inside =
        (p.x >= z->xmin) & (p.x <= z->xmax) & (p.y >= z->ymin) & (p.y <= z->ymax);
    return inside ? cell : g->rows * g->columns;
}

typedef struct block {
    size_t n, n_far;
    elc_point points[BLOCK];
    uint32_t words[BLOCK];
    uint32_t far[BLOCK]; /* words of records and nodes */
} block;

static void locate(const elc_zones *z, const elc_point *points, block *b) {
    for (size_t i = 0; i < b->n; i++)
        b->points[i] =
            (elc_point){away_from_nothing(points[i].x), away_from_nothing(points[i].y)};
    for (size_t i = 0; i < b->n; i++)
        b->words[i] = cell_of(z, b->points[i]);
    for (size_t i = 0; i < b->n; i++)
        __builtin_prefetch(&z->cells[b->words[i]]);
}

/* GCC leaves out calls of functions that do nothing but fetch. */
#define FETCH static inline __attribute__((always_inline)) void

/* Two lines of memory from a word on, where it may be none. */
FETCH fetch_words(const elc_zones *z, uint32_t word) {
    uintptr_t at = (uintptr_t)z->words + elc_zones_index(word) * sizeof *z->words;
    __builtin_prefetch((const void *)at);
    __builtin_prefetch((const void *)(at + 60));
}

FETCH fetch_edges(const elc_zones *z, const uint32_t *record) {
    const zones_piece *pieces = (const zones_piece *)(record + ZONES_RECORD_WORDS);
    for (uint32_t i = 0; i < record[1]; i++) {
        __builtin_prefetch(&z->points[pieces[i].first]);
        __builtin_prefetch(&z->points[pieces[i].first + pieces[i].edges]);
    }
}

/* The look-ups of one point wait for each other; those of many do not. */
static void fetch(const elc_zones *z, const elc_point *next, block *b) {
    b->n_far = 0;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t word = z->cells[b->words[i]];
        b->words[i] = b->far[b->n_far] = word;
        fetch_words(z, word);
        __builtin_prefetch(&next[i]);
        b->n_far += elc_zones_kind(word) >= ZONES_RECORD;
    }
    for (size_t i = 0; i < b->n_far; i++)
        if (elc_zones_kind(b->far[i]) == ZONES_RECORD)
            fetch_edges(z, &z->words[elc_zones_index(b->far[i])]);
}

static elc_status answer(const elc_zones *z, const block *b, elc_zone_hits *hits,
                         size_t *ends, elc_error *err) {
    for (size_t i = 0; i < b->n; i++) {
        uint32_t word = b->words[i], kind = elc_zones_kind(word);
        if (hits->capacity - hits->count < 1)
            ELC_TRY(elc_reserve(&hits->items, &hits->capacity, hits->count + BLOCK,
                                sizeof *hits->items, err));
        if (kind >= ZONES_RECORD) {
            ELC_TRY(find_in_cell(z, word, b->points[i], hits, err));
        } else {
            hits->items[hits->count] = (elc_zone_hit){elc_zones_index(word), false};
            hits->count += kind;
        }
        ends[i] = hits->count;
    }
    return ELC_OK;
}

elc_status elc_zones_find_all(const elc_zones *z, const elc_point *points, size_t n,
                              elc_zone_hits *hits, size_t *ends, elc_error *err) {
    block b;
    hits->count = 0;
    for (size_t i = 0; i < n; i += b.n) {
        b.n = n - i < BLOCK ? n - i : BLOCK;
        if (z->cells == NULL) {
            for (size_t k = 0; k < b.n; k++)
                ends[i + k] = 0;
            continue;
        }
        locate(z, points + i, &b);
        fetch(z, n - i >= 2 * BLOCK ? points + i + BLOCK : points + i, &b);
        ELC_TRY(answer(z, &b, hits, ends + i, err));
    }
    return ELC_OK;
}

elc_status elc_zones_find(const elc_zones *z, elc_point p, elc_zone_hits *hits,
                          elc_error *err) {
    hits->count = 0;
    if (z->cells == NULL)
        return ELC_OK;
    p = (elc_point){away_from_nothing(p.x), away_from_nothing(p.y)};
    uint32_t word = z->cells[cell_of(z, p)];
    switch (elc_zones_kind(word)) {
    case ZONES_NONE:
        return ELC_OK;
    case ZONES_ONE:
        return add_hit(hits, elc_zones_index(word), false, err);
    default:
        return find_in_cell(z, word, p, hits, err);
    }
}
