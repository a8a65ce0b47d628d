/* batch_decode.c - fuzzes elc_batch_decode: what it accepts is sound and comes back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <stdlib.h>
#include <string.h>

/* The first byte says which columns the table has: one bit for each of these, and the
   rest are the bytes of a batch. */
static const elc_column columns[] = {
    {"flag", ELC_BOOL, NULL, NULL},        {"name", ELC_UTF8, NULL, NULL},
    {"score", ELC_FLOAT32, NULL, NULL},    {"count", ELC_INT64, NULL, NULL},
    {"shape", ELC_GEOMETRY, NULL, NULL},   {"day", ELC_DATE32, NULL, NULL},
    {"moment", ELC_TIMESTAMP, NULL, NULL}, {"list", ELC_FLOATS, NULL, NULL},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns, MOST_ROWS = 1 << 16 };

static size_t choose(uint8_t bits, elc_column out[N_COLUMNS]) {
    size_t n = 0;
    for (size_t i = 0; i < N_COLUMNS; i++) {
        if (bits >> i & 1)
            out[n++] = columns[i];
    }
    return n;
}

/* Reads every value, so that a sanitizer sees any that lies outside of its buffer. */
static uint64_t touch(const elc_rows *rows, const elc_column *column, size_t index) {
    uint64_t sum = 0;
    for (size_t r = 0; r < elc_rows_count(rows) && r < MOST_ROWS; r++) {
        size_t size = 0;
        if (column->type == ELC_UTF8 || column->type == ELC_BINARY ||
            column->type == ELC_GEOMETRY) {
            const char *bytes = elc_rows_bytes(rows, index, r, &size);
            for (size_t i = 0; i < size; i++)
                sum += (unsigned char)bytes[i];
        } else if (column->type == ELC_FLOATS) {
            const float *floats = elc_rows_floats(rows, index, r, &size);
            for (size_t i = 0; i < size; i++)
                sum += floats[i] > 0;
        } else {
            sum += elc_rows_real(rows, index, r) > 0;
        }
    }
    return sum;
}

static void must(bool holds) {
    if (!holds)
        abort();
}

/* Bytes that were accepted give a batch whose own bytes are accepted and the same. */
static void check_again(const struct ArrowSchema *schema,
                        const struct ArrowArray *batch) {
    elc_string once = {0}, twice = {0};
    struct ArrowArray again = {0};
    must(elc_batch_encode(schema, batch, &once, NULL) == ELC_OK);
    must(elc_batch_decode(schema, once.data, once.size, &again, NULL) == ELC_OK);
    must(elc_batch_encode(schema, &again, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_array_release(&again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

static void check(const struct ArrowSchema *schema, const elc_column *chosen, size_t n,
                  const struct ArrowArray *batch) {
    elc_rows *rows = NULL;
    volatile uint64_t seen = 0; /* keeps the reads */
    must(elc_rows_view(schema, batch, &rows, NULL) == ELC_OK);
    for (size_t i = 0; i < n; i++)
        seen = touch(rows, &chosen[i], i);
    (void)seen;
    elc_rows_free(rows);
    check_again(schema, batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_column chosen[N_COLUMNS];
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_error err = {0};
    if (size == 0)
        return 0;
    size_t n = choose(data[0], chosen);
    must(elc_schema_create(chosen, n, NULL, &schema, NULL) == ELC_OK);
    if (elc_batch_decode(&schema, data + 1, size - 1, &batch, &err) == ELC_OK)
        check(&schema, chosen, n, &batch);
    else
        must(batch.release == NULL && err.message[0] != '\0');
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return 0;
}
