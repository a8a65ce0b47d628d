/* names.c - the short names and widths of a shapefile's columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* docs/formats.md has this table too. Names that fit stand here for their width. */
static const struct {
    const char *column, *name;
    int width;
} known[] = {
    {"id", "id", 16},
    {"class", "class", 32},
    {"chip", "chip", 16},
    {"acquired", "acquired", 27},
    {"stretch", "stretch", 32},
    {"model", "model", 64},
    {"error", "error", 32},
    {"touches_border", "on_border", 0},
    {"model_sha256", "model_sha", 64},
    {"position_error_m", "pos_err_m", 0},
    {"chips_skipped", "chips_skip", 0},
    {"chips_failed", "chips_fail", 0},
    {"detections", "detections", 0},
};

static size_t find(const char *column) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].column, column) == 0)
            return i;
    return SIZE_MAX;
}

int elc_short_width(const char *column) {
    size_t i = find(column);
    return i == SIZE_MAX ? 0 : known[i].width;
}

/* Bytes of `text` within `limit` that cut no UTF-8 character. */
static size_t cut(const char *text, size_t limit) {
    size_t n = strlen(text);
    if (n <= limit)
        return n;
    for (n = limit; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
        continue;
    return n;
}

static bool is_taken(const elc_names *taken, const char *name) {
    for (size_t i = 0; i < taken->count; i++)
        if (strcasecmp(taken->items[i], name) == 0)
            return true;
    return false;
}

elc_status elc_short_name(const char *column, elc_names *taken, elc_error *err) {
    size_t i = find(column);
    const char *wish = i == SIZE_MAX ? column : known[i].name;
    char name[ELC_SHORT_NAME + 1];
    snprintf(name, sizeof name, "%.*s", (int)cut(wish, ELC_SHORT_NAME), wish);
    for (unsigned n = 1; is_taken(taken, name); n++) {
        char number[12];
        int digits = snprintf(number, sizeof number, "_%u", n);
        snprintf(name, sizeof name, "%.*s%.9s",
                 (int)cut(wish, (size_t)(ELC_SHORT_NAME - digits)), wish, number);
    }
    return elc_names_add(taken, name, err);
}
