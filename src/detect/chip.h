/* chip.h - a chip's pixels as the network sees them: cropped and blurred. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_DETECT_CHIP_H
#define ELCANO_SRC_DETECT_CHIP_H

#include "pipeline.h"

/* One worker's memory for it. Start with {0}; clear also after a failure. */
typedef struct chip_reader {
    elc_blur *blur;  /* NULL: none */
    uint8_t *window; /* what is read: the chip, with what a blur needs around */
    uint8_t *chip;   /* of a blur */
} chip_reader;

elc_status elc_chip_reader_open(const elc_detector *d, chip_reader *out,
                                elc_error *err);
/* `*pixels` are the reader's. `*valid` is false when they are nodata. */
elc_status elc_chip_read(elc_detector *d, chip_reader *reader, const chip_job *job,
                         const uint8_t **pixels, bool *valid, elc_error *err);
void elc_chip_reader_clear(chip_reader *reader);

#endif
