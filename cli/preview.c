/* preview.c - the first rows of a table, for people at a terminal. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 20, WIDEST = 32, GAP = 2 };

typedef struct {
    char *name;
    elc_type type;
    char *cells[ROWS]; /* NULL for NULL; of reals only once the table is printed */
    double reals[ROWS];
    size_t width;
    bool chosen;
} column;

struct elc_cli_preview {
    column *columns;
    size_t n;
    size_t rows;    /* kept, at most ROWS */
    uint64_t total; /* seen */
};

static bool is_real(elc_type type) {
    return type == ELC_FLOAT32 || type == ELC_FLOAT64;
}

static bool is_number(elc_type type) {
    return is_real(type) || type == ELC_INT32 || type == ELC_INT64;
}

/* Bytes say nothing to people, and what is hidden is not theirs. */
static bool is_shown(const column *c) {
    return c->type != ELC_BINARY && c->type != ELC_GEOMETRY && c->type != ELC_FLOATS &&
           c->name[0] != '_';
}

/* ---- keeping rows -------------------------------------------------------- */

static elc_status keep_text(const char *text, size_t n, char **out, elc_error *err) {
    elc_string cell = {0};
    elc_status status = elc_cli_fit(&cell, text, n, WIDEST, err);
    if (status == ELC_OK)
        status = elc_strdup(cell.data == NULL ? "" : cell.data, out, err);
    elc_string_free(&cell);
    return status;
}

elc_status elc_cli_preview_create(const struct ArrowSchema *schema,
                                  elc_cli_preview **out, elc_error *err) {
    elc_status status = ELC_OK;
    elc_cli_preview *preview;
    ELC_TRY(elc_alloc(1, sizeof *preview, &preview, err));
    size_t n = (size_t)schema->n_children;
    ELC_TRY_GOTO(elc_alloc(n, sizeof *preview->columns, &preview->columns, err), status,
                 failed);
    preview->n = n;
    for (size_t i = 0; i < n; i++) {
        column *c = &preview->columns[i];
        const char *name = schema->children[i]->name;
        name = name == NULL ? "" : name;
        ELC_TRY_GOTO(keep_text(name, strlen(name), &c->name, err), status, failed);
        ELC_TRY_GOTO(elc_schema_type(schema->children[i], &c->type, err), status,
                     failed);
    }
    *out = preview;
    return ELC_OK;
failed:
    elc_cli_preview_free(preview);
    return status;
}

/* ISO 8601 of seconds since 1970, in UTC. */
static elc_status keep_time(int64_t seconds, const char *format, char **out,
                            elc_error *err) {
    time_t t = (time_t)seconds;
    struct tm parts;
    char text[64] = "out of range";
    if (gmtime_r(&t, &parts) != NULL)
        strftime(text, sizeof text, format, &parts);
    return elc_strdup(text, out, err);
}

static elc_status keep_int(int64_t value, char **out, elc_error *err) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return elc_strdup(text, out, err);
}

static int64_t floor_divide(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

static elc_status keep_cell(column *c, size_t row, const elc_rows *rows, size_t index,
                            size_t from, elc_error *err) {
    if (elc_rows_null(rows, index, from))
        return ELC_OK;
    char **cell = &c->cells[row];
    switch (c->type) {
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        c->reals[row] = elc_rows_real(rows, index, from);
        return elc_strdup("", cell, err);
    case ELC_INT32:
    case ELC_INT64:
        return keep_int(elc_rows_int(rows, index, from), cell, err);
    case ELC_BOOL:
        return elc_strdup(elc_rows_int(rows, index, from) ? "yes" : "no", cell, err);
    case ELC_DATE32:
        return keep_time(elc_rows_int(rows, index, from) * 86400, "%Y-%m-%d", cell,
                         err);
    case ELC_TIMESTAMP:
        return keep_time(floor_divide(elc_rows_int(rows, index, from), 1000000),
                         "%Y-%m-%dT%H:%M:%SZ", cell, err);
    case ELC_UTF8: {
        size_t size;
        const char *text = elc_rows_bytes(rows, index, from, &size);
        return keep_text(text, size, cell, err);
    }
    case ELC_BINARY:
    case ELC_GEOMETRY:
    case ELC_FLOATS:
        break;
    }
    return ELC_OK;
}

static elc_status keep_row(elc_cli_preview *preview, const elc_rows *rows, size_t from,
                           elc_error *err) {
    for (size_t i = 0; i < preview->n; i++)
        ELC_TRY(keep_cell(&preview->columns[i], preview->rows, rows, i, from, err));
    preview->rows++;
    return ELC_OK;
}

elc_status elc_cli_preview_add(elc_cli_preview *preview,
                               const struct ArrowSchema *schema,
                               const struct ArrowArray *batch, elc_error *err) {
    preview->total += (uint64_t)batch->length;
    if (preview->rows == ROWS)
        return ELC_OK;
    elc_rows *rows;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < elc_rows_count(rows) && preview->rows < ROWS; i++)
        ELC_TRY_GOTO(keep_row(preview, rows, i, err), status, done);
done:
    elc_rows_free(rows);
    return status;
}

/* ---- numbers of one column have the same decimals ------------------------ */

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* As many as the unit in the name is worth: a degree's sixth is 0.1 m. */
static int decimals_of(const column *c, size_t rows) {
    if (strcmp(c->name, "lon") == 0 || strcmp(c->name, "lat") == 0)
        return 6;
    if (ends_with(c->name, "_px") || ends_with(c->name, "_deg"))
        return 1;
    if (ends_with(c->name, "_m"))
        return 2;
    double largest = 0;
    for (size_t r = 0; r < rows; r++) {
        if (c->cells[r] != NULL && fabs(c->reals[r]) > largest)
            largest = fabs(c->reals[r]);
    }
    return largest < 100 ? 4 : largest < 1e4 ? 2 : 0;
}

static elc_status render_reals(column *c, size_t rows, elc_error *err) {
    int decimals = decimals_of(c, rows);
    for (size_t r = 0; r < rows; r++) {
        if (c->cells[r] == NULL)
            continue;
        char text[64];
        bool huge = fabs(c->reals[r]) >= 1e15;
        snprintf(text, sizeof text, huge ? "%.*e" : "%.*f", huge ? 4 : decimals,
                 c->reals[r]);
        bool minus_zero = text[0] == '-' && text[strspn(text, "-0.")] == '\0';
        free(c->cells[r]);
        c->cells[r] = NULL;
        ELC_TRY(elc_strdup(text + minus_zero, &c->cells[r], err));
    }
    return ELC_OK;
}

static void measure(column *c, size_t rows) {
    c->width = elc_cli_columns(c->name, strlen(c->name));
    for (size_t r = 0; r < rows; r++) {
        size_t width =
            c->cells[r] == NULL ? 0 : elc_cli_columns(c->cells[r], strlen(c->cells[r]));
        c->width = width > c->width ? width : c->width;
    }
}

/* ---- which columns ------------------------------------------------------- */

static bool is_empty(const column *c, size_t rows) {
    for (size_t r = 0; r < rows; r++) {
        if (c->cells[r] != NULL)
            return false;
    }
    return true;
}

static bool is_constant(const column *c, size_t rows) {
    for (size_t r = 1; r < rows; r++) {
        const char *a = c->cells[0], *b = c->cells[r];
        if ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0))
            return false;
    }
    return rows > 1;
}

static bool is_id(const column *c) {
    return strcmp(c->name, "id") == 0 || ends_with(c->name, "_id") ||
           ends_with(c->name, "_sha256");
}

/* 0 is what people look for first: what differs from row to row and is no key for
   machines. What has no value in any row is left out. */
static int rank_of(const column *c, size_t rows) {
    if (!is_shown(c) || (rows > 0 && is_empty(c, rows)))
        return 3;
    return is_constant(c, rows) ? 2 : is_id(c) ? 1 : 0;
}

/* Takes columns of a rank while they fit, and one always; gives the width used. */
static size_t choose_rank(elc_cli_preview *preview, int rank, size_t used,
                          size_t width) {
    for (size_t i = 0; i < preview->n; i++) {
        column *c = &preview->columns[i];
        size_t need = c->width + (used > 0 ? GAP : 0);
        if (rank_of(c, preview->rows) != rank || (used > 0 && used + need > width))
            continue;
        c->chosen = true;
        used += need;
    }
    return used;
}

static void choose(elc_cli_preview *preview, size_t width) {
    size_t used = 0;
    for (int rank = 0; rank < 3; rank++)
        used = choose_rank(preview, rank, used, width);
}

/* ---- printing ------------------------------------------------------------ */

static elc_status add_cell(elc_string *line, const column *c, const char *text,
                           elc_error *err) {
    int pad = (int)(c->width - elc_cli_columns(text, strlen(text)));
    int gap = line->size > 0 ? GAP : 0;
    if (is_number(c->type))
        return elc_string_printf(line, err, "%*s%s", gap + pad, "", text);
    return elc_string_printf(line, err, "%*s%s%*s", gap, "", text, pad, "");
}

/* Row ROWS is the names. No blanks at the end. */
static elc_status print_row(FILE *file, const elc_cli_preview *preview, size_t row,
                            elc_error *err) {
    elc_string line = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < preview->n; i++) {
        const column *c = &preview->columns[i];
        const char *text = row == ROWS ? c->name : c->cells[row];
        if (c->chosen)
            ELC_TRY_GOTO(add_cell(&line, c, text == NULL ? "" : text, err), status,
                         done);
    }
    while (line.size > 0 && line.data[line.size - 1] == ' ')
        line.size--;
    fwrite(line.data == NULL ? "" : line.data, 1, line.size, file);
    fputc('\n', file);
done:
    elc_string_free(&line);
    return status;
}

static void print_rest(FILE *file, const elc_cli_preview *preview) {
    if (preview->total == 0)
        fputs("no rows\n", file);
    if (preview->total <= preview->rows)
        return;
    uint64_t rest = preview->total - preview->rows;
    char more[32];
    elc_cli_grouped(rest, more);
    fprintf(file, "%s and %s more row%s; -o FILE keeps them\n",
            elc_cli_terminal_utf8() ? "\u2026" : "...", more, rest == 1 ? "" : "s");
}

elc_status elc_cli_preview_print(elc_cli_preview *preview, FILE *file, size_t width,
                                 elc_error *err) {
    for (size_t i = 0; i < preview->n; i++) {
        column *c = &preview->columns[i];
        if (is_real(c->type))
            ELC_TRY(render_reals(c, preview->rows, err));
        measure(c, preview->rows);
    }
    choose(preview, width);
    if (preview->total > 0)
        ELC_TRY(print_row(file, preview, ROWS, err));
    for (size_t r = 0; r < preview->rows; r++)
        ELC_TRY(print_row(file, preview, r, err));
    print_rest(file, preview);
    return ELC_OK;
}

void elc_cli_preview_free(elc_cli_preview *preview) {
    if (preview == NULL)
        return;
    for (size_t i = 0; preview->columns != NULL && i < preview->n; i++) {
        free(preview->columns[i].name);
        for (size_t r = 0; r < ROWS; r++)
            free(preview->columns[i].cells[r]);
    }
    free(preview->columns);
    free(preview);
}
