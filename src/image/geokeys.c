/* geokeys.c - the bytes that a GeoTIFF states its CRS in. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/geokeys.h"

#include <string.h>

#include <cpl_vsi.h>

/* TIFF 6.0 section 2; BigTIFF: its design page; the tags: OGC GeoTIFF 1.1, 7.1.1. Both
   kinds are read, and nothing is interpreted: what the keys mean is GDAL's. */

enum { TAG_SUBFILE = 254, TAG_OLD_SUBFILE = 255, TAG_KEYS = 34735, TAG_TEXTS = 34737 };
enum { TYPE_ASCII = 2, TYPE_SHORT = 3, TYPE_DOUBLE = 12 };
enum { ENTRIES_MAX = 512, VALUE_MAX = 16 << 10 };

typedef struct tiff {
    VSILFILE *file;
    bool big_endian;
    size_t word; /* bytes of an offset and of a count of values: 4, or 8 of BigTIFF */
} tiff;

typedef struct entry {
    unsigned tag, type;
    uint64_t count;
    const uint8_t *value; /* `word` bytes: the values, or where they are */
} entry;

static uint64_t number(const tiff *t, const uint8_t *bytes, size_t n) {
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | bytes[t->big_endian ? i : n - 1 - i];
    return value;
}

static bool read_at(const tiff *t, uint64_t at, void *out, size_t n) {
    return at <= INT64_MAX && VSIFSeekL(t->file, at, SEEK_SET) == 0 &&
           VSIFReadL(out, 1, n, t->file) == n;
}

/* Learns order and size; `*first` is where the first directory is. */
static bool read_header(tiff *t, uint64_t *first) {
    uint8_t head[16];
    if (!read_at(t, 0, head, sizeof head))
        return false;
    t->big_endian = head[0] == 'M';
    t->word = number(t, head + 2, 2) == 43 ? 8 : 4;
    bool named = !memcmp(head, "II", 2) || !memcmp(head, "MM", 2);
    bool whole = t->word == 4 ? number(t, head + 2, 2) == 42
                              : number(t, head + 4, 2) == 8 && !number(t, head + 6, 2);
    *first = number(t, head + t->word, t->word);
    return named && whole;
}

static entry entry_of(const tiff *t, const uint8_t *bytes) {
    return (entry){.tag = (unsigned)number(t, bytes, 2),
                   .type = (unsigned)number(t, bytes + 2, 2),
                   .count = number(t, bytes + 4, t->word),
                   .value = bytes + 4 + t->word};
}

/* Bytes of one value of the three tags, in the one type that each may have; 0: another.
 */
static size_t unit_of(const entry *e) {
    static const struct {
        unsigned type;
        size_t bytes;
    } units[] = {{TYPE_SHORT, 2}, {TYPE_DOUBLE, 8}, {TYPE_ASCII, 1}};
    return units[e->tag - TAG_KEYS].type == e->type ? units[e->tag - TAG_KEYS].bytes
                                                    : 0;
}

/* Appends tag, number of values and the values. */
static elc_status take_values(const tiff *t, const entry *e, elc_string *out,
                              bool *plain, elc_error *err) {
    uint8_t bytes[VALUE_MAX];
    uint64_t unit = unit_of(e);
    *plain = unit > 0 && e->count <= VALUE_MAX / unit;
    if (!*plain)
        return ELC_OK;
    size_t n = (size_t)(e->count * unit);
    if (n <= t->word)
        memcpy(bytes, e->value, n);
    else
        *plain = read_at(t, number(t, e->value, t->word), bytes, n);
    if (!*plain)
        return ELC_OK;
    ELC_TRY(elc_string_printf(out, err, "%u %zu ", e->tag, n));
    return elc_string_append(out, bytes, n, err);
}

/* Tags rise in a directory, so that none comes twice. */
static elc_status take_entries(const tiff *t, const uint8_t *bytes, size_t count,
                               elc_string *out, bool *plain, elc_error *err) {
    unsigned last = 0;
    bool keys = false;
    for (size_t i = 0; i < count && *plain; i++) {
        entry e = entry_of(t, bytes + i * (4 + 2 * t->word));
        bool thumbnail =
            e.tag == TAG_OLD_SUBFILE || (e.tag == TAG_SUBFILE && number(t, e.value, 4));
        *plain = e.tag > last && !thumbnail;
        if (*plain && e.tag >= TAG_KEYS && e.tag <= TAG_TEXTS)
            ELC_TRY(take_values(t, &e, out, plain, err));
        keys = keys || e.tag == TAG_KEYS;
        last = e.tag;
    }
    *plain = *plain && keys;
    return ELC_OK;
}

static elc_status take_directory(tiff *t, elc_string *out, bool *plain,
                                 elc_error *err) {
    uint8_t bytes[ENTRIES_MAX * 20];
    uint64_t at = 0;
    *plain = read_header(t, &at);
    size_t head = t->word == 4 ? 2 : 8; /* bytes of the number of entries */
    *plain = *plain && read_at(t, at, bytes, head);
    uint64_t count = *plain ? number(t, bytes, head) : 0;
    *plain = *plain && count <= ENTRIES_MAX &&
             read_at(t, at + head, bytes, (size_t)count * (4 + 2 * t->word));
    if (!*plain)
        return ELC_OK;
    ELC_TRY(elc_string_append(out, t->big_endian ? "MM " : "II ", 3, err));
    return take_entries(t, bytes, (size_t)count, out, plain, err);
}

elc_status elc_geokeys_read(const char *path, elc_string *out, elc_error *err) {
    tiff t = {.file = VSIFOpenL(path, "rb")};
    bool plain = false;
    out->size = 0;
    if (!t.file)
        return ELC_OK;
    elc_status status = take_directory(&t, out, &plain, err);
    VSIFCloseL(t.file);
    if (!plain)
        out->size = 0;
    return status;
}
