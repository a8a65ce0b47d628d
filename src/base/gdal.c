/* gdal.c - GDAL's drivers, registered once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <pthread.h>

#include <cpl_error.h>
#include <gdal.h>

static void register_drivers(void) {
    CPLPushErrorHandler(CPLQuietErrorHandler); /* a plugin may be missing */
    GDALAllRegister();
    CPLPopErrorHandler();
}

void elc_gdal_ready(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_drivers);
}
