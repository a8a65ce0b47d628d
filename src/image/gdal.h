/* gdal.h - GDAL made ready, and its complaints kept instead of printed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_GDAL_H
#define ELCANO_SRC_IMAGE_GDAL_H

#include <elcano/base.h>

#include <gdal.h>

/* What GDAL said in this thread between begin and end. */
typedef struct elc_gdal_log {
    char failure[400]; /* the first failure: the cause of those that follow */
    char warning[400]; /* the first warning */
    bool damaged;      /* a warning that means wrong pixels */
    bool alone;        /* GDAL has no threads of its own until the end */
} elc_gdal_log;

/* Calls nest; GDAL works on the caller's thread alone, and `log` must stay where it is
 * until the end. */
void elc_gdal_begin(elc_gdal_log *log);
void elc_gdal_end(void);
/* Before GDAL 3.7 signed bytes are bytes with a note. */
bool elc_gdal_is_signed_byte(GDALRasterBandH band);
/* The failure, else the warning, else "GDAL gives no reason". */
const char *elc_gdal_reason(const elc_gdal_log *log);

#endif
