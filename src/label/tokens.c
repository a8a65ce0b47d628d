/* tokens.c - lines of words between blanks. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/tokens.h"

#include "label/file.h"

#include <string.h>

static const char blanks[] = " \t\r\v\f";

char *elc_label_word(char **at) {
    char *word = *at + strspn(*at, blanks);
    if (*word == '\0')
        return NULL;
    *at = word + strcspn(word, blanks);
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}

size_t elc_label_words(const char *line) {
    size_t n = 0;
    for (line += strspn(line, blanks); *line; line += strspn(line, blanks)) {
        line += strcspn(line, blanks);
        n++;
    }
    return n;
}

bool elc_label_is_int(const char *text, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return n > 0;
}

bool elc_label_is_real(const char *text, size_t n) {
    char number[64];
    double value;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, text, n);
    number[n] = '\0';
    return elc_parse_real(number, "", &value, NULL) == ELC_OK;
}

void elc_label_first_line(const char *head, char *line, size_t room) {
    head += strspn(head, " \t\r\v\f\n");
    size_t n = strcspn(head, "\n");
    n = n < room ? n : room - 1;
    memcpy(line, head, n);
    line[n] = '\0';
}

elc_status elc_label_each_line(elc_label_build *b, elc_label_line take, void *arg,
                               elc_error *err) {
    elc_label_file file = {0};
    elc_string line = {0};
    bool more = true;
    b->unit = "line";
    ELC_TRY(elc_label_file_open(b->path, &file, err));
    elc_status status = elc_label_file_line(&file, &line, &b->number, &more, err);
    while (status == ELC_OK && more) {
        if (line.data[strspn(line.data, blanks)] != '\0')
            status = take(arg, line.data, err);
        if (status == ELC_OK)
            status = elc_label_file_line(&file, &line, &b->number, &more, err);
    }
    elc_label_file_close(&file);
    elc_string_free(&line);
    return status;
}
