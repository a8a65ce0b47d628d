/* plain_read.c - plain CSV as a table: once for the types, once for the rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "plain.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH_ROWS = 4096, MOST_COLUMNS = 1000 };
#define BATCH_BYTES ((size_t)32 << 20)

typedef struct {
    char *path;
    elc_plain_lines lines;
    elc_names names;
    elc_plain_field *fields;
    elc_plain_kind *kinds;
    bool *left_out; /* columns that nobody wants */
    bool *between;  /* columns with a whole number that float64 does not hold */
    elc_batch *batch;
    bool ended;
} plain;

/* ---- the file ---------------------------------------------------------------------
 */

static bool ends_with(const char *path, const char *ending) {
    size_t n = strlen(path), m = strlen(ending);
    return n > m && strcasecmp(path + n - m, ending) == 0;
}

/* A file beside it states types or a CRS. */
static elc_status has_beside(const char *path, bool *out, elc_error *err) {
    static const char *const endings[] = {"csvt", "CSVT", "prj", "PRJ"};
    int stem = (int)strlen(path) - 3;
    *out = false;
    for (size_t i = 0; !*out && i < sizeof endings / sizeof *endings; i++) {
        elc_string name = {0};
        elc_status status =
            elc_string_printf(&name, err, "%.*s%s", stem, path, endings[i]);
        if (status == ELC_OK)
            *out = access(name.data, F_OK) == 0;
        elc_string_free(&name);
        ELC_TRY(status);
    }
    return ELC_OK;
}

/* A regular file that can be read; else OGR says why not. */
static elc_status open_file(plain *p, const char *path, bool *out, elc_error *err) {
    struct stat info;
    bool beside = false;
    *out = false;
    if (!ends_with(path, ".csv") || strchr(path, ':') != NULL ||
        strncmp(path, "/vsi", 4) == 0)
        return ELC_OK;
    ELC_TRY(has_beside(path, &beside, err));
    if (beside || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return ELC_OK;
    p->lines.file = open(path, O_RDONLY | O_CLOEXEC);
    *out = p->lines.file >= 0;
    return *out ? elc_strdup(path, &p->path, err) : ELC_OK;
}

static elc_status fail_file(const plain *p, elc_status status, const elc_error *why,
                            elc_error *err) {
    return elc_fail(err, status, "%s: %s", p->path, why->message);
}

/* ---- the columns ------------------------------------------------------------------
 */

static bool has_word(const char *name, const char *word) {
    return strcasestr(name, word) != NULL;
}

/* Letters, digits and underscores; no name that OGR may take for a geometry. */
static bool is_plain_name(const char *name) {
    if (!isalpha((unsigned char)name[0]) || has_word(name, "geom") ||
        has_word(name, "wkt"))
        return false;
    for (; *name != '\0'; name++)
        if (!isascii((unsigned char)*name) ||
            (!isalnum((unsigned char)*name) && *name != '_'))
            return false;
    return true;
}

bool elc_plain_has_name(const elc_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcasecmp(names->items[i], name) == 0)
            return true;
    return false;
}

static elc_status read_names(plain *p, bool *out, elc_error *err) {
    size_t n = 0;
    ELC_TRY(elc_alloc(MOST_COLUMNS, sizeof *p->fields, &p->fields, err));
    ELC_TRY(elc_plain_header(&p->lines, p->fields, MOST_COLUMNS, &n, err));
    *out = n >= 2;
    for (size_t i = 0; *out && i < n; i++) {
        const char *name = p->fields[i].text;
        *out = !p->fields[i].quoted && is_plain_name(name) &&
               !elc_plain_has_name(&p->names, name);
        if (*out)
            ELC_TRY(elc_names_add(&p->names, name, err));
    }
    if (*out)
        ELC_TRY(elc_alloc(n, sizeof *p->left_out, &p->left_out, err));
    if (*out)
        ELC_TRY(elc_alloc(n, sizeof *p->between, &p->between, err));
    return *out ? elc_alloc(n, sizeof *p->kinds, &p->kinds, err) : ELC_OK;
}

/* Whether the row is plain; columns take the kind that all their values are of. */
static bool widen(plain *p) {
    int64_t whole;
    double real;
    for (size_t i = 0; i < p->names.count; i++) {
        if (p->kinds[i] == ELC_PLAIN_TEXT)
            continue;
        elc_plain_kind kind = elc_plain_value(&p->fields[i], &whole, &real);
        if (kind > p->kinds[i])
            p->kinds[i] = kind;
        if (kind == ELC_PLAIN_STRANGE)
            return false;
        p->between[i] |= kind == ELC_PLAIN_LONG && (int64_t)real != whole;
    }
    return true;
}

/* Whether no whole number would be changed for the real ones of its column. */
static bool keeps_all(const plain *p) {
    for (size_t i = 0; i < p->names.count; i++)
        if (p->kinds[i] == ELC_PLAIN_REAL && p->between[i])
            return false;
    return true;
}

/* OGR's types are those of all rows as well. */
static elc_status read_types(plain *p, const elc_context *context, bool *out,
                             elc_error *err) {
    int line = ELC_PLAIN_LINE;
    size_t rows = 0;
    for (*out = true; *out; rows++) {
        if (rows % BATCH_ROWS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_plain_next(&p->lines, p->fields, p->names.count, &line, err));
        if (line == ELC_PLAIN_END)
            break;
        *out = line == ELC_PLAIN_LINE && widen(p);
    }
    *out = *out && rows > 0 && keeps_all(p);
    return ELC_OK;
}

static elc_status make_batch(plain *p, struct ArrowSchema *schema, elc_error *err) {
    static const elc_type types[] = {[ELC_PLAIN_NOTHING] = ELC_UTF8,
                                     [ELC_PLAIN_INT] = ELC_INT32,
                                     [ELC_PLAIN_LONG] = ELC_INT64,
                                     [ELC_PLAIN_REAL] = ELC_FLOAT64,
                                     [ELC_PLAIN_TEXT] = ELC_UTF8};
    elc_column *columns;
    size_t n = 0;
    ELC_TRY(elc_alloc(p->names.count, sizeof *columns, &columns, err));
    for (size_t i = 0; i < p->names.count; i++)
        if (!p->left_out[i])
            columns[n++] =
                (elc_column){p->names.items[i], types[p->kinds[i]], NULL, NULL};
    elc_status status = ELC_OK;
    if (schema != NULL)
        status = elc_schema_create(columns, n, NULL, schema, err);
    if (status == ELC_OK)
        status = elc_batch_create(columns, n, &p->batch, err);
    free(columns);
    return status;
}

/* ---- the rows ---------------------------------------------------------------------
 */

static elc_status fail_changed(elc_error *err) {
    return elc_fail(err, ELC_E_IO, "it changed while it was read");
}

static elc_status put_row(plain *p, elc_error *err) {
    int64_t whole = 0;
    double real = 0;
    for (size_t i = 0, to = 0; i < p->names.count; to += !p->left_out[i++]) {
        elc_plain_kind is = p->kinds[i];
        if (p->fields[i].size == 0 || p->left_out[i])
            continue;
        if (is == ELC_PLAIN_TEXT)
            ELC_TRY(elc_batch_text(p->batch, to, p->fields[i].text, err));
        else if (elc_plain_value(&p->fields[i], &whole, &real) > is)
            return fail_changed(err);
        else if (is == ELC_PLAIN_REAL)
            ELC_TRY(elc_batch_real(p->batch, to, real, err));
        else
            ELC_TRY(elc_batch_int(p->batch, to, whole, err));
    }
    return elc_batch_end_row(p->batch, err);
}

static elc_status read_batch(plain *p, elc_error *err) {
    int line = ELC_PLAIN_LINE;
    while (elc_batch_rows(p->batch) < BATCH_ROWS &&
           elc_batch_size(p->batch) < BATCH_BYTES) {
        ELC_TRY(elc_plain_next(&p->lines, p->fields, p->names.count, &line, err));
        p->ended = line == ELC_PLAIN_END;
        if (p->ended)
            return ELC_OK;
        if (line == ELC_PLAIN_ODD)
            return fail_changed(err);
        ELC_TRY(put_row(p, err));
    }
    return ELC_OK;
}

static elc_status plain_next(void *state, struct ArrowArray *out, elc_error *err) {
    plain *p = state;
    elc_error why = {0};
    elc_status status = p->ended ? ELC_OK : read_batch(p, &why);
    if (status != ELC_OK)
        return fail_file(p, status, &why, err);
    return elc_batch_rows(p->batch) > 0 ? elc_batch_finish(p->batch, out, err) : ELC_OK;
}

/* ---- less than all ----------------------------------------------------------------
 */

/* The first is kept where none is wanted, for rows are counted by it. */
static elc_status plain_narrow(void *state, const elc_wish *wish,
                               struct ArrowSchema *schema, elc_error *err) {
    plain *p = state;
    elc_batch *old = p->batch;
    bool *keep;
    size_t n = 0, at = 0;
    if (wish->columns == NULL)
        return ELC_OK;
    ELC_TRY(elc_alloc(p->names.count, sizeof *keep, &keep, err));
    for (size_t i = 0; i < p->names.count; i++)
        if (!p->left_out[i]) {
            keep[at] = elc_names_find(wish->columns, p->names.items[i]) != SIZE_MAX;
            n += keep[at++];
        }
    keep[0] = keep[0] || n == 0;
    elc_schema_keep(schema, keep);
    for (size_t i = at = 0; i < p->names.count; i++)
        if (!p->left_out[i])
            p->left_out[i] = !keep[at++];
    free(keep);
    p->batch = NULL;
    elc_batch_free(old);
    return make_batch(p, NULL, err);
}

/* ---- life -------------------------------------------------------------------------
 */

static void plain_free(void *state) {
    plain *p = state;
    if (p->lines.file >= 0)
        close(p->lines.file);
    elc_names_free(&p->names);
    elc_batch_free(p->batch);
    free(p->lines.data);
    free(p->fields);
    free(p->kinds);
    free(p->left_out);
    free(p->between);
    free(p->path);
    free(p);
}

/* To the first row, from the front of the file. */
static elc_status rewind_lines(plain *p, elc_error *err) {
    size_t n = 0;
    if (lseek(p->lines.file, 0, SEEK_SET) != 0)
        return elc_fail(err, ELC_E_IO, "it cannot be read twice");
    p->lines.at = p->lines.end = 0;
    p->lines.ended = false;
    return elc_plain_header(&p->lines, p->fields, MOST_COLUMNS, &n, err);
}

static elc_status look(plain *p, const elc_context *context, struct ArrowSchema *schema,
                       bool *out, elc_error *err) {
    ELC_TRY(read_names(p, out, err));
    if (*out)
        ELC_TRY(read_types(p, context, out, err));
    if (!*out)
        return ELC_OK;
    ELC_TRY(rewind_lines(p, err));
    return make_batch(p, schema, err);
}

elc_status elc_plain_read(const char *path, const elc_context *context,
                          struct ArrowArrayStream *out, elc_error *err) {
    plain *p;
    struct ArrowSchema schema = {0};
    bool is_plain = false;
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    p->lines.file = -1;
    elc_status status = open_file(p, path, &is_plain, err);
    if (status == ELC_OK && is_plain) {
        elc_error why = {0};
        status = look(p, context, &schema, &is_plain, &why);
        if (status != ELC_OK)
            fail_file(p, status, &why, err);
    }
    if (status == ELC_OK && is_plain)
        status = elc_stream_create(&schema, (elc_producer){plain_next, plain_free, p},
                                   out, err);
    if (status != ELC_OK || !is_plain) {
        elc_schema_release(&schema);
        plain_free(p);
        return status;
    }
    elc_stream_narrows(out, plain_narrow);
    return ELC_OK;
}
