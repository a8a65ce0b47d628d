/* format.h - what the format of a sidecar says: a table of paths, and what no table
 * can. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_METADATA_FORMAT_H
#define ELCANO_SRC_IMAGE_METADATA_FORMAT_H

#include "image/metadata/findings.h"

typedef enum elc_rule_kind {
    ELC_RULE_TEXT,
    ELC_RULE_REAL,
    ELC_RULE_TIME,
    ELC_RULE_ABOUT,    /* a time near that of the image: its day counts */
    ELC_RULE_FRACTION, /* 0 to 1; what is outside is unknown */
    ELC_RULE_PERCENT,  /* 0 to 100, to a fraction; what is outside is unknown */
    ELC_RULE_ZENITH    /* degrees from the zenith, to elevation */
} elc_rule_kind;

/* A path, as elc_path_matches takes it, to a fact. The first rule of a fact that finds
   something counts. */
typedef struct elc_rule {
    elc_fact_id id;
    elc_rule_kind kind;
    const char *path;
} elc_rule;

typedef struct elc_format {
    const char *name;
    elc_witness witness;
    const char *const *roots; /* names of the first elements, NULL at the end */
    const elc_rule *rules;    /* ends with a path NULL */
    /* What takes more than one path; may be NULL. */
    elc_status (*more)(const elc_record *record, elc_findings *f, elc_error *err);
} elc_format;

/* The format that a record has by its first elements; NULL: none that is known. */
const elc_format *elc_format_of(const elc_record *record);
elc_status elc_format_apply(const elc_format *format, const elc_record *record,
                            elc_findings *f, elc_error *err);
/* Rules alone. */
elc_status elc_rules_apply(const elc_rule *rules, const elc_record *record,
                           elc_findings *f, elc_error *err);

/* "EPSG:32633" of a UTM zone on WGS 84. */
elc_status elc_findings_utm(elc_findings *f, double zone, bool north, const char *where,
                            elc_error *err);

/* True for "…_R2C1.tif", a tile other than the first: RPCs and corners of the whole are
   not its own. */
bool elc_is_later_tile(const char *image);

extern const elc_format elc_format_digitalglobe, elc_format_dimap, elc_format_fgdc,
    elc_format_iso, elc_format_landsat, elc_format_sentinel2, elc_format_voc;

#endif
