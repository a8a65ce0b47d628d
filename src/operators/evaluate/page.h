/* page.h - text that grows into an HTML page, and its pictures. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_EVALUATE_PAGE_H
#define ELCANO_SRC_OPERATORS_EVALUATE_PAGE_H

#include "rows.h"

typedef struct eval_page {
    const eval_data *data;
    const eval_wish *wish;
    const eval_result *result;
    const elc_found_list *images;
    const elc_context *context;
    const bool *shown; /* of each class, and of none: it has rows and a curve */
    elc_string *out;
    elc_status status; /* of the first that failed; then nothing is done any more */
    elc_error *err;
} eval_page;

/* What is ours to write: the format is HTML, and so are its arguments. */
void elc_page_put(eval_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What comes from files: '<', '>', '&' and quotes are escaped. NULL: a dash. */
void elc_page_text(eval_page *page, const char *text);
/* "0.912", a dash for NaN. */
void elc_page_real(eval_page *page, double value);

/* "#rrggbb" of a class: as the styles say, else one of ten in turn. */
void elc_page_colour(const eval_page *page, size_t class_id, char colour[8]);

/* The curves of all classes, and the worst mistakes as pictures where images are. */
void elc_page_curves(eval_page *page);
void elc_page_mistakes(eval_page *page);

#endif
