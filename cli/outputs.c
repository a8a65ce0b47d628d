/* outputs.c - the files that a call writes are none that it reads, and each is one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>

/* Options of operators that name a file to write, beside the one that is op->file. */
static const char *const written[] = {"png", "html", "json", "report", NULL};

/* A file of the call, as the option that names it is typed. */
typedef struct {
    const char *option, *path;
} output;

/* ---- what is read ----------------------------------------------------------------
 */

static bool is_written(const elc_operator *op, const elc_option *o) {
    if (o->type != ELC_OPTION_PATH)
        return false;
    bool found = op->file != NULL && strcmp(op->file, o->name) == 0;
    for (size_t i = 0; written[i] != NULL; i++)
        found = found || strcmp(written[i], o->name) == 0;
    return found;
}

/* The first of the words that is of the file; NAME=FILE is, too. */
static const char *find_in_words(const elc_names *words, const char *path) {
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i], *equals = strchr(word, '=');
        if (elc_layer_is_of_file(word, path))
            return word;
        if (equals != NULL && elc_layer_is_of_file(equals + 1, path))
            return equals + 1;
    }
    return NULL;
}

static const char *find_in_option(const elc_cli_call *call, const elc_option *o,
                                  const char *path) {
    if (o->type == ELC_OPTION_LIST)
        return find_in_words(elc_options_list(call->own, o->name), path);
    if ((o->type != ELC_OPTION_PATH && o->type != ELC_OPTION_LAYER) ||
        is_written(call->op, o))
        return NULL;
    const char *file = elc_options_text(call->own, o->name);
    return elc_layer_is_of_file(file, path) ? file : NULL;
}

/* What the call reads that the file would replace, or NULL. */
static const char *clash_of(const elc_cli_call *call, const char *path) {
    const char *clash = find_in_words(&call->words, path);
    for (const elc_option *o = call->op->options; clash == NULL && o->name; o++)
        clash = find_in_option(call, o, path);
    return clash;
}

static elc_status fail_clash(const char *clash, const char *option, elc_error *err) {
    char *label = NULL;
    ELC_TRY(elc_layer_label(clash, &label, err));
    elc_status status =
        elc_fail(err, ELC_E_ARGUMENT,
                 "%s: is read, so it cannot be the output too; give %s another name",
                 label, option);
    free(label);
    return status;
}

static elc_status check_not_read(const elc_cli_chain *chain, const output *file,
                                 elc_error *err) {
    for (size_t i = 0; i < chain->count; i++) {
        const char *clash = clash_of(chain->steps[i].cli, file->path);
        if (clash != NULL)
            return fail_clash(clash, file->option, err);
    }
    return ELC_OK;
}

/* ---- what is written -------------------------------------------------------------
 */

typedef struct {
    const elc_cli_chain *chain;
    output *items;
    size_t count, capacity;
    elc_names options; /* owns what `items` calls them */
} outputs;

static elc_status fail_twice(const output *one, const output *other, elc_error *err) {
    char *label = NULL;
    ELC_TRY(elc_layer_label(other->path, &label, err));
    elc_status status = elc_fail(err, ELC_E_ARGUMENT, "%s and %s both name %s",
                                 one->option, other->option, label);
    free(label);
    return status;
}

static elc_status add(outputs *all, const char *option, const char *path,
                      elc_error *err) {
    output file = {option, path};
    ELC_TRY(check_not_read(all->chain, &file, err));
    for (size_t i = 0; i < all->count; i++)
        if (elc_layer_same_file(all->items[i].path, path))
            return fail_twice(&all->items[i], &file, err);
    ELC_TRY(elc_reserve(&all->items, &all->capacity, all->count + 1, sizeof file, err));
    all->items[all->count++] = file;
    return ELC_OK;
}

/* As the user has typed it: -o, too, names the file of an operator. */
static void name_option(const elc_cli_call *call, const elc_option *o, char out[64]) {
    bool own = call->op->file != NULL && strcmp(call->op->file, o->name) == 0;
    const char *common =
        call->common != NULL ? elc_options_text(call->common, "output") : NULL;
    bool same = own && common != NULL &&
                strcmp(common, elc_options_text(call->own, o->name)) == 0;
    snprintf(out, 64, same ? "-o" : "--%s", o->name);
}

static elc_status add_of_call(outputs *all, const elc_cli_call *call, elc_error *err) {
    for (const elc_option *o = call->op->options; o->name != NULL; o++) {
        const char *path =
            is_written(call->op, o) ? elc_options_text(call->own, o->name) : NULL;
        char option[64];
        if (path == NULL)
            continue;
        name_option(call, o, option);
        ELC_TRY(elc_names_add(&all->options, option, err));
        ELC_TRY(add(all, all->options.items[all->options.count - 1], path, err));
    }
    return ELC_OK;
}

elc_status elc_cli_outputs_check(const elc_cli_chain *chain, const char *path,
                                 elc_error *err) {
    outputs all = {.chain = chain};
    elc_status status = ELC_OK;
    if (path != NULL && strcmp(path, "-") != 0)
        status = add(&all, "-o", path, err);
    for (size_t i = 0; i < chain->count && status == ELC_OK; i++)
        status = add_of_call(&all, chain->steps[i].cli, err);
    free(all.items);
    elc_names_free(&all.options);
    return status;
}

static elc_status name_of_call(const elc_cli_call *call, elc_names *out,
                               elc_error *err) {
    for (const elc_option *o = call->op->options; o->name != NULL; o++) {
        const char *path =
            is_written(call->op, o) ? elc_options_text(call->own, o->name) : NULL;
        char *label = NULL;
        if (path == NULL)
            continue;
        ELC_TRY(elc_layer_label(path, &label, err));
        elc_status status = elc_names_add(out, label, err);
        free(label);
        ELC_TRY(status);
    }
    return ELC_OK;
}

elc_status elc_cli_outputs_name(const elc_cli_chain *chain, const char *path,
                                elc_names *out, elc_error *err) {
    if (path != NULL && strcmp(path, "-") != 0)
        ELC_TRY(elc_names_add(out, path, err));
    for (size_t i = 0; i < chain->count; i++)
        ELC_TRY(name_of_call(chain->steps[i].cli, out, err));
    return ELC_OK;
}
