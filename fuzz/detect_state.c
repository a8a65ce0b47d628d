/* detect_state.c - fuzzes elc_place_state_from_json: what it accepts is sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/detect/rows.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

/* The ranges rise within the chips; the first and the last chip have a window. */
static void check_chips(const place_state *state) {
    const elc_grid *grid = &state->grid;
    int64_t chips = grid->width > 0 ? elc_grid_count(grid) : 0, before = 0;
    must(chips >= 0 && state->n_ranges % 2 == 0);
    must(state->run >= 0 && state->skipped >= 0 && state->failed >= 0);
    for (size_t i = 0; i < state->n_ranges; i++) {
        must(state->ranges[i] >= before && state->ranges[i] <= chips);
        before = state->ranges[i];
    }
    elc_window all = {0, 0, grid->width, grid->height}, shown = state->sight.shown;
    elc_window within = elc_window_common(shown, all);
    must(memcmp(&within, &shown, sizeof shown) == 0);
    if (chips > 0) {
        elc_window last = elc_grid_window(grid, chips - 1);
        must(elc_grid_window(grid, 0).x == 0);
        must(last.x >= 0 && last.y >= 0 && last.x < grid->width &&
             last.y < grid->height);
    }
}

/* A place has what its kind needs, and nothing that opens a file. */
static void check_place(const elc_place *place) {
    bool by_affine = place->kind != ELC_PLACE_NONE && place->kind != ELC_PLACE_RPC;
    must(by_affine == (place->crs != NULL) && place->dem == NULL);
    must(!(place->error_m < 0));
    if (place->kind == ELC_PLACE_RPC)
        must(elc_rpc_check(&place->rpc, NULL) == ELC_OK);
}

/* A state that was accepted is written, read and written as the same text. */
static void check_again(const place_state *state) {
    elc_string once = {0}, twice = {0};
    place_state again = {0};
    must(elc_place_state_to_json(state, &once, NULL) == ELC_OK);
    must(elc_place_state_from_json(once.data, once.size, &again, NULL) == ELC_OK);
    must(elc_place_state_to_json(&again, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_place_state_free(&again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    place_state state = {0};
    elc_error err = {0};
    if (elc_place_state_from_json((const char *)data, size, &state, &err) == ELC_OK) {
        must(state.name != NULL);
        check_place(&state.scene.place);
        check_chips(&state);
        check_again(&state);
    } else {
        must(state.name == NULL && err.message[0] != '\0');
    }
    elc_place_state_free(&state);
    return 0;
}
