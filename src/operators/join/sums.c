/* sums.c - the columns that stand for right rows which are counted. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <string.h>

static elc_status check_how(const join_shape *s, elc_error *err) {
    if (s->how == JOIN_INNER || s->how == JOIN_OUTER)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--count, --sum and --mean need --how inner or left; semi and anti "
                    "have no right rows");
}

static elc_status add_column(join_shape *s, const char *name, elc_type type,
                             elc_error *err) {
    join_columns *given = &s->given[PART_RIGHT];
    ELC_TRY(elc_names_add(&s->renamed, name, err));
    given->items[given->count] =
        (elc_column){.name = s->renamed.items[s->renamed.count - 1], .type = type};
    given->from[given->count++] = -1;
    return ELC_OK;
}

static elc_status add_sum(join_shape *s, const char *name, bool mean, elc_error *err) {
    elc_string text = {0};
    join_sum *sum = &s->sums.items[s->sums.count];
    sum->mean = mean;
    ELC_TRY(elc_part_number_find(&s->schemas[PART_RIGHT], PART_RIGHT, name,
                                 &sum->number, err));
    elc_status status =
        elc_string_printf(&text, err, "%s_%s", name, mean ? "mean" : "sum");
    if (status == ELC_OK)
        status = add_column(s, text.data, ELC_FLOAT64, err);
    elc_string_free(&text);
    s->sums.count++;
    return status;
}

elc_status elc_join_sums_find(join_shape *s, const elc_options *options,
                              elc_error *err) {
    const elc_names *lists[] = {elc_options_list(options, "sum"),
                                elc_options_list(options, "mean")};
    join_columns *given = &s->given[PART_RIGHT];
    size_t n = lists[0]->count + lists[1]->count;
    ELC_TRY(check_how(s, err));
    ELC_TRY(elc_alloc(n + 1, sizeof *given->items, &given->items, err));
    ELC_TRY(elc_alloc(n + 1, sizeof *given->from, &given->from, err));
    ELC_TRY(elc_alloc(n + 1, sizeof *s->sums.items, &s->sums.items, err));
    ELC_TRY(add_column(s, "count", ELC_INT64, err));
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < lists[k]->count; i++)
            ELC_TRY(add_sum(s, lists[k]->items[i], k == 1, err));
    return ELC_OK;
}
