/* zones_build.c - the index of many polygons: the building. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones_band.h"

#include <stdlib.h>
#include <string.h>

/* A root of 512 columns and rows stays in the second level's cache; only for very many
   edges it is larger. */
enum { ROOT_USUAL = 512, ROOT_MOST = 2048, POINTS_A_THREAD = 1 << 14 };

/* ---- grids ----------------------------------------------------------------------- */

static zones_grid make_grid(const elc_zones *z, uint32_t n) {
    double column = (z->xmax - z->xmin) / n, row = (z->ymax - z->ymin) / n;
    return (zones_grid){.x = z->xmin,
                        .y = z->ymin,
                        .to_column = column > 0 ? 1 / column : 0,
                        .to_row = row > 0 ? 1 / row : 0,
                        .width = column,
                        .height = row,
                        .columns = n,
                        .rows = n};
}

static double cells_looked_at(const elc_zones *z, const zones_grid *g) {
    double cells = 0;
    for (size_t i = 0; i < z->n_members; i++) {
        const zones_member *m = &z->members[i];
        double columns = elc_zones_column(g, m->xmax) - elc_zones_column(g, m->xmin);
        double rows = elc_zones_row(g, m->ymax) - elc_zones_row(g, m->ymin);
        cells += (columns + 1) * (rows + 1);
    }
    return cells;
}

/* How often edges cross columns and rows, for a grid of one of them. */
static double lengths(const elc_zones *z) {
    double width = z->xmax - z->xmin, height = z->ymax - z->ymin;
    return (width > 0 ? z->widths / width : 0) + (height > 0 ? z->heights / height : 0);
}

static uint32_t wish_columns(const elc_zones *z) {
    double cells = 4 * (double)z->n_points;
    uint32_t n = 1;
    while ((n < ROOT_USUAL && (double)n * n < 2 * cells) ||
           (n < ROOT_MOST && (double)n * n < cells / 2))
        n *= 2;
    return n;
}

/* Fewer cells where large zones lie over each other, or edges are long and many, so
   that the index does not outgrow them. */
static zones_grid choose_grid(const elc_zones *z) {
    double most = 0x1p20 + 2 * (double)z->n_points, each = lengths(z);
    for (uint32_t n = wish_columns(z);; n /= 2) {
        zones_grid g = make_grid(z, n);
        if (n == 1 || (elc_zones_is_sound(&g) && n * each <= most &&
                       cells_looked_at(z, &g) <= most))
            return g;
    }
}

/* ---- a band ---------------------------------------------------------------------- */

static elc_status walk_members(const elc_zones *z, zones_walk *w, elc_error *err) {
    for (size_t i = 0; i < z->n_members; i++) {
        const zones_member *m = &z->members[i];
        if (elc_zones_row(&z->grid, m->ymax) < w->row0 ||
            elc_zones_row(&z->grid, m->ymin) >= w->row1)
            continue;
        elc_zones_walk_within(w, (elc_point){m->xmin, m->ymin},
                              (elc_point){m->xmax, m->ymax});
        for (size_t ring = m->first_ring; ring < m->first_ring + m->n_rings; ring++) {
            size_t first = ring == 0 ? 0 : z->ring_ends[ring - 1];
            size_t n = z->ring_ends[ring] - first;
            if (n > 1)
                ELC_TRY(elc_zones_walk(w, (uint32_t)first, (uint32_t)n - 1, err));
        }
        ELC_TRY(elc_zones_walk_end(w, m->zone, err));
    }
    return ELC_OK;
}

static elc_status build_band(void *arg, int index, elc_error *err) {
    zones_band *b = (zones_band *)arg + index;
    elc_zones *z = b->z;
    zones_walk *w = &b->levels[0].walk;
    b->levels[0].grid = z->grid;
    w->points = z->points;
    w->touched_most = w->found_most = SIZE_MAX;
    w->grid = &z->grid;
    w->reference_x = z->reference_x;
    w->reference_y = z->reference_y;
    w->words = z->cells + (size_t)w->row0 * z->grid.columns;
    elc_zones_walk_margins(w, b->most);
    ELC_TRY(elc_zones_walk_begin(w, z->grid.columns, w->row1 - w->row0, err));
    ELC_TRY(elc_zones_begin_levels(b, err));
    ELC_TRY(walk_members(z, w, err));
    return elc_zones_add_cells(b, err);
}

/* ---- all ------------------------------------------------------------------------- */

static elc_status begin_cells(elc_zones *z, elc_error *err) {
    size_t cells = (size_t)z->grid.columns * z->grid.rows;
    ELC_TRY(elc_alloc(cells + 1, sizeof *z->cells, &z->cells, err));
    ELC_TRY(elc_alloc(z->grid.columns, sizeof(double), &z->reference_x, err));
    ELC_TRY(elc_alloc(z->grid.rows, sizeof(double), &z->reference_y, err));
    for (uint32_t i = 0; i < z->grid.columns; i++) {
        elc_point p = elc_zones_reference(&z->grid, i, i);
        z->reference_x[i] = p.x;
        z->reference_y[i] = p.y;
    }
    return ELC_OK;
}

static void move_cells(const elc_zones *z, const zones_band *b) {
    size_t cell = (size_t)b->levels[0].walk.row0 * z->grid.columns;
    size_t end = (size_t)b->levels[0].walk.row1 * z->grid.columns;
    for (; cell < end; cell++)
        if (elc_zones_kind(z->cells[cell]) >= ZONES_RECORD)
            z->cells[cell] += (uint32_t)z->n_words;
}

/* The words of bands behind each other: the same for any number of them. */
static elc_status join_bands(elc_zones *z, zones_band *bands, int n, elc_error *err) {
    z->words = bands[0].words;
    z->n_words = bands[0].n_words;
    z->word_capacity = bands[0].word_capacity;
    bands[0].words = NULL;
    for (int i = 1; i < n; i++) {
        const zones_band *b = &bands[i];
        size_t all = z->n_words + b->n_words;
        if (all > ZONES_INDEX_MOST)
            return elc_zones_full(err);
        ELC_TRY(elc_reserve(&z->words, &z->word_capacity, all, sizeof *z->words, err));
        move_cells(z, b);
        if (b->n_words > 0)
            memcpy(z->words + z->n_words, b->words, b->n_words * sizeof *b->words);
        z->n_words = all;
    }
    return ELC_OK;
}

static void free_bands(zones_band *bands, int n) {
    for (int i = 0; i < n; i++) {
        elc_zones_free_levels(&bands[i]);
        free(bands[i].words);
    }
    free(bands);
}

static int band_count(const elc_zones *z, int threads) {
    size_t most = 1 + z->n_points / POINTS_A_THREAD;
    most = most < z->grid.rows ? most : z->grid.rows;
    return threads < 1 ? 1 : (size_t)threads < most ? threads : (int)most;
}

/* Points in rows, as if those of a zone lay evenly in its own. */
static void weigh_rows(const elc_zones *z, double *weights) {
    for (size_t i = 0; i < z->n_members; i++) {
        const zones_member *m = &z->members[i];
        if (m->n_rings == 0)
            continue;
        size_t first = m->first_ring == 0 ? 0 : z->ring_ends[m->first_ring - 1];
        size_t n = z->ring_ends[m->first_ring + m->n_rings - 1] - first;
        uint32_t row0 = elc_zones_row(&z->grid, m->ymin),
                 row1 = elc_zones_row(&z->grid, m->ymax);
        double each = (double)n / (row1 - row0 + 1);
        for (uint32_t row = row0; row <= row1; row++)
            weights[row] += each;
    }
}

/* Gives each band about as many points as the others, and a row at least. */
static elc_status share_rows(const elc_zones *z, zones_band *bands, int n,
                             elc_error *err) {
    double *weights, before = 0;
    uint32_t row = 0, rows = z->grid.rows;
    ELC_TRY(elc_alloc(rows, sizeof *weights, &weights, err));
    weigh_rows(z, weights);
    for (int i = 0; i < n; i++) {
        double end = (double)z->n_points * (i + 1) / n;
        bands[i].levels[0].walk.row0 = row;
        do
            before += weights[row++];
        while (row < rows - (uint32_t)(n - 1 - i) &&
               (i == n - 1 || before + weights[row] / 2 < end));
        bands[i].levels[0].walk.row1 = row;
    }
    free(weights);
    return ELC_OK;
}

static elc_status build_bands(elc_zones *z, zones_band *bands, int n, elc_error *err) {
    ELC_TRY(begin_cells(z, err));
    ELC_TRY(share_rows(z, bands, n, err));
    for (int i = 0; i < n; i++) {
        bands[i].z = z;
        bands[i].most = fmax(fmax(fabs(z->xmin), fabs(z->xmax)),
                             fmax(fabs(z->ymin), fabs(z->ymax)));
    }
    ELC_TRY(elc_threads_run(n, build_band, bands, err));
    return join_bands(z, bands, n, err);
}

elc_status elc_zones_build_by(elc_zones *z, int threads, elc_error *err) {
    if (z->n_members == 0)
        return ELC_OK;
    if (z->n_points >= UINT32_MAX / 2)
        return elc_zones_full(err);
    z->grid = choose_grid(z);
    int n = band_count(z, threads);
    zones_band *bands;
    ELC_TRY(elc_alloc((size_t)n, sizeof *bands, &bands, err));
    elc_status status = build_bands(z, bands, n, err);
    free_bands(bands, n);
    if (status != ELC_OK) { /* asked nevertheless, there are no zones */
        free(z->cells);
        z->cells = NULL;
    }
    return status;
}

elc_status elc_zones_build(elc_zones *z, elc_error *err) {
    return elc_zones_build_by(z, 1, err);
}
