/* operators.c - `elcano operators`: what this build can do. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

const elc_option elc_cli_operators_options[] = {
    {.name = "json",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "everything that each operator declares, as one JSON array"},
    {.name = NULL},
};

static void print_one(const elc_operator *op, int width) {
    char name[64];
    elc_cli_words(op->name, name);
    printf("%-*s  %s\n", width, name, op->summary);
}

static void print_table(void) {
    int widest = 0;
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++) {
        int n = (int)strlen((*op)->name);
        widest = n > widest ? n : widest;
    }
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++)
        print_one(*op, widest);
}

static elc_status print_json(elc_error *err) {
    elc_string json = {0};
    elc_status status = ELC_OK;
    const char *before = "[\n";
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++) {
        ELC_TRY_GOTO(elc_string_append(&json, before, strlen(before), err), status,
                     done);
        ELC_TRY_GOTO(elc_operator_json(*op, &json, err), status, done);
        before = ",\n";
    }
    printf("%s\n]\n", json.data == NULL ? "[" : json.data);
done:
    elc_string_free(&json);
    return status;
}

elc_status elc_cli_operators(elc_cli_call *call, elc_error *err) {
    if (call->words.count > 0) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT, "%s: nothing may follow but --json",
                        call->words.items[0]);
    }
    if (elc_options_bool(call->own, "json"))
        return print_json(err);
    print_table();
    return ELC_OK;
}
