/* styles.c - a small file that says of classes what they are called and how they look.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/label.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID, NAME, GROUP, COLOUR, LEAST, N_COLUMNS };

/* ---- names ---------------------------------------------------------------------- */

static int plain(char c) {
    return c == '_' || c == '-' ? ' ' : tolower((unsigned char)c);
}

bool elc_class_same(const char *a, const char *b) {
    while (*a && plain(*a) == plain(*b))
        a++, b++;
    return plain(*a) == plain(*b);
}

const elc_style *elc_styles_find(const elc_styles *styles, const char *class_name) {
    int64_t id = -1;
    for (size_t i = 0; i < styles->count; i++)
        if (elc_class_same(styles->items[i].name, class_name))
            return &styles->items[i];
    if (elc_parse_int(class_name, "class", &id, NULL) != ELC_OK || id < 0)
        return NULL;
    for (size_t i = 0; i < styles->count; i++)
        if (styles->items[i].id == id)
            return &styles->items[i];
    return NULL;
}

/* ---- values --------------------------------------------------------------------- */

typedef struct reader {
    const char *path;
    elc_styles *out;
    int64_t columns[N_COLUMNS];
    elc_type types[N_COLUMNS];
    const elc_rows *rows;
    size_t row, number;
} reader;

static bool is_given(const reader *r, int which) {
    return r->columns[which] >= 0 &&
           !elc_rows_null(r->rows, (size_t)r->columns[which], r->row);
}

static bool is_number(elc_type type) {
    return type <= ELC_FLOAT64;
}

static elc_status wrong(const reader *r, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s: row %zu: %s", r->path, r->number, what);
}

/* A text, or a whole number as one; NULL where there is nothing. */
static elc_status take_text(const reader *r, int which, char **out, elc_error *err) {
    elc_string text = {0};
    size_t n;
    *out = NULL;
    if (!is_given(r, which))
        return ELC_OK;
    size_t column = (size_t)r->columns[which];
    if (is_number(r->types[which])) {
        ELC_TRY(elc_string_printf(&text, err, "%lld",
                                  (long long)elc_rows_real(r->rows, column, r->row)));
    } else {
        const char *bytes = elc_rows_bytes(r->rows, column, r->row, &n);
        ELC_TRY(elc_string_append(&text, bytes, n, err));
    }
    *out = text.data;
    return ELC_OK;
}

/* NaN where there is nothing. */
static elc_status take_number(const reader *r, int which, const char *what, double *out,
                              elc_error *err) {
    *out = NAN;
    if (!is_given(r, which))
        return ELC_OK;
    if (!is_number(r->types[which]))
        return wrong(r, what, err);
    *out = elc_rows_real(r->rows, (size_t)r->columns[which], r->row);
    return ELC_OK;
}

static elc_status take_colour(const reader *r, int32_t *out, elc_error *err) {
    char *text, *end = NULL;
    *out = -1;
    ELC_TRY(take_text(r, COLOUR, &text, err));
    if (text == NULL)
        return ELC_OK;
    long value = text[0] == '#' && strlen(text) == 7 ? strtol(text + 1, &end, 16) : -1;
    bool right = value >= 0 && end != NULL && *end == '\0' && isxdigit(text[1]);
    free(text);
    *out = (int32_t)value;
    return right ? ELC_OK : wrong(r, "colour is not #rrggbb", err);
}

/* ---- rows ----------------------------------------------------------------------- */

static elc_status take_style(const reader *r, elc_style *s, elc_error *err) {
    double id;
    ELC_TRY(take_text(r, NAME, &s->name, err));
    if (s->name == NULL || s->name[0] == '\0')
        return wrong(r, "no name", err);
    ELC_TRY(take_text(r, GROUP, &s->group, err));
    ELC_TRY(take_colour(r, &s->colour, err));
    ELC_TRY(take_number(r, ID, "class_id is no number", &id, err));
    ELC_TRY(take_number(r, LEAST, "least_score is no number", &s->least, err));
    if (!isnan(id) && !(id >= 0 && id <= INT32_MAX))
        return wrong(r, "class_id is not a number from 0 on", err);
    s->id = isnan(id) ? -1 : (int32_t)id;
    for (const elc_style *o = r->out->items; o < s; o++)
        if (elc_class_same(o->name, s->name) || (s->id >= 0 && o->id == s->id))
            return wrong(r, "the class was there before", err);
    return ELC_OK;
}

static elc_status take_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    reader *r = with;
    elc_styles *out = r->out;
    ELC_TRY(elc_reserve(&out->items, &out->capacity, out->count + 1, sizeof *out->items,
                        err));
    elc_style *s = &out->items[out->count++];
    *s = (elc_style){.colour = -1, .id = -1, .least = NAN};
    r->rows = rows;
    r->row = row;
    r->number++;
    return take_style(r, s, err);
}

static elc_status find_columns(reader *r, const struct ArrowSchema *schema,
                               elc_error *err) {
    static const char *const names[N_COLUMNS] = {"class_id", "name", "group", "colour",
                                                 "least_score"};
    for (int i = 0; i < N_COLUMNS; i++) {
        r->columns[i] = elc_schema_find(schema, names[i]);
        if (r->columns[i] >= 0)
            ELC_TRY(
                elc_schema_type(schema->children[r->columns[i]], &r->types[i], err));
        if (r->columns[i] >= 0 && !is_number(r->types[i]) && r->types[i] != ELC_UTF8)
            return elc_fail(err, ELC_E_FORMAT,
                            "%s: column %s is %s, not text or number", r->path,
                            names[i], elc_type_name(r->types[i]));
    }
    if (r->columns[NAME] >= 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: has no column name; the columns are class_id, name, group, "
                    "colour and least_score",
                    r->path);
}

elc_status elc_styles_read(const char *path, elc_styles *out, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    elc_styles made = {0};
    reader r = {.path = path, .out = &made};
    ELC_TRY(elc_layer_read(path, &stream, err));
    elc_status status = elc_stream_schema(&stream, &schema, err);
    if (status == ELC_OK)
        status = find_columns(&r, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_each(&stream, &schema, NULL, take_row, &r, err);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
    if (status == ELC_OK)
        *out = made;
    else
        elc_styles_clear(&made);
    return status;
}

void elc_styles_clear(elc_styles *styles) {
    for (size_t i = 0; i < styles->count; i++) {
        free(styles->items[i].name);
        free(styles->items[i].group);
    }
    free(styles->items);
    *styles = (elc_styles){0};
}
