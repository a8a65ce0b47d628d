/* box_chip.h - the features of a chip's cells, and what a head says of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_BOX_CHIP_H
#define ELCANO_SRC_LEARN_BOX_CHIP_H

#include <elcano/learn.h>

size_t elc_box_chip_channels(const elc_box_chip *chip);
/* ELC_E_ARGUMENT for another number of channels, and for maps that do not fit. */
elc_status elc_box_chip_check(const elc_box_chip *chip, size_t channels,
                              elc_error *err);
void elc_box_chip_features(const elc_box_chip *chip, size_t cell, float *out);

/* Scores of all cells (cells x classes, 0 to 1) and sides (cells x 4, px); the caller
   frees both. */
elc_status elc_box_chip_run(const elc_box_head *head, const elc_box_chip *chip,
                            float **scores, float **sides, elc_error *err);

#endif
