/* yolo.h - the names of YOLO's classes, which another file keeps. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_YOLO_H
#define ELCANO_SRC_LABEL_YOLO_H

#include "label/build.h"

/* Finds the list of class names of the file being read, in its folder or one of the two
   above it, and reads it into b->out->classes; b->names_path stays NULL where there is
   none. Two lists in one reading are ELC_E_ARGUMENT. */
elc_status elc_label_yolo_names(elc_label_build *b, elc_error *err);
/* Reads the member `names` of a YAML file: a list, or numbers and names. */
elc_status elc_label_yaml_names(const char *path, elc_names *out, elc_error *err);

#endif
