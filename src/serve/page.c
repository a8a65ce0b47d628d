/* page.c - the page and what it is made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/files.h"
#include "serve/serve.h"

#include <string.h>

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
    for (const serve_file *f = elc_serve_files; f->name != NULL; f++) {
        if (strcmp(f->name, name) != 0)
            continue;
        answer->type = type_of(name);
        answer->fixed = f->start;
        answer->fixed_size = (size_t)(f->end - f->start);
        return ELC_OK;
    }
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such file of the page", name);
}
