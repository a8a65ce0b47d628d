/* main.c - the `elcano` command. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int main(int argc, char **argv) {
    return elc_cli_main(argc, argv);
}
