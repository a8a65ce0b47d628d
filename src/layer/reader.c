/* reader.c - layers that OGR opens, as tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet.h"
#include "source.h"

#include <elcano/layer.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#define BATCH_ROWS  4096
#define BATCH_BYTES ((size_t)32 << 20)

typedef struct reader {
    char *path;
    GDALDatasetH dataset;
    OGRLayerH layer;
    elc_source source;
    elc_batch *batch;
    uint64_t rows;
    bool ended;
    elc_ogr_scope scope;
} reader;

/* ---- references ----------------------------------------------------------- */

static bool exists(const char *path) {
    VSIStatBufL info;
    return VSIStatExL(path, &info, VSI_STAT_EXISTS_FLAG) == 0;
}

static bool is_csv(const char *path) {
    const char *extension = CPLGetExtension(path);
    return EQUAL(extension, "csv") || EQUAL(extension, "tsv");
}

/* CSV states no types: numbers are told from texts by all of the file, what is in
   quotes is text, and nothing at all is NULL. */
static GDALDatasetH open_dataset(const char *path) {
    static const char *const csv[] = {"AUTODETECT_TYPE=YES",
                                      "AUTODETECT_SIZE_LIMIT=0",
                                      "QUOTED_FIELDS_AS_STRING=YES",
                                      "EMPTY_STRING_AS_NULL=YES",
                                      "GEOM_POSSIBLE_NAMES=geometry,geom,the_geom,wkt",
                                      "KEEP_GEOM_COLUMNS=NO",
                                      NULL};
    return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                      NULL, is_csv(path) ? csv : NULL, NULL);
}

/* Where the layer's name begins in "file:layer"; NULL: the whole is a file's name, as
   in "PG:dbname=x", "https://host/file" or "odd:name.csv". */
static const char *layer_part(const char *reference) {
    const char *colon = strrchr(reference, ':');
    if (colon == NULL || colon == reference || colon[1] == '\0' ||
        strchr(colon, '/') != NULL || exists(reference))
        return NULL;
    return colon + 1;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* What stands before the layer's name is the file where it is there, and else the whole
   is; a driver's name may come first. What lies in /vsi is no file to write. */
bool elc_layer_is_of_file(const char *reference, const char *path) {
    if (reference == NULL || path == NULL || strncmp(reference, "/vsi", 4) == 0)
        return false;
    const char *layer = layer_part(reference), *name = reference;
    char file[PATH_MAX] = "";
    if (layer != NULL && layer - reference <= PATH_MAX) {
        memcpy(file, reference, (size_t)(layer - reference) - 1);
        name = file;
    }
    if (exists(name) || exists(reference))
        return is_same_file(name, path);
    const char *whole = strchr(reference, ':'), *cut = strchr(file, ':');
    return (whole != NULL && is_same_file(whole + 1, path)) ||
           (cut != NULL && is_same_file(cut + 1, path));
}

static elc_status open_reference(reader *r, const char *reference, const char **layer,
                                 elc_error *err) {
    *layer = layer_part(reference);
    ELC_TRY(elc_strdup(reference, &r->path, err));
    if (*layer != NULL)
        r->path[*layer - reference - 1] = '\0';
    r->dataset = *layer == NULL || exists(r->path) ? open_dataset(r->path) : NULL;
    if (r->dataset == NULL && *layer != NULL && !exists(r->path)) {
        r->dataset = open_dataset(reference);
        if (r->dataset != NULL) {
            *layer = NULL;
            r->path[strlen(r->path)] = ':';
        }
    }
    if (r->dataset != NULL)
        return ELC_OK;
    if (!exists(r->path))
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: there is no such file", r->path);
    const char *reason = elc_ogr_reason(&r->scope);
    if (strstr(reason, "not recognized as") != NULL)
        reason = is_csv(r->path) ? "a CSV needs a line of at least two columns"
                                 : "it is in no vector format that GDAL knows";
    return elc_fail(err, ELC_E_FORMAT, "%s: not a layer that can be read: %s", r->path,
                    reason);
}

/* ---- the layer ------------------------------------------------------------ */

static elc_status layer_names(const reader *r, elc_string *out, elc_error *err) {
    int n = GDALDatasetGetLayerCount(r->dataset);
    for (int i = 0; i < n && i < 12; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(r->dataset, i);
        ELC_TRY(elc_string_printf(out, err, "%s%s", i > 0 ? ", " : "",
                                  layer == NULL ? "?" : OGR_L_GetName(layer)));
    }
    return n > 12 ? elc_string_printf(out, err, " and %d more", n - 12) : ELC_OK;
}

static elc_status fail_layers(const reader *r, const char *name, elc_error *err) {
    elc_string names = {0};
    elc_status status = layer_names(r, &names, err);
    if (status == ELC_OK && name != NULL)
        status = elc_fail(err, ELC_E_NOT_FOUND, "%s: no layer '%s'; it has %s", r->path,
                          name, names.data);
    else if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "%s: it has the layers %s; name one, as in %s:%s", r->path,
                          names.data, r->path,
                          OGR_L_GetName(GDALDatasetGetLayer(r->dataset, 0)));
    elc_string_free(&names);
    return status;
}

static elc_status choose_layer(reader *r, const char *name, elc_error *err) {
    int n = GDALDatasetGetLayerCount(r->dataset);
    if (n <= 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: it has no layer", r->path);
    if (name == NULL && n > 1)
        return fail_layers(r, NULL, err);
    r->layer = name == NULL ? GDALDatasetGetLayer(r->dataset, 0)
                            : GDALDatasetGetLayerByName(r->dataset, name);
    return r->layer == NULL ? fail_layers(r, name == NULL ? "0" : name, err) : ELC_OK;
}

/* "" where the layer states none, so that it is not taken for longitude and latitude.
 */
static elc_status layer_crs(const reader *r, char **out, elc_error *err) {
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(r->layer);
    char *text = NULL;
    if (srs != NULL && OSRExportToPROJJSON(srs, &text, NULL) != OGRERR_NONE) {
        CPLFree(text);
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: its CRS cannot be told: %s",
                        r->path, elc_ogr_reason(&r->scope));
    }
    elc_status status = elc_strdup(text == NULL ? "" : text, out, err);
    CPLFree(text);
    return status;
}

/* ---- the stream ----------------------------------------------------------- */

static void reader_free(void *state) {
    reader *r = state;
    if (r == NULL)
        return;
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    if (r->dataset != NULL)
        GDALClose(r->dataset);
    elc_ogr_leave(&r->scope);
    elc_source_free(&r->source);
    elc_batch_free(r->batch);
    free(r->path);
    free(r);
}

static elc_status read_row(reader *r, elc_error *err) {
    OGRFeatureH feature = OGR_L_GetNextFeature(r->layer);
    r->ended = feature == NULL;
    if (elc_ogr_failed(&r->scope)) {
        OGR_F_Destroy(feature);
        return elc_fail(err, ELC_E_FORMAT, "%s: row %llu cannot be read: %s", r->path,
                        (unsigned long long)r->rows + 1, elc_ogr_reason(&r->scope));
    }
    if (feature == NULL)
        return ELC_OK;
    elc_error why = {0};
    elc_status status = elc_source_row(&r->source, feature, r->batch, &why);
    OGR_F_Destroy(feature);
    r->rows++;
    if (status == ELC_OK)
        return ELC_OK;
    return elc_fail(err, status, "%s: row %llu: %s", r->path,
                    (unsigned long long)r->rows, why.message);
}

static elc_status reader_next(void *state, struct ArrowArray *out, elc_error *err) {
    reader *r = state;
    elc_status status = ELC_OK;
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    while (status == ELC_OK && !r->ended && elc_batch_rows(r->batch) < BATCH_ROWS &&
           elc_batch_size(r->batch) < BATCH_BYTES)
        status = read_row(r, err);
    elc_ogr_leave(&r->scope);
    if (status == ELC_OK && elc_batch_rows(r->batch) > 0)
        status = elc_batch_finish(r->batch, out, err);
    return status;
}

static elc_status reader_open(reader *r, const char *reference,
                              struct ArrowSchema *schema, elc_error *err) {
    const char *layer = NULL;
    ELC_TRY(open_reference(r, reference, &layer, err));
    ELC_TRY(choose_layer(r, layer, err));
    ELC_TRY(elc_source_create(r->layer, &r->source, err));
    char *crs = NULL;
    ELC_TRY(layer_crs(r, &crs, err));
    const elc_column *columns = r->source.columns;
    size_t n = r->source.names.count;
    elc_status status = elc_schema_create(columns, n, crs, schema, err);
    free(crs);
    ELC_TRY(status);
    return elc_batch_create(columns, n, &r->batch, err);
}

elc_status elc_layer_read(const char *reference, struct ArrowArrayStream *out,
                          elc_error *err) {
    reader *r = NULL;
    struct ArrowSchema schema = {0};
    if (elc_is_parquet(reference))
        return elc_parquet_read(reference, out, err);
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    elc_ogr_enter(&r->scope, ELC_OGR_READ);
    elc_status status = reader_open(r, reference, &schema, err);
    elc_ogr_leave(&r->scope);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){reader_next, reader_free, r},
                                   out, err);
    if (status != ELC_OK)
        reader_free(r);
    elc_schema_release(&schema);
    return status;
}
