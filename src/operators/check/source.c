/* source.c - the rows of a layer that a map is read from, one after the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include <stdlib.h>
#include <strings.h>

#include "operators/parts/points.h"

enum { LOOK_ROWS = 1024 };

static elc_status find_way(check_source *s, elc_error *err) {
    elc_crs *crs = NULL;
    bool stated = false;
    ELC_TRY(elc_part_points_geometry(&s->schema, s->label, &s->geometry, &crs, &stated,
                                     err));
    if (!stated)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: its CRS is not stated, so that nobody knows where its "
                        "objects are; elcano project says it",
                        s->label);
    elc_status status =
        crs != NULL ? elc_transform_create(crs, NULL, &s->way, err) : ELC_OK;
    elc_crs_free(crs);
    return status;
}

elc_status elc_check_source_open(check_source *s, const char *reference,
                                 const elc_context *context, elc_error *err) {
    s->context = context;
    ELC_TRY(elc_layer_label(reference, &s->label, err));
    ELC_TRY(elc_layer_open(reference, context, &s->reader.stream, err));
    ELC_TRY(elc_part_points(NULL, &s->reader.stream, err));
    ELC_TRY(elc_stream_schema(&s->reader.stream, &s->schema, err));
    s->reader.schema = &s->schema;
    return find_way(s, err);
}

elc_status elc_check_source_next(check_source *s, bool *more, elc_error *err) {
    if (s->rows % LOOK_ROWS == 0) {
        ELC_TRY(elc_check_cancel(s->context, err));
        ELC_TRY(elc_check_memory(s->context, err));
    }
    ELC_TRY(elc_part_reader_next(&s->reader, err));
    *more = !s->reader.ended;
    s->rows += *more;
    return ELC_OK;
}

int64_t elc_check_source_find(const check_source *s, const char *const *names) {
    for (; *names != NULL; names++)
        for (int64_t i = 0; i < s->schema.n_children; i++)
            if (strcasecmp(s->schema.children[i]->name, *names) == 0)
                return i;
    return -1;
}

elc_status elc_check_source_text(const check_source *s, int64_t column,
                                 elc_string *room, const char **out, elc_error *err) {
    elc_type type;
    size_t size;
    *out = NULL;
    if (column < 0 || elc_rows_null(s->reader.rows, (size_t)column, s->reader.row))
        return ELC_OK;
    ELC_TRY(elc_schema_type(s->schema.children[column], &type, err));
    room->size = 0;
    if (type == ELC_UTF8) {
        const char *text = elc_part_reader_bytes(&s->reader, column, &size);
        ELC_TRY(elc_string_append(room, text, size, err));
    } else if (type == ELC_INT32 || type == ELC_INT64) {
        ELC_TRY(elc_string_printf(
            room, err, "%lld",
            (long long)elc_rows_int(s->reader.rows, (size_t)column, s->reader.row)));
    } else {
        return ELC_OK;
    }
    *out = room->data;
    return ELC_OK;
}

void elc_check_source_close(check_source *s) {
    elc_part_reader_free(&s->reader);
    elc_schema_release(&s->schema);
    elc_transform_free(s->way);
    free(s->label);
    *s = (check_source){0};
}
