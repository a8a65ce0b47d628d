/* match.h - the order that labels are looked up in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_MATCH_H
#define ELCANO_SRC_LABEL_MATCH_H

#include <elcano/label.h>

/* Makes by_stem. */
elc_status elc_labels_index(elc_labels *labels, elc_error *err);

#endif
