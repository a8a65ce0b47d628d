/* behead.c - GeoJSON with a long head, as OGR can stream it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "behead.h"

#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

enum { LOOKED_AT = 6000 };

/* Deep in a member that OGR leaves out, but with the words that it looks for. */
static const char head[] = "{\"elcano\":{\"features\":[]},";

/* Where the object of a long-headed collection begins; 0: none. */
static size_t find_object(const char *path) {
    char text[LOOKED_AT + 1] = "";
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (file == NULL)
        return 0;
    size_t n = VSIFReadL(text, 1, LOOKED_AT, file);
    VSIFCloseL(file);
    bool bom = strncmp(text, "\xef\xbb\xbf", 3) == 0;
    size_t at = (bom ? 3 : 0) + strspn(text + (bom ? 3 : 0), " \t\r\n");
    bool is = n == LOOKED_AT && strlen(text) == n && text[at] == '{' &&
              strstr(text, "\"FeatureCollection\"") != NULL &&
              strstr(text, "\"features\"") == NULL;
    return is ? at + 1 : 0;
}

static elc_status put_memory(const char *name, const char *text, size_t n,
                             elc_error *err) {
    VSILFILE *file = VSIFOpenL(name, "wb");
    bool good = file != NULL && VSIFWriteL(text, 1, n, file) == n;
    if (file != NULL)
        VSIFCloseL(file);
    return good ? ELC_OK : elc_fail(err, ELC_E_MEMORY, "no memory for %s", name);
}

/* One file made of our head and what follows the file's own brace. */
static elc_status describe(const char *path, const char *name, size_t from,
                           uint64_t size, elc_string *xml, elc_error *err) {
    char *quoted = CPLEscapeString(path, -1, CPLES_XML);
    size_t n = sizeof head - 1;
    elc_status status = elc_string_printf(
        xml, err,
        "<VSISparseFile><Length>%llu</Length><SubfileRegion><Filename>%s</Filename>"
        "<DestinationOffset>0</DestinationOffset><SourceOffset>0</SourceOffset>"
        "<RegionLength>%zu</RegionLength></SubfileRegion><SubfileRegion><Filename>%s"
        "</Filename><DestinationOffset>%zu</DestinationOffset><SourceOffset>%zu"
        "</SourceOffset><RegionLength>%llu</RegionLength></SubfileRegion>"
        "</VSISparseFile>",
        (unsigned long long)(size - from + n), name, n, quoted, n, from,
        (unsigned long long)(size - from));
    CPLFree(quoted);
    return status;
}

elc_status elc_behead(const char *path, const char *memory, char **out,
                      elc_error *err) {
    size_t from = find_object(path);
    VSIStatBufL info;
    if (from == 0 || VSIStatL(path, &info) != 0 || info.st_size < LOOKED_AT)
        return ELC_OK;
    elc_string name = {0}, first = {0}, xml = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_string_printf(&name, err, "/vsisparse/%s/%s.geojson", memory,
                                   CPLGetBasename(path)),
                 status, done);
    ELC_TRY_GOTO(elc_string_printf(&first, err, "%s/head", memory), status, done);
    ELC_TRY_GOTO(describe(path, first.data, from, (uint64_t)info.st_size, &xml, err),
                 status, done);
    ELC_TRY_GOTO(put_memory(first.data, head, sizeof head - 1, err), status, done);
    ELC_TRY_GOTO(put_memory(name.data + strlen("/vsisparse/"), xml.data, xml.size, err),
                 status, done);
    *out = name.data;
    name.data = NULL;
done:
    free(name.data);
    elc_string_free(&first);
    elc_string_free(&xml);
    return status;
}
