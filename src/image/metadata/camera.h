/* camera.h - EXIF and XMP of cameras, drones' among them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_METADATA_CAMERA_H
#define ELCANO_SRC_IMAGE_METADATA_CAMERA_H

#include "image/metadata/findings.h"

/* From GDAL's EXIF_ items and the elements of the XMP, in one record. */
elc_status elc_camera_find(const elc_record *record, elc_findings *f, elc_error *err);

#endif
