/* text.c - growing strings and lists of names. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "format.h"

#include <stdlib.h>
#include <string.h>

/* Room for n more bytes and the NUL after them. */
static elc_status string_room(elc_string *s, size_t n, elc_error *err) {
    size_t need;
    if (__builtin_add_overflow(s->size, n, &need) || need == SIZE_MAX)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: a text of %zu and %zu bytes is more than can be "
                        "addressed",
                        s->size, n);
    return elc_reserve(&s->data, &s->capacity, need + 1, 1, err);
}

elc_status elc_string_append(elc_string *s, const void *bytes, size_t n,
                             elc_error *err) {
    ELC_TRY(string_room(s, n, err));
    if (n > 0)
        memcpy(s->data + s->size, bytes, n);
    s->size += n;
    s->data[s->size] = '\0';
    return ELC_OK;
}

elc_status elc_string_printf(elc_string *s, elc_error *err, const char *format, ...) {
    va_list args;
    ELC_TRY(string_room(s, 127, err));
    size_t room = s->capacity - s->size;
    va_start(args, format);
    int n = elc_format(s->data + s->size, room, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n >= room) {
        s->data[s->size] = '\0';
        ELC_TRY(string_room(s, (size_t)n, err));
        va_start(args, format);
        n = elc_format(s->data + s->size, (size_t)n + 1, format, args);
        va_end(args);
    }
    if (n < 0) {
        s->data[s->size] = '\0';
        return elc_fail(err, ELC_E_INTERNAL, "text: cannot be formatted by \"%s\"",
                        format);
    }
    s->size += (size_t)n;
    return ELC_OK;
}

void elc_string_free(elc_string *s) {
    if (s == NULL)
        return;
    free(s->data);
    *s = (elc_string){0};
}

static elc_status add_bytes(elc_names *names, const char *text, size_t n,
                            elc_error *err) {
    char *copy;
    ELC_TRY(elc_reserve(&names->items, &names->capacity, names->count + 1,
                        sizeof *names->items, err));
    ELC_TRY(elc_alloc(n + 1, 1, &copy, err));
    memcpy(copy, text, n);
    names->items[names->count++] = copy;
    return ELC_OK;
}

elc_status elc_names_add(elc_names *names, const char *text, elc_error *err) {
    return add_bytes(names, text, strlen(text), err);
}

size_t elc_names_find(const elc_names *names, const char *text) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], text) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static elc_status add_trimmed(elc_names *names, const char *text, size_t n,
                              elc_error *err) {
    while (n > 0 && is_blank(text[0])) {
        text++;
        n--;
    }
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    return n == 0 ? ELC_OK : add_bytes(names, text, n, err);
}

elc_status elc_names_split(elc_names *names, const char *text, char separator,
                           elc_error *err) {
    for (;;) {
        const char *end = strchr(text, separator);
        if (end == NULL || separator == '\0')
            return add_trimmed(names, text, strlen(text), err);
        ELC_TRY(add_trimmed(names, text, (size_t)(end - text), err));
        text = end + 1;
    }
}

void elc_names_free(elc_names *names) {
    if (names == NULL)
        return;
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (elc_names){0};
}
