/* arguments.c - arguments, and the lists of them that files hold. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 256 << 20 };

static elc_status add(elc_arguments *out, const char *text, bool listed,
                      elc_error *err) {
    ELC_TRY(elc_reserve(&out->items, &out->capacity, out->count + 1, sizeof *out->items,
                        err));
    out->items[out->count] = (elc_argument){NULL, listed};
    ELC_TRY(elc_strdup(text, &out->items[out->count].text, err));
    out->count++;
    return ELC_OK;
}

/* A line without its end and outer blanks; empty when there is nothing in it. */
static char *trimmed(char *line) {
    line += strspn(line, " \t\r");
    size_t n = strlen(line);
    while (n > 0 && strchr(" \t\r", line[n - 1]))
        line[--n] = 0;
    return *line == '#' ? line + n : line;
}

static elc_status add_lines(elc_arguments *out, const char *path, char *text,
                            elc_error *err) {
    size_t before = out->count;
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        char *argument = trimmed(line);
        if (*argument == '@')
            return elc_fail(err, ELC_E_ARGUMENT,
                            "%s: \"%s\": a list may not name others", path, argument);
        if (*argument)
            ELC_TRY(add(out, argument, true, err));
    }
    if (out->count == before)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: names no image; one a line", path);
    return ELC_OK;
}

static elc_status add_list(elc_arguments *out, const char *path, elc_error *err) {
    elc_string text = {0};
    ELC_TRY(elc_file_read(path, LIST_MAX, &text, err));
    elc_status status = ELC_OK;
    if (text.data && memchr(text.data, 0, text.size))
        status = elc_fail(err, ELC_E_FORMAT, "%s: is no list: it has NUL bytes", path);
    if (status == ELC_OK)
        status = add_lines(out, path, text.data, err);
    elc_string_free(&text);
    return status;
}

static bool is_list(const char *argument) {
    return argument && argument[0] == '@' && argument[1] &&
           elc_path_nature(argument, NULL, NULL) == ELC_NATURE_NONE;
}

elc_status elc_arguments_expand(const char *const *arguments, size_t n,
                                elc_arguments *out, elc_error *err) {
    for (size_t i = 0; i < n; i++)
        ELC_TRY(is_list(arguments[i])
                    ? add_list(out, arguments[i] + 1, err)
                    : add(out, arguments[i] ? arguments[i] : "", false, err));
    return ELC_OK;
}

void elc_arguments_free(elc_arguments *arguments) {
    for (size_t i = 0; i < arguments->count; i++)
        free(arguments->items[i].text);
    free(arguments->items);
    *arguments = (elc_arguments){0};
}
