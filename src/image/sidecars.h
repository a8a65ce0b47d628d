/* sidecars.h - which files of a folder describe an image, and what they say. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_SIDECARS_H
#define ELCANO_SRC_IMAGE_SIDECARS_H

#include <elcano/image.h>

#include "image/metadata/record.h"

/* Adds the paths of the sidecars of an image, the likeliest first. NULL has none but
   those that the layout of the folders tells of. */
elc_status elc_sidecars_match(const elc_sidecars *sidecars, const char *path,
                              elc_names *out, elc_error *err);
/* The path of the image's ".prj", or NULL in `*out`; the caller frees it. */
elc_status elc_sidecars_prj(const elc_sidecars *sidecars, const char *path, char **out,
                            elc_error *err);

/* Reads a file through GDAL: XML as a stream of at most 64 MiB, JSON and text of at
   most 16 MiB; which it is, its first bytes say. */
elc_status elc_sidecar_read(const char *path, elc_record *out, elc_error *err);
/* At most 256 KiB of text. */
elc_status elc_sidecar_text(const char *path, elc_string *out, elc_error *err);

/* The name of a file without its folders. */
const char *elc_name_of(const char *path);

#endif
