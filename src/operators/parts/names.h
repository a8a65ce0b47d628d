/* names.h - texts that stand once, found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_NAMES_H
#define ELCANO_SRC_OPERATORS_PARTS_NAMES_H

#include <elcano/base.h>

#define PART_NAME_NONE UINT32_MAX

/* Start with {0}. */
typedef struct part_names {
    elc_names shown, keys;
    uint32_t *slots; /* index + 1 */
    size_t n_slots;
} part_names;

/* The index of a key, which is added, shown as `shown`, when it is new. */
elc_status elc_part_names_add(part_names *names, const char *key, const char *shown,
                              uint32_t *out, elc_error *err);
/* The index, or PART_NAME_NONE. */
uint32_t elc_part_names_find(const part_names *names, const char *key);
void elc_part_names_free(part_names *names);

#endif
