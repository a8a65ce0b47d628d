/* commands.c - the table of commands, and the way from a word to an exit code. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const elc_cli_command elc_cli_commands[] = {
    {.name = "pipeline",
     .usage = " OPERATOR INPUT... [--OPTION VALUE]... ! OPERATOR ... [-o FILE]",
     .summary = "run operators in a row, each on the rows of the one before it",
     .options = elc_cli_run_options,
     .run = elc_cli_pipeline,
     .verbatim = true,
     .more =
         "Steps stand between '!'. Each is an operator with its inputs and options; "
         "after the first, the rows of the step before are its first input, or the one "
         "that is given as '-'. Nothing is written between steps. 'write FILE' as the "
         "last step is another way to say '-o FILE'. The options below are those of "
         "the whole run and may stand in any step."},
    {.name = "operators",
     .usage = " [--json]",
     .summary = "list what Elcano can do",
     .options = elc_cli_operators_options,
     .run = elc_cli_operators},
    {.name = "functions",
     .usage = " [NAME] [--json]",
     .summary = "list the functions of SQL, or explain one",
     .options = elc_cli_functions_options,
     .run = elc_cli_functions},
    {.name = "help",
     .usage = " [NAME] [--man]",
     .summary = "explain Elcano, a command or an operator",
     .options = elc_cli_help_options,
     .run = elc_cli_help},
    {.name = "model",
     .usage =
         " info MODEL [--OPTION VALUE]... | check MODEL [IMAGE] [--OPTION VALUE]... "
         "| list [--json]",
     .summary = "explain an ONNX network, try it once, or list the installed ones",
     .options = elc_cli_model_options,
     .run = elc_cli_model},
    {.name = "serve",
     .usage = " LAYER... [--imagery IMAGES] [--zones LAYERS] [--OPTION VALUE]...",
     .summary = "show tables and images on a map in the browser",
     .options = elc_cli_serve_options,
     .run = elc_cli_serve,
     .more = "Prints the map's address, on 127.0.0.1, and answers until Ctrl-C, "
             "which is its exit status 0 then. Layers are held in memory; one without "
             "geometries has columns of numbers lon and lat. The same address gives "
             "tiles, downloads and OGC API Features, for QGIS and others: docs/map.md "
             "has them all."},
    {.name = "version",
     .usage = "",
     .summary = "print the version",
     .run = elc_cli_version},
    {.name = NULL},
};

static const elc_cli_command *command_find(const char *name) {
    for (const elc_cli_command *c = elc_cli_commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

void elc_cli_call_name(const elc_cli_call *call, char out[64]) {
    elc_cli_words(call->op != NULL        ? call->op->name
                  : call->command != NULL ? call->command->name
                                          : "",
                  out);
}

/* ---- which command ------------------------------------------------------- */

/* Of operators whose names are two words, the first one, too. */
static elc_status all_names(elc_names *names, elc_error *err) {
    char name[64];
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++) {
        elc_cli_words((*op)->name, name);
        ELC_TRY(elc_names_add(names, name, err));
        char *second = strchr(name, ' ');
        if (second == NULL)
            continue;
        *second = '\0';
        ELC_TRY(elc_names_add(names, name, err));
    }
    for (const elc_cli_command *c = elc_cli_commands; c->name != NULL; c++)
        ELC_TRY(elc_names_add(names, c->name, err));
    return ELC_OK;
}

static elc_status unknown_command(const char *name, elc_error *err) {
    if (name[0] == '\0')
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the command is empty; 'elcano help' lists them");
    elc_names names = {0};
    elc_status status = all_names(&names, err);
    const char *near = status == ELC_OK ? elc_cli_nearest(name, &names) : NULL;
    if (near != NULL)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s: no such command; did you mean %s?",
                          name, near);
    else if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "%s: no such command; 'elcano help' lists them", name);
    elc_names_free(&names);
    return status;
}

elc_status elc_cli_find(const char *name, elc_cli_call *call, elc_error *err) {
    static const char *const aliases[][2] = {{"--help", "help"},
                                             {"-h", "help"},
                                             {"--version", "version"},
                                             {"-V", "version"}};
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcmp(name, aliases[i][0]) == 0)
            name = aliases[i][1];
    }
    call->command = command_find(name);
    if (call->command == NULL && elc_operator_find(name, &call->op, NULL) != ELC_OK)
        return unknown_command(name, err);
    return ELC_OK;
}

/* ---- two words ----------------------------------------------------------- */

/* Whether an operator is called WORD-... in its first word. */
static bool begins(const elc_operator *op, const char *word) {
    size_t n = strlen(word);
    return n > 0 && strncmp(op->name, word, n) == 0 &&
           (op->name[n] == '_' || op->name[n] == '-');
}

static elc_status list_kinds(const char *word, elc_error *err) {
    elc_string kinds = {0};
    elc_status status = ELC_OK;
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++)
        if (status == ELC_OK && begins(*op, word))
            status = elc_string_printf(&kinds, err, "%s%s %s (%s)",
                                       kinds.size > 0 ? ", " : "", word,
                                       (*op)->name + strlen(word) + 1, (*op)->summary);
    if (status == ELC_OK && kinds.size > 0)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s: a second word must follow: %s",
                          word, kinds.data);
    elc_string_free(&kinds);
    return status;
}

elc_status elc_cli_find_words(const char *first, const char *second, elc_cli_call *call,
                              bool *both, elc_error *err) {
    char name[64];
    *both = false;
    if (command_find(first) == NULL && second != NULL &&
        snprintf(name, sizeof name, "%s-%s", first, second) < (int)sizeof name &&
        second[0] != '-' && second[0] != '\0' &&
        elc_operator_find(name, &call->op, NULL) == ELC_OK) {
        *both = true;
        return ELC_OK;
    }
    ELC_TRY(list_kinds(first, err));
    return elc_cli_find(first, call, err);
}

static elc_status run(elc_cli_call *call, int argc, char **argv, elc_error *err) {
    bool both;
    if (argc < 2)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a command must follow; 'elcano help' lists them");
    ELC_TRY(elc_cli_find_words(argv[1], argc > 2 ? argv[2] : NULL, call, &both, err));
    int used = both ? 3 : 2;
    ELC_TRY(elc_cli_parse(call, argc - used, argv + used, err));
    if (call->help) {
        elc_cli_page page = {stdout, false, elc_cli_terminal_width(STDOUT_FILENO)};
        return call->op != NULL ? elc_cli_page_operator(&page, call->op, err)
                                : elc_cli_page_command(&page, call->command, err);
    }
    return call->op != NULL ? elc_cli_operate(call, call, 1, err)
                            : call->command->run(call, err);
}

/* ---- the end ------------------------------------------------------------- */

static void print_usage(const elc_cli_call *call) {
    elc_string usage = {0};
    char name[64];
    elc_cli_call_name(call, name);
    if (elc_cli_usage(call, &usage, NULL) == ELC_OK)
        fprintf(stderr, "usage: %s  ('elcano help %s' tells more)\n", usage.data, name);
    elc_string_free(&usage);
}

static void print_error(const elc_cli_call *call, elc_status status, int code,
                        const char *message) {
    char name[64];
    elc_cli_call_name(call, name);
    if (call->json_messages) {
        elc_cli_json_line(json_pack("{s:s, s:s, s:s*, s:s, s:i}", "error", message,
                                    "command", name, "step",
                                    call->step[0] == '\0' ? NULL : call->step, "status",
                                    elc_status_name(status), "exit", code));
        return;
    }
    fprintf(stderr, "elcano: %s%s%s%s%s\n", name, name[0] == '\0' ? "" : ": ",
            call->step, call->step[0] == '\0' ? "" : ": ", message);
    if (call->misuse)
        print_usage(call);
}

/* A reader that has gone (`elcano ... | head`) wants no more, words included: the code
   is the one of a program that SIGPIPE ended. */
static int finish(const elc_cli_call *call, elc_status status, const elc_error *err) {
    if (status == ELC_OK)
        return 0;
    if (status == ELC_E_IO && elc_cli_reader_gone())
        return 128 + SIGPIPE;
    int code = elc_cli_exit_code(status);
    if (status == ELC_E_CANCELLED && elc_cli_signal() != 0)
        code = 128 + elc_cli_signal();
    print_error(call, status, code, err->message);
    return code;
}

int elc_cli_main(int argc, char **argv) {
    elc_cli_guard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is as a full disk */
    elc_cli_call call = {0};
    elc_error err = {0};
    elc_status status = elc_cli_flush(run(&call, argc, argv, &err), &err);
    int code = finish(&call, status, &err);
    elc_cli_call_free(&call);
    return code;
}
