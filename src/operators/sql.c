/* sql.c - a query over tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/tables.h"

#include <elcano/run.h>
#include <elcano/sql.h>

#include <stdlib.h>

static const elc_input inputs[] = {
    {.name = "input",
     .cut = ELC_CUT_WHOLE,
     .help =
         "the table that the query calls input, or by its name: FILE or FILE:LAYER"},
    {.name = "tables",
     .cut = ELC_CUT_SOURCE,
     .optional = true,
     .help = "other tables, which the query calls by their file's or layer's name, or "
             "by one that is given: NAME=FILE or NAME=FILE:LAYER"},
    {0},
};

static const char *const no_crs[] = {"none", NULL};

static const elc_option options[] = {
    {.name = "query",
     .type = ELC_OPTION_WORD,
     .help = "the query: one SELECT, in DuckDB's SQL, with the functions of Elcano"},
    {.name = "crs",
     .type = ELC_OPTION_CRS,
     .choices = no_crs,
     .fallback = "none",
     .help = "the CRS of geometries that st_transform gives, and of all that the query "
             "makes where no table has any"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "The rows of the query, in its order.",
     .more = "The columns of the query."},
    {0},
};

static elc_status check(const elc_options *given, elc_error *err) {
    if (!elc_options_has(given, "query"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "no query is given; it is the first word, or --query: \"SELECT "
                        "* FROM input\"");
    return ELC_OK;
}

static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    ELC_TRY(check(call->options, err));
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status ask(const elc_call *call, elc_sql *sql,
                      struct ArrowArrayStream *input, struct ArrowArrayStream *out,
                      elc_error *err) {
    const char *query = elc_options_text(call->options, "query");
    char *crs = NULL;
    ELC_TRY(elc_sql_tables_add(call, sql, query, input, err));
    ELC_TRY(elc_sql_add_functions(sql, query, err));
    ELC_TRY(elc_sql_warn_of_pairs(sql, query, err));
    ELC_TRY(elc_sql_tables_crs(call->options, &crs, err));
    elc_error why = {0};
    elc_status status = elc_sql_query(sql, query, crs, out, &why);
    free(crs);
    return status == ELC_OK ? ELC_OK : elc_sql_tables_explain(call, status, &why, err);
}

/* Groups and sums depend on how DuckDB's threads share the rows: one gives the same
   rows every time. */
static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    elc_sql *sql;
    elc_sql_options settings = {.context = call->context, .threads = 1};
    ELC_TRY(check(call->options, err));
    ELC_TRY(elc_sql_open(&settings, &sql, err));
    elc_status status = ask(call, sql, &in[0], out, err);
    elc_sql_free(sql);
    return status;
}

const elc_operator elc_operator_sql = {
    .name = "sql",
    .summary = "ask tables by SQL: filter, group, join, compute",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano sql \"SELECT class, count(*) AS n FROM input GROUP BY class\" "
               "vehicles.gpkg -o counts.csv",
    .plan = plan,
    .open = open_part,
};
