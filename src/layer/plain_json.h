/* plain_json.h - GeoJSON files as most are, read without OGR to the rows that OGR
   gives; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PLAIN_JSON_H
#define ELC_LAYER_PLAIN_JSON_H

#include "plain.h"

/* The file as a table, as elc_layer_read gives it, where all of it is plain: one
   FeatureCollection whose features have the same properties in the same order, numbers,
   texts, truths and null, and shapes of two coordinates. `out` is left alone where
   anything is not, which is no failure: OGR reads it then. The look at all of it ends
   when the context is cancelled. */
elc_status elc_plain_json_read(const char *path, const elc_context *context,
                               struct ArrowArrayStream *out, elc_error *err);

/* ---- features ---------------------------------------------------------------------
 */

typedef struct elc_plain_json {
    int file;
    char *data; /* a NUL follows what is there */
    size_t capacity, at, end;
    bool ended; /* the file */
} elc_plain_json;

/* A feature where it stands in the text. */
typedef struct elc_plain_feature {
    elc_plain_field *names, *values; /* properties; null has no text */
    size_t n, most;                  /* how many there are, and may be */
    char *shape;                     /* NULL: null */
    size_t shape_size;
} elc_plain_feature;

/* All the text up to the first feature: its length, or 0 where it is odd, in *out. */
elc_status elc_plain_json_head(elc_plain_json *json, size_t *out, elc_error *err);
/* The next feature, valid until the next call: one of ELC_PLAIN_… in *out. Texts are as
   they are written, between their quotes. */
elc_status elc_plain_json_next(elc_plain_json *json, elc_plain_feature *feature,
                               int *out, elc_error *err);
/* Ends the values with a NUL and resolves the escapes of texts; false where one is odd.
   The text is overwritten. */
bool elc_plain_json_finish(elc_plain_feature *feature);

/* ---- values -----------------------------------------------------------------------
 */

/* Of which a column's values are, NULLs aside. Texts may look like dates. */
typedef enum elc_json_kind {
    ELC_JSON_NOTHING,
    ELC_JSON_TRUTH,
    ELC_JSON_INT, /* of 32 bits */
    ELC_JSON_LONG,
    ELC_JSON_REAL,
    ELC_JSON_DATE,
    ELC_JSON_TIME,
    ELC_JSON_TEXT
} elc_json_kind;

typedef struct elc_json_value {
    int64_t whole; /* truths, whole numbers, dates, times */
    double real;   /* all numbers */
} elc_json_value;

/* What a value is, once it was finished; false where OGR may read it otherwise. */
bool elc_plain_json_value(const elc_plain_field *field, elc_json_kind *is,
                          elc_json_value *v);
/* The kind that holds values of both; ELC_JSON_NOTHING where OGR may choose another. */
elc_json_kind elc_plain_json_join(elc_json_kind a, elc_json_kind b);

#endif
