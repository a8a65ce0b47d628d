/* plain_json_read.c - plain GeoJSON as a table: once for the types, once for the rows.
   OGR says the columns and the CRS, of a collection of one feature that has the file's
   head and a value of each kind. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "json_open.h"
#include "plain_json.h"
#include "source.h"
#include "where.h"

#include <elcano/geometry.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cpl_error.h>
#include <cpl_vsi.h>

enum { BATCH_ROWS = 4096, MOST_PROPERTIES = 1000, MOST_KIND = 6 };
#define BATCH_BYTES ((size_t)32 << 20)

static const struct {
    const char *sample;
    elc_type type;
} kinds[] = {[ELC_JSON_NOTHING] = {"", ELC_UTF8},
             [ELC_JSON_TRUTH] = {"true", ELC_BOOL},
             [ELC_JSON_INT] = {"1", ELC_INT32},
             [ELC_JSON_LONG] = {"3000000000", ELC_INT64},
             [ELC_JSON_REAL] = {"0.5", ELC_FLOAT64},
             [ELC_JSON_DATE] = {"\"2020-01-01\"", ELC_DATE32},
             [ELC_JSON_TIME] = {"\"2020-01-01T00:00:00Z\"", ELC_TIMESTAMP},
             [ELC_JSON_TEXT] = {"\"a\"", ELC_UTF8}};

typedef struct plain {
    char *path;
    elc_plain_json json;
    elc_plain_feature feature;
    elc_string head, shape; /* up to the first feature; a shape's WKB */
    elc_names names;
    elc_json_kind *kinds;
    bool has_shape; /* a feature that is not null */
    elc_batch *batch;
    bool ended;
} plain;

/* ---- the first time ---------------------------------------------------------------
 */

/* The shape as WKB, "" for none; false where it is none of two coordinates. */
static bool read_shape(plain *p) {
    uint32_t type = 0;
    p->shape.size = 0;
    if (p->feature.shape == NULL)
        return true;
    if (elc_wkb_from_geojson(p->feature.shape, p->feature.shape_size, &p->shape, NULL,
                             NULL) != ELC_OK)
        return false;
    memcpy(&type, p->shape.data + 1, sizeof type);
    return type >= 1 && type <= MOST_KIND;
}

/* The first feature's. */
static elc_status read_names(plain *p, bool *out, elc_error *err) {
    size_t n = p->feature.n;
    elc_string name = {0};
    elc_status status = elc_alloc(n + 1, sizeof *p->kinds, &p->kinds, err);
    for (size_t i = 0; *out && status == ELC_OK && i < n; i++) {
        const elc_plain_field *field = &p->feature.names[i];
        name.size = 0;
        status = elc_string_printf(&name, err, "%.*s", (int)field->size, field->text);
        *out = status == ELC_OK && field->size > 0 && field->size < 200 &&
               strchr(name.data, '\\') == NULL &&
               !elc_plain_has_name(&p->names, name.data);
        if (*out)
            status = elc_names_add(&p->names, name.data, err);
    }
    elc_string_free(&name);
    return status;
}

static bool has_same_names(const plain *p) {
    if (p->feature.n != p->names.count)
        return false;
    for (size_t i = 0; i < p->names.count; i++) {
        const elc_plain_field *field = &p->feature.names[i];
        if (strncmp(p->names.items[i], field->text, field->size) != 0 ||
            p->names.items[i][field->size] != '\0')
            return false;
    }
    return true;
}

/* Whether the feature is plain; columns take the kind that all their values are of. */
static bool widen(plain *p) {
    elc_json_value v;
    if (!has_same_names(p) || !read_shape(p) || !elc_plain_json_finish(&p->feature))
        return false;
    p->has_shape |= p->feature.shape != NULL;
    for (size_t i = 0; i < p->names.count; i++) {
        elc_json_kind is = ELC_JSON_TEXT;
        if (p->kinds[i] == ELC_JSON_TEXT && p->feature.values[i].quoted &&
            strchr(p->feature.values[i].text, ':') == NULL)
            continue;
        if (!elc_plain_json_value(&p->feature.values[i], &is, &v))
            return false;
        elc_json_kind both = elc_plain_json_join(p->kinds[i], is);
        if (both == ELC_JSON_NOTHING &&
            (p->kinds[i] != ELC_JSON_NOTHING || is != ELC_JSON_NOTHING))
            return false;
        p->kinds[i] = both;
    }
    return true;
}

static elc_status read_types(plain *p, const elc_context *context, bool *out,
                             elc_error *err) {
    int is = ELC_PLAIN_LINE;
    for (size_t rows = 0; *out; rows++) {
        if (rows % BATCH_ROWS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_plain_json_next(&p->json, &p->feature, &is, err));
        *out = is != ELC_PLAIN_ODD && (is != ELC_PLAIN_END || rows > 0);
        if (is == ELC_PLAIN_END)
            break;
        if (*out && rows == 0)
            ELC_TRY(read_names(p, out, err));
        *out = *out && widen(p);
    }
    for (size_t i = 0; *out && i < p->names.count; i++)
        *out = p->kinds[i] != ELC_JSON_NOTHING;
    return ELC_OK;
}

/* ---- the columns ------------------------------------------------------------------
 */

static elc_status write_sample(const plain *p, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(
        out, err, "%s{\"type\":\"Feature\",\"geometry\":%s,\"properties\":{",
        p->head.data,
        p->has_shape ? "{\"type\":\"Point\",\"coordinates\":[0,0]}" : "null"));
    for (size_t i = 0; i < p->names.count; i++)
        ELC_TRY(elc_string_printf(out, err, "%s\"%s\":%s", i > 0 ? "," : "",
                                  p->names.items[i], kinds[p->kinds[i]].sample));
    return elc_string_append(out, "}}]}", 4, err);
}

/* A geometry, and then the properties in their order, each of its kind. */
static bool is_as_expected(const plain *p, const elc_source *source) {
    if (source->names.count != p->names.count + 1 ||
        source->fields[0].kind != ELC_SOURCE_GEOMETRY || source->swap)
        return false;
    for (size_t i = 0; i < p->names.count; i++)
        if (source->fields[i + 1].kind != ELC_SOURCE_FIELD ||
            source->fields[i + 1].index != (int)i ||
            source->columns[i + 1].type != kinds[p->kinds[i]].type)
            return false;
    return true;
}

static elc_status make_batch(plain *p, const elc_opened *sample,
                             const elc_ogr_scope *scope, struct ArrowSchema *schema,
                             bool *out, elc_error *err) {
    elc_source source;
    char *crs = NULL;
    ELC_TRY(elc_source_create(sample, &source, err));
    elc_status status = ELC_OK;
    *out = is_as_expected(p, &source);
    if (*out)
        status = elc_source_crs(sample, scope, &crs, err);
    if (*out && status == ELC_OK)
        status =
            elc_schema_create(source.columns, source.names.count, crs, schema, err);
    if (*out && status == ELC_OK)
        status = elc_batch_create(source.columns, source.names.count, &p->batch, err);
    free(crs);
    elc_source_free(&source);
    return status;
}

/* As OGR sees the sample, in the memory file `name`. */
static elc_status open_sample(plain *p, const char *name, elc_ogr_scope *scope,
                              struct ArrowSchema *schema, bool *out, elc_error *err) {
    static const char *const drivers[] = {"GeoJSON", NULL};
    elc_opened sample = {.name = p->path};
    elc_status status = ELC_OK;
    sample.dataset =
        GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    *out = sample.dataset != NULL && GDALDatasetGetLayerCount(sample.dataset) == 1;
    if (*out) {
        sample.layer = GDALDatasetGetLayer(sample.dataset, 0);
        status = make_batch(p, &sample, scope, schema, out, err);
    }
    if (sample.dataset != NULL)
        GDALClose(sample.dataset);
    return status;
}

static elc_status ask_ogr(plain *p, elc_ogr_scope *scope, struct ArrowSchema *schema,
                          bool *out, elc_error *err) {
    elc_string text = {0}, name = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(write_sample(p, &text, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&name, err, "/vsimem/elcano/%p.geojson", (void *)p),
                 status, done);
    VSILFILE *file =
        VSIFileFromMemBuffer(name.data, (GByte *)text.data, text.size, FALSE);
    *out = file != NULL;
    if (file == NULL)
        goto done;
    VSIFCloseL(file);
    status = open_sample(p, name.data, scope, schema, out, err);
    VSIUnlink(name.data);
done:
    elc_string_free(&text);
    elc_string_free(&name);
    return status;
}

/* ---- the rows ---------------------------------------------------------------------
 */

static elc_status fail_changed(elc_error *err) {
    return elc_fail(err, ELC_E_IO, "it changed while it was read");
}

static elc_status put_value(plain *p, size_t i, elc_error *err) {
    const elc_plain_field *field = &p->feature.values[i];
    elc_json_kind is = ELC_JSON_NOTHING;
    elc_json_value v = {0};
    if (field->text == NULL)
        return ELC_OK;
    if (p->kinds[i] == ELC_JSON_TEXT && field->quoted)
        return elc_batch_text(p->batch, i + 1, field->text, err);
    if (!elc_plain_json_value(field, &is, &v) ||
        elc_plain_json_join(p->kinds[i], is) != p->kinds[i])
        return fail_changed(err);
    return p->kinds[i] == ELC_JSON_REAL ? elc_batch_real(p->batch, i + 1, v.real, err)
                                        : elc_batch_int(p->batch, i + 1, v.whole, err);
}

static elc_status put_row(plain *p, elc_error *err) {
    if (!has_same_names(p) || !read_shape(p) || !elc_plain_json_finish(&p->feature))
        return fail_changed(err);
    if (p->feature.shape != NULL)
        ELC_TRY(elc_batch_bytes(p->batch, 0, p->shape.data, p->shape.size, err));
    for (size_t i = 0; i < p->names.count; i++)
        ELC_TRY(put_value(p, i, err));
    return elc_batch_end_row(p->batch, err);
}

static elc_status read_batch(plain *p, elc_error *err) {
    int is = ELC_PLAIN_LINE;
    while (elc_batch_rows(p->batch) < BATCH_ROWS &&
           elc_batch_size(p->batch) < BATCH_BYTES) {
        ELC_TRY(elc_plain_json_next(&p->json, &p->feature, &is, err));
        p->ended = is == ELC_PLAIN_END;
        if (p->ended)
            return ELC_OK;
        if (is == ELC_PLAIN_ODD)
            return fail_changed(err);
        ELC_TRY(put_row(p, err));
    }
    return ELC_OK;
}

static elc_status plain_next(void *state, struct ArrowArray *out, elc_error *err) {
    plain *p = state;
    elc_error why = {0};
    CPLPushErrorHandler(CPLQuietErrorHandler);
    elc_status status = p->ended ? ELC_OK : read_batch(p, &why);
    CPLPopErrorHandler();
    if (status != ELC_OK)
        return elc_fail(err, status, "%s: %s", p->path, why.message);
    return elc_batch_rows(p->batch) > 0 ? elc_batch_finish(p->batch, out, err) : ELC_OK;
}

/* ---- life -------------------------------------------------------------------------
 */

static void plain_free(void *state) {
    plain *p = state;
    if (p->json.file >= 0)
        close(p->json.file);
    elc_names_free(&p->names);
    elc_string_free(&p->head);
    elc_string_free(&p->shape);
    elc_batch_free(p->batch);
    free(p->json.data);
    free(p->feature.names);
    free(p->feature.values);
    free(p->kinds);
    free(p->path);
    free(p);
}

/* A regular file that can be read; else OGR says why not. */
static elc_status open_file(plain *p, const char *path, bool *out, elc_error *err) {
    const char *ending = strrchr(path, '.');
    struct stat info;
    *out = ending != NULL &&
           (strcasecmp(ending, ".geojson") == 0 || strcasecmp(ending, ".json") == 0) &&
           strchr(path, ':') == NULL && strncmp(path, "/vsi", 4) != 0 &&
           stat(path, &info) == 0 && S_ISREG(info.st_mode);
    if (!*out)
        return ELC_OK;
    p->json.file = open(path, O_RDONLY | O_CLOEXEC);
    *out = p->json.file >= 0;
    p->feature.most = MOST_PROPERTIES;
    ELC_TRY(
        elc_alloc(MOST_PROPERTIES, sizeof *p->feature.names, &p->feature.names, err));
    ELC_TRY(
        elc_alloc(MOST_PROPERTIES, sizeof *p->feature.values, &p->feature.values, err));
    return elc_strdup(path, &p->path, err);
}

/* To the first feature, from the front of the file. */
static elc_status rewind_file(plain *p, elc_error *err) {
    size_t n = 0;
    if (lseek(p->json.file, 0, SEEK_SET) != 0)
        return elc_fail(err, ELC_E_IO, "it cannot be read twice");
    p->json.at = p->json.end = 0;
    p->json.ended = false;
    return elc_plain_json_head(&p->json, &n, err);
}

/* A CRS that is not known is told where OGR reads. */
static elc_status check_crs(const plain *p, bool *out, elc_error *err) {
    elc_string text = {0};
    elc_where where = {0};
    elc_status status = elc_string_printf(&text, err, "%s]}", p->head.data);
    if (status == ELC_OK)
        status = elc_where_look(text.data, text.size, &where, err);
    if (status == ELC_OK)
        *out =
            where.crs.size == 0 || elc_json_knows_crs(where.crs.data, where.crs.size);
    elc_where_free(&where);
    elc_string_free(&text);
    return status;
}

static elc_status look(plain *p, const elc_context *context, elc_ogr_scope *scope,
                       struct ArrowSchema *schema, bool *out, elc_error *err) {
    size_t n = 0;
    ELC_TRY(elc_plain_json_head(&p->json, &n, err));
    *out = n > 0;
    if (*out)
        ELC_TRY(elc_string_append(&p->head, p->json.data, n, err));
    if (*out)
        ELC_TRY(check_crs(p, out, err));
    if (*out)
        ELC_TRY(read_types(p, context, out, err));
    if (*out)
        ELC_TRY(ask_ogr(p, scope, schema, out, err));
    return *out ? rewind_file(p, err) : ELC_OK;
}

static elc_status begin(plain *p, const elc_context *context,
                        struct ArrowSchema *schema, bool *out, elc_error *err) {
    elc_error why = {0};
    elc_ogr_scope scope = {0};
    elc_ogr_enter(&scope, ELC_OGR_READ);
    elc_status status = look(p, context, &scope, schema, out, &why);
    elc_ogr_leave(&scope);
    return status == ELC_OK ? ELC_OK
                            : elc_fail(err, status, "%s: %s", p->path, why.message);
}

elc_status elc_plain_json_read(const char *path, const elc_context *context,
                               struct ArrowArrayStream *out, elc_error *err) {
    plain *p;
    struct ArrowSchema schema = {0};
    bool is_plain = false;
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    p->json.file = -1;
    elc_status status = open_file(p, path, &is_plain, err);
    if (status == ELC_OK && is_plain)
        status = begin(p, context, &schema, &is_plain, err);
    if (status == ELC_OK && is_plain)
        status = elc_stream_create(&schema, (elc_producer){plain_next, plain_free, p},
                                   out, err);
    if (status != ELC_OK || !is_plain) {
        elc_schema_release(&schema);
        plain_free(p);
    }
    return status;
}
