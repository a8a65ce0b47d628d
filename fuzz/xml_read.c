/* xml_read.c - fuzzes elc_xml_read: limits hold, text is UTF-8, failures say why. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static elc_status check(void *arg, const char *path, const char *text,
                        const char *const *attributes, elc_error *err) {
    (void)err;
    ++*(size_t *)arg;
    must(path[0] != '\0' && path[0] != '/' && strlen(path) <= 4096);
    must(elc_utf8_valid(text, strlen(text)) && strlen(text) <= 1 << 20);
    must(strchr(" \t\r\n", text[0]) == NULL || text[0] == '\0');
    for (; attributes[0] != NULL; attributes += 2)
        must(attributes[0][0] != '\0' &&
             elc_utf8_valid(attributes[1], strlen(attributes[1])));
    return ELC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_error err = {0};
    size_t elements = 0;
    elc_status status = elc_xml_read_bytes("f.xml", data, size, check, &elements, &err);
    if (status == ELC_OK)
        must(elements > 0);
    else
        must(status == ELC_E_FORMAT && strncmp(err.message, "f.xml: ", 7) == 0);
    return 0;
}
