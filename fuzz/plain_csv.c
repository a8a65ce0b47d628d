/* plain_csv.c - fuzzes the reader of plain CSV: lines, fields, values. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <layer/plain.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 16 };

static void need(bool promise) {
    if (!promise)
        abort();
}

/* What is told of a line lies in the block, each value with a NUL behind it, and is the
   kind that its number says. */
static void check_field(const elc_plain_lines *lines, const elc_plain_field *field) {
    int64_t whole = 0;
    double real = 0;
    need(field->text >= lines->data &&
         field->text + field->size <= lines->data + lines->at);
    need(strlen(field->text) == field->size);
    need(elc_utf8_valid(field->text, field->size));
    elc_plain_kind kind = elc_plain_value(field, &whole, &real);
    need((field->size == 0) == (kind == ELC_PLAIN_NOTHING));
    if (kind == ELC_PLAIN_INT)
        need(whole >= INT32_MIN && whole <= INT32_MAX);
    if (kind == ELC_PLAIN_REAL) {
        double parsed;
        need(elc_parse_real(field->text, "a number", &parsed, NULL) == ELC_OK);
        need(parsed == real);
    }
}

/* The lines after the first; -1 where anything is odd. */
static long read_all(int file) {
    elc_plain_field fields[COLUMNS];
    elc_plain_lines lines = {.file = file};
    size_t n = 0;
    long rows = 0;
    int is = ELC_PLAIN_LINE;
    need(elc_plain_header(&lines, fields, COLUMNS, &n, NULL) == ELC_OK && n <= COLUMNS);
    for (is = n > 0 ? is : ELC_PLAIN_ODD; is == ELC_PLAIN_LINE; rows++) {
        need(elc_plain_next(&lines, fields, n, &is, NULL) == ELC_OK);
        for (size_t i = 0; is == ELC_PLAIN_LINE && i < n; i++)
            check_field(&lines, &fields[i]);
    }
    free(lines.data);
    return is == ELC_PLAIN_END ? rows - 1 : -1;
}

static long lines_of(const uint8_t *data, size_t size) {
    static int file = -1;
    if (file < 0)
        file = memfd_create("plain_csv", MFD_CLOEXEC);
    need(file >= 0 && ftruncate(file, 0) == 0);
    need(pwrite(file, data, size, 0) == (ssize_t)size);
    need(lseek(file, 0, SEEK_SET) == 0);
    return read_all(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    lines_of(data, size);
    return 0;
}
