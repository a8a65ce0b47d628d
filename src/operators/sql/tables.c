/* tables.c - the tables of a query, by their names. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "tables.h"

#include <elcano/geo.h>
#include <elcano/layer.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const char FIRST[] = "input";

/* ---- names ------------------------------------------------------------------------
 */

/* The bytes of NAME in NAME=FILE; 0 where it is none: "PG:dbname=x", "a=b.csv" that is
   there. */
static size_t given_name(const char *reference) {
    struct stat info;
    size_t n = 0;
    while (isalnum((unsigned char)reference[n]) || reference[n] == '_')
        n++;
    return reference[n] == '=' && stat(reference, &info) != 0 ? n : 0;
}

static elc_status own_name(const char *file, elc_string *name, elc_error *err) {
    struct stat info;
    const char *slash = strrchr(file, '/'), *base = slash == NULL ? file : slash + 1;
    const char *colon = strrchr(base, ':'), *dot = strrchr(base, '.');
    if (colon != NULL && colon[1] != '\0' && stat(file, &info) != 0)
        return elc_string_printf(name, err, "%s", colon + 1);
    size_t n = dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
    return elc_string_append(name, base, n, err);
}

/* "my table=b.csv": neither a file nor a name and one. */
static bool has_odd_name(const char *reference) {
    struct stat info;
    return reference[strcspn(reference, "=/:")] == '=' && given_name(reference) == 0 &&
           stat(reference, &info) != 0;
}

elc_status elc_sql_table_name(const char *reference, elc_string *name,
                              const char **file, elc_error *err) {
    size_t n = given_name(reference);
    if (has_odd_name(reference))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: there is no such file, and the NAME of NAME=FILE is made "
                        "of letters, digits and _",
                        reference);
    name->size = 0;
    *file = n > 0 ? reference + n + 1 : reference;
    return n > 0 ? elc_string_append(name, reference, n, err)
                 : own_name(reference, name, err);
}

static bool is_asked(const elc_names *asked, const char *name) {
    for (size_t i = 0; i < asked->count; i++)
        if (strcasecmp(asked->items[i], name) == 0)
            return true;
    return false;
}

/* ---- tables -----------------------------------------------------------------------
 */

/* Another name for the first table. */
static elc_status add_view(elc_sql *sql, const char *name, elc_error *err) {
    elc_string make = {0};
    elc_status status = elc_string_printf(&make, err, "CREATE VIEW ");
    if (status == ELC_OK)
        status = elc_sql_quote_name(&make, name, err);
    if (status == ELC_OK)
        status = elc_string_printf(&make, err, " AS SELECT * FROM %s", FIRST);
    if (status == ELC_OK)
        status = elc_sql_run(sql, make.data, err);
    elc_string_free(&make);
    return status;
}

/* It is the one whose CRS geometries have that the query makes, so it is always read.
 */
static elc_status add_first(const elc_call *call, elc_sql *sql, elc_names *taken,
                            struct ArrowArrayStream *input, elc_error *err) {
    const elc_reference *given = call->inputs;
    elc_string name = {0};
    const char *file;
    ELC_TRY(elc_sql_add_table(sql, FIRST, input, err));
    ELC_TRY(elc_names_add(taken, FIRST, err));
    if (given == NULL || given->n_paths == 0 || strcmp(given->paths[0], "-") == 0)
        return ELC_OK;
    elc_status status = elc_sql_table_name(given->paths[0], &name, &file, err);
    if (status == ELC_OK && name.size > 0 && strcasecmp(name.data, FIRST) != 0) {
        status = add_view(sql, name.data, err);
        if (status == ELC_OK)
            status = elc_names_add(taken, name.data, err);
    }
    elc_string_free(&name);
    return status;
}

static elc_status add_other(elc_sql *sql, const char *name, const char *file,
                            elc_names *taken, elc_error *err) {
    struct ArrowArrayStream rows = {0};
    if (is_asked(taken, name))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: another table is called %s, too; give it a name of its "
                        "own, as in other=%s",
                        file, name, file);
    ELC_TRY(elc_names_add(taken, name, err));
    ELC_TRY(elc_layer_read(file, &rows, err));
    elc_error why = {0};
    elc_status status = elc_sql_add_table(sql, name, &rows, &why);
    return status == ELC_OK ? ELC_OK
                            : elc_fail(err, status, "%s: %s", file, why.message);
}

static elc_status add_others(const elc_call *call, elc_sql *sql, const elc_names *asked,
                             elc_names *taken, elc_error *err) {
    const elc_reference *given = &call->inputs[1];
    elc_string name = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < given->n_paths; i++) {
        const char *file;
        status = elc_sql_table_name(given->paths[i], &name, &file, err);
        /* A query that is not understood has no names yet, and may use all. */
        if (status == ELC_OK && (asked->count == 0 || is_asked(asked, name.data)))
            status = add_other(sql, name.data, file, taken, err);
    }
    elc_string_free(&name);
    return status;
}

elc_status elc_sql_tables_add(const elc_call *call, elc_sql *sql, const char *query,
                              struct ArrowArrayStream *input, elc_error *err) {
    elc_names asked = {0}, taken = {0};
    elc_status status = elc_sql_tables_of(sql, query, &asked, err);
    if (status == ELC_OK)
        status = add_first(call, sql, &taken, input, err);
    if (status == ELC_OK && call->inputs != NULL)
        status = add_others(call, sql, &asked, &taken, err);
    elc_names_free(&asked);
    elc_names_free(&taken);
    return status;
}

/* ---- the rest ---------------------------------------------------------------------
 */

elc_status elc_sql_tables_crs(const elc_options *options, char **out, elc_error *err) {
    const char *text = elc_options_text(options, "crs");
    if (strcmp(text, "none") == 0)
        return elc_strdup("", out, err);
    elc_crs *crs;
    ELC_TRY(elc_crs_create(text, &crs, err));
    elc_status status = elc_strdup(elc_crs_projjson(crs), out, err);
    elc_crs_free(crs);
    return status;
}

static elc_status list_tables(const elc_call *call, elc_string *out, elc_error *err) {
    elc_string name = {0};
    elc_status status = elc_string_printf(out, err, "%s", FIRST);
    for (size_t i = 0; status == ELC_OK && call->inputs != NULL && i < 2; i++)
        for (size_t j = 0; status == ELC_OK && j < call->inputs[i].n_paths; j++) {
            const char *file;
            status = elc_sql_table_name(call->inputs[i].paths[j], &name, &file, err);
            if (status == ELC_OK && strcmp(name.data, "-") != 0)
                status = elc_string_printf(out, err, ", %s", name.data);
        }
    elc_string_free(&name);
    return status;
}

elc_status elc_sql_tables_explain(const elc_call *call, elc_status status,
                                  const elc_error *why, elc_error *err) {
    elc_string tables = {0};
    bool missing = strstr(why->message, "Table with name") != NULL;
    if (missing && list_tables(call, &tables, NULL) == ELC_OK)
        status =
            elc_fail(err, status, "%s; the tables are %s", why->message, tables.data);
    else
        status = elc_fail(err, status, "%s", why->message);
    elc_string_free(&tables);
    return status;
}
