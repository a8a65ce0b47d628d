/* catalog_part.c - fuzzes elc_catalog_part_read: what it accepts is sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/catalog/part.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void check_folder(const elc_folder *folder) {
    must(folder->prefix != NULL);
    must(folder->files.count > 0 || (folder->path != NULL && folder->root != NULL));
    must(!folder->from || !folder->to || strcmp(folder->from, folder->to) < 0);
    for (size_t i = 0; i < folder->files.count; i++)
        must(folder->files.items[i].name != NULL && folder->files.items[i].path[0]);
}

/* A part that was accepted is written, read and written as the same bytes. */
static void check_again(const catalog_part *part) {
    elc_string once = {0}, twice = {0};
    catalog_part again = {0};
    must(elc_catalog_part_write(&part->folder, &part->keys, &once, NULL) == ELC_OK);
    must(elc_catalog_part_read(once.data, once.size, &again, NULL) == ELC_OK);
    must(elc_catalog_part_write(&again.folder, &again.keys, &twice, NULL) == ELC_OK);
    must(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    elc_catalog_part_free(&again);
    elc_string_free(&once);
    elc_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    catalog_part part = {0};
    elc_error err = {0};
    if (elc_catalog_part_read(data, size, &part, &err) == ELC_OK) {
        check_folder(&part.folder);
        check_again(&part);
    } else {
        must(part.folder.prefix == NULL && err.message[0] != '\0');
    }
    elc_catalog_part_free(&part);
    return 0;
}
