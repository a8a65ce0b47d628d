/* count.c - counts the operators of the installed library, and names them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/elcano.h>
#include <stdio.h>

int main(void) {
    size_t n = 0;
    for (; elc_operators[n] != NULL; n++)
        printf("%s: %s\n", elc_operators[n]->name, elc_operators[n]->summary);
    printf("elcano %s, operators: %zu\n", elc_version(), n);
    return 0;
}
