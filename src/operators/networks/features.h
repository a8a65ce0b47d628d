/* features.h - a vector a chip. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NETWORKS_FEATURES_H
#define ELCANO_SRC_OPERATORS_NETWORKS_FEATURES_H

#include "job.h"

/* Its wish is "mean", "max" or "none". */
extern const network_reading elc_features_reading;

#endif
