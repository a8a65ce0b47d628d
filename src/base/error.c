/* error.c - status, message, version. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "format.h"

#include <string.h>

elc_status elc_fail(elc_error *err, elc_status status, const char *format, ...) {
    if (err == NULL)
        return status;
    /* Made aside: an argument may be err->message itself. */
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    elc_format_line(message, sizeof message, format, args);
    va_end(args);
    memcpy(err->message, message, sizeof message);
    err->status = status;
    return status;
}

const char *elc_status_name(elc_status status) {
    switch (status) {
    case ELC_OK:
        return "ok";
    case ELC_E_ARGUMENT:
        return "argument";
    case ELC_E_NOT_FOUND:
        return "not_found";
    case ELC_E_EXISTS:
        return "exists";
    case ELC_E_IO:
        return "io";
    case ELC_E_FORMAT:
        return "format";
    case ELC_E_MODEL:
        return "model";
    case ELC_E_UNSUPPORTED:
        return "unsupported";
    case ELC_E_MEMORY:
        return "memory";
    case ELC_E_CANCELLED:
        return "cancelled";
    case ELC_E_INTERNAL:
        return "internal";
    }
    return "unknown";
}

const char *elc_version(void) {
    return ELC_VERSION;
}
