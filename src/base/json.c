/* json.c - strings of JSON compared where they stand (RFC 8259 7). */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <string.h>

enum { NONE = -1 };

/* The value of "0041", or NONE where it is not one of ASCII. */
static int code_of(const char *hex, size_t n) {
    int code = 0;
    if (n < 4)
        return NONE;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *at = hex[i] == '\0' ? NULL : strchr(digits, hex[i]);
        if (at == NULL)
            return NONE;
        code = code * 16 + (int)(at - digits) % 16;
    }
    return code < 0x80 ? code : NONE;
}

/* What stands at the front of a string, and how long it is written. */
static int character_at(const char *text, size_t n, size_t *length) {
    static const char marks[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    *length = 1;
    if (text[0] != '\\')
        return (unsigned char)text[0];
    if (n < 2 || text[1] == '\0')
        return NONE;
    const char *mark = strchr(marks, text[1]);
    *length = text[1] == 'u' ? 6 : 2;
    return text[1] == 'u' ? code_of(text + 2, n - 2)
           : mark != NULL ? means[mark - marks]
                          : NONE;
}

bool elc_json_is(const char *text, size_t n, const char *word) {
    size_t length;
    if (memchr(text, '\\', n) == NULL)
        return strlen(word) == n && memcmp(text, word, n) == 0;
    for (; n > 0 && *word != '\0'; text += length, n -= length, word++)
        if (character_at(text, n, &length) != *word)
            return false;
    return n == 0 && *word == '\0';
}
