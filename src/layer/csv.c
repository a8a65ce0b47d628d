/* csv.c - rows as CSV (RFC 4180). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Not through OGR: its writer of 3.6 puts whole numbers in quotes and writes NULL and
   the empty text alike. Here text is always quoted, so that no reader takes an id of
   digits for a number; numbers, times and NULL (nothing at all) are not. */

#define CSV_END "\r\n"

static elc_status append(elc_sink *sink, const char *text, size_t n, elc_error *err) {
    return elc_text_append(&sink->text, text, n, err);
}

static elc_status append_quoted(elc_sink *sink, const char *text, elc_error *err) {
    ELC_TRY(append(sink, "\"", 1, err));
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        ELC_TRY(append(sink, text, (size_t)(quote - text), err));
        ELC_TRY(append(sink, "\"\"", 2, err));
    }
    ELC_TRY(append(sink, text, strlen(text), err));
    return append(sink, "\"", 1, err);
}

static elc_status append_name(elc_sink *sink, const char *name, elc_error *err) {
    if (name[0] == '\0' || strpbrk(name, ",\"\r\n ") != NULL)
        return append_quoted(sink, name, err);
    return append(sink, name, strlen(name), err);
}

/* The shortest of the usual forms that reads back as the same number, to the scratch.
 */
static elc_status real_text(elc_ogr_row *record, double value, bool single,
                            elc_error *err) {
    int most = single ? 9 : 17;
    for (int digits = single ? 6 : 15; digits <= most; digits++) {
        double back = 0;
        record->scratch.size = 0;
        ELC_TRY(elc_string_printf(&record->scratch, err, "%.*g", digits, value));
        if (elc_parse_real(record->scratch.data, "a number", &back, NULL) == ELC_OK &&
            (single ? (float)back == (float)value : back == value))
            break;
    }
    return ELC_OK;
}

static elc_status number_text(elc_ogr_row *record, const elc_field *field,
                              const elc_rows *rows, size_t row, elc_error *err) {
    record->scratch.size = 0;
    if (field->type == ELC_FLOAT32 || field->type == ELC_FLOAT64) {
        double value = elc_rows_real(rows, field->column, row);
        return real_text(record, value, field->type == ELC_FLOAT32, err);
    }
    int64_t value = elc_rows_int(rows, field->column, row);
    if (field->type == ELC_BOOL)
        return elc_string_printf(&record->scratch, err, value ? "true" : "false");
    return elc_string_printf(&record->scratch, err, "%lld", (long long)value);
}

static elc_status append_value(elc_sink *sink, elc_ogr_row *record,
                               const elc_field *field, const elc_rows *rows, size_t row,
                               elc_error *err) {
    bool text = field->type == ELC_UTF8 || field->type == ELC_BINARY ||
                field->type == ELC_GEOMETRY || field->type == ELC_FLOATS;
    if (text || field->type == ELC_DATE32 || field->type == ELC_TIMESTAMP)
        ELC_TRY(elc_ogr_row_text(record, field, rows, row, err));
    else
        ELC_TRY(number_text(record, field, rows, row, err));
    if (text)
        return append_quoted(sink, record->scratch.data, err);
    return append(sink, record->scratch.data, record->scratch.size, err);
}

/* NULL, and what has no text that readers agree on. */
static bool is_nothing(const elc_field *field, const elc_rows *rows, size_t row) {
    if (elc_rows_null(rows, field->column, row))
        return true;
    bool real = field->type == ELC_FLOAT32 || field->type == ELC_FLOAT64;
    return real && !isfinite(elc_rows_real(rows, field->column, row));
}

static elc_status csv_begin(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    const elc_ogr_row *record = &layer->record;
    for (size_t i = 0; i < record->n_fields; i++) {
        if (i > 0)
            ELC_TRY(append(sink, ",", 1, err));
        ELC_TRY(append_name(sink, record->fields[i].name, err));
    }
    return append(sink, CSV_END, 2, err);
}

static elc_status csv_row(elc_sink *sink, elc_sink_layer *layer, const elc_rows *rows,
                          size_t row, elc_error *err) {
    elc_ogr_row *record = &layer->record;
    for (size_t i = 0; i < record->n_fields; i++) {
        const elc_field *field = &record->fields[i];
        if (i > 0)
            ELC_TRY(append(sink, ",", 1, err));
        if (!is_nothing(field, rows, row))
            ELC_TRY(append_value(sink, record, field, rows, row, err));
        else if (record->n_fields == 1) /* or the line would be empty, and skipped */
            ELC_TRY(append(sink, "\"\"", 2, err));
    }
    return append(sink, CSV_END, 2, err);
}

static elc_status csv_finish(elc_sink *sink, elc_error *err) {
    return elc_text_close(&sink->text, err);
}

const elc_writer elc_writer_csv = {
    .begin = csv_begin, .row = csv_row, .finish = csv_finish};
