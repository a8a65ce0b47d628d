/* zones_build.c - the index of many polygons: the building. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones_spread.h"

#include <stdlib.h>

/* The root stays in the second level's cache; a cell with more edges is split. */
enum { ROOT_MOST = 512, EDGES_A_CELL = 10, INDEX_MOST = (1 << ZONES_INDEX_BITS) - 1 };

typedef struct builder {
    elc_zones *z;
    zones_spread root, child;
    zones_list member_edges;
    size_t edges_most; /* in cells: then no more of them are split */
} builder;

static elc_status fail_full(elc_error *err) {
    return elc_fail(err, ELC_E_MEMORY,
                    "zones: more edges in cells than an index holds (2^30); split the "
                    "table, or use Spark");
}

/* ---- grids ----------------------------------------------------------------------- */

static zones_grid make_grid(double x, double y, double width, double height,
                            uint32_t n) {
    double column = width / n, row = height / n;
    return (zones_grid){.x = x,
                        .y = y,
                        .to_column = column > 0 ? 1 / column : 0,
                        .to_row = row > 0 ? 1 / row : 0,
                        .width = column,
                        .height = row,
                        .columns = n,
                        .rows = n};
}

static uint32_t column_of(const zones_grid *g, double x) {
    return elc_zones_slot(x, g->x, g->to_column, g->columns);
}

static uint32_t row_of(const zones_grid *g, double y) {
    return elc_zones_slot(y, g->y, g->to_row, g->rows);
}

/* That each reference point is in its own cell, as far as numbers are fine enough. */
static bool is_sound(const zones_grid *g) {
    if (!isfinite(g->to_column) || !isfinite(g->to_row))
        return false;
    for (uint32_t i = 0; i < g->columns; i++) {
        elc_point p = elc_zones_reference(g, i, i);
        if (column_of(g, p.x) != i || row_of(g, p.y) != i)
            return false;
    }
    return true;
}

static bool is_sound_in(const zones_grid *g, const zones_grid *parent, uint32_t column,
                        uint32_t row) {
    for (uint32_t i = 0; i < g->columns; i++) {
        elc_point p = elc_zones_reference(g, i, i);
        if (column_of(parent, p.x) != column || row_of(parent, p.y) != row)
            return false;
    }
    return is_sound(g);
}

static zones_span span_of(const zones_grid *g, const zones_member *m) {
    return (zones_span){column_of(g, m->xmin), column_of(g, m->xmax),
                        row_of(g, m->ymin), row_of(g, m->ymax)};
}

static double cells_looked_at(const elc_zones *z, const zones_grid *g) {
    double cells = 0;
    for (size_t i = 0; i < z->n_members; i++) {
        zones_span s = span_of(g, &z->members[i]);
        cells += (double)(s.column1 - s.column0 + 1) * (s.row1 - s.row0 + 1);
    }
    return cells;
}

/* How often edges cross columns and rows, for a grid of one of them. */
static double lengths(const elc_zones *z) {
    double width = z->xmax - z->xmin, height = z->ymax - z->ymin, sum = 0;
    for (size_t ring = 0, i = 0; ring < z->n_rings; ring++)
        for (size_t end = z->ring_ends[ring], first = i; i < end; i++) {
            if (i == first)
                continue;
            elc_point a = z->points[i - 1], b = z->points[i];
            sum += width > 0 ? fabs(b.x - a.x) / width : 0;
            sum += height > 0 ? fabs(b.y - a.y) / height : 0;
        }
    return sum;
}

/* About a cell for two edges, or up to two; fewer where large zones lie over each
   other, or edges are long and many, so that the index does not outgrow them. */
static zones_grid choose_grid(const elc_zones *z) {
    uint32_t n = 1;
    while (n < ROOT_MOST && (double)n * n < 0.5 * (double)z->n_points)
        n *= 2;
    double most = 0x1p20 + 2 * (double)z->n_points, each = lengths(z);
    for (;; n /= 2) {
        zones_grid g =
            make_grid(z->xmin, z->ymin, z->xmax - z->xmin, z->ymax - z->ymin, n);
        if (n == 1 ||
            (is_sound(&g) && n * each <= most && cells_looked_at(z, &g) <= most))
            return g;
    }
}

/* ---- cells ----------------------------------------------------------------------- */

static elc_status add_word(elc_zones *z, size_t at, uint32_t kind, size_t index,
                           elc_error *err) {
    if (index > INDEX_MOST)
        return fail_full(err);
    z->words[at] = kind << ZONES_INDEX_BITS | (uint32_t)index;
    return ELC_OK;
}

static elc_status add_group(elc_zones *z, const zones_spread *s, const zones_found *f,
                            elc_point reference, elc_error *err) {
    if (z->n_edges + f->n > UINT32_MAX || z->n_groups >= INDEX_MOST)
        return fail_full(err);
    ELC_TRY(elc_reserve(&z->groups, &z->group_capacity, z->n_groups + 1,
                        sizeof *z->groups, err));
    ELC_TRY(elc_reserve(&z->edges, &z->edge_capacity, z->n_edges + f->n + 1,
                        sizeof *z->edges, err));
    z->groups[z->n_groups++] =
        (zones_group){f->zone, (uint32_t)z->n_edges, f->n, f->inside};
    for (size_t i = 0; i < f->n; i++) {
        uint32_t edge = s->edges.items[f->first + i];
        elc_point a = z->points[edge], b = z->points[edge + 1];
        bool left = elc_zones_side(a, b, reference) > 0;
        z->edges[z->n_edges++] = left ? (zones_edge){a, b} : (zones_edge){b, a};
    }
    return ELC_OK;
}

static elc_status add_record(elc_zones *z, size_t word, const zones_spread *s,
                             const zones_found *const *found, size_t n,
                             elc_point reference, elc_error *err) {
    ELC_TRY(elc_reserve(&z->records, &z->record_capacity, z->n_records + 1,
                        sizeof *z->records, err));
    uint32_t first = (uint32_t)z->n_groups;
    for (size_t i = 0; i < n; i++)
        ELC_TRY(add_group(z, s, found[i], reference, err));
    z->records[z->n_records] = (zones_record){reference, first, (uint32_t)n};
    return add_word(z, word, ZONES_RECORD, z->n_records++, err);
}

static elc_status add_cell(elc_zones *z, size_t word, const zones_spread *s,
                           const zones_found *const *found, size_t n,
                           elc_point reference, elc_error *err) {
    if (n == 0)
        return ELC_OK;
    if (n == 1 && found[0]->n == 0)
        return add_word(z, word, ZONES_ONE, found[0]->zone, err);
    return add_record(z, word, s, found, n, reference, err);
}

/* `cells` words, all of them nothing. */
static elc_status add_words(elc_zones *z, size_t cells, size_t *first, elc_error *err) {
    ELC_TRY(elc_reserve(&z->words, &z->word_capacity, z->n_words + cells,
                        sizeof *z->words, err));
    *first = z->n_words;
    for (size_t i = 0; i < cells; i++)
        z->words[z->n_words++] = ZONES_NONE;
    return z->n_words > UINT32_MAX ? fail_full(err) : ELC_OK;
}

/* The founds by cell, in a cell by zone: `starts` has one more than there are cells. */
static elc_status sort_founds(const zones_founds *f, size_t cells,
                              const zones_found ***sorted, size_t **starts,
                              elc_error *err) {
    ELC_TRY(elc_alloc(cells + 2, sizeof **starts, starts, err));
    ELC_TRY(elc_alloc(f->count + 1, sizeof **sorted, sorted, err));
    for (size_t i = 0; i < f->count; i++)
        (*starts)[f->items[i].cell + 2]++;
    for (size_t i = 2; i < cells + 2; i++)
        (*starts)[i] += (*starts)[i - 1];
    for (size_t i = 0; i < f->count; i++)
        (*sorted)[(*starts)[f->items[i].cell + 1]++] = &f->items[i];
    return ELC_OK;
}

/* ---- crowded cells --------------------------------------------------------------- */

static elc_status spread_child(builder *b, const zones_grid *g,
                               const zones_found *const *found, size_t n,
                               elc_point reference, elc_error *err) {
    zones_span all = {0, g->columns - 1, 0, g->rows - 1};
    b->child.founds.count = b->child.edges.count = 0;
    for (size_t i = 0; i < n; i++) {
        if (found[i]->n == 0)
            continue;
        zones_task t = {.zone = found[i]->zone,
                        .edges = b->root.edges.items + found[i]->first,
                        .n = found[i]->n,
                        .span = all,
                        .from = reference,
                        .inside = found[i]->inside,
                        .may_cross_all = true};
        ELC_TRY(elc_zones_spread(&b->child, g, &t, err));
    }
    return ELC_OK;
}

static elc_status add_child_cells(builder *b, const zones_grid *g, size_t first,
                                  elc_error *err) {
    const zones_found **sorted = NULL;
    size_t *starts = NULL, cells = (size_t)g->columns * g->rows;
    elc_status status = sort_founds(&b->child.founds, cells, &sorted, &starts, err);
    for (size_t i = 0; i < cells && status == ELC_OK; i++) {
        elc_point q = elc_zones_reference(g, (uint32_t)(i % g->columns),
                                          (uint32_t)(i / g->columns));
        status = add_cell(b->z, first + i, &b->child, sorted + starts[i],
                          starts[i + 1] - starts[i], q, err);
    }
    free(sorted);
    free(starts);
    return status;
}

/* Zones that hold all of the cell are kept once, not in each of its own cells. */
static elc_status add_node(builder *b, size_t word, const zones_grid *g,
                           const zones_found *const *found, size_t n,
                           elc_point reference, elc_error *err) {
    elc_zones *z = b->z;
    size_t first, at = z->n_nodes;
    ELC_TRY(elc_reserve(&z->nodes, &z->node_capacity, at + 1, sizeof *z->nodes, err));
    ELC_TRY(add_words(z, (size_t)g->columns * g->rows, &first, err));
    zones_node node = {.grid = *g,
                       .first_word = (uint32_t)first,
                       .first_group = (uint32_t)z->n_groups};
    for (size_t i = 0; i < n; i++) {
        if (found[i]->n > 0)
            continue;
        ELC_TRY(add_group(z, &b->root, found[i], reference, err));
        node.n_groups++;
    }
    z->nodes[z->n_nodes++] = node;
    ELC_TRY(spread_child(b, g, found, n, reference, err));
    ELC_TRY(add_child_cells(b, g, first, err));
    return add_word(z, word, ZONES_NODE, at, err);
}

/* Many zones that lie over each other are listed in every cell of their own: fewer of
   them then. */
static uint32_t child_size(size_t edges, size_t groups) {
    uint32_t n = edges <= 4 * EDGES_A_CELL ? 4 : edges <= 16 * EDGES_A_CELL ? 8 : 16;
    while (n > 2 && (size_t)n * n * groups > 16 * edges)
        n /= 2;
    return n;
}

static elc_status add_root_cell(builder *b, size_t cell,
                                const zones_found *const *found, size_t n,
                                elc_error *err) {
    const zones_grid *g = &b->z->grid;
    uint32_t column = (uint32_t)(cell % g->columns),
             row = (uint32_t)(cell / g->columns);
    elc_point q = elc_zones_reference(g, column, row);
    size_t edges = 0, groups = 0;
    for (size_t i = 0; i < n; i++) {
        edges += found[i]->n;
        groups += found[i]->n > 0;
    }
    uint32_t size = child_size(edges, groups);
    if (edges > EDGES_A_CELL && b->z->n_edges + edges * size <= b->edges_most) {
        zones_grid child = make_grid(g->x + column * g->width, g->y + row * g->height,
                                     g->width, g->height, size);
        if (is_sound_in(&child, g, column, row))
            return add_node(b, cell, &child, found, n, q, err);
    }
    return add_cell(b->z, cell, &b->root, found, n, q, err);
}

/* ---- all ------------------------------------------------------------------------- */

static elc_status take_edges(builder *b, const zones_member *m, elc_error *err) {
    const elc_zones *z = b->z;
    zones_list *list = &b->member_edges;
    list->count = 0;
    for (size_t i = m->first_ring; i < m->first_ring + m->n_rings; i++) {
        size_t first = i == 0 ? 0 : z->ring_ends[i - 1], end = z->ring_ends[i];
        if (end - first < 2)
            continue;
        ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + end - first,
                            sizeof *list->items, err));
        for (size_t at = first; at + 1 < end; at++)
            list->items[list->count++] = (uint32_t)at;
    }
    return ELC_OK;
}

static elc_status spread_members(builder *b, elc_error *err) {
    const elc_zones *z = b->z;
    for (size_t i = 0; i < z->n_members; i++) {
        const zones_member *m = &z->members[i];
        ELC_TRY(take_edges(b, m, err));
        zones_task t = {.zone = m->zone,
                        .edges = b->member_edges.items,
                        .n = b->member_edges.count,
                        .span = span_of(&z->grid, m),
                        .from = {m->xmin - fabs(m->xmin) - 1, 0}};
        ELC_TRY(elc_zones_spread(&b->root, &z->grid, &t, err));
    }
    return ELC_OK;
}

static elc_status build(builder *b, elc_error *err) {
    elc_zones *z = b->z;
    const zones_found **sorted = NULL;
    size_t *starts = NULL, cells = (size_t)z->grid.columns * z->grid.rows, first;
    ELC_TRY(add_words(z, cells, &first, err));
    ELC_TRY(spread_members(b, err));
    elc_status status = sort_founds(&b->root.founds, cells, &sorted, &starts, err);
    for (size_t i = 0; i < cells && status == ELC_OK; i++)
        status =
            add_root_cell(b, i, sorted + starts[i], starts[i + 1] - starts[i], err);
    free(sorted);
    free(starts);
    return status;
}

elc_status elc_zones_build(elc_zones *z, elc_error *err) {
    if (z->n_members == 0)
        return ELC_OK;
    if (z->n_points >= UINT32_MAX)
        return fail_full(err);
    z->grid = choose_grid(z);
    builder b = {.z = z, .edges_most = (1u << 20) + 16 * z->n_points};
    double most =
        fmax(fmax(fabs(z->xmin), fabs(z->xmax)), fmax(fabs(z->ymin), fabs(z->ymax)));
    b.root.zones = b.child.zones = z;
    b.root.margin = b.child.margin = most * 0x1p-48;
    elc_status status = build(&b, err);
    elc_zones_spread_free(&b.root);
    elc_zones_spread_free(&b.child);
    free(b.member_edges.items);
    return status;
}
