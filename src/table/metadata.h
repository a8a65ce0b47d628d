/* metadata.h - the key-value pairs of an ArrowSchema; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_METADATA_H
#define ELC_TABLE_METADATA_H

#include <elcano/table.h>

#define ELC_EXTENSION_NAME     "ARROW:extension:name"
#define ELC_EXTENSION_METADATA "ARROW:extension:metadata"

/* Text that need not end with NUL; data NULL: none. */
typedef struct elc_slice {
    const char *data;
    size_t size;
} elc_slice;

/* The value of `key` in metadata (may be NULL). What is malformed has no values; but
   the specification gives no total size, so that its lengths must be believed. */
elc_slice elc_metadata_find(const char *metadata, const char *key);
bool elc_slice_is(elc_slice slice, const char *text);

/* All bytes of the metadata; 0 for NULL and for malformed. */
size_t elc_metadata_size(const char *metadata);

/* The metadata of a geometry column whose CRS is `crs` (PROJJSON, "" for none). */
elc_status elc_metadata_geometry(const char *crs, elc_string *out, elc_error *err);

/* The value of "crs" in GeoArrow's extension metadata, as elc_schema_crs gives it. */
elc_status elc_metadata_crs(elc_slice json, char **out, elc_error *err);

#endif
