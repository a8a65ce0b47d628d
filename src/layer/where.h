/* where.h - GeoJSON looked at before OGR reads it, which leaves out what it does not
   understand; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_WHERE_H
#define ELC_LAYER_WHERE_H

#include <elcano/base.h>

/* What a text of GeoJSON is: a FeatureCollection, or features or geometries of a line
   each. Features are counted from 1, bytes from 0. */
typedef struct elc_where {
    bool wrong;
    uint64_t feature; /* the wrong one; else how many there are */
    uint64_t byte;    /* where it is wrong */
    bool too_large;   /* a member is too large to look at: nothing else is known */
    bool odd_dates;   /* there may be dates that do not exist */
    uint64_t big_feature, big_byte; /* the first whole number beyond 64 bits; 0: none */
    uint64_t nul_feature, nul_byte; /* the first \u0000 of a feature's texts; 0: none */
    uint64_t *empty; /* the features that are polygons without rings, rising */
    size_t n_empty, empty_capacity;
    elc_string crs; /* the collection's `crs`, as it is written; or nothing */
} elc_where;

/* Looks at all of a text: wrong is what is no JSON, no feature, cut short, has
   properties that are no object or a geometry that is none, has more behind its end, or
   two features in a line. A feature without a geometry, or without properties or a
   type, is right. The memory is that of the largest feature. */
elc_status elc_where_look(const char *text, size_t size, elc_where *out,
                          elc_error *err);
/* The same of a file, packed or not, by a block at a time. Nothing is known
   (`too_large`) of what cannot be read twice. Ends when the context is cancelled. */
elc_status elc_where_look_file(const char *path, const elc_context *context,
                               elc_where *out, elc_error *err);
void elc_where_free(elc_where *where);

/* Appends " (feature 2, byte 110)" where a GeoJSON that OGR refuses is wrong; nothing
   where it is not, or the file is of another kind. `name` is GDAL's, `path` says the
   kind. */
elc_status elc_where_wrong(const char *path, const char *name, elc_string *out,
                           elc_error *err);

#endif
