/* exits.c - the exit code of each status: the one table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

const elc_cli_exit elc_cli_exits[] = {
    {ELC_OK, 0, "all is done"},
    {ELC_E_INTERNAL, 1, "a mistake of Elcano's own: please report it"},
    {ELC_E_ARGUMENT, 2, "a command, option or argument that cannot be meant"},
    {ELC_E_NOT_FOUND, 3, "a file, layer, band, column or model is not there"},
    {ELC_E_EXISTS, 4, "the output is there already; --overwrite replaces it"},
    {ELC_E_IO, 5, "reading or writing failed: disk full, permission, network"},
    {ELC_E_FORMAT, 6, "a file is not what it claims to be"},
    {ELC_E_MODEL, 7, "a network cannot be used, or failed while it ran"},
    {ELC_E_UNSUPPORTED, 8, "sound input that this version cannot handle"},
    {ELC_E_MEMORY, 9, "not enough memory"},
    {ELC_E_CANCELLED, 130, "cancelled by Ctrl-C; 143 by SIGTERM, 129 by SIGHUP"},
    {ELC_E_IO, 141, "who read the standard output closed it early (nothing is said)"},
    {ELC_OK, 0, NULL},
};

int elc_cli_exit_code(elc_status status) {
    for (const elc_cli_exit *e = elc_cli_exits; e->meaning != NULL; e++) {
        if (e->status == status)
            return e->code;
    }
    return 1;
}
