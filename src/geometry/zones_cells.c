/* zones_cells.c - what the cells of the index say: records of few edges, and grids of
   their own for those of many. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones_band.h"

#include <stdlib.h>
#include <string.h>

/* A cell with more edges is split. */
enum { EDGES_A_CELL = 24 };

/* ---- grids ----------------------------------------------------------------------- */

bool elc_zones_is_sound(const zones_grid *g) {
    if (!isfinite(g->to_column) || !isfinite(g->to_row))
        return false;
    for (uint32_t i = 0; i < g->columns; i++) {
        elc_point p = elc_zones_reference(g, i, i);
        if (elc_zones_column(g, p.x) != i || elc_zones_row(g, p.y) != i)
            return false;
    }
    return true;
}

/* And in the cells of the levels above that are being split. */
static bool is_sound_below(const zones_band *b, int depth) {
    const zones_grid *g = &b->levels[depth].grid;
    for (int k = depth; k > 0; k--) {
        const zones_grid *above = &b->levels[k - 1].grid;
        for (uint32_t i = 0; i < g->columns; i++) {
            elc_point p = elc_zones_reference(g, i, i);
            if (elc_zones_column(above, p.x) != b->levels[k].column ||
                elc_zones_row(above, p.y) != b->levels[k].row)
                return false;
        }
    }
    return elc_zones_is_sound(g);
}

/* ---- records --------------------------------------------------------------------- */

static elc_status make_room(zones_band *b, size_t n, elc_error *err) {
    ELC_TRY(elc_reserve(&b->words, &b->word_capacity, b->n_words + n, sizeof *b->words,
                        err));
    return b->n_words + n > ZONES_INDEX_MOST ? elc_zones_full(err) : ELC_OK;
}

static uint32_t word_of(uint32_t kind, size_t index) {
    return kind << ZONES_INDEX_BITS | (uint32_t)index;
}

/* Takes the pieces of a cell from the list, turned so that the first comes first. */
static elc_status take_pieces(zones_level *level, uint32_t word, elc_error *err) {
    const zones_found *found = level->walk.found;
    size_t n = 0;
    for (uint32_t i = elc_zones_index(word); i != ZONES_LAST; i = found[i].next)
        n++;
    ELC_TRY(elc_reserve(&level->pieces, &level->piece_capacity, n,
                        sizeof *level->pieces, err));
    level->n_pieces = n;
    for (uint32_t i = elc_zones_index(word); i != ZONES_LAST; i = found[i].next)
        level->pieces[--n] = found[i];
    return ELC_OK;
}

static elc_status add_record(zones_band *b, const zones_level *level, elc_error *err) {
    ELC_TRY(make_room(b, ZONES_RECORD_WORDS + level->n_pieces * (ZONES_PIECE_WORDS + 1),
                      err));
    uint32_t *record = b->words + b->n_words, *at = record + ZONES_RECORD_WORDS;
    uint32_t n_zones = 0, n_pieces = 0;
    for (size_t i = 0; i < level->n_pieces; i++) {
        const zones_found *f = &level->pieces[i];
        n_zones += i == 0 || f->zone != f[-1].zone;
        if (f->edges < 2)
            continue;
        zones_piece piece = {n_zones - 1, f->first, f->edges / 2};
        memcpy(at, &piece, sizeof piece);
        at += ZONES_PIECE_WORDS;
        n_pieces++;
    }
    for (size_t i = 0; i < level->n_pieces; i++) {
        const zones_found *f = &level->pieces[i];
        bool inside = f->edges < 2 || f->edges & 1;
        if (i == 0 || f->zone != f[-1].zone)
            *at++ = f->zone << 1 | inside;
    }
    record[0] = n_zones;
    record[1] = n_pieces;
    b->n_words += (size_t)(at - record);
    return ELC_OK;
}

/* ---- crowded cells --------------------------------------------------------------- */

static bool crosses(elc_point a, elc_point b, elc_point p, elc_point q) {
    if (p.x == q.x && (a.x > p.x) == (b.x > p.x)) /* most: left or right of it */
        return false;
    return elc_zones_side(a, b, p) != elc_zones_side(a, b, q) &&
           elc_zones_parts(p, q, a) != elc_zones_parts(p, q, b);
}

static bool odd_crossings(const elc_point *points, const zones_found *pieces, size_t n,
                          elc_point p, elc_point q) {
    bool odd = false;
    for (size_t i = 0; i < n; i++) {
        const elc_point *at = points + pieces[i].first;
        for (uint32_t k = 0; k < pieces[i].edges / 2; k++)
            odd ^= crosses(at[k], at[k + 1], p, q);
    }
    return odd;
}

/* Whether the first reference points of rows are inside goes where flips say what the
   others are: from the cell's own to that of the first row, then up. */
static void find_first_column(zones_level *level, const zones_found *pieces, size_t n,
                              elc_point from) {
    bool inside = pieces[0].edges & 1;
    for (uint32_t row = 0; row < level->grid.rows; row++) {
        elc_point to = {level->reference_x[0], level->reference_y[row]};
        uint64_t *flips = &level->walk.flips[row * level->walk.stride];
        inside ^= odd_crossings(level->walk.points, pieces, n, from, to);
        from = to;
        *flips = (*flips & ~UINT64_C(1)) | inside;
    }
}

/* Walks along the pieces of a zone: sets *end to that of the next. */
static elc_status walk_zone(zones_level *level, const zones_level *above, size_t *end,
                            elc_error *err) {
    const zones_found *pieces = above->pieces;
    uint32_t zone = pieces[*end].zone;
    for (; *end < above->n_pieces && pieces[*end].zone == zone; ++*end)
        if (pieces[*end].edges > 1)
            ELC_TRY(elc_zones_walk(&level->walk, pieces[*end].first,
                                   pieces[*end].edges / 2, err));
    return ELC_OK;
}

/* Gives the pieces of a cell to its own cells; *fits says whether that makes no more
   than the walk may. */
static elc_status walk_level(zones_level *level, const zones_level *above, bool *fits,
                             elc_error *err) {
    elc_point reference = elc_zones_reference(&above->grid, level->column, level->row);
    zones_walk *w = &level->walk;
    *fits = true;
    w->n_touched = 0;
    for (size_t i = 0, end = 0; i < above->n_pieces && *fits; i = end) {
        const zones_found *piece = &above->pieces[i];
        ELC_TRY(walk_zone(level, above, &end, err));
        *fits = w->n_touched <= w->touched_most && w->n_found <= w->found_most;
        if (piece->edges < 2 || !*fits)
            continue;
        find_first_column(level, piece, end - i, reference);
        ELC_TRY(elc_zones_walk_end(w, piece->zone, err));
    }
    *fits = *fits && w->n_found <= w->found_most;
    if (!*fits)
        elc_zones_walk_forget(w);
    return ELC_OK;
}

static void begin_level(zones_level *level, double most) {
    const zones_grid *g = &level->grid;
    zones_walk *w = &level->walk;
    for (uint32_t i = 0; i < g->columns; i++) {
        elc_point p = elc_zones_reference(g, i, i);
        level->reference_x[i] = p.x;
        level->reference_y[i] = p.y;
    }
    memset(w->words, 0, (size_t)g->columns * g->rows * sizeof *w->words);
    w->n_found = w->n_before = 0;
    w->row1 = w->bits_row1 = g->rows;
    w->word1 = (g->columns + 63) / 64;
    elc_zones_walk_margins(w, most);
}

static size_t count_edges(const zones_level *level) {
    size_t n = 0;
    for (size_t i = 0; i < level->n_pieces; i++)
        n += level->pieces[i].edges / 2;
    return n;
}

/* Into how many columns and rows the cell is split, as a power of two: none where that
   makes more pieces than edges can account for, as where many are long or many zones
   lie over each other. Then the level below has the pieces. */
static elc_status split(zones_band *b, int depth, uint32_t column, uint32_t row,
                        uint32_t *shift, elc_error *err) {
    const zones_level *above = &b->levels[depth];
    size_t edges = count_edges(above);
    bool fits;
    *shift = 0;
    if (edges <= EDGES_A_CELL || depth + 1 == ZONES_LEVELS)
        return ELC_OK;
    zones_level *level = &b->levels[depth + 1];
    level->column = column;
    level->row = row;
    *shift = 2;
    while (*shift < ZONES_CHILD_SHIFT && edges >> 2 * *shift > EDGES_A_CELL / 4)
        ++*shift;
    for (; *shift > 0; --*shift) {
        level->grid = elc_zones_child(&above->grid, column, row, *shift);
        if (!is_sound_below(b, depth + 1))
            continue;
        begin_level(level, b->most);
        level->walk.touched_most = 5 * edges / (depth == 0 ? 1 : 2);
        level->walk.found_most = 2 * edges;
        ELC_TRY(walk_level(level, above, &fits, err));
        if (fits)
            break;
    }
    return ELC_OK;
}

/* ---- cells ----------------------------------------------------------------------- */

/* Zones that hold all of the cell are kept once, not in each of its own cells. */
static elc_status begin_node(zones_band *b, const zones_level *above, uint32_t shift,
                             elc_error *err) {
    size_t node = b->n_words;
    ELC_TRY(make_room(b, ZONES_NODE_WORDS + above->n_pieces, err));
    b->n_words += ZONES_NODE_WORDS;
    for (size_t i = 0; i < above->n_pieces; i++)
        if (above->pieces[i].edges < 2)
            b->words[b->n_words++] = above->pieces[i].zone;
    b->words[node] = shift;
    b->words[node + 1] = (uint32_t)(b->n_words - node - ZONES_NODE_WORDS);
    return ELC_OK;
}

static elc_status add_node(zones_band *b, int depth, uint32_t shift, elc_error *err);

/* Makes the word of a cell, a list until now, say where its record or node is, from the
   word `from` on. */
static elc_status add_cell(zones_band *b, int depth, uint32_t *word, uint32_t column,
                           uint32_t row, size_t from, elc_error *err) {
    zones_level *level = &b->levels[depth];
    uint32_t shift;
    ELC_TRY(take_pieces(level, *word, err));
    ELC_TRY(split(b, depth, column, row, &shift, err));
    *word = word_of(shift > 0 ? ZONES_NODE : ZONES_RECORD, b->n_words - from);
    return shift > 0 ? add_node(b, depth + 1, shift, err) : add_record(b, level, err);
}

static elc_status add_node(zones_band *b, int depth, uint32_t shift, elc_error *err) {
    const zones_level *level = &b->levels[depth];
    uint32_t columns = level->grid.columns;
    size_t node = b->n_words, cells = (size_t)columns * columns;
    ELC_TRY(begin_node(b, level - 1, shift, err));
    ELC_TRY(make_room(b, cells, err));
    size_t first = b->n_words;
    b->n_words += cells;
    for (uint32_t i = 0; i < cells; i++) {
        uint32_t word = level->walk.words[i];
        if (elc_zones_kind(word) == ZONES_RECORD)
            ELC_TRY(add_cell(b, depth, &word, i % columns, i / columns, node, err));
        b->words[first + i] = word;
    }
    return ELC_OK;
}

/* ---- all ------------------------------------------------------------------------- */

elc_status elc_zones_begin_levels(zones_band *b, elc_error *err) {
    size_t n = ZONES_CHILD_MOST;
    for (int i = 1; i < ZONES_LEVELS; i++) {
        zones_level *level = &b->levels[i];
        ELC_TRY(elc_alloc(n, sizeof(double), &level->reference_x, err));
        ELC_TRY(elc_alloc(n, sizeof(double), &level->reference_y, err));
        ELC_TRY(elc_alloc(n * n, sizeof(uint32_t), &level->walk.words, err));
        ELC_TRY(elc_zones_walk_begin(&level->walk, ZONES_CHILD_MOST, ZONES_CHILD_MOST,
                                     err));
        level->walk.points = b->z->points;
        level->walk.grid = &level->grid;
        level->walk.reference_x = level->reference_x;
        level->walk.reference_y = level->reference_y;
    }
    return ELC_OK;
}

void elc_zones_free_levels(zones_band *b) {
    for (int i = 0; i < ZONES_LEVELS; i++) {
        zones_level *level = &b->levels[i];
        if (i > 0)
            free(level->walk.words);
        elc_zones_walk_free(&level->walk);
        free(level->reference_x);
        free(level->reference_y);
        free(level->pieces);
    }
}

elc_status elc_zones_add_cells(zones_band *b, elc_error *err) {
    const zones_walk *w = &b->levels[0].walk;
    uint32_t columns = b->z->grid.columns, *word = w->words;
    for (uint32_t row = w->row0; row < w->row1; row++)
        for (uint32_t column = 0; column < columns; column++, word++)
            if (elc_zones_kind(*word) == ZONES_RECORD)
                ELC_TRY(add_cell(b, 0, word, column, row, 0, err));
    return ELC_OK;
}
