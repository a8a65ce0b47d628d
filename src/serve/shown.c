/* shown.c - all that is shown, read once: layers, zones and imagery, each with a name
   that can stand in an address. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/zones.h"

enum { NAME = 80 };

/* ---- names ----------------------------------------------------------------------- */

/* "a/vehicles.gpkg" is called vehicles, and "vehicles.gpkg:images" images. */
static void name_of(const char *reference, char out[NAME]) {
    const char *slash = strrchr(reference, '/'),
               *base = slash == NULL ? reference : slash + 1;
    const char *colon = strrchr(base, ':');
    if (colon != NULL && colon[1] != '\0')
        base = colon + 1;
    const char *dot = strrchr(base, '.');
    size_t n = dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
    n = n < NAME - 8 ? n : NAME - 8;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)base[i];
        bool plain = c > 0x20 && c < 0x7f && strchr("/\\?#%\"<>{}|^`&+", c) == NULL;
        out[i] = plain ? (char)c : '_';
    }
    out[n] = '\0';
    if (n == 0 || strspn(out, ".") == n)
        strcpy(out, "layer");
}

static bool is_taken(const serve_shown *s, const char *name) {
    for (size_t i = 0; i < s->n_layers; i++)
        if (strcmp(s->layers[i]->name, name) == 0)
            return true;
    for (size_t i = 0; i < s->n_zones; i++)
        if (strcmp(s->zones[i].name, name) == 0)
            return true;
    return false;
}

/* A second one of a name gets a number. */
static void free_name(const serve_shown *s, const char *reference, char out[NAME]) {
    char first[NAME];
    name_of(reference, first);
    strcpy(out, first);
    for (unsigned k = 2; is_taken(s, out); k++)
        snprintf(out, NAME, "%.70s-%u", first, k);
}

/* ---- reading --------------------------------------------------------------------- */

static elc_status read_layers(const elc_server_options *o, const elc_context *context,
                              serve_shown *s, elc_error *err) {
    serve_columns columns = {o->class_column, o->score_column, o->time_column};
    char name[NAME];
    ELC_TRY(elc_alloc(o->n_layers, sizeof(serve_layer *), &s->layers, err));
    for (size_t i = 0; i < o->n_layers; i++) {
        free_name(s, o->layers[i], name);
        ELC_TRY(elc_serve_layer_read(o->layers[i], name, &columns, context,
                                     &s->layers[i], err));
        s->n_layers++;
    }
    return ELC_OK;
}

static elc_status read_zones(const elc_server_options *o, const elc_context *context,
                             serve_shown *s, elc_error *err) {
    serve_columns columns = {0};
    serve_layer *layer;
    char name[NAME];
    ELC_TRY(elc_alloc(o->n_zones, sizeof *s->zones, &s->zones, err));
    for (size_t i = 0; i < o->n_zones; i++) {
        free_name(s, o->zones[i], name);
        ELC_TRY(
            elc_serve_layer_read(o->zones[i], name, &columns, context, &layer, err));
        s->n_zones++;
        elc_status status = elc_serve_zones_make(layer, context, &s->zones[i], err);
        elc_serve_layer_free(layer);
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status read_all(const elc_server_options *o, const elc_context *context,
                           serve_shown *s, elc_error *err) {
    if (o->n_layers == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "no layer to show");
    ELC_TRY(read_layers(o, context, s, err));
    ELC_TRY(read_zones(o, context, s, err));
    if (o->n_imagery == 0)
        return ELC_OK;
    return elc_mosaic_create(o->imagery, o->n_imagery, context, &s->imagery, err);
}

elc_status elc_serve_shown_make(const elc_server_options *options,
                                const elc_context *context, serve_shown *out,
                                elc_error *err) {
    serve_shown made = {0};
    elc_status status = read_all(options, context, &made, err);
    if (status == ELC_OK)
        *out = made;
    else
        elc_serve_shown_clear(&made);
    return status;
}

void elc_serve_shown_clear(serve_shown *shown) {
    for (size_t i = 0; i < shown->n_layers; i++)
        elc_serve_layer_free(shown->layers[i]);
    for (size_t i = 0; i < shown->n_zones; i++) {
        free(shown->zones[i].name);
        free(shown->zones[i].label);
        elc_string_free(&shown->zones[i].geojson);
    }
    free(shown->layers);
    free(shown->zones);
    elc_mosaic_free(shown->imagery);
    *shown = (serve_shown){0};
}
