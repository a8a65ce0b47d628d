/* table_look.c - the rows of a slice of a table of chips, seen by a network. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "operators/chips/cut.h"
#include "operators/parts/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 4096, BATCH_BYTES = 32 << 20, SIDE_MAX = 1 << 20 };

typedef struct looking {
    const elc_call *call;
    const network_job *job;
    const network_table *table;
    part_reader reader;
    void *used; /* of the network */
    elc_image *image;
    elc_sight sight;   /* in which it is seen; step_x 0: not yet */
    char *stretch;     /* of what is seen */
    elc_string opened; /* the path of the image; empty: it is a row's pixels */
    elc_string name, path, text; /* room to work in */
    elc_batch *out;
    elc_progress progress;
} looking;

/* ---- cells ------------------------------------------------------------------------
 */

static bool is_null(const looking *l, int64_t column) {
    return column < 0 || elc_rows_null(l->reader.rows, (size_t)column, l->reader.row);
}

/* Of a column of whole numbers. */
static int64_t number(const looking *l, int64_t column) {
    return elc_rows_int(l->reader.rows, (size_t)column, l->reader.row);
}

/* `out` becomes the text; empty where there is none. */
static elc_status take_text(const looking *l, int64_t column, elc_string *out,
                            elc_error *err) {
    size_t size = 0;
    out->size = 0;
    if (out->data != NULL)
        out->data[0] = '\0';
    if (is_null(l, column))
        return ELC_OK;
    const char *bytes = elc_part_reader_bytes(&l->reader, column, &size);
    return elc_string_append(out, bytes, size, err);
}

/* ---- images -----------------------------------------------------------------------
 */

static void end_sight(looking *l) {
    l->job->chips.use->end(l->used);
    free(l->stretch);
    l->stretch = NULL;
    l->sight = (elc_sight){0};
}

static void end_image(looking *l) {
    end_sight(l);
    elc_image_free(l->image);
    l->image = NULL;
    l->opened.size = 0;
}

/* Sees the image so that width x height pixels of it become the network's. */
static elc_status see(looking *l, int64_t width, int64_t height, elc_error *err) {
    const chips_job *chips = &l->job->chips;
    const elc_image_info *info = elc_image_info_at(l->image);
    elc_sight sight = {.width = info->width,
                       .height = info->height,
                       .step_x = (double)width / (double)chips->chip,
                       .step_y = (double)height / (double)chips->chip_height};
    if (l->sight.step_x == sight.step_x && l->sight.step_y == sight.step_y)
        return ELC_OK;
    end_sight(l);
    ELC_TRY(
        chips->use->image(l->used, l->image, l->name.data, &sight, &l->stretch, err));
    l->sight = sight;
    return ELC_OK;
}

/* Of a column of the image struct, all of which are small; else it is none that opens.
 */
static int32_t small(const looking *l, int64_t column) {
    int64_t n = is_null(l, column) ? -1 : number(l, column);
    return n < 0 || n > INT32_MAX ? -1 : (int32_t)n;
}

static elc_status open_pixels(looking *l, elc_error *err) {
    const table_places *at = &l->table->at;
    size_t size = 0;
    const char *data = elc_part_reader_bytes(&l->reader, at->data, &size);
    elc_image_struct pixels = {.height = small(l, at->height),
                               .width = small(l, at->width),
                               .channels = small(l, at->channels),
                               .mode = small(l, at->mode),
                               .data = (uint8_t *)(uintptr_t)data,
                               .size = size};
    end_image(l);
    l->path.size = 0;
    ELC_TRY(elc_string_printf(&l->path, err, "%s", l->name.data));
    if (!is_null(l, at->index))
        ELC_TRY(
            elc_string_printf(&l->path, err, "#%lld", (long long)number(l, at->index)));
    return elc_image_struct_open(&pixels, l->path.data, &l->image, err);
}

/* Rows of one image mostly follow each other. */
static elc_status open_file(looking *l, const char *name, elc_error *err) {
    const char *folder = l->table->folder;
    l->path.size = 0;
    ELC_TRY(elc_string_printf(&l->path, err, "%s%s%s", folder ? folder : "",
                              folder ? "/" : "", name));
    if (l->image != NULL && l->opened.size > 0 &&
        strcmp(l->opened.data, l->path.data) == 0)
        return ELC_OK;
    end_image(l);
    ELC_TRY(elc_image_open(l->path.data, &l->image, err));
    return elc_string_append(&l->opened, l->path.data, l->path.size, err);
}

static elc_status see_all(looking *l, elc_error *err) {
    const elc_image_info *info = elc_image_info_at(l->image);
    return see(l, info->width, info->height, err);
}

/* The window at the pixels that the network sees, which it may begin between. */
static elc_status see_window(looking *l, elc_window *out, elc_error *err) {
    const table_places *at = &l->table->at;
    const elc_window w = {number(l, at->x), number(l, at->y), number(l, at->width_px),
                          number(l, at->height_px)};
    const elc_image_info *info = elc_image_info_at(l->image);
    if (w.width < 1 || w.height < 1 || w.width > SIDE_MAX || w.height > SIDE_MAX ||
        w.x < 0 || w.y < 0 || w.x >= info->width || w.y >= info->height)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: a chip of %lld x %lld px at %lld, %lld, and the image has "
                        "%lld x %lld",
                        l->path.data, (long long)w.width, (long long)w.height,
                        (long long)w.x, (long long)w.y, (long long)info->width,
                        (long long)info->height);
    ELC_TRY(see(l, w.width, w.height, err));
    out->x = llround((double)w.x / l->sight.step_x);
    out->y = llround((double)w.y / l->sight.step_y);
    return ELC_OK;
}

static bool lacks_window(const looking *l) {
    const table_places *at = &l->table->at;
    return is_null(l, at->x) || is_null(l, at->y) || is_null(l, at->width_px) ||
           is_null(l, at->height_px);
}

/* Opens what the row's chip is in, and finds it there: pixels, a file, or a window. */
static elc_status find_chip(looking *l, elc_window *out, elc_error *err) {
    const table_places *at = &l->table->at;
    *out = (elc_window){0, 0, l->job->chips.chip, l->job->chips.chip_height};
    ELC_TRY(take_text(l, at->path, &l->text, err));
    ELC_TRY(take_text(l, at->image, &l->name, err));
    if (l->name.size == 0)
        ELC_TRY(elc_string_printf(&l->name, err, "%s",
                                  l->text.size > 0 ? l->text.data : "chip"));
    if (!is_null(l, at->data)) {
        ELC_TRY(open_pixels(l, err));
        return see_all(l, err);
    }
    if (l->text.size > 0) {
        ELC_TRY(open_file(l, l->text.data, err));
        return see_all(l, err);
    }
    if (is_null(l, at->image) || lacks_window(l))
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: a row of a table of chips without pixels, a path, or an "
                        "image and its window",
                        l->name.data);
    ELC_TRY(open_file(l, l->name.data, err));
    return see_window(l, out, err);
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status end_row(looking *l, const char *error, elc_error *err) {
    const network_table *t = l->table;
    ELC_TRY(elc_batch_copy_cells(l->out, l->reader.rows, t->from, l->reader.row, err));
    ELC_TRY(elc_batch_text(l->out, t->error, error, err));
    if (t->stretch >= 0) {
        ELC_TRY(take_text(l, t->at.stretch, &l->text, err));
        ELC_TRY(elc_batch_text(l->out, (size_t)t->stretch,
                               l->text.size > 0 ? l->text.data : l->stretch, err));
    }
    return elc_batch_end_row(l->out, err);
}

/* What is made of a chip; nothing where it is blank. */
static elc_status make_rows(looking *l, size_t rows, elc_error *err) {
    l->progress.skipped += rows == 0;
    for (size_t i = 0; i < rows; i++) {
        ELC_TRY(l->job->chips.use->set(l->used, i, l->out, err));
        ELC_TRY(end_row(l, NULL, err));
    }
    return ELC_OK;
}

/* What a failure comes to, as with images: the run's, a warning, or a row. */
static elc_status pass_over(looking *l, elc_status status, const elc_error *why,
                            elc_error *err) {
    elc_on_error how = l->job->chips.on_error;
    end_image(l);
    if (status == ELC_E_MEMORY || status == ELC_E_CANCELLED || how == ELC_ON_ERROR_FAIL)
        return elc_fail(err, status, "%s", why->message);
    if (how == ELC_ON_ERROR_RECORD)
        return end_row(l, why->message, err);
    elc_warn(l->call->context, "%s", why->message);
    return ELC_OK;
}

/* A row that says why there is no chip stays as it is. */
static elc_status look_at_row(looking *l, elc_error *err) {
    elc_window window;
    elc_error why = {0};
    size_t rows = 0;
    l->progress.done++;
    ELC_TRY(take_text(l, l->table->at.error, &l->text, err));
    if (l->text.size > 0) {
        end_image(l);
        return end_row(l, l->text.data, err);
    }
    elc_status status = find_chip(l, &window, &why);
    if (status == ELC_OK)
        status = l->job->chips.use->look(l->used, window, &rows, &why);
    if (status != ELC_OK)
        return pass_over(l, status, &why, err);
    return make_rows(l, rows, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    looking *l = state;
    while (!l->reader.ended && elc_batch_rows(l->out) < BATCH_ROWS &&
           elc_batch_size(l->out) < BATCH_BYTES) {
        ELC_TRY(elc_check_cancel(l->call->context, err));
        ELC_TRY(elc_part_reader_next(&l->reader, err));
        if (!l->reader.ended)
            ELC_TRY(look_at_row(l, err));
        elc_report(l->call->context, &l->progress);
    }
    if (elc_batch_rows(l->out) == 0)
        return ELC_OK;
    ELC_TRY(elc_chips_check_memory(l->call->context, err));
    return elc_batch_finish(l->out, out, err);
}

/* ---- life -------------------------------------------------------------------------
 */

static void free_looking(void *state) {
    looking *l = state;
    if (l->used != NULL) {
        end_image(l);
        l->job->chips.use->free(l->used);
    }
    elc_part_reader_free(&l->reader);
    elc_batch_free(l->out);
    elc_string_free(&l->opened);
    elc_string_free(&l->name);
    elc_string_free(&l->path);
    elc_string_free(&l->text);
    free(l);
}

static elc_status start(looking *l, struct ArrowArrayStream *out, elc_error *err) {
    const part_columns *columns = &l->table->columns;
    ELC_TRY(elc_batch_create(columns->items, columns->count, &l->out, err));
    ELC_TRY(l->job->chips.use->start(&l->job->chips, &l->used, err));
    return elc_part_columns_stream(columns, (elc_producer){next, free_looking, l}, out,
                                   err);
}

elc_status elc_network_table_look(const elc_call *call, struct ArrowArrayStream *slice,
                                  struct ArrowArrayStream *out, elc_error *err) {
    looking *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->call = call;
    l->job = call->prepared;
    l->table = l->job->table;
    l->reader.schema = &l->table->schema;
    l->progress.unit = "chips";
    elc_status status = start(l, out, err);
    if (status != ELC_OK) {
        free_looking(l);
        return status;
    }
    l->reader.stream = *slice;
    slice->release = NULL;
    return ELC_OK;
}
