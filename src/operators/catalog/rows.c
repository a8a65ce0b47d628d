/* rows.c - the rows of the catalogue: how an image fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ground.h"
#include "keys.h"

struct catalog_rows {
    elc_column *columns;
    size_t n;
    const elc_names *keys;
    elc_batch *batch;
    catalog_ground ground;
    elc_string wkb;
};

/* ---- builder --------------------------------------------------------------------- */

void elc_catalog_rows_free(catalog_rows *rows) {
    if (!rows)
        return;
    elc_batch_free(rows->batch);
    elc_catalog_ground_clear(&rows->ground);
    elc_string_free(&rows->wkb);
    free(rows->columns);
    free(rows);
}

static elc_status set_up(catalog_rows *rows, elc_error *err) {
    rows->n = ELC_CATALOG_COLUMNS + rows->keys->count;
    ELC_TRY(elc_alloc(rows->n, sizeof *rows->columns, &rows->columns, err));
    memcpy(rows->columns, elc_catalog_columns, sizeof elc_catalog_columns);
    for (size_t i = 0; i < rows->keys->count; i++)
        rows->columns[ELC_CATALOG_COLUMNS + i] = (elc_column){
            rows->keys->items[i], ELC_UTF8, NULL, "from the names of folders"};
    return elc_batch_create(rows->columns, rows->n, &rows->batch, err);
}

elc_status elc_catalog_rows_create(const elc_names *keys, catalog_rows **out,
                                   elc_error *err) {
    catalog_rows *rows = NULL;
    ELC_TRY(elc_alloc(1, sizeof *rows, &rows, err));
    rows->keys = keys;
    elc_status status = set_up(rows, err);
    if (status == ELC_OK)
        *out = rows;
    else
        elc_catalog_rows_free(rows);
    return status;
}

elc_status elc_catalog_rows_schema(const catalog_rows *rows, struct ArrowSchema *out,
                                   elc_error *err) {
    return elc_schema_create(rows->columns, rows->n, NULL, out, err);
}

elc_batch *elc_catalog_rows_batch(catalog_rows *rows) {
    return rows->batch;
}

/* ---- facts ----------------------------------------------------------------------- */

/* Not known is NULL. */
static elc_status set_real(catalog_rows *rows, size_t column, double value,
                           elc_error *err) {
    return isfinite(value) ? elc_batch_real(rows->batch, column, value, err) : ELC_OK;
}

static elc_status set_int(catalog_rows *rows, size_t column, int64_t value,
                          elc_error *err) {
    return value >= 0 ? elc_batch_int(rows->batch, column, value, err) : ELC_OK;
}

/* Takes the JSON. Fifteen digits are a nanometre of a place. */
static elc_status set_json(catalog_rows *rows, size_t column, json_t *json,
                           elc_error *err) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(json);
    if (!text)
        return elc_fail(err, ELC_E_MEMORY, "an image's metadata: out of memory");
    elc_status status = elc_batch_text(rows->batch, column, text, err);
    free(text);
    return status;
}

static elc_status set_list(catalog_rows *rows, size_t column, const elc_fact *fact,
                           elc_error *err) {
    json_t *list = json_array();
    for (size_t i = 0; i < fact->n; i++) {
        if (!isfinite(fact->numbers[i])) {
            json_decref(list);
            return ELC_OK;
        }
        json_array_append_new(list, json_real(fact->numbers[i]));
    }
    return set_json(rows, column, list, err);
}

static elc_status set_fact(catalog_rows *rows, size_t column, elc_fact_kind kind,
                           const elc_fact *fact, elc_error *err) {
    switch (kind) {
    case ELC_FACT_TEXT:
        return elc_batch_text(rows->batch, column, fact->text, err);
    case ELC_FACT_TIME:
        return elc_batch_int(rows->batch, column, fact->time_us, err);
    case ELC_FACT_LIST:
        return set_list(rows, column, fact, err);
    case ELC_FACT_REAL:
        break;
    }
    return fact->n ? set_real(rows, column, fact->numbers[0], err) : ELC_OK;
}

/* Stated corners, for images that lie nowhere else. */
static elc_status set_stated_corners(catalog_rows *rows, const elc_fact *fact,
                                     elc_error *err) {
    for (size_t i = 0; i < 8 && fact->source && fact->n == 8; i++)
        ELC_TRY(set_real(rows, COL_UL_LON + i, fact->numbers[i], err));
    return ELC_OK;
}

/* What the file itself says of these stands in the row: what others state of them is in
   `raw`, and in `conflicts` where it differs. */
static bool is_own(int fact) {
    return fact == ELC_FACT_WIDTH || fact == ELC_FACT_HEIGHT;
}

/* What follows from where the image lies, once that is known. */
static bool follows_from_place(int fact) {
    return fact == ELC_FACT_CRS || fact == ELC_FACT_GSD ||
           fact == ELC_FACT_CORNERS_LONLAT;
}

static elc_status set_sources(catalog_rows *rows, const elc_facts *facts,
                              elc_error *err) {
    json_t *sources = json_object();
    for (int i = 0; i < ELC_N_FACTS; i++) {
        const char *source = facts->items[i].source;
        if (rows->ground.kind != ELC_PLACE_NONE && follows_from_place(i))
            source = "place";
        if (source && !is_own(i))
            json_object_set_new(sources, elc_fact_fields[i].name, json_string(source));
    }
    if (json_object_size(sources) > 0)
        return set_json(rows, COL_SOURCES, sources, err);
    json_decref(sources);
    return ELC_OK;
}

static elc_status set_facts(catalog_rows *rows, const elc_facts *facts,
                            elc_error *err) {
    for (int i = 0; i < ELC_N_FACTS; i++) {
        const elc_fact *fact = &facts->items[i];
        int column = elc_catalog_fact_columns[i];
        if (fact->source && column >= 0 && !is_own(i))
            ELC_TRY(set_fact(rows, (size_t)column, elc_fact_fields[i].kind, fact, err));
    }
    ELC_TRY(set_stated_corners(rows, &facts->items[ELC_FACT_CORNERS_LONLAT], err));
    ELC_TRY(set_sources(rows, facts, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_CONFLICTS, facts->conflicts, err));
    return elc_batch_text(rows->batch, COL_RAW, facts->raw, err);
}

/* ---- the image itself ------------------------------------------------------------ */

static elc_status set_pixels(catalog_rows *rows, const catalog_image *image,
                             elc_error *err) {
    const elc_image_info *info = elc_image_info_at(image->image);
    elc_batch *batch = rows->batch;
    ELC_TRY(elc_batch_text(batch, COL_DRIVER, info->driver, err));
    ELC_TRY(elc_batch_int(batch, COL_WIDTH, info->width, err));
    ELC_TRY(elc_batch_int(batch, COL_HEIGHT, info->height, err));
    ELC_TRY(elc_batch_int(batch, COL_BANDS, info->bands, err));
    ELC_TRY(elc_batch_text(batch, COL_DATA_TYPE, info->type_name, err));
    if (info->has_nodata)
        ELC_TRY(elc_batch_real(batch, COL_NODATA, info->nodata, err));
    ELC_TRY(elc_batch_int(batch, COL_BLOCK_WIDTH, info->block_width, err));
    ELC_TRY(elc_batch_int(batch, COL_BLOCK_HEIGHT, info->block_height, err));
    ELC_TRY(elc_batch_text(batch, COL_COMPRESSION, elc_image_compression(image->image),
                           err));
    return elc_batch_int(batch, COL_OVERVIEWS, elc_image_overviews(image->image), err);
}

static elc_status set_corners(catalog_rows *rows, const elc_image_info *info,
                              elc_error *err) {
    double w = (double)info->width, h = (double)info->height;
    elc_point corners[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    elc_catalog_ground_lonlat(&rows->ground, corners, 4);
    for (size_t i = 0; i < 4; i++) {
        ELC_TRY(set_real(rows, COL_UL_LON + 2 * i, corners[i].x, err));
        ELC_TRY(set_real(rows, COL_UL_LON + 2 * i + 1, corners[i].y, err));
    }
    return ELC_OK;
}

static const char *place_name(elc_place_kind kind) {
    switch (kind) {
    case ELC_PLACE_AFFINE:
        return "affine";
    case ELC_PLACE_CORNERS:
        return "corners";
    case ELC_PLACE_GCPS:
        return "gcps";
    case ELC_PLACE_RPC:
        return "rpc";
    case ELC_PLACE_NONE:
        break;
    }
    return NULL;
}

static elc_status set_ground(catalog_rows *rows, const elc_image_info *info,
                             elc_error *err) {
    const catalog_ground *ground = &rows->ground;
    elc_batch *batch = rows->batch;
    ELC_TRY(elc_batch_text(batch, COL_PLACE, place_name(ground->kind), err));
    ELC_TRY(set_real(rows, COL_POSITION_ERROR, ground->place.error_m, err));
    if (ground->crs)
        ELC_TRY(elc_batch_text(batch, COL_CRS, elc_crs_label(ground->crs), err));
    ELC_TRY(set_corners(rows, info, err));
    double gsd_m = elc_catalog_ground_gsd_m(&rows->ground, info);
    ELC_TRY(set_real(rows, COL_GSD, gsd_m, err));
    ELC_TRY(elc_catalog_ground_outline(&rows->ground, info, &rows->wkb, err));
    if (rows->wkb.size == 0)
        return ELC_OK;
    return elc_batch_bytes(batch, COL_GEOMETRY, rows->wkb.data, rows->wkb.size, err);
}

/* A place that cannot be used is told of in the row; the rest of it stands. */
static elc_status find_place(catalog_rows *rows, const catalog_image *image,
                             elc_error *err) {
    elc_error why = {0};
    elc_status status =
        elc_catalog_ground_begin(&rows->ground, image->image, image->facts, &why);
    if (status == ELC_OK)
        return ELC_OK;
    if (status == ELC_E_MEMORY || status == ELC_E_CANCELLED)
        return elc_fail(err, status, "%s", why.message);
    return elc_batch_text(rows->batch, COL_ERROR, why.message, err);
}

/* ---- rows ------------------------------------------------------------------------ */

static elc_status set_key(void *arg, size_t column, const char *value, elc_error *err) {
    catalog_rows *rows = arg;
    return elc_batch_text(rows->batch, ELC_CATALOG_COLUMNS + column, value, err);
}

/* The id is that of detect's table of images. */
static elc_status set_names(catalog_rows *rows, const catalog_image *image,
                            elc_error *err) {
    char id[17];
    int64_t bytes, modified, width = 0, height = 0;
    if (image->image) {
        width = elc_image_info_at(image->image)->width;
        height = elc_image_info_at(image->image)->height;
    }
    elc_id(id, "image %s %lld %lld", image->name, (long long)width, (long long)height);
    elc_path_stat(image->file, &bytes, &modified);
    ELC_TRY(elc_batch_text(rows->batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_IMAGE, image->name, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_PATH, image->path, err));
    ELC_TRY(set_int(rows, COL_BYTES, bytes, err));
    ELC_TRY(set_int(rows, COL_MODIFIED, modified, err));
    return elc_batch_text(rows->batch, COL_ERROR, image->error, err);
}

elc_status elc_catalog_rows_add(catalog_rows *rows, const catalog_image *image,
                                elc_error *err) {
    ELC_TRY(set_names(rows, image, err));
    ELC_TRY(find_place(rows, image, err));
    if (image->facts)
        ELC_TRY(set_facts(rows, image->facts, err));
    if (image->image)
        ELC_TRY(set_pixels(rows, image, err));
    if (rows->ground.kind != ELC_PLACE_NONE)
        ELC_TRY(set_ground(rows, elc_image_info_at(image->image), err));
    ELC_TRY(elc_catalog_keys_each(rows->keys, image->name, set_key, rows, err));
    return elc_batch_end_row(rows->batch, err);
}
