/* head.h - what the first bytes of WKB say (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_HEAD_H
#define ELCANO_SRC_FUNCTIONS_HEAD_H

#include "functions/frame.h"

/* OGC 06-103r4, 8.2.3. */
enum {
    HEAD_POINT = 1,
    HEAD_LINE = 2,
    HEAD_POLYGON = 3,
    HEAD_MULTIPOINT = 4,
    HEAD_MULTILINE = 5,
    HEAD_MULTIPOLYGON = 6,
    HEAD_COLLECTION = 7,
    HEAD_Z = 1000,
    HEAD_M = 2000
};

typedef struct elc_head {
    uint32_t type; /* without Z and M */
    bool z, m;
    elc_point at; /* of a point; NaN, NaN for an empty one and for others */
    double z_at, m_at;
} elc_head;

/* Checks the whole geometry. */
elc_status elc_head_read(elc_bytes wkb, elc_head *out, elc_error *err);
elc_status elc_frame_head(const elc_frame *f, size_t argument, size_t row,
                          elc_head *out, elc_error *err);
/* A point of an argument; ELC_E_ARGUMENT for any other type. *empty where it has no
   place. */
elc_status elc_frame_point(const elc_frame *f, size_t argument, size_t row,
                           elc_point *out, bool *empty, elc_error *err);

#endif
