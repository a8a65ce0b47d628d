/* dota.c - DOTA's text: four corners, a class and whether it is difficult, one a line.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/format.h"
#include "label/tokens.h"

#include <string.h>

typedef struct dota {
    elc_label_build *b;
    elc_string image;
    bool begun; /* a line that is no heading was met */
} dota;

static bool is_heading(const char *line) {
    return strncmp(line, "imagesource:", 12) == 0 || strncmp(line, "gsd:", 4) == 0;
}

static elc_status take_line(void *arg, char *line, elc_error *err) {
    dota *d = arg;
    if (!d->begun && is_heading(line))
        return ELC_OK;
    d->begun = true;
    size_t n = elc_label_words(line);
    if (n != 9 && n != 10)
        return ELC_LABEL_FAIL(
            d->b, err, ELC_E_FORMAT,
            "%zu words; DOTA has eight coordinates, a class and a 0 or "
            "1 for difficult",
            n);
    elc_point ring[4];
    for (int i = 0; i < 4; i++) {
        ELC_TRY(elc_label_real(d->b, elc_label_word(&line), "x", &ring[i].x, err));
        ELC_TRY(elc_label_real(d->b, elc_label_word(&line), "y", &ring[i].y, err));
    }
    const char *class_name = elc_label_word(&line);
    const char *difficult = elc_label_word(&line);
    elc_label form = elc_label_blank();
    form.difficult = difficult != NULL && strcmp(difficult, "0") != 0;
    return elc_label_add(d->b, d->image.data, class_name, &form, ring, 4, err);
}

static elc_status dota_read(elc_label_build *b, elc_error *err) {
    dota d = {.b = b};
    elc_status status = elc_label_stem_name(b, &d.image, err);
    if (status == ELC_OK)
        status = elc_label_name_image(b, d.image.data, err);
    if (status == ELC_OK)
        status = elc_label_each_line(b, take_line, &d, err);
    elc_string_free(&d.image);
    return status;
}

static bool dota_is(const char *head) {
    char line[600], *at = line;
    elc_label_first_line(head, line, sizeof line);
    size_t n = elc_label_words(line);
    if (is_heading(line) || n < 9 || n > 10)
        return is_heading(line);
    for (int i = 0; i < 8; i++) {
        const char *word = elc_label_word(&at);
        if (!elc_label_is_real(word, strlen(word)))
            return false;
    }
    const char *name = elc_label_word(&at);
    return !elc_label_is_real(name, strlen(name));
}

static const char *const endings[] = {"txt", NULL};
const elc_label_format elc_label_format_dota = {"dota", endings, dota_is, dota_read};
