/* csv_look.c - fuzzes what counts the lines of CSV and their values. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <layer/csv_look.h>

#include <stdint.h>
#include <stdlib.h>

#include <cpl_vsi.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool promise) {
    if (!promise)
        abort();
}

/* What is said; lines and values are no more than bytes. */
static elc_csv_look look_at(const uint8_t *data, size_t size) {
    static const char name[] = "/vsimem/fuzz_csv_look";
    elc_csv_look look;
    VSILFILE *file = VSIFileFromMemBuffer(name, (GByte *)(uintptr_t)data, size, FALSE);
    need(file != NULL && VSIFCloseL(file) == 0);
    need(elc_csv_look_file(name, NULL, &look, NULL) == ELC_OK);
    VSIUnlink(name);
    return look;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    elc_csv_look look = look_at(data, size);
    need(look.long_line <= size + 1 && look.long_fields <= size + 1);
    need(look.short_line <= size + 1 && look.n_short <= size + 1);
    need((look.n_short == 0) == (look.short_line == 0) &&
         (look.n_short == 0 || look.short_fields < look.columns));
    need((look.long_line == 0) == (look.long_fields == 0) && look.nul_line <= size + 1);
    bool wrong = look.wrong != ELC_CSV_RIGHT;
    need(!wrong || (look.quote.byte < size && data[look.quote.byte] == '"'));
    need(!wrong || (look.quote.line > 0 && look.quote.line <= look.after.line));
    need(look.after.byte <= size && look.quote.byte <= look.after.byte);
    return 0;
}
