/* table.c - what a table of chips has, and what becomes of its columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "operators/parts/reader.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE = 1 }; /* among the inputs */

/* ---- columns that are there -------------------------------------------------------
 */

static bool is_whole(elc_type type) {
    return type == ELC_INT32 || type == ELC_INT64;
}

/* The place of a column of this type, whole numbers being one; -1: there is none. */
static int64_t find(const struct ArrowSchema *schema, const char *name, elc_type type) {
    elc_type found;
    int64_t at = elc_schema_find(schema, name);
    if (at < 0 || elc_schema_type(schema->children[at], &found, NULL) != ELC_OK)
        return -1;
    return found == type || (is_whole(found) && is_whole(type)) ? at : -1;
}

static table_places find_places(const struct ArrowSchema *s) {
    table_places at = {.data = find(s, "data", ELC_BINARY),
                       .height = find(s, "height", ELC_INT32),
                       .width = find(s, "width", ELC_INT32),
                       .channels = find(s, "n_channels", ELC_INT32),
                       .mode = find(s, "mode", ELC_INT32),
                       .path = find(s, "path", ELC_UTF8),
                       .image = find(s, "image", ELC_UTF8),
                       .x = find(s, "x_px", ELC_INT64),
                       .y = find(s, "y_px", ELC_INT64),
                       .width_px = find(s, "width_px", ELC_INT64),
                       .height_px = find(s, "height_px", ELC_INT64),
                       .index = find(s, "chip_index", ELC_INT64),
                       .stretch = find(s, "stretch", ELC_UTF8),
                       .error = find(s, "error", ELC_UTF8)};
    if (at.height < 0 || at.width < 0 || at.channels < 0 || at.mode < 0)
        at.data = -1;
    if (at.x < 0 || at.y < 0 || at.width_px < 0 || at.height_px < 0)
        at.x = -1;
    return at;
}

static elc_status check_places(const elc_call *call, const table_places *at,
                               elc_error *err) {
    if (at->data >= 0 || at->path >= 0 || (at->image >= 0 && at->x >= 0))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: is no table of chips: it has neither pixels (data, height, "
                    "width, n_channels, mode), nor path, nor image with x_px, y_px, "
                    "width_px and height_px, as elcano chips gives them",
                    elc_part_input_name(call, TABLE));
}

/* ---- columns that are made --------------------------------------------------------
 */

static bool is_pixels(const table_places *at, const char *name, int64_t column) {
    return at->data >= 0 && (column == at->data || column == at->height ||
                             column == at->width || column == at->channels ||
                             column == at->mode || strcmp(name, "origin") == 0);
}

static elc_status pass_columns(network_table *t, elc_error *err) {
    for (int64_t i = 0; i < t->schema.n_children; i++) {
        const struct ArrowSchema *child = t->schema.children[i];
        elc_column column = {.name = child->name};
        if (child->name == NULL || child->name[0] == '\0' || child->name[0] == '_' ||
            is_pixels(&t->at, child->name, i))
            continue;
        ELC_TRY(elc_schema_type(child, &column.type, err));
        if (i == t->at.stretch)
            t->stretch = (int64_t)t->columns.count;
        if (i == t->at.error)
            t->error = t->columns.count;
        ELC_TRY(elc_part_columns_add(&t->columns, column, child, "_seen", err));
    }
    return ELC_OK;
}

static elc_status add_columns(network_table *t, const network_reading *reading,
                              elc_error *err) {
    static const elc_column error = {"error", ELC_UTF8, NULL,
                                     "why nothing was seen; NULL when well"};
    t->stretch = -1;
    ELC_TRY(pass_columns(t, err));
    if (t->at.error < 0) {
        t->error = t->columns.count;
        ELC_TRY(elc_part_columns_add(&t->columns, error, NULL, "_seen", err));
    }
    for (size_t i = 0; i < reading->n_columns; i++)
        ELC_TRY(
            elc_part_columns_add(&t->columns, reading->columns[i], NULL, "_seen", err));
    ELC_TRY(elc_part_columns_from(&t->columns, &t->schema, &t->from, err));
    t->from[t->error] = -1;
    if (t->stretch >= 0)
        t->from[t->stretch] = -1;
    return ELC_OK;
}

/* ---- making it --------------------------------------------------------------------
 */

/* What says which chips of images, and where they lie, which the rows do here. */
static elc_status check_options(const elc_options *options, elc_error *err) {
    static const char *const OF_IMAGES[] = {"whole",     "overlap", "area", "gsd",
                                            "image_gsd", "height",  "dem"};
    for (size_t i = 0; i < sizeof OF_IMAGES / sizeof *OF_IMAGES; i++)
        if (elc_options_given(options, OF_IMAGES[i]))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "--%s: is of images, and a table of chips is given, which "
                            "says what is looked at; leave it out, or name the images",
                            strcmp(OF_IMAGES[i], "image_gsd") == 0 ? "image-gsd"
                                                                   : OF_IMAGES[i]);
    return ELC_OK;
}

static elc_status fill(const elc_call *call, network_job *job, network_table *t,
                       elc_error *err) {
    ELC_TRY(check_options(call->options, err));
    ELC_TRY(elc_stream_schema(elc_part_input(call, TABLE), &t->schema, err));
    t->at = find_places(&t->schema);
    t->folder = elc_options_text(call->options, "folder");
    ELC_TRY(check_places(call, &t->at, err));
    return add_columns(t, job->reading, err);
}

elc_status elc_network_table_create(const elc_call *call, network_job *job,
                                    elc_error *err) {
    network_table *t;
    ELC_TRY(elc_alloc(1, sizeof *t, &t, err));
    elc_status status = fill(call, job, t, err);
    if (status != ELC_OK) {
        elc_network_table_free(t);
        return status;
    }
    if (t->at.data >= 0) { /* images without files, which a memo cannot tell apart */
        elc_stretch_memo_free(job->chips.memo);
        job->chips.memo = NULL;
    }
    job->own = t->columns.count - job->reading->n_columns;
    job->table = t;
    return ELC_OK;
}

void elc_network_table_free(network_table *t) {
    if (t == NULL)
        return;
    elc_part_columns_free(&t->columns);
    elc_schema_release(&t->schema);
    free(t->from);
    free(t);
}
