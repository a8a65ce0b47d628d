/* keys.c - the columns that two tables are joined on, and their values as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const side_names[PART_SIDES] = {"left", "right"};

/* ---- columns -------------------------------------------------------------------- */

/* A name with a leading '_' is somebody's state and no column of a table. */
static const char *seen_name(const struct ArrowSchema *schema, int64_t i) {
    const char *name = schema->children[i]->name;
    return name == NULL || name[0] == '_' ? "" : name;
}

static int64_t find_column(const struct ArrowSchema *schema, const char *name) {
    return name[0] == '_' ? -1 : elc_schema_find(schema, name);
}

static elc_status say_columns(const struct ArrowSchema *schema, elc_string *out,
                              elc_error *err) {
    const char *before = "it has ";
    for (int64_t i = 0; i < schema->n_children && i < 12; i++) {
        if (*seen_name(schema, i) == '\0')
            continue;
        ELC_TRY(elc_string_printf(out, err, "%s%s", before, seen_name(schema, i)));
        before = ", ";
    }
    return schema->n_children > 12 ? elc_string_printf(out, err, " and more") : ELC_OK;
}

/* "did you mean catalog_id?", or all there are. */
static elc_status advise(const struct ArrowSchema *schema, const char *name,
                         elc_string *out, elc_error *err) {
    const char **words;
    ELC_TRY(elc_alloc((size_t)schema->n_children + 1, sizeof *words, &words, err));
    for (int64_t i = 0; i < schema->n_children; i++)
        words[i] = seen_name(schema, i);
    const char *near = elc_nearest_word(name, words);
    elc_status status = near != NULL && *near != '\0'
                            ? elc_string_printf(out, err, "did you mean %s?", near)
                            : say_columns(schema, out, err);
    free(words);
    return status;
}

static elc_status fail_missing(const struct ArrowSchema *schema, int side,
                               const char *name, elc_error *err) {
    elc_string advice = {0};
    elc_status status = elc_string_append(&advice, "", 0, err);
    if (status == ELC_OK)
        status = advise(schema, name, &advice, err);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_NOT_FOUND,
                          "the %s table has no column %s to join on; %s",
                          side_names[side], name, advice.data);
    elc_string_free(&advice);
    return status;
}

static elc_status take_columns(const char *const names[PART_SIDES],
                               const struct ArrowSchema schemas[PART_SIDES],
                               part_key *key, elc_error *err) {
    for (int side = 0; side < PART_SIDES; side++) {
        int64_t found = find_column(&schemas[side], names[side]);
        if (found < 0)
            return fail_missing(&schemas[side], side, names[side], err);
        key->column[side] = (size_t)found;
        ELC_TRY(elc_schema_type(schemas[side].children[found], &key->type[side], err));
    }
    return ELC_OK;
}

static elc_status find_pair(const char *word,
                            const struct ArrowSchema schemas[PART_SIDES], part_key *key,
                            elc_error *err) {
    const char *names[PART_SIDES] = {word, word};
    const char *equals = strchr(word, '=');
    bool both = find_column(&schemas[PART_LEFT], word) >= 0 &&
                find_column(&schemas[PART_RIGHT], word) >= 0;
    if (both || equals == NULL)
        return take_columns(names, schemas, key, err);
    elc_string left = {0};
    ELC_TRY(elc_string_append(&left, word, (size_t)(equals - word), err));
    names[PART_LEFT] = left.data;
    names[PART_RIGHT] = equals + 1;
    elc_status status = take_columns(names, schemas, key, err);
    elc_string_free(&left);
    return status;
}

/* ---- types ---------------------------------------------------------------------- */

static bool is_whole(elc_type type) {
    return type == ELC_INT32 || type == ELC_INT64;
}

static bool is_number(elc_type type) {
    return is_whole(type) || type == ELC_FLOAT32 || type == ELC_FLOAT64;
}

static bool choose_kind(part_key *key) {
    elc_type a = key->type[PART_LEFT], b = key->type[PART_RIGHT];
    if (a == ELC_GEOMETRY || b == ELC_GEOMETRY)
        return false;
    if (is_number(a) && is_number(b))
        key->kind = is_whole(a) && is_whole(b) ? PART_KEY_INT : PART_KEY_NUMBER;
    else if ((is_whole(a) && b == ELC_UTF8) || (a == ELC_UTF8 && is_whole(b)))
        key->kind = PART_KEY_DECIMAL;
    else if (a == b)
        key->kind = a == ELC_UTF8 || a == ELC_BINARY ? PART_KEY_BYTES : PART_KEY_INT;
    else if (a == ELC_UTF8 || b == ELC_UTF8)
        key->kind = PART_KEY_UNLIKE;
    else
        return false;
    return true;
}

static elc_status refuse_unlike(const part_key *key, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s is %s in the left table and %s in the right one, which "
                    "never are equal; give one of them the other's type (in a CSV, "
                    "quotes make a column text)",
                    key->word, elc_type_name(key->type[PART_LEFT]),
                    elc_type_name(key->type[PART_RIGHT]));
}

static elc_status check_kind(part_key *key, elc_error *err) {
    if (choose_kind(key))
        return ELC_OK;
    for (int side = 0; side < PART_SIDES; side++) {
        if (key->type[side] == ELC_GEOMETRY)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "%s is a geometry in the %s table; --on takes "
                            "columns of numbers, text, times or bytes",
                            key->word, side_names[side]);
    }
    return refuse_unlike(key, err);
}

elc_status elc_part_keys_find(const elc_names *on,
                              const struct ArrowSchema schemas[PART_SIDES],
                              part_keys *out, elc_error *err) {
    part_keys keys = {.count = on->count};
    ELC_TRY(elc_alloc(on->count, sizeof *keys.items, &keys.items, err));
    for (size_t i = 0; i < on->count; i++) {
        keys.items[i].word = on->items[i];
        elc_status status = find_pair(on->items[i], schemas, &keys.items[i], err);
        if (status == ELC_OK)
            status = check_kind(&keys.items[i], err);
        if (status != ELC_OK) {
            elc_part_keys_free(&keys);
            return status;
        }
    }
    *out = keys;
    return ELC_OK;
}

void elc_part_keys_free(part_keys *keys) {
    free(keys->items);
    *keys = (part_keys){0};
}

void elc_part_keys_warn(const part_keys *keys,
                        const struct ArrowSchema schemas[PART_SIDES],
                        const elc_context *context) {
    for (size_t i = 0; i < keys->count; i++) {
        const part_key *key = &keys->items[i];
        if (key->kind != PART_KEY_DECIMAL)
            continue;
        elc_warn(context,
                 "%s is %s in the left table and %s is %s in the right one: "
                 "numbers are compared as text, so that 42 is \"42\" but not \"042\"; "
                 "in a CSV, quotes make a column text",
                 schemas[PART_LEFT].children[key->column[PART_LEFT]]->name,
                 elc_type_name(key->type[PART_LEFT]),
                 schemas[PART_RIGHT].children[key->column[PART_RIGHT]]->name,
                 elc_type_name(key->type[PART_RIGHT]));
    }
}

elc_status elc_part_keys_meet(const part_keys *keys, elc_error *err) {
    for (size_t i = 0; i < keys->count; i++)
        if (keys->items[i].kind == PART_KEY_UNLIKE)
            return refuse_unlike(&keys->items[i], err);
    return ELC_OK;
}

bool elc_part_keys_same(const part_keys *a, const part_keys *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->items[i].kind == b->items[i].kind &&
               a->items[i].column[PART_RIGHT] == b->items[i].column[PART_RIGHT] &&
               a->items[i].type[PART_RIGHT] == b->items[i].type[PART_RIGHT];
    return same;
}

elc_status elc_part_number_find(const struct ArrowSchema *schema, int side,
                                const char *name, part_number *out, elc_error *err) {
    elc_type type = ELC_UTF8;
    int64_t found = find_column(schema, name);
    if (found < 0)
        return elc_fail(err, ELC_E_NOT_FOUND, "the %s table has no column %s to add up",
                        side_names[side], name);
    ELC_TRY(elc_schema_type(schema->children[found], &type, err));
    if (!is_number(type) && type != ELC_UTF8)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s of the %s table is %s, which cannot be added up", name,
                        side_names[side], elc_type_name(type));
    *out = (part_number){.column = (size_t)found,
                         .text = type == ELC_UTF8 ? name : NULL,
                         .whole = type == ELC_INT64};
    return ELC_OK;
}

elc_status elc_part_number_add(const part_number *number, const elc_rows *rows,
                               size_t row, part_total *total, int64_t *n,
                               elc_error *err) {
    if (elc_rows_null(rows, number->column, row))
        return ELC_OK;
    if (number->text != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the column %s is text, which cannot be added up; "
                        "in a CSV a value that is no number makes a column text",
                        number->text);
    double value = elc_rows_real(rows, number->column, row);
    if (isnan(value))
        return ELC_OK;
    ++*n;
    return number->whole ? elc_part_total_add_int(
                               total, elc_rows_int(rows, number->column, row), err)
                         : elc_part_total_add(total, value, err);
}

/* ---- values --------------------------------------------------------------------- */

static elc_status put_int(int64_t value, elc_string *out, elc_error *err) {
    return elc_string_append(out, &value, sizeof value, err);
}

/* Where a real number is whole it is written as an int64, whose values doubles do not
   all have; the first byte keeps the two apart. */
static elc_status put_real(double value, elc_string *out, elc_error *err) {
    bool whole = value >= -0x1p63 && value < 0x1p63 && value == floor(value);
    ELC_TRY(elc_string_append(out, whole ? "i" : "r", 1, err));
    return whole ? put_int((int64_t)value, out, err)
                 : elc_string_append(out, &value, sizeof value, err);
}

static elc_status put_bytes(const char *bytes, size_t n, elc_string *out,
                            elc_error *err) {
    ELC_TRY(elc_string_append(out, &n, sizeof n, err));
    return elc_string_append(out, bytes, n, err);
}

static elc_status put_decimal(int64_t value, elc_string *out, elc_error *err) {
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    return put_bytes(text, (size_t)n, out, err);
}

static elc_status put_text(const elc_rows *rows, size_t column, size_t row,
                           elc_string *out, elc_error *err) {
    size_t n;
    const char *bytes = elc_rows_bytes(rows, column, row, &n);
    return put_bytes(bytes, n, out, err);
}

static elc_status put_number(elc_type type, const elc_rows *rows, size_t column,
                             size_t row, elc_string *out, bool *whole, elc_error *err) {
    if (is_whole(type)) {
        ELC_TRY(elc_string_append(out, "i", 1, err));
        return put_int(elc_rows_int(rows, column, row), out, err);
    }
    double value = elc_rows_real(rows, column, row);
    *whole = !isnan(value);
    return put_real(value, out, err);
}

static elc_status put_value(const part_key *key, int side, const elc_rows *rows,
                            size_t row, elc_string *out, bool *whole, elc_error *err) {
    size_t column = key->column[side];
    switch (key->kind) {
    case PART_KEY_INT:
        return put_int(elc_rows_int(rows, column, row), out, err);
    case PART_KEY_NUMBER:
        return put_number(key->type[side], rows, column, row, out, whole, err);
    case PART_KEY_DECIMAL:
        if (is_whole(key->type[side]))
            return put_decimal(elc_rows_int(rows, column, row), out, err);
        break;
    case PART_KEY_UNLIKE: /* that there is one is all that counts */
        return ELC_OK;
    case PART_KEY_BYTES:
        break;
    }
    return put_text(rows, column, row, out, err);
}

elc_status elc_part_key_write(const part_keys *keys, int side, const elc_rows *rows,
                              size_t row, elc_string *out, bool *whole,
                              elc_error *err) {
    *whole = true;
    out->size = 0;
    for (size_t i = 0; i < keys->count && *whole; i++) {
        *whole = !elc_rows_null(rows, keys->items[i].column[side], row);
        if (*whole)
            ELC_TRY(put_value(&keys->items[i], side, rows, row, out, whole, err));
    }
    return ELC_OK;
}
