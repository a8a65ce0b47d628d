/* classes.h - the surest classes of a chip. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NETWORKS_CLASSES_H
#define ELCANO_SRC_OPERATORS_NETWORKS_CLASSES_H

#include "job.h"

#include <elcano/classify.h>

typedef struct classes_wish {
    network_reading reading; /* of the output that answers */
    elc_scores scores;
    size_t top;
} classes_wish;

/* ELC_E_MODEL for a network that is no classifier. With --scores auto it is run on
   three chips that are always the same, so that all parts read it alike. */
elc_status elc_classes_wish_read(const elc_options *options, network_job *job,
                                 classes_wish *out, elc_error *err);

#endif
