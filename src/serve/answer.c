/* answer.c - answers made of JSON, of failures, and freed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/answer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void elc_serve_answer_clear(serve_answer *answer) {
    elc_string_free(&answer->body);
    if (answer->file > 0)
        close(answer->file);
    *answer = (serve_answer){0};
}

elc_status elc_serve_answer_json(serve_answer *answer, const char *type, json_t *json,
                                 elc_error *err) {
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the answer");
    answer->type = type;
    elc_status status = elc_string_append(&answer->body, text, strlen(text), err);
    free(text);
    return status;
}

void elc_serve_answer_failure(serve_answer *answer, int http, const char *message) {
    elc_serve_answer_clear(answer);
    answer->status = http;
    elc_serve_answer_json(answer, SERVE_JSON,
                          json_pack("{s:i, s:o}", "code", http, "description",
                                    elc_serve_text(message, strlen(message))),
                          NULL);
}

int elc_serve_http_status(elc_status status) {
    switch (status) {
    case ELC_OK:
        return 200;
    case ELC_E_ARGUMENT:
        return 400;
    case ELC_E_NOT_FOUND:
        return 404;
    case ELC_E_UNSUPPORTED:
        return 422;
    case ELC_E_MEMORY:
    case ELC_E_CANCELLED:
        return 503;
    default:
        return 500;
    }
}

json_t *elc_serve_text(const char *text, size_t size) {
    if (elc_utf8_valid(text, size))
        return json_stringn(text, size);
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < size; i++)
        copy[i] =
            (char)((unsigned char)text[i] < 0x80 && text[i] != '\0' ? text[i] : '?');
    json_t *json = json_stringn(copy, size);
    free(copy);
    return json;
}
