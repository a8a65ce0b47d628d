/* gdal.c - GDAL made ready, and its complaints kept instead of printed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/gdal.h"

#include <elcano/image.h>

#include <stdio.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>

bool elc_gdal_is_signed_byte(GDALRasterBandH band) {
    const char *note = GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE");
    return note && !strcmp(note, "SIGNEDBYTE");
}

/* libjpeg only warns of data that it had to invent. Bytes too many before a marker, as
   cameras write them, harm nothing. */
static bool means_wrong_pixels(const char *warning) {
    if (strcasestr(warning, "extraneous bytes before marker"))
        return false;
    return strcasestr(warning, "corrupt JPEG data") ||
           strcasestr(warning, "premature end of JPEG");
}

/* Some messages hold addresses of memory, which no two runs have alike:
   "0x55d0c8001630" becomes "0x". */
static void hide_addresses(char *text) {
    static const char digits[] = "0123456789abcdefABCDEF";
    for (char *at = text; (at = strstr(at, "0x")) != NULL;) {
        at += 2;
        size_t n = strspn(at, digits);
        if (n >= 6)
            memmove(at, at + n, strlen(at + n) + 1);
    }
}

/* libtiff says where it read before: "at row 0, col 0, tile 7" becomes "at tile 7". */
static void hide_position(char *text) {
    unsigned long row, col;
    int n = 0;
    char *at = strstr(text, "at row ");
    if (at && sscanf(at, "at row %lu, col %lu, %n", &row, &col, &n) == 2 && n > 0)
        memmove(at + 3, at + n, strlen(at + n) + 1);
}

static void keep(char *slot, size_t size, const char *message) {
    if (slot[0])
        return;
    snprintf(slot, size, "%s", message);
    for (size_t n = strlen(slot); n > 0 && strchr(" \r\n", slot[n - 1]); n--)
        slot[n - 1] = 0;
    hide_addresses(slot);
    hide_position(slot);
}

static void CPL_STDCALL collect(CPLErr level, CPLErrorNum number, const char *message) {
    (void)number;
    elc_gdal_log *log = CPLGetErrorHandlerUserData();
    if (level >= CE_Failure)
        keep(log->failure, sizeof log->failure, message);
    if (level != CE_Warning)
        return;
    bool wrong = means_wrong_pixels(message);
    if (wrong && !log->damaged)
        log->warning[0] = 0;
    log->damaged |= wrong;
    keep(log->warning, sizeof log->warning, message);
}

/* Threads of GDAL's own would print what goes wrong in them, and pass on pixels that
   they did not decode (JPEG 2000, GDAL 3.6). The work is shared out above it. */
static const char threads[] = "GDAL_NUM_THREADS";

void elc_gdal_begin(elc_gdal_log *log) {
    log->failure[0] = log->warning[0] = 0;
    log->damaged = false;
    log->alone = !CPLGetThreadLocalConfigOption(threads, NULL);
    if (log->alone)
        CPLSetThreadLocalConfigOption(threads, "1");
    CPLPushErrorHandlerEx(collect, log);
    CPLErrorReset();
}

void elc_gdal_end(void) {
    const elc_gdal_log *log = CPLGetErrorHandlerUserData();
    if (log->alone)
        CPLSetThreadLocalConfigOption(threads, NULL);
    CPLPopErrorHandler();
}

const char *elc_gdal_reason(const elc_gdal_log *log) {
    if (log->failure[0])
        return log->failure;
    return log->warning[0] ? log->warning : "GDAL gives no reason";
}

void elc_image_set_cache(size_t bytes) {
    GDALSetCacheMax64((GIntBig)bytes);
}
