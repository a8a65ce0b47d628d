/* detect_part.c - fuzzes elc_detect_part_read: what it accepts is sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/detect/job.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check_images(const detect_part *part) {
    for (size_t i = 0; i < part->n_images; i++) {
        const elc_detect_image *image = &part->images[i];
        must(image->path != NULL && image->name != NULL && image->first >= 0);
        must(image->end < 0 || image->end >= image->first);
    }
}

/* A part that was accepted is written, read and written as the same bytes. */
static void check_again(const detect_part *part) {
    elc_string once = {0}, twice = {0};
    detect_part again = {0};
    must(elc_detect_part_write(part, &once, NULL) == ELC_OK);
    must(elc_detect_part_read(once.data, once.size, &again, NULL) == ELC_OK);
    must(elc_detect_part_write(&again, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_detect_part_free(&again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    detect_part part = {0};
    elc_error err = {0};
    if (elc_detect_part_read(data, size, &part, &err) == ELC_OK) {
        check_images(&part);
        check_again(&part);
    } else {
        must(part.images == NULL && err.message[0] != '\0');
    }
    elc_detect_part_free(&part);
    return 0;
}
