/* network.h - backbone and head as one ONNX network. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_NETWORK_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_NETWORK_H

#include "learn.h"

/* Appends the bytes of the file: the backbone, the head, and boxes as YOLOv8's. */
elc_status elc_train_network(const train_job *job, const train_outcome *outcome,
                             elc_string *out, elc_error *err);

/* Adds to a network that ends with the job's tensors the head, and the output. */
elc_status elc_train_add_head(elc_network *network, const train_backbone *backbone,
                              const elc_box_head *head, elc_error *err);
/* What it is, how to use it, what it learnt from and how good it is. */
elc_status elc_train_add_metadata(elc_network *network, const train_job *job,
                                  const train_outcome *outcome, elc_error *err);

#endif
