/* state.c - what combine has to know of an image, as text that can travel. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
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
    elc_scene_clear(&state->scene);
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

/* ---- writing --------------------------------------------------------------------- */

/* Only what differs from pixels as they are. */
static elc_status set_sight(json_t *root, const elc_sight *sight, elc_error *err) {
    elc_string text = {0};
    double steps[] = {sight->step_x, sight->step_y};
    int64_t size[] = {sight->width, sight->height};
    const elc_window *w = &sight->shown;
    int64_t shown[] = {w->x, w->y, w->width, w->height};
    if (steps[0] > 0 && (steps[0] != 1 || steps[1] != 1)) {
        json_object_set_new(root, "steps", reals(steps, 2));
        json_object_set_new(root, "size", numbers(size, 2));
    }
    if (w->width > 0 && elc_sight_is_cropped(sight))
        json_object_set_new(root, "shown", numbers(shown, 4));
    if (sight->stretch.n == 0)
        return ELC_OK;
    elc_status status = elc_stretch_print(&sight->stretch, &text, err);
    if (status == ELC_OK)
        json_object_set_new(root, "stretch", json_string(text.data));
    elc_string_free(&text);
    return status;
}

static const char *const kinds[] = {[ELC_PLACE_NONE] = "none",
                                    [ELC_PLACE_AFFINE] = "affine",
                                    [ELC_PLACE_CORNERS] = "corners",
                                    [ELC_PLACE_GCPS] = "gcps",
                                    [ELC_PLACE_RPC] = "rpc"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

enum { RPC_NUMBERS = 92 };
static_assert(sizeof(elc_rpc) == RPC_NUMBERS * sizeof(double), "RPCs are all numbers");

static json_t *place_json(const elc_place *place) {
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(kinds[place->kind]));
    if (isfinite(place->error_m))
        json_object_set_new(object, "error_m", json_real(place->error_m));
    if (place->kind == ELC_PLACE_RPC) {
        double values[RPC_NUMBERS];
        memcpy(values, &place->rpc, sizeof values);
        json_object_set_new(object, "rpc", reals(values, RPC_NUMBERS));
        json_object_set_new(object, "height_m", json_real(place->height_m));
    } else {
        json_object_set_new(object, "affine", reals(place->affine.a, 6));
        json_object_set_new(object, "crs", json_string(elc_crs_projjson(place->crs)));
    }
    return object;
}

static void set_scene(json_t *root, const elc_scene *scene) {
    if (scene->place.kind != ELC_PLACE_NONE)
        json_object_set_new(root, "place", place_json(&scene->place));
    if (scene->gsd_m > 0)
        json_object_set_new(root, "gsd_m", json_real(scene->gsd_m));
    if (scene->has_time)
        json_object_set_new(root, "acquired_us", json_integer(scene->acquired_us));
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
    set_scene(root, &state->scene);
    elc_status status = set_sight(root, &state->sight, err);
    if (state->error)
        json_object_set_new(root, "error", json_string(state->error));
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(root);
    if (!text)
        return elc_fail(err, ELC_E_FORMAT, "%s: name or reason is not UTF-8",
                        state->name);
    if (status == ELC_OK)
        status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}

/* ---- reading --------------------------------------------------------------------- */

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

static bool read_reals(const json_t *object, const char *key, double *out, size_t n) {
    const json_t *array = json_object_get(object, key);
    if (json_array_size(array) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!json_is_number(json_array_get(array, i)))
            return false;
        out[i] = json_number_value(json_array_get(array, i));
    }
    return true;
}

/* A number that may be missing: then it is NaN. */
static bool read_real(const json_t *object, const char *key, double *out) {
    const json_t *value = json_object_get(object, key);
    *out = json_is_number(value) ? json_number_value(value) : (double)NAN;
    return !value || json_is_number(value);
}

static elc_status read_rpc(const json_t *json, elc_place *out, elc_error *err) {
    double values[RPC_NUMBERS];
    if (!read_reals(json, "rpc", values, RPC_NUMBERS))
        return bad(err, "rpc");
    memcpy(&out->rpc, values, sizeof values);
    if (!read_real(json, "height_m", &out->height_m) || isnan(out->height_m))
        return bad(err, "height_m");
    return elc_rpc_check(&out->rpc, err);
}

static elc_status read_affine(const json_t *json, elc_place *out, elc_error *err) {
    elc_affine inverse;
    const char *crs = json_string_value(json_object_get(json, "crs"));
    if (!read_reals(json, "affine", out->affine.a, 6))
        return bad(err, "affine");
    if (!crs)
        return bad(err, "crs");
    ELC_TRY(elc_affine_invert(&out->affine, &inverse, err));
    return elc_crs_create(crs, &out->crs, err);
}

static elc_status read_place(const json_t *json, elc_place *out, elc_error *err) {
    const char *kind = json_string_value(json_object_get(json, "kind"));
    int known = ELC_PLACE_AFFINE;
    while (known < KINDS && !(kind && !strcmp(kind, kinds[known])))
        known++;
    if (known == KINDS)
        return bad(err, "kind of place");
    if (!read_real(json, "error_m", &out->error_m) || out->error_m < 0)
        return bad(err, "error_m");
    ELC_TRY(known == ELC_PLACE_RPC ? read_rpc(json, out, err)
                                   : read_affine(json, out, err));
    out->kind = (elc_place_kind)known;
    return ELC_OK;
}

static elc_status read_scene(const json_t *root, elc_scene *out, elc_error *err) {
    const json_t *acquired = json_object_get(root, "acquired_us");
    const json_t *place = json_object_get(root, "place");
    out->place.error_m = NAN;
    out->has_time = acquired != NULL;
    out->acquired_us = json_integer_value(acquired);
    if (acquired && !json_is_integer(acquired))
        return bad(err, "acquired_us");
    if (!read_real(root, "gsd_m", &out->gsd_m) || out->gsd_m <= 0)
        return bad(err, "gsd_m");
    return place ? read_place(place, &out->place, err) : ELC_OK;
}

/* The size of the grid must be what size and steps of the image give. */
static elc_status read_steps(const json_t *root, place_state *out, elc_error *err) {
    elc_sight *sight = &out->sight;
    const json_t *size = json_object_get(root, "size");
    double steps[2];
    if (!read_reals(root, "steps", steps, 2) || json_array_size(size) != 2)
        return bad(err, "steps");
    sight->width = json_integer_value(json_array_get(size, 0));
    sight->height = json_integer_value(json_array_get(size, 1));
    sight->step_x = steps[0];
    sight->step_y = steps[1];
    for (int i = 0; i < 2; i++)
        if (!(steps[i] > 1e-6 && steps[i] < 1e6))
            return bad(err, "steps");
    if (sight->width < 1 || sight->width > INT32_MAX || sight->height < 1 ||
        sight->height > INT32_MAX ||
        elc_view_side(sight->width, steps[0]) != out->grid.width ||
        elc_view_side(sight->height, steps[1]) != out->grid.height)
        return bad(err, "size");
    return ELC_OK;
}

/* A window of the grid; without one: all of it. */
static elc_status read_shown(const json_t *root, place_state *out, elc_error *err) {
    const json_t *array = json_object_get(root, "shown");
    elc_window all = {0, 0, out->grid.width, out->grid.height}, w;
    int64_t *members[] = {&w.x, &w.y, &w.width, &w.height};
    out->sight.shown = all;
    if (!array)
        return ELC_OK;
    if (json_array_size(array) != 4)
        return bad(err, "shown");
    for (size_t i = 0; i < 4; i++)
        *members[i] = json_integer_value(json_array_get(array, i));
    elc_window within = elc_window_common(w, all);
    if (w.width < 1 || w.height < 1 || memcmp(&w, &within, sizeof w) != 0)
        return bad(err, "shown");
    out->sight.shown = w;
    return ELC_OK;
}

static elc_status read_sight(const json_t *root, place_state *out, elc_error *err) {
    const json_t *stretch = json_object_get(root, "stretch");
    out->sight = (elc_sight){.width = out->grid.width,
                             .height = out->grid.height,
                             .step_x = 1,
                             .step_y = 1,
                             .stretch = {.kind = ELC_STRETCH_NONE}};
    if (json_object_get(root, "steps"))
        ELC_TRY(read_steps(root, out, err));
    ELC_TRY(read_shown(root, out, err));
    if (!stretch)
        return ELC_OK;
    if (!json_is_string(stretch))
        return bad(err, "stretch");
    return elc_stretch_scan(json_string_value(stretch), &out->sight.stretch, err);
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
    ELC_TRY(read_sight(root, out, err));
    return read_scene(root, &out->scene, err);
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
