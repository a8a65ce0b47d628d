/* functions.c - `elcano functions`: what SQL can call. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/function.h>

#include <string.h>
#include <unistd.h>

const elc_option elc_cli_functions_options[] = {
    {.name = "json",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "everything that each function declares, as one JSON array of families"},
    {.name = NULL},
};

static elc_status print_json(elc_error *err) {
    elc_string json = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; elc_function_families[i] != NULL; i++) {
        ELC_TRY_GOTO(elc_string_append(&json, i > 0 ? ",\n" : "[\n", 2, err), status,
                     done);
        ELC_TRY_GOTO(elc_function_family_json(elc_function_families[i], &json, err),
                     status, done);
    }
    printf("%s\n]\n", json.data);
done:
    elc_string_free(&json);
    return status;
}

/* ---- the list -------------------------------------------------------------- */

static elc_status print_line(const elc_cli_page *page, const elc_function *f,
                             elc_error *err) {
    elc_string term = {0};
    elc_status status = elc_function_signature(f, &term, err);
    if (status == ELC_OK)
        elc_cli_page_item(page, term.data, f->summary);
    elc_string_free(&term);
    return status;
}

static elc_status print_all(const elc_cli_page *page, elc_error *err) {
    for (size_t i = 0; elc_function_families[i] != NULL; i++) {
        const elc_function_family *family = elc_function_families[i];
        char title[160];
        snprintf(title, sizeof title, "%s%s: %s", i > 0 ? "\n" : "", family->name,
                 family->summary);
        puts(title);
        for (const elc_function *f = family->functions; f->name != NULL; f++)
            ELC_TRY(print_line(page, f, err));
    }
    return ELC_OK;
}

/* ---- one name ---------------------------------------------------------------- */

static elc_status print_one(const elc_cli_page *page, const elc_function *f,
                            elc_error *err) {
    ELC_TRY(print_line(page, f, err));
    if (f->aliases != NULL)
        elc_cli_page_item(page, "also called", f->aliases);
    elc_cli_page_item(page, "example", f->example);
    elc_cli_page_item(page, "gives", f->gives != NULL ? f->gives : "NULL");
    return ELC_OK;
}

static elc_status print_name(const elc_cli_page *page, const char *name,
                             elc_error *err) {
    const elc_function *f;
    size_t n = 0;
    for (size_t i = 0; (f = elc_function_at(i)) != NULL; i++) {
        if (!elc_function_is(f, name))
            continue;
        if (n++ > 0)
            putchar('\n');
        ELC_TRY(print_one(page, f, err));
    }
    return n > 0 ? ELC_OK : elc_function_find(name, NULL, 0, &f, err);
}

elc_status elc_cli_functions(elc_cli_call *call, elc_error *err) {
    elc_cli_page page = {stdout, false, elc_cli_terminal_width(STDOUT_FILENO)};
    bool json = elc_options_bool(call->own, "json");
    if (call->words.count > (json ? 0 : 1)) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT, "%s: one name at a time, or --json",
                        call->words.items[json ? 0 : 1]);
    }
    if (json)
        return print_json(err);
    return call->words.count == 0 ? print_all(&page, err)
                                  : print_name(&page, call->words.items[0], err);
}
