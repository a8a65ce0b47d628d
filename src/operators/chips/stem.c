/* stem.c - names of files for the chips of images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { STEM_MAX = 100, HASH = 17 };

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

bool elc_chips_stem_safe(const char *stem) {
    size_t n = strlen(stem);
    if (n == 0 || n > STEM_MAX + HASH || stem[0] == '.' || stem[0] == '-')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_plain(stem[i]))
            return false;
    return true;
}

/* The name as far as it is safe; false when it says less than the name did. */
static bool clean(const char *name, char out[STEM_MAX + HASH + 1]) {
    const char *slash = strrchr(name, '/'), *dot = strrchr(name, '.');
    size_t n =
        dot && dot > (slash ? slash + 1 : name) ? (size_t)(dot - name) : strlen(name);
    bool whole = n <= STEM_MAX && n > 0;
    n = n < STEM_MAX ? n : STEM_MAX;
    for (size_t i = 0; i < n; i++) {
        bool fits =
            is_plain(name[i]) && !(i == 0 && (name[i] == '.' || name[i] == '-'));
        out[i] = fits ? name[i] : '_';
        whole = whole && fits;
    }
    if (n == 0)
        out[n++] = '_';
    out[n] = 0;
    return whole;
}

typedef struct entry {
    char key[STEM_MAX + HASH + 1]; /* lower case: some file systems know no other */
    size_t index;
} entry;

static int compare(const void *a, const void *b) {
    return strcmp(((const entry *)a)->key, ((const entry *)b)->key);
}

/* Marks all stems that another one equals. */
static elc_status mark_twins(char (*stems)[STEM_MAX + HASH + 1], size_t n, bool *marks,
                             elc_error *err) {
    entry *entries = NULL;
    ELC_TRY(elc_alloc(n, sizeof *entries, &entries, err));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; stems[i][k]; k++)
            entries[i].key[k] = (char)tolower((unsigned char)stems[i][k]);
        entries[i].index = i;
    }
    qsort(entries, n, sizeof *entries, compare);
    for (size_t i = 1; i < n; i++)
        if (strcmp(entries[i].key, entries[i - 1].key) == 0)
            marks[entries[i].index] = marks[entries[i - 1].index] = true;
    free(entries);
    return ELC_OK;
}

static elc_status fill(const elc_found_list *found, char (*stems)[STEM_MAX + HASH + 1],
                       bool *marks, elc_error *err) {
    for (size_t i = 0; i < found->count; i++)
        marks[i] = !clean(found->items[i].name, stems[i]);
    ELC_TRY(mark_twins(stems, found->count, marks, err));
    for (size_t i = 0; i < found->count; i++) {
        char id[17];
        if (!marks[i])
            continue;
        elc_id(id, "file %s", found->items[i].name);
        size_t at = strlen(stems[i]);
        stems[i][at] = '-';
        memcpy(stems[i] + at + 1, id, sizeof id);
    }
    return ELC_OK;
}

elc_status elc_chips_stems(const elc_found_list *found, elc_names *out,
                           elc_error *err) {
    char(*stems)[STEM_MAX + HASH + 1] = NULL;
    bool *marks = NULL;
    elc_status status = elc_alloc(found->count, sizeof *stems, &stems, err);
    if (status == ELC_OK)
        status = elc_alloc(found->count, sizeof *marks, &marks, err);
    if (status == ELC_OK)
        status = fill(found, stems, marks, err);
    for (size_t i = 0; i < found->count && status == ELC_OK; i++)
        status = elc_names_add(out, stems[i], err);
    free(marks);
    free(stems);
    return status;
}
