/* version.c - `elcano version`. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

elc_status elc_cli_version(elc_cli_call *call, elc_error *err) {
    if (call->words.count > 0) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT, "%s: nothing may follow",
                        call->words.items[0]);
    }
    printf("elcano %s\n", elc_version());
    return ELC_OK;
}
