/* findings.h - what sources say of an image, before they are weighed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_METADATA_FINDINGS_H
#define ELCANO_SRC_IMAGE_METADATA_FINDINGS_H

#include <elcano/image.h>

#include "image/metadata/record.h"

/* Who says it. */
typedef enum elc_witness {
    ELC_WITNESS_VENDOR, /* the sidecar of who made the image */
    ELC_WITNESS_IMAGE,  /* the image's own tags */
    ELC_WITNESS_OTHER   /* a catalogue's or a labeller's sidecar */
} elc_witness;

typedef struct elc_finding {
    elc_fact_id id;
    elc_witness witness;
    bool vague; /* a time of which only the day is known */
    elc_fact fact;
} elc_finding;

/* Start with {0}; `file` and `witness` are of what is being read, `image` the name of
   the image's file without folders, "" when not known. */
typedef struct elc_findings {
    elc_finding *items;
    size_t count, capacity;
    const char *file, *image;
    elc_witness witness;
} elc_findings;

/* `where` is the place in the file: the source is "file: where". Numbers that are not
   finite are left out. */
elc_status elc_findings_text(elc_findings *f, elc_fact_id id, const char *text,
                             const char *where, elc_error *err);
elc_status elc_findings_list(elc_findings *f, elc_fact_id id, const double *numbers,
                             size_t n, const char *where, elc_error *err);
elc_status elc_findings_real(elc_findings *f, elc_fact_id id, double value,
                             const char *where, elc_error *err);
/* From text in the many ways that times are written; one that is none is left out. */
elc_status elc_findings_time(elc_findings *f, elc_fact_id id, const char *text,
                             const char *where, elc_error *err);
void elc_findings_free(elc_findings *f);

/* Centres of the four corner pixels (UL, UR, LR, LL as x, y) to the outer corners of an
   image of that size. */
void elc_corners_outward(double corners[8], double width, double height);

/* "2013-04-19T16:01:51.829Z", "2013:04:19 16:01:51", "20130419", "2013-04-19", with
   "+02:00" or without (UTC). False when it is none of these. */
bool elc_time_parse(const char *text, int64_t *time_us, bool *day_only);

#endif
