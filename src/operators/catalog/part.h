/* part.h - a part of the catalogue's work: one folder, as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CATALOG_PART_H
#define ELCANO_SRC_OPERATORS_CATALOG_PART_H

#include <elcano/image.h>

/* A folder or a stretch of it, and the columns that key=value folder names give to all
   parts of the call. */
typedef struct catalog_part {
    elc_folder folder;
    elc_names keys;
} catalog_part;

elc_status elc_catalog_part_write(const elc_folder *folder, const elc_names *keys,
                                  elc_string *out, elc_error *err);
/* From another process: checked. */
elc_status elc_catalog_part_read(const void *bytes, size_t size, catalog_part *out,
                                 elc_error *err);
void elc_catalog_part_free(catalog_part *part);

#endif
