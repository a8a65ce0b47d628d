/* csv_look.c - lines of CSV counted, and the values in each. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_look.h"

#include "calendar.h"
#include "ogr.h"

#include <string.h>

#include <cpl_error.h>

enum { BLOCK = 1 << 16, KEPT = 32, LONG_NUMBER = 19, SEPARATORS = 4 };

static const char separators[SEPARATORS + 1] = ",;\t|";

typedef struct scan {
    size_t n;
    char separator; /* NUL: not known yet, or none */
    bool first, quoted;
    uint64_t line, begin;  /* this one, and where the record began */
    uint64_t fields, full; /* of the record, and up to the last that is not empty */
    size_t counts[SEPARATORS];
    char kept[KEPT]; /* of the value, how it begins */
    size_t n_kept;
    elc_csv_look *out;
} scan;

/* ---- values -----------------------------------------------------------------------
 */

static bool is_long_number(const scan *s) {
    size_t sign = s->n_kept > 0 && (s->kept[0] == '-' || s->kept[0] == '+');
    size_t digits = strspn(s->kept + sign, "0123456789");
    return digits >= LONG_NUMBER;
}

static void end_value(scan *s) {
    s->kept[s->n_kept < KEPT ? s->n_kept : KEPT - 1] = '\0';
    s->fields++;
    if (s->n_kept > 0)
        s->full = s->fields;
    if (s->n_kept >= 8 &&
        (elc_time_text_is_odd(s->kept, s->n_kept) || is_long_number(s)))
        s->out->odd_values = true;
    s->n_kept = 0;
}

static void keep(scan *s, char c) {
    if (c != '\r' && s->n_kept < KEPT - 1 && (c != ' ' || s->n_kept > 0))
        s->kept[s->n_kept++] = c;
}

/* ---- records ----------------------------------------------------------------------
 */

static void choose_separator(scan *s) {
    for (int i = 0; i < SEPARATORS && s->separator == '\0'; i++)
        if (s->counts[i] + 1 == s->n)
            s->separator = separators[i];
    s->first = false;
}

static void end_record(scan *s) {
    bool any = s->fields > 0 || s->n_kept > 0;
    end_value(s);
    if (s->first && any)
        choose_separator(s);
    else if (any && s->separator != '\0' && s->full > s->n && s->out->long_line == 0) {
        s->out->long_line = s->begin;
        s->out->long_fields = s->full;
    } else if (any && s->separator != '\0' && s->fields < s->n) {
        if (s->out->n_short++ == 0) {
            s->out->short_line = s->begin;
            s->out->short_fields = s->fields;
        }
    }
    s->fields = s->full = 0;
    s->begin = s->line + 1;
}

/* OGR, too, takes any quote for the begin or the end of what is quoted. */
static void see(scan *s, char c) {
    const char *which = s->first && c != '\0' ? strchr(separators, c) : NULL;
    if (c == '\0' && s->out->nul_line == 0)
        s->out->nul_line = s->line;
    if (c == '"')
        s->quoted = !s->quoted;
    if (c == '\n' && !s->quoted)
        end_record(s);
    else if (c == s->separator && c != '\0' && !s->quoted)
        end_value(s);
    else if (c != '\0')
        keep(s, c);
    if (which != NULL && !s->quoted)
        s->counts[which - separators]++;
    s->line += c == '\n';
}

/* ---- files ------------------------------------------------------------------------
 */

static elc_status scan_file(scan *s, VSILFILE *file, const elc_context *context,
                            elc_error *err) {
    char block[BLOCK];
    size_t got = BLOCK;
    while (got == BLOCK) {
        ELC_TRY(elc_check_cancel(context, err));
        got = VSIFReadL(block, 1, BLOCK, file);
        for (size_t i = 0; i < got; i++)
            see(s, block[i]);
    }
    if (s->fields > 0 || s->n_kept > 0)
        end_record(s);
    return ELC_OK;
}

elc_status elc_csv_look_file(const char *path, size_t n, const elc_context *context,
                             elc_csv_look *out, elc_error *err) {
    scan s = {.n = n, .first = true, .line = 1, .begin = 1, .out = out};
    *out = (elc_csv_look){0};
    CPLPushErrorHandler(CPLQuietErrorHandler);
    VSILFILE *file = elc_ogr_open_again(path);
    elc_status status = file == NULL ? ELC_OK : scan_file(&s, file, context, err);
    if (file != NULL)
        VSIFCloseL(file);
    CPLPopErrorHandler();
    return status;
}
