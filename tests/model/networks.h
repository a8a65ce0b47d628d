/* networks.h - the networks that the model's tests open, written afresh by scripts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_MODEL_NETWORKS_H
#define ELCANO_TESTS_MODEL_NETWORKS_H

#include <elcano/model.h>

/* Path of "NAME.onnx": of tools/networks.py's heads, or of odd_networks.py. */
const char *network_path(const char *name);

/* Opens it, or fails the test with the message. Skips, loudly, without ONNX Runtime. */
elc_model *network_open(const char *path, const elc_model_options *options);

/* An open network must be refused: the message must hold `part`. */
void network_refused(const char *path, const elc_model_options *options,
                     elc_status status, const char *part);

/* A place for `batch` chips of the network's default size. */
elc_inference *network_place(elc_model *model, int64_t batch);

/* Fills a chip with one grey value, puts it in slot 0, runs it and appends its boxes.
 */
elc_status network_boxes(elc_inference *place, const elc_model_info *info, int grey,
                         elc_box_list *boxes, elc_error *err);

/* The same chip of noise for the same seed; free with free(). */
uint8_t *network_noise(const elc_model_info *info, unsigned seed);

#endif
