/* table.c - the table that dedupe looks at: its columns, and its rows kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <elcano/geometry.h>

#include <stdlib.h>
#include <string.h>

#include "row.h"

/* The names that a column may have; the first that is there counts. */
static const char *const column_names[DEDUPE_N_COLUMNS][4] = {
    [DEDUPE_IMAGE] = {"image", "image_path", "filename", "file_name"},
    [DEDUPE_CLASS] = {"class", "class_name", "label", "class_id"},
    [DEDUPE_SCORE] = {"score", "confidence"},
    [DEDUPE_LON] = {"lon"},
    [DEDUPE_LAT] = {"lat"},
    [DEDUPE_WIDTH] = {"width_m"},
    [DEDUPE_LENGTH] = {"length_m"},
    [DEDUPE_GSD] = {"gsd_m"},
    [DEDUPE_TIME] = {"acquired", "time", "timestamp", "datetime"},
    [DEDUPE_ERROR_M] = {"position_error_m"},
    [DEDUPE_ID] = {"id"},
    [DEDUPE_GEOMETRY] = {"geometry"},
    [DEDUPE_FAILED] = {"error"},
    [DEDUPE_SEEN] = {"n_images"},
    [DEDUPE_TABLE] = {"_table"},
};

/* ---- columns -------------------------------------------------------------------- */

static bool is_number(elc_type type) {
    return type <= ELC_FLOAT64;
}

static bool fits(int which, elc_type type) {
    switch (which) {
    case DEDUPE_IMAGE:
    case DEDUPE_CLASS:
        return type == ELC_UTF8 || type == ELC_INT32 || type == ELC_INT64;
    case DEDUPE_GEOMETRY:
        return type == ELC_GEOMETRY;
    case DEDUPE_TIME: /* refused where a row has one: empty tables are text */
    case DEDUPE_ID:
    case DEDUPE_FAILED:
    case DEDUPE_TABLE:
        return true;
    default: /* quotes make text of numbers */
        return is_number(type) || type == ELC_UTF8;
    }
}

static elc_status find_column(dedupe_table *t, int which, elc_error *err) {
    t->columns[which] = -1;
    for (int i = 0; i < 4 && column_names[which][i] && t->columns[which] < 0; i++)
        t->columns[which] = elc_schema_find(&t->schema, column_names[which][i]);
    if (t->columns[which] < 0)
        return ELC_OK;
    const struct ArrowSchema *column = t->schema.children[t->columns[which]];
    ELC_TRY(elc_schema_type(column, &t->types[which], err));
    if (fits(which, t->types[which]))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_FORMAT, "detections: the column %s is %s, which cannot be its %s",
        column->name, elc_type_name(t->types[which]), column_names[which][0]);
}

static elc_status find_crs(dedupe_table *t, elc_error *err) {
    char *text = NULL;
    elc_crs *crs = NULL;
    if (t->columns[DEDUPE_GEOMETRY] < 0)
        return ELC_OK;
    ELC_TRY(
        elc_schema_crs(t->schema.children[t->columns[DEDUPE_GEOMETRY]], &text, err));
    elc_status status = ELC_OK;
    t->has_geometry = *text != '\0';
    if (t->has_geometry && !elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, &crs, err);
    if (status == ELC_OK && crs != NULL)
        status = elc_transform_create(crs, NULL, &t->to_lonlat, err);
    elc_crs_free(crs);
    free(text);
    return status;
}

elc_status elc_dedupe_table_shape(const struct ArrowSchema *schema, dedupe_table *t,
                                  elc_error *err) {
    ELC_TRY(elc_schema_clone(schema, &t->schema, err));
    for (int i = 0; i < DEDUPE_N_COLUMNS; i++)
        ELC_TRY(find_column(t, i, err));
    ELC_TRY(find_crs(t, err));
    if (t->columns[DEDUPE_IMAGE] < 0)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "detections: no column image, so that it is not known which "
                        "rows are of one image and cannot be one object");
    bool placed = t->columns[DEDUPE_LON] >= 0 && t->columns[DEDUPE_LAT] >= 0;
    if (placed || t->has_geometry)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_NOT_FOUND,
        "detections: no geometry with a CRS, and no columns lon and lat, so "
        "that it is not known where they are");
}

/* ---- rows ----------------------------------------------------------------------- */

static elc_status add_row(dedupe_table *t, const elc_rows *rows, size_t row,
                          size_t number, elc_error *err) {
    dedupe_row made;
    bool placed = false;
    ELC_TRY(elc_dedupe_row_take(t, rows, row, number, &made, &placed, err));
    t->seen[number] = placed ? elc_dedupe_row_seen(t, rows, row) : -1;
    if (!placed)
        return ELC_OK;
    ELC_TRY(elc_reserve(&t->rows, &t->placed_capacity, t->n_placed + 1, sizeof *t->rows,
                        err));
    t->rows[t->n_placed++] = made;
    return ELC_OK;
}

/* Takes the batch, whatever comes of it. */
static elc_status add_batch(dedupe_table *t, struct ArrowArray *array,
                            size_t *seen_capacity, elc_error *err) {
    elc_rows *rows;
    elc_status status = elc_reserve(&t->batches, &t->batches_capacity, t->n_batches + 1,
                                    sizeof *t->batches, err);
    if (status == ELC_OK)
        status = elc_rows_view(&t->schema, array, &rows, err);
    if (status != ELC_OK) {
        elc_array_release(array);
        return status;
    }
    size_t n = elc_rows_count(rows), first = t->n_rows;
    t->batches[t->n_batches++] = (dedupe_batch){*array, rows, first};
    if (n > UINT32_MAX - 1 - first)
        return elc_fail(err, ELC_E_UNSUPPORTED, "detections: more than 2^32 rows");
    ELC_TRY(elc_reserve(&t->seen, seen_capacity, first + n, sizeof *t->seen, err));
    t->n_rows += n;
    for (size_t i = 0; i < n; i++)
        ELC_TRY(add_row(t, rows, i, first + i, err));
    return ELC_OK;
}

static elc_status read_all(dedupe_table *t, struct ArrowArrayStream *stream,
                           const elc_context *context, elc_error *err) {
    size_t seen_capacity = 0;
    for (;;) {
        struct ArrowArray array = {0};
        ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_stream_next(stream, &array, err));
        if (array.release == NULL)
            return ELC_OK;
        ELC_TRY(add_batch(t, &array, &seen_capacity, err));
    }
}

/* ---- order ---------------------------------------------------------------------- */

typedef struct named {
    const char *name;
    uint32_t number;
} named;

static int by_name(const void *a, const void *b) {
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

static elc_status take_names(part_names *names, const named *order, elc_error *err) {
    part_names sorted = {0};
    elc_status status = ELC_OK;
    uint32_t at;
    for (size_t i = 0; i < names->keys.count && status == ELC_OK; i++)
        status = elc_part_names_add(&sorted, order[i].name, order[i].name, &at, err);
    if (status != ELC_OK) {
        elc_part_names_free(&sorted);
        return status;
    }
    elc_part_names_free(names);
    *names = sorted;
    return ELC_OK;
}

/* Images get their numbers in the order of their names. */
static elc_status order_images(dedupe_table *t, elc_error *err) {
    size_t n = t->images.keys.count;
    named *order = NULL;
    uint32_t *number = NULL;
    elc_status status;
    ELC_TRY_GOTO(elc_alloc(n, sizeof *order, &order, err), status, done);
    ELC_TRY_GOTO(elc_alloc(n, sizeof *number, &number, err), status, done);
    for (size_t i = 0; i < n; i++)
        order[i] = (named){t->images.keys.items[i], (uint32_t)i};
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n; i++)
        number[order[i].number] = (uint32_t)i;
    ELC_TRY_GOTO(take_names(&t->images, order, err), status, done);
    ELC_TRY_GOTO(elc_edges_renumber(&t->edges, number, n, err), status, done);
    for (size_t i = 0; i < t->n_placed; i++)
        t->rows[i].image = number[t->rows[i].image];
done:
    free(order);
    free(number);
    return status;
}

elc_status elc_dedupe_table_read(struct ArrowArrayStream *stream,
                                 const elc_context *context, dedupe_table *t,
                                 elc_error *err) {
    ELC_TRY(read_all(t, stream, context, err));
    ELC_TRY(order_images(t, err));
    elc_dedupe_rows_sort(t);
    return ELC_OK;
}

void elc_dedupe_table_free(dedupe_table *t) {
    for (size_t i = 0; i < t->n_batches; i++) {
        elc_rows_free(t->batches[i].rows);
        elc_array_release(&t->batches[i].array);
    }
    free(t->batches);
    free(t->rows);
    free(t->seen);
    elc_schema_release(&t->schema);
    elc_transform_free(t->to_lonlat);
    elc_part_names_free(&t->images);
    elc_part_names_free(&t->classes);
    elc_edges_free(&t->edges);
    elc_string_free(&t->text);
    free(t->ring);
}
