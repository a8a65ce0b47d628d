/* keys.c - columns from folder names such as "year=2024", as Hive and Spark write them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <string.h>
#include <strings.h>

#include "rows.h"

static int hex_value(char c) {
    static const char DIGITS[] = "0123456789abcdef";
    const char *at = c ? strchr(DIGITS, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

/* Text with %XX as the byte that it stands for; as it is where that makes no UTF-8. */
static elc_status decode(const char *text, size_t n, elc_string *out, elc_error *err) {
    out->size = 0;
    ELC_TRY(elc_string_append(out, "", 0, err));
    for (size_t i = 0; i < n; i++) {
        int high = text[i] == '%' && n - i > 2 ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        char byte = low >= 0 ? (char)(16 * high + low) : text[i];
        ELC_TRY(elc_string_append(out, &byte, 1, err));
        i += low >= 0 ? 2 : 0;
    }
    if (elc_utf8_valid(out->data, out->size))
        return ELC_OK;
    out->size = 0;
    return elc_string_append(out, text, n, err);
}

bool elc_catalog_key_good(const char *column) {
    return *column && *column != '_' && elc_utf8_valid(column, strlen(column)) &&
           elc_catalog_column_find(column) < 0;
}

int elc_catalog_key_find(const elc_names *keys, const char *column) {
    for (size_t i = 0; i < keys->count; i++)
        if (!strcasecmp(keys->items[i], column))
            return (int)i;
    return -1;
}

static elc_status column_of(const char *text, size_t n, elc_string *out,
                            elc_error *err) {
    elc_string key = {0};
    elc_status status = decode(text, n, &key, err);
    out->size = 0;
    if (status == ELC_OK)
        status = elc_string_printf(
            out, err, "%s%s", elc_catalog_key_good(key.data) ? "" : "key_", key.data);
    elc_string_free(&key);
    return status;
}

/* The next folder of a name that is "key=value"; false at the end. */
static bool next_pair(const char **name, const char **key, size_t *key_n,
                      const char **value, size_t *value_n) {
    const char *slash;
    for (; (slash = strchr(*name, '/')); *name = slash + 1) {
        const char *equals = memchr(*name, '=', (size_t)(slash - *name));
        if (!equals || equals == *name)
            continue;
        *key = *name;
        *key_n = (size_t)(equals - *name);
        *value = equals + 1;
        *value_n = (size_t)(slash - equals - 1);
        *name = slash + 1;
        return true;
    }
    return false;
}

elc_status elc_catalog_keys_collect(elc_names *keys, const char *name, elc_error *err) {
    const char *key, *value;
    size_t n, value_n;
    elc_string column = {0};
    elc_status status = ELC_OK;
    while (status == ELC_OK && next_pair(&name, &key, &n, &value, &value_n)) {
        status = column_of(key, n, &column, err);
        if (status != ELC_OK || elc_catalog_key_find(keys, column.data) >= 0)
            continue;
        if (keys->count == ELC_CATALOG_KEYS_MAX)
            status = elc_fail(err, ELC_E_UNSUPPORTED,
                              "%s: more than %d different key=value names of folders; "
                              "catalogue fewer at once",
                              column.data, ELC_CATALOG_KEYS_MAX);
        else if (elc_catalog_key_good(column.data))
            status = elc_names_add(keys, column.data, err);
    }
    elc_string_free(&column);
    return status;
}

/* What Hive and Spark write for none. */
static bool is_none(const char *value) {
    return !*value || !strcmp(value, "__HIVE_DEFAULT_PARTITION__");
}

elc_status elc_catalog_keys_each(const elc_names *keys, const char *name,
                                 elc_catalog_key_take take, void *arg, elc_error *err) {
    const char *key, *value;
    size_t n, value_n;
    elc_string text = {0};
    elc_status status = ELC_OK;
    while (status == ELC_OK && next_pair(&name, &key, &n, &value, &value_n)) {
        status = column_of(key, n, &text, err);
        int column = status == ELC_OK ? elc_catalog_key_find(keys, text.data) : -1;
        if (column < 0)
            continue;
        status = decode(value, value_n, &text, err);
        if (status == ELC_OK)
            status =
                take(arg, (size_t)column, is_none(text.data) ? NULL : text.data, err);
    }
    elc_string_free(&text);
    return status;
}
