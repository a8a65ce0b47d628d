/* record.c - records of CSV, and the columns that say where a label is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/csv.h"

#include "label/tokens.h"

#include <string.h>
#include <strings.h>

/* The usual names of each column, the likelier first. */
static const char *const names[ELC_CSV_COLUMNS][14] = {
    [ELC_CSV_XMIN] = {"xmin", "x_min", "x1", "left", "bbox_xmin", "minx"},
    [ELC_CSV_YMIN] = {"ymin", "y_min", "y1", "top", "bbox_ymin", "miny"},
    [ELC_CSV_XMAX] = {"xmax", "x_max", "x2", "right", "bbox_xmax", "maxx"},
    [ELC_CSV_YMAX] = {"ymax", "y_max", "y2", "bottom", "bbox_ymax", "maxy"},
    [ELC_CSV_X] = {"x", "bbox_x", "left", "xmin"},
    [ELC_CSV_Y] = {"y", "bbox_y", "top", "ymin"},
    [ELC_CSV_WIDTH] = {"width", "w", "bbox_width", "bbox_w"},
    [ELC_CSV_HEIGHT] = {"height", "h", "bbox_height", "bbox_h"},
    [ELC_CSV_IMAGE] = {"image_path", "image", "filename", "file_name", "image_name",
                       "image_id", "imageid", "file", "path", "img_path", "img",
                       "image_filename", "imagename"},
    [ELC_CSV_CLASS] = {"label", "class", "class_name", "classname", "category", "name",
                       "type", "labelname", "label_name", "species"},
    [ELC_CSV_ID] = {"class_id", "label_id", "category_id", "type_id"},
    [ELC_CSV_DIFFICULT] = {"difficult"},
    [ELC_CSV_TRUNCATED] = {"truncated"},
    [ELC_CSV_CROWD] = {"iscrowd", "crowd"},
};

/* ---- records -------------------------------------------------------------- */

char elc_csv_separator(const char *line) {
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t count = 0;
        bool quoted = false;
        for (const char *c = line; *c && *c != '\n'; c++) {
            quoted ^= *c == '"';
            count += !quoted && *c == candidates[i];
        }
        if (count > most) {
            most = count;
            best = candidates[i];
        }
    }
    return best;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Past blanks, but not past a separator that is one. */
static char *skip_blanks(char *c, char separator) {
    while (is_blank(*c) && *c != separator)
        c++;
    return c;
}

bool elc_csv_open(const char *record, char separator) {
    bool begins = true, quoted = false;
    for (; *record; record++) {
        if (quoted)
            quoted = *record != '"';
        else if (*record == '"' && (begins || record[-1] == '"'))
            quoted = true;
        else if (*record == separator || !is_blank(*record))
            begins = *record == separator;
    }
    return quoted;
}

/* Ends a quoted field in place and gives what comes after its quote. */
static char *end_quoted(char *field) {
    char *to = field, *from = field + 1;
    while (*from != '\0' && (*from != '"' || from[1] == '"')) {
        from += *from == '"';
        *to++ = *from++;
    }
    char *rest = from + (*from == '"');
    *to = '\0';
    return rest;
}

static char *end_plain(char *field, char separator) {
    char *end = strchr(field, separator);
    if (end == NULL)
        end = field + strlen(field);
    return end;
}

elc_status elc_csv_split(char *record, char separator, char ***fields, size_t *n,
                         size_t *capacity, elc_error *err) {
    bool more = true;
    *n = 0;
    while (more) {
        char *field = skip_blanks(record, separator), *end;
        bool quoted = *field == '"';
        char *rest = quoted ? end_quoted(field) : field;
        end = end_plain(rest, separator);
        more = *end != '\0';
        record = end + more;
        *end = '\0';
        while (!quoted && end > field && is_blank(end[-1]))
            *--end = '\0';
        ELC_TRY(elc_reserve(fields, capacity, *n + 1, sizeof **fields, err));
        (*fields)[(*n)++] = field;
    }
    return ELC_OK;
}

/* ---- columns -------------------------------------------------------------- */

static size_t find_column(char *const *fields, size_t n, int column) {
    for (const char *const *name = names[column]; *name; name++)
        for (size_t i = 0; i < n; i++)
            if (strcasecmp(fields[i], *name) == 0)
                return i;
    return SIZE_MAX;
}

static bool has(const elc_csv_layout *layout, int from, int to) {
    for (int i = from; i <= to; i++)
        if (layout->at[i] == SIZE_MAX)
            return false;
    return true;
}

static bool is_coordinate(const char *text) {
    return *text == '\0' || elc_label_is_real(text, strlen(text));
}

/* RetinaNet's: no names, a path, a box or nothing, and a class. */
static bool is_bare(char *const *fields, size_t n) {
    if (n != 6 || fields[0][0] == '\0' || is_coordinate(fields[0]))
        return false;
    for (size_t i = 1; i < 5; i++)
        if (!is_coordinate(fields[i]))
            return false;
    return true;
}

bool elc_csv_layout_of(char *const *fields, size_t n, elc_csv_layout *out) {
    elc_csv_layout layout = {.header = true};
    for (int i = 0; i < ELC_CSV_COLUMNS; i++)
        layout.at[i] = find_column(fields, n, i);
    layout.corners = has(&layout, ELC_CSV_XMIN, ELC_CSV_YMAX);
    layout.sized = !layout.corners && has(&layout, ELC_CSV_X, ELC_CSV_HEIGHT);
    bool point =
        has(&layout, ELC_CSV_X, ELC_CSV_Y) && layout.at[ELC_CSV_IMAGE] != SIZE_MAX;
    if (!layout.corners && !layout.sized && !point && is_bare(fields, n)) {
        for (int i = 0; i < ELC_CSV_COLUMNS; i++)
            layout.at[i] = i <= ELC_CSV_YMAX ? (size_t)i + 1 : SIZE_MAX;
        layout.at[ELC_CSV_IMAGE] = 0;
        layout.at[ELC_CSV_CLASS] = 5;
        layout.header = false;
        layout.corners = true;
    }
    if (!layout.corners && !layout.sized && !point)
        return false;
    *out = layout;
    return true;
}
