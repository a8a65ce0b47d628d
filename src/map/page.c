/* page.c - a raster on a map in the browser, as one file that needs no other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_string.h>
#include <jansson.h>

#include <elcano/files.h>

#include "map/webmap.h"

/* In pixels, the longer side: of one picture, and of each of many. */
enum { ONE = 2048, MANY = 1024, BAR = 256 };

/* ---- texts ------------------------------------------------------------------------
 */

static elc_status append(elc_string *to, const elc_string *from, elc_error *err) {
    return elc_string_append(to, from->data, from->size, err);
}

/* Without carriage returns: a browser reads a page without them, and the hashes of what
   it runs are of what it reads. */
static elc_status append_file(elc_string *to, const char *name, elc_error *err) {
    size_t size;
    const char *bytes = elc_embedded_file(name, &size);
    if (bytes == NULL)
        return elc_fail(err, ELC_E_INTERNAL, "%s is not in the library", name);
    while (size > 0) {
        const char *end = memchr(bytes, '\r', size);
        size_t n = end != NULL ? (size_t)(end - bytes) : size;
        ELC_TRY(elc_string_append(to, bytes, n, err));
        n += end != NULL;
        bytes += n, size -= n;
    }
    return ELC_OK;
}

static elc_status append_base64(elc_string *to, const void *bytes, size_t n,
                                elc_error *err) {
    char *text = n <= INT32_MAX ? CPLBase64Encode((int)n, bytes) : NULL;
    if (text == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for %zu bytes as text", n);
    elc_status status = elc_string_append(to, text, strlen(text), err);
    CPLFree(text);
    return status;
}

/* As JSON, of which no part can end the script that it stands in; NULL as null. */
static elc_status append_text(elc_string *to, const char *text, elc_error *err) {
    json_t *value = text != NULL ? json_string(text) : json_null();
    if (value == NULL) /* no UTF-8 */
        value = json_string("?");
    char *json = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    json_decref(value);
    if (json == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a text");
    elc_status status = ELC_OK;
    for (const char *c = json; *c != '\0' && status == ELC_OK; c++)
        status = *c == '<' ? elc_string_printf(to, err, "\\u003c")
                           : elc_string_append(to, c, 1, err);
    free(json);
    return status;
}

/* ---- pictures ---------------------------------------------------------------------
 */

static elc_status append_picture(elc_string *to, const elc_canvas *canvas,
                                 elc_error *err) {
    elc_string png = {0};
    elc_status status = elc_canvas_png(canvas, &png, err);
    if (status == ELC_OK)
        status = elc_string_printf(to, err, "\"data:image/png;base64,");
    if (status == ELC_OK)
        status = append_base64(to, png.data, png.size, err);
    elc_string_free(&png);
    return status == ELC_OK ? elc_string_printf(to, err, "\"") : status;
}

static elc_status append_bar(elc_string *to, elc_error *err) {
    elc_canvas bar = {0};
    ELC_TRY(elc_canvas_create(BAR, 1, (elc_colour){0}, &bar, err));
    elc_web_draw_bar(&bar);
    elc_status status = append_picture(to, &bar, err);
    elc_canvas_free(&bar);
    return status;
}

typedef struct {
    const elc_raster_grid *grid;
    const elc_crs *crs;
    const elc_context *context;
    elc_web_frame frame;
    elc_canvas canvas;
} drawing;

/* The highest value, and whether some cell was not seen. */
static double look(const drawing *d, const float *values, bool *unseen) {
    size_t n = (size_t)d->grid->width * (size_t)d->grid->height;
    double highest = 0;
    *unseen = false;
    for (size_t i = 0; i < n; i++) {
        *unseen |= isnan(values[i]);
        highest = values[i] > highest ? values[i] : highest;
    }
    return highest;
}

static elc_status append_band(elc_string *to, drawing *d, const elc_raster_band *band,
                              elc_error *err) {
    bool unseen;
    double highest = look(d, band->values, &unseen);
    ELC_TRY(elc_web_frame_draw(&d->frame, d->grid, d->crs, band->values, highest,
                               d->context, &d->canvas, err));
    ELC_TRY(elc_string_printf(to, err, "{\"name\":"));
    ELC_TRY(append_text(to, band->name, err));
    ELC_TRY(elc_string_printf(to, err, ",\"highest\":%.9g,\"unseen\":%s,\"picture\":",
                              highest, unseen ? "true" : "false"));
    ELC_TRY(append_picture(to, &d->canvas, err));
    return elc_string_printf(to, err, "}");
}

static elc_status append_bands(elc_string *to, drawing *d, const elc_raster_band *bands,
                               size_t n, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(elc_string_printf(to, err, i > 0 ? "," : ""));
        ELC_TRY(append_band(to, d, &bands[i], err));
    }
    return ELC_OK;
}

static elc_status append_data(elc_string *to, drawing *d, const elc_raster_band *bands,
                              size_t n, const char *title, const char *unit,
                              elc_error *err) {
    const elc_web_frame *f = &d->frame;
    ELC_TRY(elc_string_printf(to, err, "{\"title\":"));
    ELC_TRY(append_text(to, title, err));
    ELC_TRY(elc_string_printf(to, err, ",\"unit\":"));
    ELC_TRY(append_text(to, unit, err));
    ELC_TRY(elc_string_printf(to, err, ",\"bounds\":[%.9f,%.9f,%.9f,%.9f],\"bar\":",
                              f->west, f->south, f->east, f->north));
    ELC_TRY(append_bar(to, err));
    ELC_TRY(elc_string_printf(to, err, ",\"bands\":["));
    ELC_TRY(append_bands(to, d, bands, n, err));
    return elc_string_printf(to, err, "]}");
}

static elc_status make_data(elc_string *to, const elc_raster_grid *grid,
                            const elc_crs *crs, const elc_raster_band *bands, size_t n,
                            const char *title, const char *unit,
                            const elc_context *context, elc_error *err) {
    drawing d = {.grid = grid, .crs = crs, .context = context};
    ELC_TRY(elc_web_frame_lay(grid, crs, n > 1 ? MANY : ONE, &d.frame, err));
    ELC_TRY(elc_canvas_create(d.frame.width, d.frame.height, (elc_colour){0}, &d.canvas,
                              err));
    elc_status status = append_data(to, &d, bands, n, title, unit, err);
    elc_canvas_free(&d.canvas);
    return status;
}

/* ---- the page ---------------------------------------------------------------------
 */

/* What stands in the page for {{name}}. */
enum { STYLE, STYLE_HASH, SCRIPT, SCRIPT_HASH, DATA, N_PARTS };
static const char *const names[N_PARTS] = {"style", "style-hash", "script",
                                           "script-hash", "data"};

static elc_status append_hash(elc_string *to, const elc_string *of, elc_error *err) {
    char hex[65];
    uint8_t digest[32];
    elc_sha256(of->data, of->size, hex);
    for (size_t i = 0; i < sizeof digest; i++) {
        char byte[] = {hex[2 * i], hex[2 * i + 1], 0};
        digest[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return append_base64(to, digest, sizeof digest, err);
}

/* Leaflet's licence wants to go where Leaflet goes. */
static elc_status make_parts(elc_string *parts, elc_error *err) {
    elc_string *style = &parts[STYLE], *script = &parts[SCRIPT];
    ELC_TRY(append_file(style, "leaflet.css", err));
    ELC_TRY(append_file(style, "heat/heat.css", err));
    ELC_TRY(elc_string_printf(script, err, "/* Leaflet\n"));
    ELC_TRY(append_file(script, "LICENSE.leaflet.txt", err));
    ELC_TRY(elc_string_printf(script, err, "*/\n"));
    ELC_TRY(append_file(script, "leaflet.js", err));
    ELC_TRY(elc_string_printf(script, err, "\n"));
    ELC_TRY(append_file(script, "heat/heat.js", err));
    ELC_TRY(append_hash(&parts[STYLE_HASH], style, err));
    return append_hash(&parts[SCRIPT_HASH], script, err);
}

static elc_status append_part(elc_string *to, const elc_string *parts, const char *name,
                              size_t size, elc_error *err) {
    for (size_t i = 0; i < N_PARTS; i++)
        if (strlen(names[i]) == size && memcmp(names[i], name, size) == 0)
            return append(to, &parts[i], err);
    return elc_fail(err, ELC_E_INTERNAL, "heat.html has {{%.*s}}", (int)size, name);
}

static elc_status fill_page(elc_string *to, const elc_string *page,
                            const elc_string *parts, elc_error *err) {
    const char *at = page->data;
    for (const char *mark; (mark = strstr(at, "{{")) != NULL;) {
        const char *end = strstr(mark, "}}");
        if (end == NULL)
            break;
        ELC_TRY(elc_string_append(to, at, (size_t)(mark - at), err));
        ELC_TRY(append_part(to, parts, mark + 2, (size_t)(end - mark) - 2, err));
        at = end + 2;
    }
    return elc_string_append(to, at, strlen(at), err);
}

elc_status elc_raster_page(const elc_raster_grid *grid, const elc_crs *crs,
                           const elc_raster_band *bands, size_t n_bands,
                           const char *title, const char *unit,
                           const elc_context *context, elc_string *out,
                           elc_error *err) {
    elc_string parts[N_PARTS] = {0}, page = {0}, made = {0};
    elc_status status = ELC_OK;
    if (n_bands < 1 || n_bands > ELC_PAGE_BANDS)
        return elc_fail(err, ELC_E_ARGUMENT, "a page has 1 to %d bands, and not %zu",
                        ELC_PAGE_BANDS, n_bands);
    ELC_TRY_GOTO(
        make_data(&parts[DATA], grid, crs, bands, n_bands, title, unit, context, err),
        status, done);
    ELC_TRY_GOTO(make_parts(parts, err), status, done);
    ELC_TRY_GOTO(append_file(&page, "heat/heat.html", err), status, done);
    ELC_TRY_GOTO(fill_page(&made, &page, parts, err), status, done);
    status = append(out, &made, err);
done:
    for (size_t i = 0; i < N_PARTS; i++)
        elc_string_free(&parts[i]);
    elc_string_free(&page);
    elc_string_free(&made);
    return status;
}
