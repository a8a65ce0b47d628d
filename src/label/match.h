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

/* A name by one of its stems. */
typedef struct label_entry {
    label_stem stem;
    const char *name; /* NULL: of any image; borrowed */
    size_t item;
} label_entry;

/* By stems, then file names, then folders from the file upwards. */
int elc_label_entry_compare(const void *a, const void *b);

/* Entries that lie so. */
typedef struct label_order {
    label_entry *entries;
    size_t n;
} label_order;

/* Start with {0}: none fits. */
typedef struct label_best {
    size_t fit; /* as elc_label_fit */
    const label_entry *entry;
    const label_entry *other; /* with another name, that fits as well; NULL: none */
} label_best;

/* The best of those that have this stem, where it is no worse than `best`: in the
   logarithm of their number, for each file name that they have. */
void elc_label_search(const label_order *order, label_stem stem, const char *path,
                      label_best *best);

/* Makes by_stem. */
elc_status elc_labels_index(elc_labels *labels, elc_error *err);

#endif
