/* help.c - `elcano help`, --help and the man pages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/layer.h>

#include <string.h>
#include <unistd.h>

const elc_option elc_cli_help_options[] = {
    {.name = "man",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "as a man page (roff), to be kept or piped to 'man -l -'"},
    {.name = NULL},
};

/* ---- parts of pages ------------------------------------------------------ */

static elc_status usage_section(const elc_cli_page *page, const elc_cli_call *call,
                                elc_error *err) {
    elc_string usage = {0};
    elc_status status = elc_cli_usage(call, &usage, err);
    if (status == ELC_OK) {
        elc_cli_page_section(page, page->roff ? "synopsis" : "usage");
        elc_cli_page_code(page, usage.data);
    }
    elc_string_free(&usage);
    return status;
}

static elc_status begin_page(const elc_cli_page *page, const elc_cli_call *call,
                             const char *summary, elc_error *err) {
    char name[64], title[80];
    elc_cli_call_name(call, name);
    snprintf(title, sizeof title, "elcano %s", name);
    for (char *c = title; page->roff && *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c; /* a man page's name is one word */
    elc_cli_page_title(page, title, summary);
    return usage_section(page, call, err);
}

static elc_status option_item(const elc_cli_page *page, const elc_option *option,
                              const char *before, elc_error *err) {
    elc_string term = {0}, text = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_string_printf(&term, err, "%s", before), status, done);
    ELC_TRY_GOTO(elc_cli_option_term(option, &term, err), status, done);
    ELC_TRY_GOTO(elc_cli_option_text(option, &text, err), status, done);
    elc_cli_page_item(page, term.data, text.data);
done:
    elc_string_free(&term);
    elc_string_free(&text);
    return status;
}

/* As elc_cli_parse takes it; an operator's own options have none. */
static const char *short_form(const elc_option *option) {
    for (const elc_option *o = elc_cli_run_options; o->name != NULL; o++) {
        if (o == option && strcmp(o->name, "output") == 0)
            return "-o, ";
        if (o == option && strcmp(o->name, "quiet") == 0)
            return "-q, ";
    }
    return "";
}

static elc_status option_items(const elc_cli_page *page, const elc_option *options,
                               elc_error *err) {
    for (; options != NULL && options->name != NULL; options++) {
        ELC_TRY(option_item(page, options, short_form(options), err));
    }
    return ELC_OK;
}

/* One that the operator describes too is one option: it stands there, and means both.
   Where rows are only shown there is nothing to say of their file. */
static bool is_for(const elc_option *option, const elc_operator *op) {
    const elc_option *same = op->options;
    while (same != NULL && same->name != NULL && strcmp(same->name, option->name) != 0)
        same++;
    bool own = same != NULL && same->name != NULL;
    bool of_rows =
        strcmp(option->name, "output") == 0 || strcmp(option->name, "index") == 0;
    return !own && !(of_rows && op->file != NULL);
}

static elc_status run_option_items(const elc_cli_page *page, const elc_operator *op,
                                   elc_error *err) {
    for (const elc_option *o = elc_cli_run_options; o->name != NULL; o++)
        if (is_for(o, op))
            ELC_TRY(option_item(page, o, short_form(o), err));
    return ELC_OK;
}

static void input_items(const elc_cli_page *page, const elc_input *input) {
    elc_cli_page_section(page, "inputs");
    for (; input->name != NULL; input++) {
        char term[80], upper[64];
        elc_cli_upper(input->name, upper);
        snprintf(term, sizeof term, "%s%s", upper,
                 input->cut == ELC_CUT_SOURCE ? "..." : "");
        elc_cli_page_item(page, term, input->help == NULL ? "" : input->help);
    }
}

static void format_items(const elc_cli_page *page) {
    elc_cli_page_section(page, "formats of -o");
    for (const char *const *f = elc_sink_formats(); *f != NULL; f++) {
        char ending[64];
        const char *gap = strstr(*f, "  ");
        size_t n = gap == NULL ? strlen(*f) : (size_t)(gap - *f);
        snprintf(ending, sizeof ending, "%.*s", (int)n, *f);
        elc_cli_page_item(page, ending, *f + n + strspn(*f + n, " "));
    }
}

static elc_status column_item(const elc_cli_page *page, const elc_column *column,
                              elc_error *err) {
    elc_string text = {0};
    elc_status status = elc_string_printf(
        &text, err, "%s%s%s%s%s", elc_type_name(column->type),
        column->unit == NULL ? "" : " in ", column->unit == NULL ? "" : column->unit,
        column->help == NULL ? "" : ": ", column->help == NULL ? "" : column->help);
    if (status == ELC_OK)
        elc_cli_page_item(page, column->name, text.data);
    elc_string_free(&text);
    return status;
}

static elc_status output_section(const elc_cli_page *page, const elc_output *output,
                                 bool side, elc_error *err) {
    char title[64];
    snprintf(title, sizeof title, "columns of %s", output->name);
    elc_cli_page_section(page, title);
    if (output->help != NULL)
        elc_cli_page_text(page, output->help);
    if (side)
        elc_cli_page_text(page,
                          "A further layer, where the format has room for layers.");
    for (size_t i = 0; i < output->n_columns; i++) {
        if (output->columns[i].name[0] != '_')
            ELC_TRY(column_item(page, &output->columns[i], err));
    }
    if (output->more != NULL)
        elc_cli_page_text(page, output->more);
    return ELC_OK;
}

static void exit_section(const elc_cli_page *page) {
    elc_cli_page_section(page, "exit status");
    for (const elc_cli_exit *e = elc_cli_exits; e->meaning != NULL; e++) {
        char code[16];
        snprintf(code, sizeof code, "%d", e->code);
        elc_cli_page_item(page, code, e->meaning);
    }
}

/* ---- pages --------------------------------------------------------------- */

elc_status elc_cli_page_program(const elc_cli_page *page, elc_error *err) {
    (void)err;
    elc_cli_page_title(page, "elcano", "find objects in georeferenced images");
    elc_cli_page_section(page, page->roff ? "synopsis" : "usage");
    elc_cli_page_code(page, "elcano OPERATOR INPUT... [--OPTION VALUE]... [-o FILE]");
    elc_cli_page_code(page, "elcano COMMAND ...");
    elc_cli_page_section(page, "operators");
    for (const elc_operator *const *op = elc_operators; *op != NULL; op++) {
        char name[64];
        elc_cli_words((*op)->name, name);
        elc_cli_page_item(page, name, (*op)->summary);
    }
    elc_cli_page_section(page, "commands");
    for (const elc_cli_command *c = elc_cli_commands; c->name != NULL; c++)
        elc_cli_page_item(page, c->name, c->summary);
    exit_section(page);
    elc_cli_page_section(page, "environment");
    elc_cli_page_item(page, "ELCANO_ONNXRUNTIME",
                      "the ONNX Runtime library to use (libonnxruntime.so.1)");
    elc_cli_page_item(
        page, "GDAL_CACHEMAX",
        "GDAL's block cache, 64 MiB unless this is set; and whatever else "
        "GDAL reads from the environment");
    if (!page->roff)
        fputs("\n'elcano help NAME' explains an operator or a command.\n", page->out);
    return ELC_OK;
}

elc_status elc_cli_page_command(const elc_cli_page *page,
                                const elc_cli_command *command, elc_error *err) {
    elc_cli_call call = {.command = command};
    ELC_TRY(begin_page(page, &call, command->summary, err));
    if (command->more != NULL) {
        elc_cli_page_section(page, "description");
        elc_cli_page_text(page, command->more);
    }
    if (command->options != NULL) {
        elc_cli_page_section(page, "options");
        ELC_TRY(option_items(page, command->options, err));
    }
    exit_section(page);
    return ELC_OK;
}

elc_status elc_cli_page_operator(const elc_cli_page *page, const elc_operator *op,
                                 elc_error *err) {
    elc_cli_call call = {.op = op};
    ELC_TRY(begin_page(page, &call, op->summary, err));
    if (op->inputs != NULL && op->inputs->name != NULL)
        input_items(page, op->inputs);
    elc_cli_page_section(page, "options");
    ELC_TRY(option_items(page, op->options, err));
    elc_cli_page_section(page, "options of every operator");
    ELC_TRY(run_option_items(page, op, err));
    if (op->file == NULL)
        format_items(page);
    else
        elc_cli_page_text(page, "The rows are shown: a table of them on a terminal, "
                                "else GeoJSONSeq on the standard output.");
    for (const elc_output *o = op->outputs; o != NULL && o->name != NULL; o++)
        ELC_TRY(output_section(page, o, o != op->outputs, err));
    if (op->example != NULL) {
        elc_cli_page_section(page, "example");
        elc_cli_page_code(page, op->example);
    }
    exit_section(page);
    return ELC_OK;
}

/* ---- the command --------------------------------------------------------- */

static elc_status page_of(const elc_cli_page *page, const elc_names *words,
                          elc_error *err) {
    elc_cli_call subject = {0};
    bool both;
    const char *second = words->count > 1 ? words->items[1] : NULL;
    ELC_TRY(elc_cli_find_words(words->items[0], second, &subject, &both, err));
    if (words->count > (both ? 2u : 1u))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: one name at a time",
                        words->items[both ? 2 : 1]);
    return subject.op != NULL ? elc_cli_page_operator(page, subject.op, err)
                              : elc_cli_page_command(page, subject.command, err);
}

elc_status elc_cli_help(elc_cli_call *call, elc_error *err) {
    elc_cli_page page = {stdout, elc_options_bool(call->own, "man"),
                         elc_cli_terminal_width(STDOUT_FILENO)};
    if (call->words.count == 0)
        return elc_cli_page_program(&page, err);
    elc_status status = page_of(&page, &call->words, err);
    call->misuse = status == ELC_E_ARGUMENT && call->words.count > 1;
    return status;
}
