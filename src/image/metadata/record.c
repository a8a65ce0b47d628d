/* record.c - a sidecar's paths and texts, kept and looked up. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BYTES_MAX (8 << 20)

struct elc_path_count {
    uint64_t hash; /* 0: empty */
    int count;
};

static uint64_t hash_of(const char *path) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *path != '\0'; path++)
        hash = (hash ^ (uint8_t)*path) * UINT64_C(1099511628211);
    return hash | 1;
}

static struct elc_path_count *slot_of(struct elc_path_count *table, size_t slots,
                                      uint64_t hash) {
    size_t at = (size_t)(hash >> 20) & (slots - 1);
    while (table[at].hash != 0 && table[at].hash != hash)
        at = (at + 1) & (slots - 1);
    return &table[at];
}

static elc_status grow(elc_record *record, elc_error *err) {
    size_t slots = record->slots > 0 ? 2 * record->slots : 256;
    struct elc_path_count *table = NULL;
    ELC_TRY(elc_alloc(slots, sizeof *table, &table, err));
    for (size_t i = 0; i < record->slots; i++) {
        if (record->seen[i].hash != 0)
            *slot_of(table, slots, record->seen[i].hash) = record->seen[i];
    }
    free(record->seen);
    record->seen = table;
    record->slots = slots;
    return ELC_OK;
}

/* How often the path was met, this time among them. */
static elc_status count_path(elc_record *record, const char *path, int *out,
                             elc_error *err) {
    if (2 * (record->n_seen + 1) > record->slots)
        ELC_TRY(grow(record, err));
    uint64_t hash = hash_of(path);
    struct elc_path_count *slot = slot_of(record->seen, record->slots, hash);
    record->n_seen += slot->hash == 0;
    slot->hash = hash;
    *out = ++slot->count;
    return ELC_OK;
}

/* A copy in which bytes that are not UTF-8, and control characters, are '?'. */
static elc_status clean_copy(const char *text, char **out, elc_error *err) {
    ELC_TRY(elc_strdup(text, out, err));
    bool valid = elc_utf8_valid(*out, strlen(*out));
    for (char *c = *out; *c != '\0'; c++) {
        if (!valid && (unsigned char)*c >= 0x80)
            *c = '?';
    }
    return ELC_OK;
}

elc_status elc_record_add(elc_record *record, const char *path, const char *text,
                          elc_error *err) {
    size_t size = strlen(path) + strlen(text);
    if (record->count >= ELC_LEAVES_MAX || size > BYTES_MAX - record->bytes)
        return ELC_OK;
    int met = 0;
    ELC_TRY(count_path(record, path, &met, err));
    if (met > ELC_LEAVES_SAME)
        return ELC_OK;
    ELC_TRY(elc_reserve(&record->items, &record->capacity, record->count + 1,
                        sizeof *record->items, err));
    elc_leaf leaf = {0};
    ELC_TRY(clean_copy(path, &leaf.path, err));
    elc_status status = clean_copy(text, &leaf.text, err);
    if (status != ELC_OK) {
        free(leaf.path);
        return status;
    }
    record->items[record->count++] = leaf;
    record->bytes += size;
    return ELC_OK;
}

void elc_record_free(elc_record *record) {
    for (size_t i = 0; i < record->count; i++) {
        free(record->items[i].path);
        free(record->items[i].text);
    }
    free(record->items);
    free(record->seen);
    *record = (elc_record){0};
}

/* ---- looking up ------------------------------------------------------------------ */

/* The length of an element's name without a number at its end: "IMAGE_1" has 5. */
static size_t unnumbered(const char *name, size_t n) {
    size_t i = n;
    while (i > 0 && isdigit((unsigned char)name[i - 1]))
        i--;
    return i < n && i > 1 && name[i - 1] == '_' ? i - 1 : n;
}

static size_t last_element(const char *path, size_t n) {
    while (n > 0 && path[n - 1] != '/')
        n--;
    return n;
}

bool elc_path_matches(const char *path, const char *pattern) {
    size_t p = strlen(path), q = strlen(pattern);
    for (;;) {
        size_t a = last_element(path, p), b = last_element(pattern, q);
        size_t own = p - a, want = q - b;
        if (own != want)
            own = unnumbered(path + a, own);
        if (own != want || strncasecmp(path + a, pattern + b, want) != 0)
            return false;
        if (b == 0)
            return true;
        if (a == 0)
            return false;
        p = a - 1;
        q = b - 1;
    }
}

const elc_leaf *elc_record_at(const elc_record *record, const char *pattern,
                              size_t from) {
    for (size_t i = from; i < record->count; i++) {
        if (record->items[i].text[0] != '\0' &&
            elc_path_matches(record->items[i].path, pattern))
            return &record->items[i];
    }
    return NULL;
}

const char *elc_record_get(const elc_record *record, const char *pattern) {
    const elc_leaf *leaf = elc_record_at(record, pattern, 0);
    return leaf != NULL ? leaf->text : NULL;
}

bool elc_text_real(const char *text, double *out) {
    return elc_text_reals(text, out, 1) == 1;
}

size_t elc_text_reals(const char *text, double *out, size_t n) {
    char word[64];
    size_t found = 0;
    while (found < n) {
        text += strspn(text, " \t\r\n,;()");
        size_t size = strcspn(text, " \t\r\n,;()");
        if (size == 0 || size >= sizeof word)
            break;
        memcpy(word, text, size);
        word[size] = '\0';
        if (elc_parse_real(word, "number", &out[found], NULL) != ELC_OK)
            break;
        found++;
        text += size;
    }
    return found;
}

bool elc_record_real(const elc_record *record, const char *pattern, double *out) {
    const char *text = elc_record_get(record, pattern);
    return text != NULL && elc_text_real(text, out);
}
