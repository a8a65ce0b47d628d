/* match.h - the order that labels are looked up in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_MATCH_H
#define ELCANO_SRC_LABEL_MATCH_H

#include <elcano/label.h>

/* Part of a name; `text` NULL sorts before all. */
typedef struct label_stem {
    const char *text;
    size_t n;
} label_stem;

/* Of a stated name, which loses no ending but an image's; and of a file that is there,
   which loses whatever it has. */
label_stem elc_label_stem(const char *path);
label_stem elc_label_short_stem(const char *path);
int elc_label_stem_compare(label_stem a, label_stem b);

/* Makes by_stem. */
elc_status elc_labels_index(elc_labels *labels, elc_error *err);

#endif
