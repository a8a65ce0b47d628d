/* layers.c - the objects of a theme from any layer. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "source.h"

static const char *const ids[] = {"id", "osm_id", "fid", "gid", "objectid", NULL};
static const char *const names[] = {"name", NULL};

typedef struct columns {
    int64_t id, name;
    elc_string id_text, name_text;
} columns;

/* Where no column has ids, they are the rows' numbers, from 1. */
static elc_status add_row(const check_source *s, columns *c, size_t theme,
                          check_map *map, elc_error *err) {
    const char *id, *name;
    size_t size;
    const void *wkb = elc_part_reader_bytes(&s->reader, s->geometry, &size);
    ELC_TRY(elc_check_source_text(s, c->id, &c->id_text, &id, err));
    ELC_TRY(elc_check_source_text(s, c->name, &c->name_text, &name, err));
    if (c->id < 0) {
        c->id_text.size = 0;
        ELC_TRY(
            elc_string_printf(&c->id_text, err, "%llu", (unsigned long long)s->rows));
        id = c->id_text.data;
    }
    return elc_check_map_add(map, theme, wkb, size, s->way, id, name, err);
}

static elc_status read_rows(check_source *s, size_t theme, check_map *map,
                            elc_error *err) {
    columns c = {
        elc_check_source_find(s, ids), elc_check_source_find(s, names), {0}, {0}};
    bool more = true;
    elc_status status = ELC_OK;
    while (more && status == ELC_OK) {
        status = elc_check_source_next(s, &more, err);
        if (more && status == ELC_OK)
            status = add_row(s, &c, theme, map, err);
    }
    elc_string_free(&c.id_text);
    elc_string_free(&c.name_text);
    return status;
}

elc_status elc_check_layer_read(const check_given *given, size_t theme,
                                const elc_context *context, check_map *map,
                                elc_error *err) {
    check_source source = {0};
    elc_status status = elc_check_source_open(&source, given->reference, context, err);
    if (status == ELC_OK)
        status = read_rows(&source, theme, map, err);
    elc_check_source_close(&source);
    return status;
}
