/* labels.h - labels of images, which are opened where a format needs their sizes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_LABELS_H
#define ELCANO_SRC_OPERATORS_PARTS_LABELS_H

#include <elcano/image.h>
#include <elcano/label.h>

/* Reads labels for the images of a run, which `arguments` name; they are found and
   opened where a format needs their sizes. `unknown` (NULL: not wanted) gets the images
   that were wanted and are none of these: their labels are left out. */
elc_status elc_image_labels_read(const char *path, const char *format,
                                 const char *const *arguments, size_t n,
                                 elc_labels *out, elc_names *unknown, elc_error *err);
/* elc_labels_settle on images that were found, whose names are borrowed. */
elc_status elc_image_labels_settle(elc_labels *labels, const elc_found_list *images,
                                   elc_error *err);
/* The same by paths, which name more of the folders. */
elc_status elc_image_labels_settle_paths(elc_labels *labels,
                                         const elc_found_list *images, elc_error *err);
/* Warns of files that begin like no labels, though they end like the others. */
void elc_image_labels_tell(const elc_labels *labels, const char *path,
                           const elc_context *context);

#endif
