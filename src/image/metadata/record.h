/* record.h - a sidecar as it was read: a list of paths and texts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_METADATA_RECORD_H
#define ELCANO_SRC_IMAGE_METADATA_RECORD_H

#include <elcano/base.h>

/* "IMD/IMAGE/CATID" and its text; an attribute is "…/Size@resolution", after what its
   element holds. */
typedef struct elc_leaf {
    char *path, *text;
} elc_leaf;

/* In the order of the document. What repeats one path is kept ELC_LEAVES_SAME times,
   and ELC_LEAVES_MAX leaves in all. Start with {0}. */
enum { ELC_LEAVES_SAME = 100, ELC_LEAVES_MAX = 20000 };

typedef struct elc_record {
    elc_leaf *items;
    size_t count, capacity;
    size_t bytes;
    struct elc_path_count *seen; /* a hash table of paths */
    size_t n_seen, slots;
} elc_record;

elc_status elc_record_add(elc_record *record, const char *path, const char *text,
                          elc_error *err);
void elc_record_free(elc_record *record);

/* The ways to fill one. `name` is for messages; bytes that are not UTF-8 become
   '?'. */
elc_status elc_record_xml(elc_record *record, const char *name, const void *bytes,
                          size_t n, elc_error *err);
elc_status elc_record_read_xml(elc_record *record, const char *name,
                               elc_xml_source source, void *arg, uint64_t limit,
                               elc_error *err);
/* "BEGIN_GROUP = IMAGE_1", "GROUP = A", "key = value;", "key = ( 1, 2 );": a list
   becomes its items with blanks between. */
elc_status elc_record_text(elc_record *record, const char *name, const char *bytes,
                           size_t n, elc_error *err);
elc_status elc_record_json(elc_record *record, const char *name, const char *bytes,
                           size_t n, elc_error *err);

/* True when `path` ends with the elements of `pattern`, upper and lower case alike;
   "IMAGE" is "IMAGE_1", too. */
bool elc_path_matches(const char *path, const char *pattern);
/* The first leaf that matches and has text, at or after `from`; NULL: none. */
const elc_leaf *elc_record_at(const elc_record *record, const char *pattern,
                              size_t from);
const char *elc_record_get(const elc_record *record, const char *pattern);
/* False when it is not there, or no finite number. */
bool elc_record_real(const elc_record *record, const char *pattern, double *out);
/* The numbers of a leaf, blanks or commas between; how many there were, at most n. */
size_t elc_text_reals(const char *text, double *out, size_t n);
bool elc_text_real(const char *text, double *out);

#endif
