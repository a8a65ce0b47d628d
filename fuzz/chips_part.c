/* chips_part.c - fuzzes elc_chips_part_read: what it accepts is sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/chips/job.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

/* A stem goes into the name of a file, so it must never lead out of its folder. */
static void check_images(const chips_part *part) {
    for (size_t i = 0; i < part->n_images; i++) {
        const chips_image *image = &part->images[i];
        must(image->path != NULL && image->name != NULL && image->first >= 0);
        must(image->end == -1 || image->end >= image->first);
        must(image->stem[0] != '\0' && image->stem[0] != '.');
        must(strchr(image->stem, '/') == NULL && strlen(image->stem) < 120);
    }
}

/* A part that was accepted is written, read and written as the same bytes. */
static void check_again(const chips_part *part) {
    elc_string once = {0}, twice = {0};
    chips_part again = {0};
    must(elc_chips_part_write(part, &once, NULL) == ELC_OK);
    must(elc_chips_part_read(once.data, once.size, &again, NULL) == ELC_OK);
    must(elc_chips_part_write(&again, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_chips_part_free(&again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    chips_part part = {0};
    elc_error err = {0};
    if (elc_chips_part_read(data, size, &part, &err) == ELC_OK) {
        check_images(&part);
        check_again(&part);
    } else {
        must(part.images == NULL && err.message[0] != '\0');
    }
    elc_chips_part_free(&part);
    return 0;
}
