/* words.c - values of a table as text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar.h"
#include "record.h"

#include <math.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>

elc_status elc_ogr_row_fail(const elc_ogr_row *r, const elc_field *field,
                            elc_status status, const char *why, elc_error *err) {
    return elc_fail(err, status, "row %llu, column '%s': %s",
                    (unsigned long long)r->rows + 1, field->name, why);
}

static elc_status put_text(elc_ogr_row *r, const elc_field *field, const char *text,
                           size_t n, elc_error *err) {
    if (!elc_utf8_valid(text, n))
        return elc_ogr_row_fail(r, field, ELC_E_FORMAT, "its text is not UTF-8", err);
    r->scratch.size = 0;
    return elc_string_append(&r->scratch, text, n, err);
}

static elc_status put_bytes(elc_ogr_row *r, const char *bytes, size_t n,
                            elc_error *err) {
    if (n > INT32_MAX / 2)
        return elc_fail(err, ELC_E_MEMORY, "a value of %zu bytes is too large", n);
    char *base64 = CPLBase64Encode((int)n, (const GByte *)bytes);
    r->scratch.size = 0;
    elc_status status = elc_string_append(&r->scratch, base64,
                                          base64 == NULL ? 0 : strlen(base64), err);
    CPLFree(base64);
    return status;
}

static elc_status put_wkt(elc_ogr_row *r, const elc_field *field, const elc_rows *rows,
                          size_t row, elc_error *err) {
    OGRGeometryH shape = NULL;
    ELC_TRY(elc_ogr_row_geometry(r, rows, field->column, row, &shape, err));
    char *wkt = NULL;
    if (shape != NULL)
        OGR_G_ExportToIsoWkt(shape, &wkt);
    OGR_G_DestroyGeometry(shape);
    r->scratch.size = 0;
    elc_status status =
        elc_string_append(&r->scratch, wkt, wkt == NULL ? 0 : strlen(wkt), err);
    CPLFree(wkt);
    return status;
}

/* As JSON, which has no text for what is not finite: null. */
static elc_status put_list(elc_ogr_row *r, const elc_field *field, const elc_rows *rows,
                           size_t row, elc_error *err) {
    size_t n;
    const float *floats = elc_rows_floats(rows, field->column, row, &n);
    r->scratch.size = 0;
    ELC_TRY(elc_string_append(&r->scratch, "[", 1, err));
    for (size_t i = 0; i < n; i++) {
        const char *comma = i > 0 ? "," : "";
        ELC_TRY(isfinite(floats[i])
                    ? elc_string_printf(&r->scratch, err, "%s%.9g", comma,
                                        (double)floats[i])
                    : elc_string_printf(&r->scratch, err, "%snull", comma));
    }
    return elc_string_append(&r->scratch, "]", 1, err);
}

static elc_status put_time(elc_ogr_row *r, const elc_field *field, int64_t value,
                           elc_error *err) {
    bool day = field->type == ELC_DATE32;
    char text[ELC_TIME_TEXT];
    if (!(day ? elc_time_day_in_range(value) : elc_time_in_range(value)))
        return elc_ogr_row_fail(r, field, ELC_E_ARGUMENT,
                                "a time outside the years 0 to 9999", err);
    if (day)
        elc_time_day_text(value, text);
    else
        elc_time_text(value, text);
    return put_text(r, field, text, strlen(text), err);
}

elc_status elc_ogr_row_text(elc_ogr_row *r, const elc_field *field,
                            const elc_rows *rows, size_t row, elc_error *err) {
    size_t n = 0;
    const char *bytes = NULL;
    switch (field->type) {
    case ELC_UTF8:
        bytes = elc_rows_bytes(rows, field->column, row, &n);
        return put_text(r, field, bytes, n, err);
    case ELC_BINARY:
        bytes = elc_rows_bytes(rows, field->column, row, &n);
        return put_bytes(r, bytes, n, err);
    case ELC_GEOMETRY:
        return put_wkt(r, field, rows, row, err);
    case ELC_FLOATS:
        return put_list(r, field, rows, row, err);
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        r->scratch.size = 0;
        return elc_string_printf(&r->scratch, err, "%.*g",
                                 field->type == ELC_FLOAT32 ? 9 : 17,
                                 elc_rows_real(rows, field->column, row));
    default:
        return put_time(r, field, elc_rows_int(rows, field->column, row), err);
    }
}
