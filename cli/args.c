/* args.c - from the words of a command line to options and inputs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

const elc_option elc_cli_run_options[] = {
    {.name = "output",
     .type = ELC_OPTION_PATH,
     .help =
         "write the rows to this file, in the format that its ending names; - is "
         "GeoJSONSeq to the standard output. Without: a table of the first rows on a "
         "terminal, else GeoJSONSeq"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "replace the output if it is there"},
    {.name = "index",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "give a FlatGeobuf its spatial index, which reorders the rows"},
    {.name = "threads",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 1024,
     .help = "threads that work; 0 is one for each processor"},
    {.name = "memory",
     .type = ELC_OPTION_INT,
     .unit = "MB",
     .fallback = "0",
     .min = 0,
     .max = 1e9,
     .help =
         "give up where a table that is held in memory makes the command take more; "
         "0 is three quarters of the machine's"},
    {.name = "progress",
     .type = ELC_OPTION_CHOICE,
     .fallback = "auto",
     .choices = (const char *const[]){"auto", "json", "none", NULL},
     .help =
         "auto is a bar where the standard error is a terminal; json makes every line "
         "there an object for programs"},
    {.name = "dry_run",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "print the plan and the time that it would take; write nothing"},
    {.name = "part_units",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 1e9,
     .help =
         "cut the work into parts of about so many units; 0 is as is best here. The "
         "rows do not depend on it"},
    {.name = "quiet",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "no progress and no summary"},
    {.name = NULL},
};

static const elc_option no_options[] = {{.name = NULL}};

/* ---- refusals ------------------------------------------------------------ */

static elc_status add_names(elc_names *names, const elc_option *options,
                            elc_error *err) {
    for (; options->name != NULL; options++) {
        char kebab[64];
        elc_cli_kebab(options->name, kebab);
        ELC_TRY(elc_names_add(names, kebab, err));
    }
    return ELC_OK;
}

static const elc_option *described(const elc_cli_call *call) {
    const elc_option *options =
        call->op != NULL ? call->op->options : call->command->options;
    return options == NULL ? no_options : options;
}

static elc_status known_names(const elc_cli_call *call, elc_names *names,
                              elc_error *err) {
    ELC_TRY(add_names(names, described(call), err));
    if (call->op != NULL)
        ELC_TRY(add_names(names, elc_cli_run_options, err));
    return elc_names_add(names, "help", err);
}

static elc_status unknown_option(const elc_cli_call *call, const char *name,
                                 elc_error *err) {
    elc_names names = {0};
    elc_status status = known_names(call, &names, err);
    const char *near = status == ELC_OK ? elc_cli_nearest(name, &names) : NULL;
    if (near != NULL)
        status =
            elc_fail(err, ELC_E_ARGUMENT,
                     "--%s: there is no such option; did you mean --%s?", name, near);
    else if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT, "--%s: there is no such option", name);
    elc_names_free(&names);
    return status;
}

/* ---- options ------------------------------------------------------------- */

/* Where an option of this name is described; NULL: nowhere. */
static elc_options *home_of(const elc_cli_call *call, const char *name) {
    if (elc_options_find(call->common, name) != NULL)
        return call->common;
    return elc_options_find(call->own, name) != NULL ? call->own : NULL;
}

static bool is_bool(const elc_options *options, const char *name) {
    const elc_option *option = elc_options_find(options, name);
    return option != NULL && option->type == ELC_OPTION_BOOL;
}

/* The words that are not parsed yet; the first is the one looked at. */
typedef struct {
    char **items;
    int count;
} words;

/* The value of the option in the first word: after '=', or the next word, which is
   taken from `rest`. One that looks like an option is more likely a forgotten value. */
static elc_status value_of(const char *name, const char *after, words *rest,
                           const char **out, elc_error *err) {
    if (after != NULL) {
        *out = after;
        return ELC_OK;
    }
    if (rest->count < 2)
        return elc_fail(err, ELC_E_ARGUMENT, "--%s: a value must follow", name);
    const char *next = rest->items[1];
    if (strncmp(next, "--", 2) == 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--%s: a value must follow, not %s (write --%s=%s if that is it)", name,
            next, name, next);
    *out = next;
    rest->items++;
    rest->count--;
    return ELC_OK;
}

/* One that both describe, as `overwrite` of an operator that writes files, is set in
   both. */
static elc_status set_value(elc_cli_call *call, elc_options *home, const char *name,
                            const char *value, elc_error *err) {
    ELC_TRY(elc_options_set(home, name, value, err));
    if (home == call->common && elc_options_find(call->own, name) != NULL)
        return elc_options_set(call->own, name, value, err);
    return ELC_OK;
}

static elc_status set_option(elc_cli_call *call, const char *name, const char *after,
                             words *rest, elc_error *err) {
    elc_options *home = home_of(call, name);
    if (home == NULL && strncmp(name, "no-", 3) == 0) {
        elc_options *positive = home_of(call, name + 3);
        if (positive != NULL && is_bool(positive, name + 3) && after == NULL)
            return set_value(call, positive, name + 3, "no", err);
    }
    if (home == NULL)
        return unknown_option(call, name, err);
    if (is_bool(home, name))
        return set_value(call, home, name, after == NULL ? "yes" : after, err);
    const char *value = NULL;
    ELC_TRY(value_of(name, after, rest, &value, err));
    return set_value(call, home, name, value, err);
}

/* "--name", "--name=value", "--no-name". */
static elc_status long_option(elc_cli_call *call, words *rest, elc_error *err) {
    const char *text = rest->items[0] + 2;
    if (strcmp(text, "help") == 0) {
        call->help = true;
        return ELC_OK;
    }
    const char *equals = strchr(text, '=');
    char *name = equals == NULL ? strdup(text) : strndup(text, (size_t)(equals - text));
    if (name == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the arguments");
    elc_status status =
        set_option(call, name, equals == NULL ? NULL : equals + 1, rest, err);
    free(name);
    return status;
}

/* "-o FILE", "-oFILE", "-q", "-h": the only ones, and only where they have a meaning.
 */
static elc_status short_option(elc_cli_call *call, words *rest, elc_error *err) {
    const char *text = rest->items[0];
    if (strcmp(text, "-h") == 0) {
        call->help = true;
        return ELC_OK;
    }
    if (call->op != NULL && strcmp(text, "-q") == 0)
        return set_option(call, "quiet", NULL, rest, err);
    if (call->op != NULL && text[1] == 'o')
        return set_option(call, "output", text[2] == '\0' ? NULL : text + 2, rest, err);
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "%s: there is no such option (a file of that name: ./%s, or after --)", text,
        text);
}

static elc_status take_word(elc_cli_call *call, words *rest, bool *plain,
                            elc_error *err) {
    const char *text = rest->items[0];
    if (*plain || text[0] != '-' || text[1] == '\0')
        return elc_names_add(&call->words, text, err);
    if (strcmp(text, "--") == 0) {
        *plain = true;
        return ELC_OK;
    }
    return text[1] == '-' ? long_option(call, rest, err)
                          : short_option(call, rest, err);
}

/* The first word, where an option is described as that and was not given by name. */
static elc_status take_word_option(elc_cli_call *call, elc_error *err) {
    const elc_option *option = described(call);
    while (option->name != NULL && option->type != ELC_OPTION_WORD)
        option++;
    if (option->name == NULL || call->words.count == 0 ||
        elc_options_given(call->own, option->name))
        return ELC_OK;
    char **first = call->words.items;
    ELC_TRY(elc_options_set(call->own, option->name, first[0], err));
    free(first[0]);
    memmove(first, first + 1, --call->words.count * sizeof *first);
    return ELC_OK;
}

elc_status elc_cli_parse(elc_cli_call *call, int argc, char **argv, elc_error *err) {
    ELC_TRY(elc_options_create(described(call), &call->own, err));
    if (call->common == NULL)
        ELC_TRY(elc_options_create(call->op != NULL ? elc_cli_run_options : no_options,
                                   &call->common, err));
    bool plain = call->op == NULL && call->command->verbatim;
    for (words rest = {argv, argc}; rest.count > 0; rest.items++, rest.count--) {
        elc_status status = take_word(call, &rest, &plain, err);
        call->misuse = status == ELC_E_ARGUMENT;
        ELC_TRY(status);
    }
    return take_word_option(call, err);
}

void elc_cli_call_free(elc_cli_call *call) {
    elc_options_free(call->own);
    elc_options_free(call->common);
    elc_names_free(&call->words);
}
