/* state.c - what combine has to know of an image, as text that can travel. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const grid_keys[] = {"width",       "height", "chip_width",
                                        "chip_height", "step_x", "step_y",
                                        "stride",      "cols",   "rows"};
enum { GRID_KEYS = sizeof grid_keys / sizeof grid_keys[0] };

static int64_t *grid_member(elc_grid *g, int i) {
    int64_t *members[GRID_KEYS] = {&g->width,       &g->height, &g->chip_width,
                                   &g->chip_height, &g->step_x, &g->step_y,
                                   &g->stride,      &g->cols,   &g->rows};
    return members[i];
}

void elc_place_state_free(place_state *state) {
    free(state->name);
    elc_crs_free(state->crs);
    free(state->ranges);
    free(state->error);
    *state = (place_state){0};
}

static json_t *numbers(const int64_t *values, size_t n) {
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_integer(values[i]));
    return array;
}

static json_t *reals(const double *values, size_t n) {
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_real(values[i]));
    return array;
}

elc_status elc_place_state_to_json(const place_state *state, elc_string *out,
                                   elc_error *err) {
    json_t *root = json_object(), *grid = json_object();
    elc_grid g = state->grid;
    for (int i = 0; i < GRID_KEYS; i++)
        json_object_set_new(grid, grid_keys[i], json_integer(*grid_member(&g, i)));
    json_object_set_new(root, "name", json_string(state->name));
    json_object_set_new(root, "grid", grid);
    json_object_set_new(root, "run", json_integer(state->run));
    json_object_set_new(root, "skipped", json_integer(state->skipped));
    json_object_set_new(root, "failed", json_integer(state->failed));
    json_object_set_new(root, "ranges", numbers(state->ranges, state->n_ranges));
    if (state->has_place) {
        json_object_set_new(root, "affine", reals(state->affine.a, 6));
        json_object_set_new(root, "crs", json_string(elc_crs_projjson(state->crs)));
    }
    if (state->error)
        json_object_set_new(root, "error", json_string(state->error));
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(root);
    if (!text)
        return elc_fail(err, ELC_E_FORMAT, "%s: name or reason is not UTF-8",
                        state->name);
    elc_status status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}

static elc_status bad(elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "state of an image: %s is missing or wrong",
                    what);
}

static bool read_integer(const json_t *object, const char *key, int64_t *out) {
    const json_t *value = json_object_get(object, key);
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0;
}

/* A grid from outside is believed only if it is what its own sizes give. */
static elc_status read_grid(const json_t *root, elc_grid *out, elc_error *err) {
    const json_t *grid = json_object_get(root, "grid");
    elc_grid g = {0}, again;
    for (int i = 0; i < GRID_KEYS; i++)
        if (!read_integer(grid, grid_keys[i], grid_member(&g, i)))
            return bad(err, grid_keys[i]);
    *out = g;
    if (g.width == 0)
        return ELC_OK;
    ELC_TRY(elc_grid_create(g.width, g.height, g.chip_width, g.chip_height,
                            g.chip_width - g.step_x, g.chip_height - g.step_y, g.stride,
                            true, &again, err));
    return again.cols == g.cols && again.rows == g.rows ? ELC_OK : bad(err, "grid");
}

static elc_status read_ranges(const json_t *root, place_state *out, elc_error *err) {
    const json_t *array = json_object_get(root, "ranges");
    size_t n = json_array_size(array);
    int64_t chips = out->grid.width ? elc_grid_count(&out->grid) : 0, before = 0;
    ELC_TRY(
        elc_reserve(&out->ranges, &out->range_capacity, n, sizeof *out->ranges, err));
    for (size_t i = 0; i < n; i++) {
        int64_t value = json_integer_value(json_array_get(array, i));
        if (value < before || value > chips || n % 2)
            return bad(err, "ranges");
        out->ranges[out->n_ranges++] = before = value;
    }
    return ELC_OK;
}

static elc_status read_place(const json_t *root, place_state *out, elc_error *err) {
    const json_t *affine = json_object_get(root, "affine");
    const char *crs = json_string_value(json_object_get(root, "crs"));
    if (!affine)
        return ELC_OK;
    for (size_t i = 0; i < 6; i++) {
        const json_t *value = json_array_get(affine, i);
        if (!json_is_number(value))
            return bad(err, "affine");
        out->affine.a[i] = json_number_value(value);
    }
    if (!crs)
        return bad(err, "crs");
    out->has_place = true;
    return elc_crs_create(crs, &out->crs, err);
}

static elc_status read_state(const json_t *root, place_state *out, elc_error *err) {
    const char *name = json_string_value(json_object_get(root, "name"));
    if (!name)
        return bad(err, "name");
    ELC_TRY(elc_strdup(name, &out->name, err));
    ELC_TRY(elc_strdup(json_string_value(json_object_get(root, "error")), &out->error,
                       err));
    if (!read_integer(root, "run", &out->run) ||
        !read_integer(root, "skipped", &out->skipped) ||
        !read_integer(root, "failed", &out->failed))
        return bad(err, "count of chips");
    ELC_TRY(read_grid(root, &out->grid, err));
    ELC_TRY(read_ranges(root, out, err));
    return read_place(root, out, err);
}

elc_status elc_place_state_from_json(const char *json, size_t size, place_state *out,
                                     elc_error *err) {
    json_error_t where;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return elc_fail(err, ELC_E_FORMAT, "state of an image: %s", where.text);
    place_state state = {0};
    elc_status status = read_state(root, &state, err);
    json_decref(root);
    if (status == ELC_OK)
        *out = state;
    else
        elc_place_state_free(&state);
    return status;
}
