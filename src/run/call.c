/* call.c - what the parts of a call share in a process. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

elc_status elc_call_prepare(elc_call *call, elc_error *err) {
    if (call->prepared != NULL || call->op->prepare == NULL)
        return ELC_OK;
    return call->op->prepare(call, &call->prepared, err);
}

void elc_call_release(elc_call *call) {
    if (call->prepared != NULL)
        call->op->release(call->prepared);
    call->prepared = NULL;
}
