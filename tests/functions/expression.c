/* expression.c - SQL expressions of functions, run over arrays of any length. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "expression.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <geos_c.h>

/* ---- geometries of texts, by GEOS ----------------------------------------------- */

elc_string wkb_of(const char *wkt) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt);
    if (shape == NULL)
        fail_msg("%s is no WKT", wkt);
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    GEOSWKBWriter_setOutputDimension_r(geos, writer, 3);
    GEOSWKBWriter_setFlavor_r(geos, writer, GEOS_WKB_ISO);
    size_t size;
    elc_string out = {0};
    unsigned char *wkb = GEOSWKBWriter_write_r(geos, writer, shape, &size);
    assert_int_equal(elc_string_append(&out, wkb, size, NULL), ELC_OK);
    GEOSFree_r(geos, wkb);
    GEOSWKBWriter_destroy_r(geos, writer);
    GEOSWKTReader_destroy_r(geos, reader);
    GEOSGeom_destroy_r(geos, shape);
    GEOS_finish_r(geos);
    return out;
}

/* ---- values --------------------------------------------------------------------- */

void value_free(value *v) {
    elc_string_free(&v->bytes);
}

static void set_cell(elc_batch *batch, const value *v, elc_type type) {
    elc_string wkb;
    switch (type) {
    case ELC_FLOAT64:
        elc_batch_real(batch, 0, v->type == ELC_FLOAT64 ? v->real : (double)v->whole,
                       NULL);
        break;
    case ELC_UTF8:
        elc_batch_text(batch, 0, v->bytes.data, NULL);
        break;
    case ELC_BINARY:
    case ELC_GEOMETRY:
        wkb = v->type == ELC_UTF8 ? wkb_of(v->bytes.data) : v->bytes;
        elc_batch_bytes(batch, 0, wkb.data, wkb.size, NULL);
        if (v->type == ELC_UTF8)
            elc_string_free(&wkb);
        break;
    default:
        elc_batch_int(batch, 0, v->whole, NULL);
    }
}

void value_array(const value *v, elc_type type, size_t n, struct ArrowArray *out) {
    elc_column column = {.name = "value", .type = type};
    struct ArrowArray table;
    elc_batch *batch;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        if (!v->null)
            set_cell(batch, v, type);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(elc_batch_finish(batch, &table, NULL), ELC_OK);
    *out = *table.children[0];
    table.children[0]->release = NULL;
    elc_array_release(&table);
    elc_batch_free(batch);
}

static value cell(const elc_rows *rows, elc_type type, size_t row) {
    value v = {.type = type, .null = elc_rows_null(rows, 0, row)};
    if (v.null)
        return v;
    if (type == ELC_FLOAT64) {
        v.real = elc_rows_real(rows, 0, row);
    } else if (type == ELC_UTF8 || type == ELC_BINARY || type == ELC_GEOMETRY) {
        size_t size;
        const char *bytes = elc_rows_bytes(rows, 0, row, &size);
        elc_string_append(&v.bytes, bytes, size, NULL);
    } else {
        v.whole = elc_rows_int(rows, 0, row);
    }
    return v;
}

value value_at(struct ArrowArray *array, elc_type type, size_t row) {
    elc_column column = {.name = "value", .type = type};
    struct ArrowSchema schema;
    const void *none[] = {NULL};
    struct ArrowArray table = {.length = array->length,
                               .n_buffers = 1,
                               .n_children = 1,
                               .buffers = none,
                               .children = &array,
                               .release = array->release};
    elc_rows *rows;
    elc_error err = {0};
    assert_int_equal(elc_schema_create(&column, 1, "", &schema, NULL), ELC_OK);
    if (elc_rows_view(&schema, &table, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    value v = cell(rows, type, row);
    elc_rows_free(rows);
    elc_schema_release(&schema);
    return v;
}

/* What Arrow's columnar format says of a list: between its offsets, of its child. */
static value list_at(const struct ArrowArray *array, size_t row) {
    size_t at = (size_t)array->offset + row;
    const uint8_t *valid = array->buffers[0];
    const int32_t *offsets = array->buffers[1];
    const int64_t *items = array->children[0]->buffers[1];
    value v = {.type = ELC_INT64, .list = true};
    assert_true(row < (size_t)array->length);
    assert_int_equal(array->n_children, 1);
    assert_true(offsets[at + 1] <= array->children[0]->length);
    assert_int_equal(array->children[0]->null_count, 0);
    v.null = valid != NULL && !(valid[at / 8] >> at % 8 & 1);
    elc_string_append(&v.bytes, items + offsets[at],
                      (size_t)(offsets[at + 1] - offsets[at]) * sizeof *items, NULL);
    return v;
}

value result_at(const elc_function *function, struct ArrowArray *result, size_t row) {
    return function->list ? list_at(result, row)
                          : value_at(result, function->result, row);
}

/* ---- parsing -------------------------------------------------------------------- */

typedef struct parser {
    const char *at;
    const char *all;
} parser;

static elc_status parse(parser *p, value *out, elc_error *err);

static void skip_blanks(parser *p) {
    while (*p->at == ' ')
        p->at++;
}

static bool take(parser *p, char c) {
    skip_blanks(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static void need(parser *p, char c) {
    if (!take(p, c))
        fail_msg("'%c' is missing at \"%s\" of \"%s\"", c, p->at, p->all);
}

static value parse_text(parser *p) {
    value v = {.type = ELC_UTF8};
    need(p, '\'');
    size_t n = strcspn(p->at, "'");
    elc_string_append(&v.bytes, p->at, n, NULL);
    p->at += n;
    need(p, '\'');
    return v;
}

/* As DuckDB and Spark both have it. */
static const char BYTES[] = "unhex('";

static value parse_bytes(parser *p) {
    value v = {.type = ELC_BINARY};
    unsigned byte;
    p->at += strlen(BYTES);
    elc_string_append(&v.bytes, "", 0, NULL);
    for (; sscanf(p->at, "%2x", &byte) == 1; p->at += 2) {
        char c = (char)byte;
        elc_string_append(&v.bytes, &c, 1, NULL);
    }
    need(p, '\'');
    need(p, ')');
    return v;
}

static value parse_number(parser *p) {
    char *end;
    value v = {.type = ELC_FLOAT64, .real = strtod(p->at, &end)};
    if (end == p->at)
        fail_msg("no value at \"%s\" of \"%s\"", p->at, p->all);
    size_t n = (size_t)(end - p->at);
    if (strspn(p->at, "-0123456789") >= n && fabs(v.real) < 1e15) {
        v.whole = (int64_t)v.real;
        v.type = llabs(v.whole) <= INT32_MAX ? ELC_INT32 : ELC_INT64;
    }
    p->at = end;
    return v;
}

static elc_type type_of(const char *name, size_t n) {
    for (int t = ELC_INT32; t <= ELC_GEOMETRY; t++)
        if (strlen(elc_type_name((elc_type)t)) == n &&
            strncmp(elc_type_name((elc_type)t), name, n) == 0)
            return (elc_type)t;
    fail_msg("%s is no type", name);
    return ELC_BOOL;
}

static value parse_null(parser *p) {
    value v = {.type = ELC_GEOMETRY, .null = true};
    if (strncmp(p->at, "::", 2) != 0)
        return v;
    p->at += 2;
    size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyz0123456789");
    v.type = type_of(p->at, n);
    p->at += n;
    return v;
}

/* ---- calls ---------------------------------------------------------------------- */

/* Makes of the bulk call's message that of a single row. */
static void drop_row(char *message) {
    char *row = strstr(message, ": row 0: ");
    if (row != NULL)
        memmove(row + 2, row + 9, strlen(row + 9) + 1);
}

/* One row by itself gives what it gives in an array, or fails for the same reason. */
static void assert_row_agrees(elc_caller *caller, const elc_function *f,
                              struct ArrowArray *arrays, size_t n, elc_status wanted,
                              struct ArrowArray *result, const elc_error *why) {
    value held[8], row = {.type = f->result, .list = f->list};
    elc_value arguments[8], one;
    elc_error err = {0}, bulk = wanted == ELC_OK ? err : *why;
    for (size_t i = 0; i < n; i++) {
        held[i] = value_at(&arrays[i], f->arguments[i].type, 0);
        bool whole = f->arguments[i].type != ELC_FLOAT64;
        arguments[i] = (elc_value){held[i].null, held[i].whole,
                                   whole ? (double)held[i].whole : held[i].real,
                                   held[i].bytes.data, held[i].bytes.size};
    }
    assert_int_equal(elc_caller_row(caller, arguments, n, &one, &err), wanted);
    drop_row(bulk.message);
    assert_string_equal(err.message, bulk.message);
    if (wanted == ELC_OK) {
        value all = result_at(f, result, 0);
        row.null = one.null;
        row.real = one.real;
        row.whole = one.whole;
        elc_string_append(&row.bytes, one.bytes, one.size, NULL);
        char *a = value_text(&row), *b = value_text(&all);
        assert_string_equal(a, b);
        free(a);
        free(b);
        value_free(&row);
        value_free(&all);
    }
    for (size_t i = 0; i < n; i++)
        value_free(&held[i]);
}

static elc_status call(const char *name, value *values, size_t n, value *out,
                       elc_error *err) {
    elc_type types[8];
    struct ArrowArray arrays[8], result;
    const struct ArrowArray *borrowed[8];
    const elc_function *f;
    elc_caller *caller;
    for (size_t i = 0; i < n; i++)
        types[i] = values[i].type;
    ELC_TRY(elc_function_find(name, types, n, &f, err));
    for (size_t i = 0; i < n; i++) {
        value_array(&values[i], f->arguments[i].type, 1, &arrays[i]);
        borrowed[i] = &arrays[i];
    }
    assert_int_equal(elc_caller_create(f, &caller, NULL), ELC_OK);
    elc_status status = elc_caller_call(caller, borrowed, n, 1, &result, err);
    assert_row_agrees(caller, f, arrays, n, status, &result, err);
    elc_caller_free(caller);
    for (size_t i = 0; i < n; i++)
        elc_array_release(&arrays[i]);
    if (status != ELC_OK)
        return status;
    *out = result_at(f, &result, 0);
    elc_array_release(&result);
    return ELC_OK;
}

static elc_status parse_call(parser *p, const char *name, value *out, elc_error *err) {
    value values[8];
    size_t n = 0;
    elc_status status = ELC_OK;
    for (bool more = !take(p, ')'); more && status == ELC_OK; more = !take(p, ')')) {
        assert_true(n < 8);
        if (n > 0)
            need(p, ',');
        status = parse(p, &values[n], err);
        n += status == ELC_OK;
        if (status != ELC_OK)
            break;
    }
    if (status == ELC_OK)
        status = call(name, values, n, out, err);
    for (size_t i = 0; i < n; i++)
        value_free(&values[i]);
    return status;
}

static elc_status parse_word(parser *p, value *out, elc_error *err) {
    char name[64];
    size_t n = 0;
    while (isalnum((unsigned char)p->at[n]) || p->at[n] == '_')
        n++;
    assert_true(n < sizeof name);
    memcpy(name, p->at, n);
    name[n] = '\0';
    p->at += n;
    if (take(p, '('))
        return parse_call(p, name, out, err);
    if (strcasecmp(name, "null") == 0)
        *out = parse_null(p);
    else if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
        *out = (value){.type = ELC_BOOL, .whole = name[0] == 't'};
    else
        fail_msg("\"%s\" in \"%s\" is nothing known", name, p->all);
    return ELC_OK;
}

static bool is_number(const char *at) {
    return isdigit((unsigned char)*at) || *at == '-' || *at == '.' ||
           strncmp(at, "nan", 3) == 0 || strncmp(at, "inf", 3) == 0;
}

static elc_status parse(parser *p, value *out, elc_error *err) {
    skip_blanks(p);
    if (*p->at == '\'')
        *out = parse_text(p);
    else if (strncmp(p->at, BYTES, strlen(BYTES)) == 0)
        *out = parse_bytes(p);
    else if (is_number(p->at))
        *out = parse_number(p);
    else
        return parse_word(p, out, err);
    return ELC_OK;
}

elc_status expression_run(const char *text, value *out, elc_error *err) {
    parser p = {text, text};
    ELC_TRY(parse(&p, out, err));
    skip_blanks(&p);
    if (*p.at != '\0')
        fail_msg("\"%s\" is left of \"%s\"", p.at, text);
    return ELC_OK;
}

/* ---- texts of values ------------------------------------------------------------ */

static char *text_of_wkb(const elc_string *wkb) {
    elc_string out = {0};
    elc_error err = {0};
    if (elc_wkb_to_wkt(wkb->data, wkb->size, ELC_EXACT, &out, &err) != ELC_OK)
        fail_msg("a function's result: %s", err.message);
    return out.data;
}

static char *text_of_list(const value *v) {
    elc_string out = {0};
    elc_string_printf(&out, NULL, "[");
    for (size_t at = 0; at < v->bytes.size; at += sizeof(int64_t)) {
        int64_t item;
        memcpy(&item, v->bytes.data + at, sizeof item);
        elc_string_printf(&out, NULL, "%s%lld", at > 0 ? ", " : "", (long long)item);
    }
    elc_string_printf(&out, NULL, "]");
    return out.data;
}

char *value_text(const value *v) {
    elc_string out = {0};
    if (v->null)
        elc_string_printf(&out, NULL, "NULL");
    else if (v->list)
        return text_of_list(v);
    else if (v->type == ELC_GEOMETRY)
        return text_of_wkb(&v->bytes);
    else if (v->type == ELC_FLOAT64)
        elc_string_printf(&out, NULL, "%.17g", v->real);
    else if (v->type == ELC_BOOL)
        elc_string_printf(&out, NULL, "%s", v->whole ? "true" : "false");
    else if (v->type == ELC_UTF8)
        elc_string_printf(&out, NULL, "%s", v->bytes.size > 0 ? v->bytes.data : "");
    else if (v->type == ELC_BINARY)
        for (size_t i = 0; i < v->bytes.size; i++)
            elc_string_printf(&out, NULL, "%02x", (unsigned char)v->bytes.data[i]);
    else
        elc_string_printf(&out, NULL, "%lld", (long long)v->whole);
    if (out.data == NULL)
        elc_string_printf(&out, NULL, "%s", "");
    return out.data;
}

static bool starts_number(const char *at) {
    return isdigit((unsigned char)*at) || (*at == '-' && isdigit((unsigned char)at[1]));
}

bool texts_agree(const char *a, const char *b, double tolerance) {
    while (*a != '\0' && *b != '\0') {
        if (starts_number(a) && starts_number(b)) {
            char *a_end, *b_end;
            double x = strtod(a, &a_end), y = strtod(b, &b_end);
            if (!(fabs(x - y) <= tolerance * fmax(1, fabs(y))))
                return false;
            a = a_end;
            b = b_end;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}
