/* csv.h - a small table of texts as CSV: rules, and what themes are in OpenStreetMap.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_CSV_H
#define ELCANO_SRC_OPERATORS_CHECK_CSV_H

#include <elcano/base.h>

enum { CHECK_CSV_COLUMNS = 8, CHECK_CSV_BYTES = 1 << 20 };

typedef struct check_csv_row {
    char *cells[CHECK_CSV_COLUMNS]; /* in the order of the columns asked for; "" none */
    size_t line;                    /* that it begins in, from 1 */
} check_csv_row;

/* Start with {0}. */
typedef struct check_csv {
    char *text; /* the cells are in it */
    check_csv_row *rows;
    size_t count, capacity;
} check_csv;

/* Reads RFC 4180's CSV with commas: the first line names `columns` (NULL at the end, at
   most CHECK_CSV_COLUMNS), all of them, in any order. Blanks round cells without quotes
   are dropped, empty lines passed over. ELC_E_FORMAT with the line, after `name`, for
   all else; nothing is left in `out` then. */
elc_status elc_check_csv_read(const char *name, const void *bytes, size_t size,
                              const char *const *columns, check_csv *out,
                              elc_error *err);
void elc_check_csv_free(check_csv *csv);

#endif
