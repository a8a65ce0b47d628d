/* model_list.c - `elcano model list`: the networks that a name can mean. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/model.h>

#include <string.h>
#include <sys/stat.h>

#define CLASSES_SHOWN 10

static uint64_t file_size(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}

static void print_text(const char *name, const elc_model_info *info) {
    char size[32];
    elc_cli_grouped(file_size(info->path), size);
    printf("%s\n  %-12s", name, "classes");
    for (size_t i = 0; i < info->classes->count && i < CLASSES_SHOWN; i++)
        printf("%s%s", i > 0 ? ", " : "", info->classes->items[i]);
    printf("%s\n", info->classes->count > CLASSES_SHOWN ? ", ..." : "");
    if (info->gsd_m > 0)
        printf("  %-12s%g m a pixel\n", "resolution", info->gsd_m);
    printf("  %-12s%s bytes\n", "size", size);
    printf("  %-12s%s\n", "licence", info->license ? info->license : "not stated");
    printf("  %-12s%s\n", "file", info->path);
}

static json_t *as_json(const char *name, const elc_model_info *info) {
    json_t *classes = json_array();
    for (size_t i = 0; i < info->classes->count; i++)
        json_array_append_new(classes, json_string(info->classes->items[i]));
    return json_pack("{s:s, s:o, s:o, s:I, s:s?, s:s}", "name", name, "classes",
                     classes, "gsd_m",
                     info->gsd_m > 0 ? json_real(info->gsd_m) : json_null(), "size",
                     (json_int_t)file_size(info->path), "license", info->license,
                     "file", info->path);
}

/* A file that is no network stands in the list with the reason, not in its way. With
   `list` that takes it, else as text. */
static void list_one(const char *name, json_t *list) {
    elc_model *model = NULL;
    elc_error why = {0};
    bool opened = elc_model_open(name, NULL, &model, &why) == ELC_OK;
    if (list != NULL)
        json_array_append_new(
            list, opened ? as_json(name, elc_model_info_at(model))
                         : json_pack("{s:s, s:s}", "name", name, "error", why.message));
    else if (opened)
        print_text(name, elc_model_info_at(model));
    else
        printf("%s\n  %-12s%s\n", name, "error", why.message);
    elc_model_free(model);
}

/* What is said of one network fits no list. */
static elc_status refuse_others(const elc_cli_call *call, elc_error *err) {
    for (const elc_option *o = elc_cli_model_options; o->name != NULL; o++) {
        if (strcmp(o->name, "json") != 0 && elc_options_given(call->own, o->name))
            return elc_fail(err, ELC_E_ARGUMENT, "--%s is for 'model info'", o->name);
    }
    return ELC_OK;
}

elc_status elc_cli_model_list(const elc_cli_call *call, elc_error *err) {
    elc_names names = {0};
    ELC_TRY(refuse_others(call, err));
    json_t *list = elc_options_bool(call->own, "json") ? json_array() : NULL;
    elc_status status = elc_model_names(&names, err);
    for (size_t i = 0; status == ELC_OK && i < names.count; i++)
        list_one(names.items[i], list);
    if (status == ELC_OK && list != NULL) {
        json_dumpf(list, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
        printf("\n");
    }
    json_decref(list);
    elc_names_free(&names);
    return status;
}
