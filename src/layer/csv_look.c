/* csv_look.c - lines of CSV counted, and the values in each. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_look.h"

#include "calendar.h"
#include "ogr.h"

#include <string.h>

#include <cpl_error.h>

enum { BLOCK = 1 << 16, KEPT = 32, LONG_NUMBER = 16, LONG_POWER = 3, SEPARATORS = 4 };

static const char separators[SEPARATORS + 1] = ",;\t|";

/* Of a value: nothing but blanks yet, none in quotes, in them, and behind them. */
typedef enum part { BLANK, PLAIN, QUOTED, CLOSED } part;

typedef struct scan {
    size_t n;
    char separator; /* NUL: not known yet */
    bool first;
    part part;
    elc_csv_place at, quote; /* this byte, and the last quote that opened a value */
    uint64_t closed;         /* the byte of the last that may close one */
    uint64_t begin;          /* the line where the record began */
    uint64_t fields, full;   /* of the record, and up to the last that is not empty */
    size_t counts[SEPARATORS], spaces;
    char kept[KEPT]; /* of the value, how it begins */
    size_t n_kept;
    elc_csv_look *out;
} scan;

/* ---- values -----------------------------------------------------------------------
 */

/* One that float64 may not hold: of many digits before its point, or a long power of
   ten; or one of which not all was kept. */
static bool is_long_number(const scan *s) {
    const char *at = s->kept + (s->kept[0] == '-' || s->kept[0] == '+');
    size_t digits = strspn(at, "0123456789");
    const char *rest = at + strspn(at, "0123456789.");
    if (digits >= LONG_NUMBER || (rest > at && s->n_kept == KEPT - 1))
        return true;
    if (rest == at || (*rest != 'e' && *rest != 'E'))
        return false;
    rest += 1 + (rest[1] == '-' || rest[1] == '+');
    return strspn(rest, "0123456789") >= LONG_POWER;
}

static void end_value(scan *s) {
    s->kept[s->n_kept < KEPT ? s->n_kept : KEPT - 1] = '\0';
    s->fields++;
    if (s->n_kept > 0)
        s->full = s->fields;
    if ((s->n_kept >= 8 && elc_time_text_is_odd(s->kept, s->n_kept)) ||
        is_long_number(s))
        s->out->odd_values = true;
    s->n_kept = 0;
}

static void keep(scan *s, char c) {
    if (c != '\r' && s->n_kept < KEPT - 1 && (c != ' ' || s->n_kept > 0))
        s->kept[s->n_kept++] = c;
}

/* ---- records ----------------------------------------------------------------------
 */

/* As OGR does: the one that there is, of more than one the comma, of none blanks, of
   which several are one to it, so that none are counted. */
static void choose_separator(scan *s) {
    size_t which = 0, n = 0;
    for (size_t i = 0; i < SEPARATORS; i++)
        if (s->counts[i] > 0)
            which = n++ == 0 ? i : 0;
    bool blanks = n == 0 && s->spaces > 0;
    s->separator = blanks ? ' ' : separators[which];
    s->n = blanks ? 0 : s->counts[which] + 1;
    s->out->columns = s->n;
    s->first = false;
}

static void end_record(scan *s) {
    bool any = s->fields > 0 || s->n_kept > 0;
    end_value(s);
    if (s->first && any)
        choose_separator(s);
    else if (any && s->n > 0 && s->full > s->n && s->out->long_line == 0) {
        s->out->long_line = s->begin;
        s->out->long_fields = s->full;
    } else if (any && s->fields < s->n) {
        if (s->out->n_short++ == 0) {
            s->out->short_line = s->begin;
            s->out->short_fields = s->fields;
        }
    }
    s->fields = s->full = 0;
    s->begin = s->at.line + 1;
}

/* ---- quotes -----------------------------------------------------------------------
 */

static bool is_separator(const scan *s, char c) {
    if (!s->first)
        return c == s->separator;
    return c != '\0' && strchr(separators, c) != NULL;
}

static void find_wrong(scan *s, elc_csv_wrong wrong) {
    s->out->wrong = wrong;
    s->out->quote = wrong == ELC_CSV_STRAY ? s->at : s->quote;
    s->out->after = s->at;
}

/* What a quote makes of a value. Behind the last it is the second of two, which stand
   for one. */
static void see_quote(scan *s) {
    if (s->part == PLAIN || (s->part == CLOSED && s->at.byte != s->closed + 1))
        find_wrong(s, s->part == PLAIN ? ELC_CSV_STRAY : ELC_CSV_AFTER);
    else if (s->part == QUOTED)
        s->closed = s->at.byte;
    else if (s->part == BLANK)
        s->quote = s->at;
    s->part = s->part == QUOTED ? CLOSED : QUOTED;
}

static bool is_mark_of_order(const scan *s, char c) {
    static const char mark[] = "\xef\xbb\xbf";
    return s->at.byte < sizeof mark - 1 && c == mark[s->at.byte];
}

/* What any other byte does. */
static void see_part(scan *s, char c) {
    if (s->part == QUOTED || is_mark_of_order(s, c))
        return;
    if (is_separator(s, c) || c == '\n' || c == '\r')
        s->part = BLANK;
    else if (s->part == CLOSED && c != ' ' && c != '\t')
        find_wrong(s, ELC_CSV_AFTER);
    else if (s->part == BLANK && c != ' ' && c != '\t')
        s->part = PLAIN;
}

static void count_separators(scan *s, char c) {
    const char *which = c == '\0' ? NULL : strchr(separators, c);
    if (which != NULL)
        s->counts[which - separators]++;
    s->spaces += c == ' ';
}

static void see(scan *s, char c) {
    if (c == '\0' && s->out->nul_line == 0)
        s->out->nul_line = s->at.line;
    if (c == '"')
        see_quote(s);
    else
        see_part(s, c);
    bool quoted = s->part == QUOTED;
    if (s->first && !quoted)
        count_separators(s, c);
    if (c == '\n' && !quoted)
        end_record(s);
    else if (c == s->separator && c != '\0' && !quoted)
        end_value(s);
    else if (c != '\0')
        keep(s, c);
    s->at.line += c == '\n';
    s->at.byte++;
}

/* ---- files ------------------------------------------------------------------------
 */

static elc_status scan_file(scan *s, VSILFILE *file, const elc_context *context,
                            elc_error *err) {
    char block[BLOCK];
    size_t got = BLOCK;
    while (got == BLOCK && s->out->wrong == ELC_CSV_RIGHT) {
        ELC_TRY(elc_check_cancel(context, err));
        got = VSIFReadL(block, 1, BLOCK, file);
        for (size_t i = 0; i < got && s->out->wrong == ELC_CSV_RIGHT; i++)
            see(s, block[i]);
    }
    if (s->part == QUOTED && s->out->wrong == ELC_CSV_RIGHT)
        find_wrong(s, ELC_CSV_OPEN);
    else if (s->fields > 0 || s->n_kept > 0)
        end_record(s);
    return ELC_OK;
}

elc_status elc_csv_look_file(const char *path, const elc_context *context,
                             elc_csv_look *out, elc_error *err) {
    scan s = {.first = true, .at.line = 1, .begin = 1, .out = out};
    *out = (elc_csv_look){0};
    CPLPushErrorHandler(CPLQuietErrorHandler);
    VSILFILE *file = elc_ogr_open_again(path);
    elc_status status = file == NULL ? ELC_OK : scan_file(&s, file, context, err);
    if (file != NULL)
        VSIFCloseL(file);
    CPLPopErrorHandler();
    return status;
}
