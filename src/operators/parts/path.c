/* path.c - paths in the JSON of parts that travel to other processes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

elc_status elc_part_put_path(json_t *object, const char *name, const char *text,
                             elc_error *err) {
    if (!text)
        return ELC_OK;
    if (elc_utf8_valid(text, strlen(text))) {
        json_object_set_new(object, name, json_string(text));
        return ELC_OK;
    }
    char key[32];
    elc_string hex = {0};
    elc_status status = ELC_OK;
    snprintf(key, sizeof key, "%s_hex", name);
    for (const char *c = text; *c && status == ELC_OK; c++)
        status = elc_string_printf(&hex, err, "%02x", (unsigned char)*c);
    if (status == ELC_OK)
        json_object_set_new(object, key, json_string(hex.data));
    elc_string_free(&hex);
    return status;
}

static elc_status bad(elc_error *err, const char *whose, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "%s: %s", whose, what);
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static elc_status read_hex(const char *hex, const char *whose, char **out,
                           elc_error *err) {
    size_t n = strlen(hex) / 2;
    char *text = NULL;
    ELC_TRY(elc_alloc(n + 1, 1, &text, err));
    bool good = strlen(hex) == 2 * n;
    for (size_t i = 0; i < n && good; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        good = high >= 0 && low >= 0 && high + low > 0;
        text[i] = (char)(16 * high + low);
    }
    if (good && !elc_utf8_valid(text, n)) {
        *out = text;
        return ELC_OK;
    }
    free(text);
    return bad(err, whose, "a path that is not hex of what UTF-8 cannot say");
}

elc_status elc_part_take_path(const json_t *object, const char *name, const char *whose,
                              char **out, elc_error *err) {
    char key[32];
    snprintf(key, sizeof key, "%s_hex", name);
    const json_t *text = json_object_get(object, name);
    const json_t *hex = json_object_get(object, key);
    if ((text && !json_is_string(text)) || (hex && (text || !json_is_string(hex))))
        return bad(err, whose, "a path that is no text");
    if (hex)
        return read_hex(json_string_value(hex), whose, out, err);
    return elc_strdup(json_string_value(text), out, err);
}
