/* plain_json.c - fuzzes the reader of plain GeoJSON: head, features, values. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <layer/plain_json.h>

#include <elcano/geometry.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAMES = 16 };

static void need(bool promise) {
    if (!promise)
        abort();
}

/* What is told of a feature lies in the text, and can be looked at. */
static void check_feature(const elc_plain_json *j, elc_plain_feature *f) {
    const char *low = j->data, *high = j->data + j->end;
    elc_string wkb = {0};
    need(f->n <= f->most);
    for (size_t i = 0; i < f->n; i++) {
        const elc_plain_field *name = &f->names[i], *value = &f->values[i];
        need(name->text > low && name->text + name->size < high);
        need(value->text == NULL ||
             (value->text > low && value->text + value->size < high));
    }
    need(f->shape == NULL || (f->shape > low && f->shape + f->shape_size < high));
    if (f->shape != NULL &&
        elc_wkb_from_geojson(f->shape, f->shape_size, &wkb, NULL, NULL) == ELC_OK)
        need(elc_wkb_check(wkb.data, wkb.size, NULL) == ELC_OK);
    elc_string_free(&wkb);
    if (!elc_plain_json_finish(f))
        return;
    for (size_t i = 0; i < f->n; i++) {
        int64_t whole;
        double real;
        const elc_plain_field *value = &f->values[i];
        need(value->text == NULL || strlen(value->text) == value->size);
        need(value->text == NULL || elc_utf8_valid(value->text, value->size));
        if (value->text != NULL)
            elc_plain_value(value, &whole, &real);
    }
}

/* The features of a file; -1 where anything is odd. */
static long read_all(int file) {
    elc_plain_field names[NAMES], values[NAMES];
    elc_plain_json j = {.file = file};
    elc_plain_feature f = {.names = names, .values = values, .most = NAMES};
    size_t n = 0;
    long features = 0;
    int is = ELC_PLAIN_LINE;
    need(elc_plain_json_head(&j, &n, NULL) == ELC_OK && n <= j.end);
    for (is = n > 0 ? is : ELC_PLAIN_ODD; is == ELC_PLAIN_LINE;) {
        need(elc_plain_json_next(&j, &f, &is, NULL) == ELC_OK);
        if (is != ELC_PLAIN_LINE)
            break;
        check_feature(&j, &f);
        features++;
    }
    free(j.data);
    return is == ELC_PLAIN_END ? features : -1;
}

static long features_of(const uint8_t *data, size_t size) {
    static int file = -1;
    if (file < 0)
        file = memfd_create("plain_json", MFD_CLOEXEC);
    need(file >= 0 && ftruncate(file, 0) == 0);
    need(pwrite(file, data, size, 0) == (ssize_t)size);
    need(lseek(file, 0, SEEK_SET) == 0);
    return read_all(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    features_of(data, size);
    return 0;
}
