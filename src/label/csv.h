/* csv.h - records of CSV, and the columns that say where a label is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_CSV_H
#define ELCANO_SRC_LABEL_CSV_H

#include <elcano/base.h>

/* The separator of a first record: ',' ';' or tab, whichever it has most of. */
char elc_csv_separator(const char *line);
/* True when a quote is still open at the end: the record goes on in the next line. */
bool elc_csv_open(const char *record, char separator);
/* Cuts a record, in place: `fields` borrow from it. Outer blanks are trimmed. */
elc_status elc_csv_split(char *record, char separator, char ***fields, size_t *n,
                         size_t *capacity, elc_error *err);

enum {
    ELC_CSV_XMIN,
    ELC_CSV_YMIN,
    ELC_CSV_XMAX,
    ELC_CSV_YMAX,
    ELC_CSV_X,
    ELC_CSV_Y,
    ELC_CSV_WIDTH,
    ELC_CSV_HEIGHT,
    ELC_CSV_IMAGE,
    ELC_CSV_CLASS,
    ELC_CSV_ID,
    ELC_CSV_DIFFICULT,
    ELC_CSV_TRUNCATED,
    ELC_CSV_CROWD,
    ELC_CSV_COLUMNS
};

/* How a label is told by a record's columns: the first four, x, y and the sizes, or a
   point x, y alone. */
typedef struct elc_csv_layout {
    size_t at[ELC_CSV_COLUMNS]; /* SIZE_MAX: no such column */
    bool corners, sized, header;
} elc_csv_layout;

/* From the first record: its names, or, without any, image, xmin, ymin, xmax, ymax,
   class. False when neither can be meant. */
bool elc_csv_layout_of(char *const *fields, size_t n, elc_csv_layout *out);

#endif
