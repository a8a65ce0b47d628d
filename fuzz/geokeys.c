/* geokeys.c - fuzzes the reader of a GeoTIFF's keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/geokeys.h"

#include <stdlib.h>
#include <string.h>

#include <cpl_vsi.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

/* The keys of a TIFF in memory. */
static void read_bytes(const uint8_t *data, size_t size, elc_string *out) {
    static const char path[] = "/vsimem/geokeys.tif";
    VSILFILE *file =
        VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, /* take */ 0);
    must(file != NULL && VSIFCloseL(file) == 0);
    must(elc_geokeys_read(path, out, NULL) == ELC_OK);
    VSIUnlink(path);
}

/* Keys name the order of their bytes, and are no longer than their limit and the file's
   size allow. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_string keys = {0};
    read_bytes(data, size, &keys);
    must(keys.size == 0 || !memcmp(keys.data, "II 347", 6) ||
         !memcmp(keys.data, "MM 347", 6));
    must(keys.size <= 3 * ((16 << 10) + 16) && keys.size <= 3 * (size + 16));
    elc_string_free(&keys);
    return 0;
}
