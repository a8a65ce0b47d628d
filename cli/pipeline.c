/* pipeline.c - `elcano pipeline`: operators with '!' between them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char BAR[] = "!", WRITE[] = "write";

typedef struct {
    elc_cli_call *calls;
    size_t count;
    char **argv; /* borrowed from the command's words */
    int argc;
} steps;

static size_t count_steps(const elc_names *words) {
    size_t n = 1;
    for (size_t i = 0; i < words->count; i++)
        n += strcmp(words->items[i], BAR) == 0;
    return n;
}

static elc_status find_operator(elc_cli_call *step, const char *name, elc_error *err) {
    if (name[0] == '-')
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: options stand behind the operator of a step", name);
    if (strcmp(name, WRITE) == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "write: can only be the last step, after others");
    ELC_TRY(elc_cli_find(name, step, err));
    if (step->op == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: is no operator, so it cannot be a step; 'elcano "
                        "operators' lists them",
                        name);
    return ELC_OK;
}

/* "write FILE [--overwrite]" says where the rows go, as -o does. */
static elc_status parse_write(elc_cli_call *call, int argc, char **argv,
                              elc_error *err) {
    static const elc_option none[] = {{.name = NULL}};
    static const elc_operator write = {.name = "write", .options = none};
    elc_cli_call step = {.op = &write, .common = call->common};
    elc_status status = elc_cli_parse(&step, argc, argv, err);
    call->help |= step.help;
    if (status == ELC_OK && !step.help && step.words.count != 1)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          step.words.count == 0 ? "write: a file must follow"
                                                : "write: takes one file");
    if (status == ELC_OK && !step.help && elc_options_given(call->common, "output"))
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "write: -o says already where the rows go; give one of both");
    if (status == ELC_OK && !step.help)
        status = elc_options_set(call->common, "output", step.words.items[0], err);
    step.common = NULL;
    elc_cli_call_free(&step);
    return status;
}

static elc_status parse_step(elc_cli_call *call, steps *s, int argc, char **argv,
                             bool last, elc_error *err) {
    if (argc == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "step %zu is empty: an operator must stand there",
                        s->count + 1);
    if (strcmp(argv[0], WRITE) == 0 && last && s->count > 0)
        return parse_write(call, argc - 1, argv + 1, err);
    elc_cli_call *step = &s->calls[s->count++];
    step->common = call->common;
    ELC_TRY(find_operator(step, argv[0], err));
    elc_status status = elc_cli_parse(step, argc - 1, argv + 1, err);
    call->help |= step->help;
    return status;
}

static elc_status parse(elc_cli_call *call, steps *s, elc_error *err) {
    char **words = call->words.items;
    size_t n = call->words.count, from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && strcmp(words[i], BAR) != 0)
            continue;
        ELC_TRY(parse_step(call, s, (int)(i - from), words + from, i == n, err));
        from = i + 1;
    }
    return ELC_OK;
}

static bool asks_for_help(const elc_names *words) {
    return words->count > 0 && (strcmp(words->items[0], "--help") == 0 ||
                                strcmp(words->items[0], "-h") == 0);
}

static elc_status show_help(const elc_cli_call *call, elc_error *err) {
    elc_cli_page page = {stdout, false, elc_cli_terminal_width(STDOUT_FILENO)};
    return elc_cli_page_command(&page, call->command, err);
}

static elc_status run(elc_cli_call *call, steps *s, elc_error *err) {
    elc_status status = parse(call, s, err);
    call->misuse = status == ELC_E_ARGUMENT;
    ELC_TRY(status);
    if (call->help)
        return show_help(call, err);
    status = elc_cli_operate(call, s->calls, s->count, err);
    for (size_t i = 0; i < s->count; i++)
        call->misuse |= s->calls[i].misuse;
    return status;
}

elc_status elc_cli_pipeline(elc_cli_call *call, elc_error *err) {
    if (asks_for_help(&call->words))
        return show_help(call, err);
    steps s = {0};
    elc_options_free(call->common);
    call->common = NULL;
    ELC_TRY(elc_options_create(elc_cli_run_options, &call->common, err));
    ELC_TRY(elc_alloc(count_steps(&call->words), sizeof *s.calls, &s.calls, err));
    elc_status status = run(call, &s, err);
    for (size_t i = 0; i < s.count; i++) {
        s.calls[i].common = NULL; /* is the pipeline's */
        elc_cli_call_free(&s.calls[i]);
    }
    free(s.calls);
    return status;
}
