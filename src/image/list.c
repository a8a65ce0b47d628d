/* list.c - the images found: added, put in order, each once, with names of their own.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <stdlib.h>
#include <string.h>

elc_status elc_name_readable(const char *name, char **out, elc_error *err) {
    if (elc_utf8_valid(name, strlen(name)))
        return elc_strdup(name, out, err);
    elc_string text = {0};
    elc_status status = ELC_OK;
    for (const char *c = name; *c && status == ELC_OK; c++)
        status = (unsigned char)*c < 0x80
                     ? elc_string_append(&text, c, 1, err)
                     : elc_string_printf(&text, err, "%%%02X", (unsigned char)*c);
    if (status != ELC_OK) {
        elc_string_free(&text);
        return status;
    }
    *out = text.data;
    return ELC_OK;
}

elc_status elc_found_add(elc_found_list *list, const char *path, const char *name,
                         elc_error *err) {
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    elc_found item = {0};
    ELC_TRY(elc_strdup(path, &item.path, err));
    elc_status status = elc_name_readable(name, &item.name, err);
    if (status != ELC_OK) {
        free(item.path);
        return status;
    }
    list->items[list->count++] = item;
    return ELC_OK;
}

static int by_name(const void *a, const void *b) {
    const elc_found *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->path, y->path);
}

void elc_found_sort(elc_found_list *list, size_t from) {
    if (list->count > from)
        qsort(list->items + from, list->count - from, sizeof *list->items, by_name);
}

/* ---- each file once
 * ------------------------------------------------------------------- */

typedef struct key {
    char *text;
    size_t index;
    bool shared; /* another has the same text */
} key;

static int by_text(const void *a, const void *b) {
    const key *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (order)
        return order;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void free_keys(key *keys, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(keys[i].text);
    free(keys);
}

/* What a path is called when links and dots are followed. */
static char *true_path(const char *path) {
    char *text = strncmp(path, "/vsi", 4) ? realpath(path, NULL) : NULL;
    return text ? text : strdup(path);
}

static elc_status true_keys(const elc_found_list *list, key **out, elc_error *err) {
    key *keys = NULL;
    ELC_TRY(elc_alloc(list->count, sizeof *keys, &keys, err));
    for (size_t i = 0; i < list->count; i++) {
        keys[i] = (key){true_path(list->items[i].path), i, false};
        if (!keys[i].text) {
            free_keys(keys, i);
            return elc_fail(err, ELC_E_MEMORY, "no memory for %zu paths", list->count);
        }
    }
    qsort(keys, list->count, sizeof *keys, by_text);
    *out = keys;
    return ELC_OK;
}

static void drop_marked(elc_found_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].path)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

elc_status elc_found_unique(elc_found_list *list, elc_error *err) {
    key *keys = NULL;
    ELC_TRY(true_keys(list, &keys, err));
    for (size_t i = 1; i < list->count; i++) {
        elc_found *item = &list->items[keys[i].index];
        if (strcmp(keys[i].text, keys[i - 1].text))
            continue;
        free(item->path);
        free(item->name);
        *item = (elc_found){0};
    }
    free_keys(keys, list->count);
    drop_marked(list);
    return ELC_OK;
}

/* ---- names of their own
 * ----------------------------------------------------------------- */

static elc_status take_path_as_name(elc_found *item, elc_error *err) {
    char *name = NULL;
    ELC_TRY(elc_name_readable(item->path, &name, err));
    free(item->name);
    item->name = name;
    return ELC_OK;
}

elc_status elc_found_part_names(elc_found_list *list, elc_error *err) {
    key *keys = NULL;
    ELC_TRY(elc_alloc(list->count, sizeof *keys, &keys, err));
    for (size_t i = 0; i < list->count; i++)
        keys[i] = (key){list->items[i].name, i, false};
    qsort(keys, list->count, sizeof *keys, by_text);
    for (size_t i = 1; i < list->count; i++)
        if (!strcmp(keys[i].text, keys[i - 1].text))
            keys[i].shared = keys[i - 1].shared = true;
    elc_status status = ELC_OK;
    for (size_t i = 0; i < list->count && status == ELC_OK; i++)
        if (keys[i].shared)
            status = take_path_as_name(&list->items[keys[i].index], err);
    free(keys);
    return status;
}

void elc_found_list_free(elc_found_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].path);
        free(list->items[i].name);
    }
    free(list->items);
    *list = (elc_found_list){0};
}
