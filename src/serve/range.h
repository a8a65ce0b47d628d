/* range.h - the part of an answer that a client asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_RANGE_H
#define ELCANO_SRC_SERVE_RANGE_H

#include <elcano/base.h>

typedef enum serve_range {
    SERVE_WHOLE,  /* of another unit, or several ranges: they may be passed over */
    SERVE_PART,   /* `*n` bytes from `*first` on */
    SERVE_NO_PART /* none of its bytes, or a range of bytes that is none */
} serve_range;

/* Reads the header Range (RFC 9110, 14.2) for a body of `size` bytes. */
serve_range elc_serve_range_read(const char *text, uint64_t size, uint64_t *first,
                                 uint64_t *n);

#endif
