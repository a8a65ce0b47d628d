/* csv.c - a small table of texts as CSV, cut in place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char *name;
    char *at;
    size_t line;
    const char *const *columns;
    size_t n_columns;
    size_t order[CHECK_CSV_COLUMNS]; /* of the cells of a line, in the columns */
} reader;

static elc_status wrong(const reader *r, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s: line %zu: %s", r->name, r->line, what);
}

/* ---- cells ---------------------------------------------------------------------- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static elc_status end_quoted(reader *r, char **cell, elc_error *err) {
    char *from = r->at + 1, *to = from;
    *cell = from;
    while (*from != '\0' && (*from != '"' || from[1] == '"')) {
        from += *from == '"';
        r->line += *from == '\n';
        *to++ = *from++;
    }
    if (*from == '\0')
        return wrong(r, "a quote that is not closed", err);
    for (from++; is_blank(*from); from++)
        continue;
    r->at = from;
    *to = '\0';
    if (*from != ',' && *from != '\n' && *from != '\0')
        return wrong(r, "text after a quote; a quote in a cell is written twice", err);
    return ELC_OK;
}

static void end_plain(reader *r, char **cell) {
    char *end = r->at + strcspn(r->at, ",\n");
    *cell = r->at;
    r->at = end;
    while (end > *cell && is_blank(end[-1]))
        end--;
    if (end < r->at)
        *end = '\0';
}

/* The next cell, and whether the line has another after it. */
static elc_status next_cell(reader *r, char **cell, bool *more, elc_error *err) {
    while (is_blank(*r->at))
        r->at++;
    if (*r->at == '"')
        ELC_TRY(end_quoted(r, cell, err));
    else
        end_plain(r, cell);
    char *end = r->at;
    *more = *end == ',';
    r->at += *end != '\0';
    r->line += *end == '\n';
    *end = '\0';
    return ELC_OK;
}

/* Goes past lines with nothing in them. */
static bool has_line(reader *r) {
    for (;;) {
        char *at = r->at;
        while (is_blank(*at))
            at++;
        if (*at != '\n')
            return *at != '\0';
        r->line++;
        r->at = at + 1;
    }
}

/* ---- lines ---------------------------------------------------------------------- */

static elc_status say_columns(const reader *r, const char *what, const char *cell,
                              elc_error *err) {
    elc_string all = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < r->n_columns && status == ELC_OK; i++)
        status =
            elc_string_printf(&all, err, "%s%s", i == 0 ? "" : ", ", r->columns[i]);
    if (status == ELC_OK)
        status =
            elc_fail(err, ELC_E_FORMAT, "%s: line 1: %s column %s; the columns are %s",
                     r->name, what, cell, all.data);
    elc_string_free(&all);
    return status;
}

static elc_status read_header(reader *r, elc_error *err) {
    bool seen[CHECK_CSV_COLUMNS] = {false}, more = true;
    char *cell;
    if (!has_line(r))
        return elc_fail(err, ELC_E_FORMAT, "%s: the file is empty", r->name);
    for (size_t n = 0; more; n++) {
        size_t i = 0;
        ELC_TRY(next_cell(r, &cell, &more, err));
        while (i < r->n_columns && strcmp(cell, r->columns[i]) != 0)
            i++;
        if (i == r->n_columns || seen[i])
            return say_columns(r, i == r->n_columns ? "an unknown" : "twice the", cell,
                               err);
        seen[i] = true;
        r->order[n] = i;
    }
    for (size_t i = 0; i < r->n_columns; i++)
        if (!seen[i])
            return say_columns(r, "has no", r->columns[i], err);
    return ELC_OK;
}

static elc_status read_row(reader *r, check_csv *out, elc_error *err) {
    size_t n = 0;
    bool more = true;
    ELC_TRY(elc_reserve(&out->rows, &out->capacity, out->count + 1, sizeof *out->rows,
                        err));
    check_csv_row *row = &out->rows[out->count++];
    *row = (check_csv_row){.line = r->line};
    while (more) {
        char *cell;
        ELC_TRY(next_cell(r, &cell, &more, err));
        if (n < r->n_columns)
            row->cells[r->order[n]] = cell;
        n++;
    }
    if (n == r->n_columns)
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT, "%s: line %zu: %zu cells, and %zu columns",
                    r->name, row->line, n, r->n_columns);
}

static elc_status take_text(const char *name, const void *bytes, size_t size,
                            check_csv *out, elc_error *err) {
    if (size > CHECK_CSV_BYTES)
        return elc_fail(err, ELC_E_FORMAT, "%s: %zu bytes, and at most %d are read",
                        name, size, CHECK_CSV_BYTES);
    if (!elc_utf8_valid(bytes, size))
        return elc_fail(err, ELC_E_FORMAT, "%s: is not text in UTF-8", name);
    ELC_TRY(elc_alloc(size + 1, 1, &out->text, err));
    if (size > 0)
        memcpy(out->text, bytes, size);
    return ELC_OK;
}

static elc_status read_text(const char *name, const char *const *columns,
                            check_csv *out, elc_error *err) {
    reader r = {.name = name, .at = out->text, .line = 1, .columns = columns};
    while (columns[r.n_columns] != NULL)
        r.n_columns++;
    if (strncmp(r.at, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
        r.at += 3;
    ELC_TRY(read_header(&r, err));
    while (has_line(&r))
        ELC_TRY(read_row(&r, out, err));
    return ELC_OK;
}

elc_status elc_check_csv_read(const char *name, const void *bytes, size_t size,
                              const char *const *columns, check_csv *out,
                              elc_error *err) {
    check_csv made = {0};
    elc_status status = take_text(name, bytes, size, &made, err);
    if (status == ELC_OK)
        status = read_text(name, columns, &made, err);
    if (status == ELC_OK)
        *out = made;
    else
        elc_check_csv_free(&made);
    return status;
}

void elc_check_csv_free(check_csv *csv) {
    free(csv->text);
    free(csv->rows);
    *csv = (check_csv){0};
}
