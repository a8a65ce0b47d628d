/* layout.c - the columns that aggregate gives, seen and hidden, and where they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <stdlib.h>

/* ---- what the options say ---------------------------------------------------------
 */

static elc_status add_sums(aggregate_layout *l, const elc_names *names, bool mean,
                           elc_error *err) {
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (elc_names_find(&l->values, name) == SIZE_MAX)
            ELC_TRY(elc_names_add(&l->values, name, err));
        l->sums[l->n_sums++] = (aggregate_sum){elc_names_find(&l->values, name), mean};
    }
    return ELC_OK;
}

elc_status elc_aggregate_layout_read(const elc_options *options, aggregate_layout *out,
                                     elc_error *err) {
    const elc_names *sum = elc_options_list(options, "sum");
    const elc_names *mean = elc_options_list(options, "mean");
    out->by = elc_options_list(options, "by");
    ELC_TRY(
        elc_alloc(sum->count + mean->count + 1, sizeof *out->sums, &out->sums, err));
    ELC_TRY(elc_alloc(out->by->count + 1, sizeof *out->by_types, &out->by_types, err));
    ELC_TRY(add_sums(out, sum, false, err));
    return add_sums(out, mean, true, err);
}

void elc_aggregate_layout_free(aggregate_layout *l) {
    elc_names_free(&l->values);
    free(l->sums);
    free(l->by_types);
    *l = (aggregate_layout){0};
}

elc_status elc_aggregate_layout_of(aggregate_layout *l,
                                   const struct ArrowSchema *schema, elc_error *err) {
    size_t own = elc_aggregate_order_at(l) + 1, n = (size_t)schema->n_children;
    if (n < own)
        return elc_fail(err, ELC_E_INTERNAL,
                        "aggregate: %zu columns are not those of these options; please "
                        "report this",
                        n);
    l->n_right = n - own;
    for (size_t i = 0; i < l->by->count; i++)
        ELC_TRY(elc_schema_type(schema->children[elc_aggregate_by_at(l) + i],
                                &l->by_types[i], err));
    return ELC_OK;
}

/* ---- with both tables -------------------------------------------------------------
 */

static elc_status add_by(aggregate_layout *l, size_t i, const struct ArrowSchema *left,
                         part_columns *columns, elc_error *err) {
    const char *name = l->by->items[i];
    int64_t found = name[0] == '_' ? -1 : elc_schema_find(left, name);
    if (found < 0)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "the left table has no column %s to count by", name);
    const struct ArrowSchema *child = left->children[found];
    ELC_TRY(elc_schema_type(child, &l->by_types[i], err));
    if (l->by_types[i] == ELC_GEOMETRY)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s of the left table is a geometry; --by takes columns of "
                        "text, numbers or times",
                        name);
    elc_column column = {.name = child->name, .type = l->by_types[i]};
    return elc_part_columns_add(columns, column, child, "_left", err);
}

/* The names are made here, and live in `names`. */
static elc_status add_named(part_columns *columns, elc_names *names, elc_type type,
                            elc_string *name, elc_error *err) {
    ELC_TRY(elc_names_add(names, name->data, err));
    elc_column column = {.name = names->items[names->count - 1], .type = type};
    name->size = 0;
    return elc_part_columns_add(columns, column, NULL, "_aggregated", err);
}

static elc_status add_own(const aggregate_layout *l, part_columns *columns,
                          elc_names *names, elc_string *name, elc_error *err) {
    const elc_column count = {.name = "count", .type = ELC_INT64};
    ELC_TRY(elc_part_columns_add(columns, count, NULL, "_aggregated", err));
    for (size_t i = 0; i < l->n_sums; i++) {
        ELC_TRY(elc_string_printf(name, err, "%s_%s", l->values.items[l->sums[i].value],
                                  l->sums[i].mean ? "mean" : "sum"));
        ELC_TRY(add_named(columns, names, ELC_FLOAT64, name, err));
    }
    for (size_t i = 0; i < l->values.count; i++) {
        ELC_TRY(elc_string_printf(name, err, "_n%zu", i));
        ELC_TRY(add_named(columns, names, ELC_INT64, name, err));
        ELC_TRY(elc_string_printf(name, err, "_total%zu", i));
        ELC_TRY(add_named(columns, names, ELC_BINARY, name, err));
    }
    const elc_column hidden[] = {{.name = "_whole", .type = ELC_BOOL},
                                 {.name = "_group", .type = ELC_UTF8},
                                 {.name = "_order", .type = ELC_BINARY}};
    for (size_t i = 0; i < 3; i++)
        ELC_TRY(elc_part_columns_add(columns, hidden[i], NULL, "", err));
    return ELC_OK;
}

elc_status elc_aggregate_layout_make(aggregate_layout *l,
                                     const struct ArrowSchema *left,
                                     const struct ArrowSchema *right,
                                     part_columns *columns, elc_names *names,
                                     elc_error *err) {
    elc_string name = {0};
    ELC_TRY(elc_part_columns_pass(columns, right, -1, "_right", err));
    l->n_right = columns->count;
    for (size_t i = 0; i < l->by->count; i++)
        ELC_TRY(add_by(l, i, left, columns, err));
    elc_status status = add_own(l, columns, names, &name, err);
    elc_string_free(&name);
    return status;
}
