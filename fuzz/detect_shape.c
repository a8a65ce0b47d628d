/* detect_shape.c - oriented boxes and masks from outside: what is accepted is written
   as it was read, and has an outline. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/detect/rows.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_outline(const elc_mask *mask) {
    elc_outline outline = {0};
    elc_string wkb = {0};
    if (elc_mask_outline(mask, &outline, NULL) != ELC_OK)
        abort();
    if (outline.n_rings > 0 && elc_wkb_outline(&outline, &wkb, NULL) != ELC_OK)
        abort();
    elc_outline_free(&outline);
    elc_string_free(&wkb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_box box = {0};
    elc_string again = {0};
    if (elc_shape_unpack(data, size, &box, NULL) != ELC_OK)
        return 0;
    if (elc_shape_pack(&box, &again, NULL) != ELC_OK || again.size != size ||
        memcmp(again.data, data, size) != 0)
        abort();
    if (box.mask)
        check_outline(box.mask);
    elc_string_free(&again);
    elc_box_clear(&box);
    return 0;
}
