/* csv_open.c - CSV opened for OGR to read, and what of it OGR would pass over or
   mistake without a word. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_open.h"

#include "csv_look.h"
#include "mixed.h"

#include <string.h>

/* CSV states no types: numbers are told from texts by all of the file, what is in
   quotes is text, and nothing at all is NULL. */
static const char *const csv_options[] = {
    "AUTODETECT_TYPE=YES",
    "AUTODETECT_SIZE_LIMIT=0",
    "QUOTED_FIELDS_AS_STRING=YES",
    "EMPTY_STRING_AS_NULL=YES",
    "GEOM_POSSIBLE_NAMES=geometry,geom,the_geom,wkt",
    "KEEP_GEOM_COLUMNS=YES", /* to see which are no geometry */
    NULL,                    /* room for ELC_MIXED_OPTION */
    NULL};
enum { CSV_OPTIONS = sizeof csv_options / sizeof *csv_options };

static void open_as(elc_opened *o, const char *name, const char *const *options) {
    o->dataset =
        GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                   NULL, options, NULL);
}

/* What follows a NUL would be lost, and OGR takes any quote for one that opens or
   closes a value, up to the end of the file. */
static elc_status check_quotes(const elc_opened *o, const elc_csv_look *look,
                               elc_error *err) {
    static const char *const words[] = {
        [ELC_CSV_OPEN] = "the quote that opens this value is never closed",
        [ELC_CSV_AFTER] = "the value that this quote opens goes on behind the one that "
                          "closes it",
        [ELC_CSV_STRAY] = "a quote in a value that does not begin with one; put the "
                          "value in quotes, and write those in it twice"};
    if (look->nul_line > 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: line %llu has a NUL byte", o->name,
                        (unsigned long long)look->nul_line);
    if (look->wrong == ELC_CSV_RIGHT)
        return ELC_OK;
    elc_string behind = {0};
    elc_status status = ELC_OK;
    if (look->wrong == ELC_CSV_AFTER)
        status = elc_string_printf(
            &behind, err, " (line %llu, byte %llu); write quotes in a value twice",
            (unsigned long long)look->after.line, (unsigned long long)look->after.byte);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_FORMAT, "%s: line %llu, byte %llu: %s%s", o->name,
                          (unsigned long long)look->quote.line,
                          (unsigned long long)look->quote.byte, words[look->wrong],
                          behind.size > 0 ? behind.data : "");
    elc_string_free(&behind);
    return status;
}

/* A value that has no column would be lost. Nothing is known where OGR finds other
   columns than the look did. */
static elc_status check_lines(const elc_opened *o, const elc_csv_look *look, size_t n,
                              elc_error *err) {
    if (n != look->columns)
        return ELC_OK;
    if (look->long_line > 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: line %llu has %llu values, and the table %zu columns",
                        o->name, (unsigned long long)look->long_line,
                        (unsigned long long)look->long_fields, n);
    if (look->n_short > 0)
        elc_warn(o->context,
                 "%s: %llu line%s than %zu values, the first is line %llu with %llu; "
                 "what is missing is NULL",
                 o->name, (unsigned long long)look->n_short,
                 look->n_short == 1 ? " has fewer" : "s have fewer", n,
                 (unsigned long long)look->short_line,
                 (unsigned long long)look->short_fields);
    return ELC_OK;
}

/* With the words of its columns where some may not be what OGR takes them for. */
elc_status elc_opened_csv(elc_opened *o, const char *name, elc_error *err) {
    const char *options[CSV_OPTIONS];
    elc_csv_look look;
    const char *file = strncmp(name, "CSV:", 4) == 0 ? name + 4 : name;
    ELC_TRY(elc_csv_look_file(file, o->context, &look, err));
    ELC_TRY(check_quotes(o, &look, err));
    open_as(o, name, csv_options);
    OGRLayerH layer = o->dataset == NULL ? NULL : GDALDatasetGetLayer(o->dataset, 0);
    if (layer == NULL)
        return ELC_OK;
    size_t n = (size_t)OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer));
    ELC_TRY(check_lines(o, &look, n, err));
    o->has_words = elc_mixed_may_be(layer, look.odd_values);
    if (!o->has_words)
        return ELC_OK;
    GDALClose(o->dataset);
    memcpy(options, csv_options, sizeof options);
    options[CSV_OPTIONS - 2] = ELC_MIXED_OPTION;
    open_as(o, name, options);
    return ELC_OK;
}
