/* spellings.h - a geometry that was read, through every spelling and back: what the
   targets share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_FUZZ_SPELLINGS_H
#define ELCANO_FUZZ_SPELLINGS_H

#include <elcano/geometry.h>

#include <stdlib.h>
#include <string.h>

typedef elc_status (*spellings_read)(const char *, size_t, elc_string *, int32_t *,
                                     elc_error *);

static void spellings_must(bool holds) {
    if (!holds)
        abort();
}

static elc_status spellings_from_ewkb(const char *text, size_t size, elc_string *out,
                                      int32_t *srid, elc_error *err) {
    return elc_wkb_from_ewkb(text, size, out, srid, err);
}

/* What was written is read again, and has the same text; takes it. */
static void spellings_again(elc_string *written, spellings_read read,
                            const elc_string *text) {
    elc_string wkb = {0}, again = {0};
    spellings_must(read(written->data, written->size, &wkb, NULL, NULL) == ELC_OK);
    spellings_must(elc_wkb_to_wkt(wkb.data, wkb.size, ELC_EXACT, &again, NULL) ==
                   ELC_OK);
    if (text != NULL)
        spellings_must(again.size == text->size &&
                       memcmp(again.data, text->data, text->size) == 0);
    elc_string_free(&wkb);
    elc_string_free(&again);
    elc_string_free(written);
}

static void spellings_check(const elc_string *wkb) {
    elc_string text = {0}, other = {0};
    spellings_must(elc_wkb_check(wkb->data, wkb->size, NULL) == ELC_OK);
    spellings_must(elc_wkb_to_wkt(wkb->data, wkb->size, ELC_EXACT, &text, NULL) ==
                   ELC_OK);
    spellings_must(elc_string_append(&other, text.data, text.size, NULL) == ELC_OK);
    spellings_again(&other, elc_wkb_from_wkt, &text);
    spellings_must(elc_wkb_to_ewkb(wkb->data, wkb->size, 7, &other, NULL) == ELC_OK);
    spellings_again(&other, spellings_from_ewkb, &text);
    if (elc_wkb_to_geojson(wkb->data, wkb->size, 3, &other, NULL) == ELC_OK)
        spellings_again(&other, elc_wkb_from_geojson, NULL);
    spellings_must(other.size == 0);
    elc_string_free(&text);
    elc_string_free(&other);
}

/* Reads the bytes; what comes of it is small, whole and said. */
static int spellings_fuzz(spellings_read read, const uint8_t *data, size_t size) {
    elc_string wkb = {0};
    elc_error err = {0};
    int32_t srid = -7;
    elc_status status = read((const char *)data, size, &wkb, &srid, &err);
    spellings_must(wkb.size <= 16 * size + 64);
    if (status == ELC_OK) {
        spellings_must(srid >= 0);
        spellings_check(&wkb);
    } else {
        spellings_must(status == ELC_E_FORMAT || status == ELC_E_UNSUPPORTED);
        spellings_must(wkb.size == 0 && srid == -7 && err.message[0] != '\0');
    }
    elc_string_free(&wkb);
    return 0;
}

#endif
