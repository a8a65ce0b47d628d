/* stretches.c - stretches that an earlier run recorded, to be used again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/pixels/stretches.h"

#include <stdlib.h>
#include <string.h>

#include <elcano/layer.h>

/* Of a text file; longer ones are layers. */
enum { TEXT_MAX = 4096 };

void elc_stretches_free(elc_stretches *s) {
    for (size_t i = 0; i < s->count; i++)
        free(s->items[i].image);
    free(s->items);
    *s = (elc_stretches){0};
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status add(elc_stretches *s, const char *image, const elc_stretch *stretch,
                      elc_error *err) {
    ELC_TRY(elc_reserve(&s->items, &s->capacity, s->count + 1, sizeof *s->items, err));
    char *copy = NULL;
    ELC_TRY(elc_strdup(image, &copy, err));
    s->items[s->count++] = (elc_recorded_stretch){copy, *stretch};
    return ELC_OK;
}

static int compare_names(const char *a, const char *b) {
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int by_image(const void *a, const void *b) {
    const elc_recorded_stretch *x = a, *y = b;
    int sign = compare_names(x->image, y->image);
    bool says_x = x->stretch.kind != ELC_STRETCH_NONE;
    bool says_y = y->stretch.kind != ELC_STRETCH_NONE;
    return sign != 0 ? sign : says_y - says_x;
}

/* Rows of an image follow each other, mostly; unite_images() sees to the rest. A row
   without a stretch says less than one with. */
static elc_status note(elc_stretches *s, const char *image, const elc_stretch *stretch,
                       elc_error *err) {
    elc_recorded_stretch *last = s->count > 0 ? &s->items[s->count - 1] : NULL;
    if (!last || compare_names(last->image, image) != 0)
        return add(s, image, stretch, err);
    if (last->stretch.kind == ELC_STRETCH_NONE)
        last->stretch = *stretch;
    return ELC_OK;
}

static void unite_images(elc_stretches *s) {
    size_t kept = 0;
    if (s->count > 1)
        qsort(s->items, s->count, sizeof *s->items, by_image);
    for (size_t i = 0; i < s->count; i++) {
        if (kept > 0 && compare_names(s->items[kept - 1].image, s->items[i].image) == 0)
            free(s->items[i].image);
        else
            s->items[kept++] = s->items[i];
    }
    s->count = kept;
}

static elc_status text_at(const elc_rows *rows, int64_t column, size_t row,
                          elc_string *out, bool *is_null, elc_error *err) {
    size_t size = 0;
    out->size = 0;
    *is_null = column < 0 || elc_rows_null(rows, (size_t)column, row);
    if (*is_null)
        return ELC_OK;
    const char *bytes = elc_rows_bytes(rows, (size_t)column, row, &size);
    return elc_string_append(out, bytes, size, err);
}

typedef struct reading {
    const char *path;
    elc_stretches *out;
    elc_string image, text;
    int64_t image_column, stretch_column, error_column;
} reading;

static elc_status read_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    reading *r = with;
    elc_error why = {0};
    elc_stretch stretch = {.kind = ELC_STRETCH_NONE};
    bool no_image = false, no_text = false;
    if (r->error_column >= 0 && !elc_rows_null(rows, (size_t)r->error_column, row))
        return ELC_OK; /* what failed may not have come as far as its stretch */
    ELC_TRY(text_at(rows, r->image_column, row, &r->image, &no_image, err));
    ELC_TRY(text_at(rows, r->stretch_column, row, &r->text, &no_text, err));
    if (!no_text && r->text.size > 0 &&
        elc_stretch_scan(r->text.data, &stretch, &why) != ELC_OK)
        return elc_fail(err, why.status, "%s: %s", r->path, why.message);
    return note(r->out, no_image ? NULL : r->image.data, &stretch, err);
}

/* ---- layers -----------------------------------------------------------------------
 */

static elc_status find_columns(reading *r, const struct ArrowSchema *schema,
                               elc_error *err) {
    elc_type type = ELC_UTF8;
    r->image_column = elc_schema_find(schema, "image");
    r->stretch_column = elc_schema_find(schema, "stretch");
    r->error_column = elc_schema_find(schema, "error");
    if (r->stretch_column < 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: has no column \"stretch\", and is no recorded stretch",
                        r->path);
    ELC_TRY(elc_schema_type(schema->children[r->stretch_column], &type, err));
    if (type == ELC_UTF8 && r->image_column >= 0)
        ELC_TRY(elc_schema_type(schema->children[r->image_column], &type, err));
    if (type != ELC_UTF8)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: its columns \"stretch\" and \"image\" must be texts",
                        r->path);
    return ELC_OK;
}

static elc_status read_stream(reading *r, struct ArrowArrayStream *stream,
                              elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    elc_status status = find_columns(r, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_each(stream, &schema, NULL, read_row, r, err);
    elc_schema_release(&schema);
    return status;
}

/* The layers that say it of all that was read: detect's images, objects or not, and
   chips. */
static elc_status open_layer(const char *path, struct ArrowArrayStream *out,
                             elc_error *err) {
    static const char *const NAMES[] = {"images", "chips"};
    elc_string layer = {0};
    elc_status status = ELC_OK;
    bool opened = false;
    for (size_t i = 0; i < 2 && status == ELC_OK && !opened; i++) {
        layer.size = 0;
        status = elc_string_printf(&layer, err, "%s:%s", path, NAMES[i]);
        opened = status == ELC_OK && elc_layer_read(layer.data, out, NULL) == ELC_OK;
    }
    elc_string_free(&layer);
    return opened || status != ELC_OK ? status : elc_layer_read(path, out, err);
}

static elc_status read_layer(const char *path, elc_stretches *out, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    reading r = {.path = path, .out = out};
    ELC_TRY(open_layer(path, &stream, err));
    elc_status status = read_stream(&r, &stream, err);
    elc_stream_release(&stream);
    elc_string_free(&r.image);
    elc_string_free(&r.text);
    if (status == ELC_OK && out->count == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: has no rows with a stretch", path);
    return status;
}

/* True for a file of one line that is a recorded stretch. */
static bool read_text(const char *path, elc_stretch *out) {
    elc_string text = {0};
    bool is = elc_file_read(path, TEXT_MAX, &text, NULL) == ELC_OK && text.data;
    while (is && text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]))
        text.data[--text.size] = '\0';
    is = is && elc_stretch_scan(text.data, out, NULL) == ELC_OK;
    elc_string_free(&text);
    return is;
}

elc_status elc_stretches_load(const char *path, elc_stretches *out, elc_error *err) {
    elc_stretch stretch;
    elc_stretches found = {0};
    elc_status status = read_text(path, &stretch) ? add(&found, NULL, &stretch, err)
                                                  : read_layer(path, &found, err);
    if (status != ELC_OK) {
        elc_stretches_free(&found);
        return status;
    }
    unite_images(&found);
    *out = found;
    return ELC_OK;
}
