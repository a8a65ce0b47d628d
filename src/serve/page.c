/* page.c - the page and what it is made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <string.h>

#include <elcano/files.h>

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},     {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(const char *name) {
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

elc_status elc_serve_page(const serve_call *call, serve_answer *answer,
                          elc_error *err) {
    const serve_request *r = call->request;
    const char *name = r->n_segments == 0 ? "index.html" : r->segments[1];
    size_t size = 0;
    const char *file = elc_embedded_file(name, &size);
    if (file == NULL)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such file of the page", name);
    answer->type = type_of(name);
    answer->fixed = file;
    answer->fixed_size = size;
    return ELC_OK;
}
