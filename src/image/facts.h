/* facts.h - facts gathered, weighed and written down. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_FACTS_H
#define ELCANO_SRC_IMAGE_FACTS_H

#include <jansson.h>

#include "image/metadata/findings.h"

/* What an open image says of itself; its tags go into `record`. `prj` is the path of a
   file with the CRS for an image that has an affine alone, or NULL. */
elc_status elc_facts_of_image(elc_image *image, const char *prj, elc_record *record,
                              elc_findings *f, elc_error *err);
/* The four outer corners of an image; in degrees where that is known. */
elc_status elc_facts_of_affine(const elc_affine *affine, const elc_crs *crs,
                               double width, double height, const char *where,
                               elc_findings *f, elc_error *err);

/* Chooses among what was found, and adds what follows from it. Disagreements are
   appended to `conflicts`. */
elc_status elc_facts_weigh(elc_findings *f, elc_facts *out, json_t *conflicts,
                           elc_error *err);

/* True when two findings of one fact say the same; `scale` is a length that is small
   for corners: a pixel. */
bool elc_findings_agree(const elc_finding *a, const elc_finding *b, double pixel);
/* As JSON; NULL when memory is out. */
json_t *elc_finding_value(const elc_finding *finding);

#endif
