/* geojson.c - rows as GeoJSON features: OGR makes the lines, text.h writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <jansson.h>

/* OGR's GeoJSONSeq writer fills a file in memory; what is new in it goes out after
   every batch, and a new one is begun when it has grown to this. Lines stand alone, so
   neither shows in the result. */
#define MEMORY_FILE ((size_t)4 << 20)

static void memory_path(const elc_sink *sink, char out[80]) {
    snprintf(out, 80, "/vsimem/elcano/%p/rows.geojsonl", (const void *)sink);
}

static elc_status memory_open(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    static const char *const options[] = {"RS=NO", "COORDINATE_PRECISION=9", NULL};
    char path[80];
    memory_path(sink, path);
    OGRSpatialReferenceH lonlat = NULL;
    ELC_TRY(elc_ogr_wgs84(&lonlat, err));
    sink->dataset = GDALCreate(GDALGetDriverByName(sink->format->driver), path, 0, 0, 0,
                               GDT_Unknown, NULL);
    if (sink->dataset != NULL)
        layer->layer = GDALDatasetCreateLayer(sink->dataset, layer->name, lonlat,
                                              wkbUnknown, (CSLConstList)options);
    OSRRelease(lonlat);
    if (layer->layer == NULL)
        return elc_fail(err, ELC_E_INTERNAL, "%s: no layer in memory: %s",
                        elc_sink_name(sink), elc_ogr_reason(&sink->scope));
    return elc_ogr_row_define(&layer->record, layer->layer, &layer->feature,
                              &sink->scope, err);
}

static void memory_close(elc_sink *sink, elc_sink_layer *layer) {
    char path[80];
    memory_path(sink, path);
    elc_sink_drop_feature(layer);
    GDALClose(sink->dataset);
    sink->dataset = NULL;
    sink->drained = 0;
    VSIUnlink(path);
}

static elc_status append_feature(elc_sink *sink, const char *line, size_t n,
                                 elc_error *err) {
    if (sink->format->code == ELC_FORMAT_GEOJSONSEQ) {
        ELC_TRY(elc_text_append(&sink->text, line, n, err));
        return elc_text_append(&sink->text, "\n", 1, err);
    }
    const char *between = sink->first ? "\n" : ",\n";
    ELC_TRY(elc_text_append(&sink->text, between, strlen(between), err));
    sink->first = false;
    return elc_text_append(&sink->text, line, n, err);
}

static elc_status drain(elc_sink *sink, elc_error *err) {
    char path[80];
    vsi_l_offset size = 0;
    memory_path(sink, path);
    const char *bytes = (const char *)VSIGetMemFileBuffer(path, &size, FALSE);
    while (sink->drained < size) {
        const char *line = bytes + sink->drained;
        const char *end = memchr(line, '\n', size - sink->drained);
        if (end == NULL)
            break;
        ELC_TRY(append_feature(sink, line, (size_t)(end - line), err));
        sink->drained += (size_t)(end - line) + 1;
    }
    return ELC_OK;
}

static elc_status append_head(elc_sink *sink, const char *name, elc_error *err) {
    json_t *text = json_string(name);
    char *quoted = text == NULL ? NULL : json_dumps(text, JSON_ENCODE_ANY);
    elc_string head = {0};
    elc_status status = elc_string_printf(
        &head, err,
        "{\n\"type\": \"FeatureCollection\",\n\"name\": %s,\n\"features\": [",
        quoted == NULL ? "\"\"" : quoted);
    if (status == ELC_OK)
        status = elc_text_append(&sink->text, head.data, head.size, err);
    elc_string_free(&head);
    free(quoted);
    json_decref(text);
    return status;
}

static elc_status geojson_begin(elc_sink *sink, elc_sink_layer *layer, elc_error *err) {
    if (sink->format->code == ELC_FORMAT_GEOJSON)
        ELC_TRY(append_head(sink, layer->name, err));
    return memory_open(sink, layer, err);
}

static elc_status geojson_row(elc_sink *sink, elc_sink_layer *layer,
                              const elc_rows *rows, size_t row, elc_error *err) {
    ELC_TRY(elc_ogr_row_set(&layer->record, rows, row, layer->feature, err));
    if (OGR_L_CreateFeature(layer->layer, layer->feature) != OGRERR_NONE)
        return elc_fail(err, ELC_E_INTERNAL, "%s: row %llu: %s", elc_sink_name(sink),
                        (unsigned long long)layer->record.rows + 1,
                        elc_ogr_reason(&sink->scope));
    if (++sink->pending % 64 != 0)
        return ELC_OK;
    ELC_TRY(drain(sink, err));
    if (sink->drained < MEMORY_FILE)
        return ELC_OK;
    memory_close(sink, layer);
    return memory_open(sink, layer, err);
}

static elc_status geojson_end_batch(elc_sink *sink, elc_error *err) {
    ELC_TRY(drain(sink, err));
    return sink->output == NULL ? elc_text_flush(&sink->text, err) : ELC_OK;
}

static elc_status geojson_finish(elc_sink *sink, elc_error *err) {
    static const char tail[] = "\n]\n}\n";
    ELC_TRY(drain(sink, err));
    memory_close(sink, sink->layers[0]);
    if (sink->format->code == ELC_FORMAT_GEOJSON)
        ELC_TRY(elc_text_append(&sink->text, tail, sizeof tail - 1, err));
    return elc_text_close(&sink->text, err);
}

static void geojson_release(elc_sink *sink) {
    char path[80];
    memory_path(sink, path);
    VSIUnlink(path);
}

const elc_writer elc_writer_geojson = {.begin = geojson_begin,
                                       .row = geojson_row,
                                       .end_batch = geojson_end_batch,
                                       .finish = geojson_finish,
                                       .release = geojson_release};
