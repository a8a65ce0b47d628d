/* describe.c - words for options and inputs, made from what is declared of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

/* ---- options ------------------------------------------------------------- */

static const char *placeholder(elc_option_type type) {
    switch (type) {
    case ELC_OPTION_INT:
    case ELC_OPTION_REAL:
        return "N";
    case ELC_OPTION_CHOICE:
        return "WORD";
    case ELC_OPTION_LIST:
        return "A,B,...";
    case ELC_OPTION_PATH:
        return "FILE";
    case ELC_OPTION_LAYER:
        return "FILE[:LAYER]";
    case ELC_OPTION_CRS:
        return "CRS";
    case ELC_OPTION_SHARE_OR_PX:
        return "SHARE|PX";
    case ELC_OPTION_LENGTH:
        return "LENGTH";
    case ELC_OPTION_BOOL:
    case ELC_OPTION_TEXT:
    case ELC_OPTION_WORD:
        break;
    }
    return "TEXT";
}

static bool is_number(const elc_option *option) {
    return option->type == ELC_OPTION_INT || option->type == ELC_OPTION_REAL;
}

static bool is_on(const elc_option *option) {
    return option->fallback != NULL && strcmp(option->fallback, "yes") == 0;
}

elc_status elc_cli_option_term(const elc_option *option, elc_string *out,
                               elc_error *err) {
    char kebab[64], unit[64];
    elc_cli_kebab(option->name, kebab);
    if (option->type == ELC_OPTION_BOOL) {
        return elc_string_printf(out, err, "--%s%s", is_on(option) ? "[no-]" : "",
                                 kebab);
    }
    bool by_unit = is_number(option) && option->unit != NULL;
    elc_cli_upper(by_unit ? option->unit : "", unit);
    return elc_string_printf(out, err, "--%s %s", kebab,
                             by_unit ? unit : placeholder(option->type));
}

static elc_status add_choices(const elc_option *option, elc_string *out,
                              elc_error *err) {
    if (option->choices == NULL)
        return ELC_OK;
    const char *before = option->type == ELC_OPTION_CHOICE ? "; one of " : "; also ";
    for (const char *const *c = option->choices; *c != NULL; c++) {
        ELC_TRY(elc_string_printf(out, err, "%s%s", before, *c));
        before = ", ";
    }
    return ELC_OK;
}

/* "off unless given" is what a switch is thought to be. */
static elc_status add_numbers(const elc_option *option, elc_string *out,
                              elc_error *err) {
    if (option->min < option->max)
        ELC_TRY(
            elc_string_printf(out, err, "; %.12g to %.12g", option->min, option->max));
    bool off = option->type == ELC_OPTION_BOOL && !is_on(option);
    if (option->fallback != NULL && !off)
        ELC_TRY(elc_string_printf(out, err, " (default: %s)", option->fallback));
    return ELC_OK;
}

elc_status elc_cli_option_text(const elc_option *option, elc_string *out,
                               elc_error *err) {
    ELC_TRY(
        elc_string_printf(out, err, "%s", option->help == NULL ? "" : option->help));
    ELC_TRY(add_choices(option, out, err));
    return add_numbers(option, out, err);
}

/* ---- usage --------------------------------------------------------------- */

static elc_status add_inputs(const elc_input *input, elc_string *out, elc_error *err) {
    for (; input != NULL && input->name != NULL; input++) {
        char upper[64];
        elc_cli_upper(input->name, upper);
        const char *more = input->cut == ELC_CUT_SOURCE ? "..." : "";
        ELC_TRY(elc_string_printf(out, err, input->optional ? " [%s%s]" : " %s%s",
                                  upper, more));
    }
    return ELC_OK;
}

elc_status elc_cli_usage(const elc_cli_call *call, elc_string *out, elc_error *err) {
    char name[64];
    elc_cli_call_name(call, name);
    ELC_TRY(elc_string_printf(out, err, "elcano %s", name));
    if (call->op == NULL)
        return elc_string_printf(out, err, "%s", call->command->usage);
    for (const elc_option *o = call->op->options; o != NULL && o->name != NULL; o++) {
        elc_cli_upper(o->name, name);
        if (o->type == ELC_OPTION_WORD)
            ELC_TRY(elc_string_printf(out, err, " %s", name));
    }
    ELC_TRY(add_inputs(call->op->inputs, out, err));
    return elc_string_printf(out, err, " [--OPTION VALUE]... [-o FILE]");
}
