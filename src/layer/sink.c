/* sink.c - a file being written: what all formats have in common. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include "postgis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *elc_sink_name(const elc_sink *sink) {
    if (sink->place != NULL)
        return sink->place;
    return sink->output == NULL ? "standard output" : elc_output_path(sink->output);
}

void elc_sink_drop_feature(elc_sink_layer *layer) {
    if (layer->feature != NULL)
        OGR_F_Destroy(layer->feature);
    layer->feature = NULL;
    layer->layer = NULL;
}

static const elc_writer *writer_of(const elc_format *format) {
    if (format->code == ELC_FORMAT_POSTGIS)
        return &elc_writer_postgis;
    if (format->code == ELC_FORMAT_CSV)
        return &elc_writer_csv;
    if (format->code == ELC_FORMAT_PARQUET)
        return &elc_writer_parquet;
    return format->text ? &elc_writer_geojson : &elc_writer_ogr;
}

elc_status elc_sink_create(const char *path, const elc_sink_options *options,
                           elc_sink **out, elc_error *err) {
    const elc_format *format = NULL;
    elc_sink *sink = NULL;
    ELC_TRY(elc_format_find(path, &format, err));
    ELC_TRY(elc_alloc(1, sizeof *sink, &sink, err));
    sink->format = format;
    sink->writer = writer_of(format);
    sink->first = true;
    sink->text.file = -1;
    if (options != NULL)
        sink->options = *options;
    elc_status status = ELC_OK;
    if (format->code == ELC_FORMAT_POSTGIS)
        ELC_TRY_GOTO(elc_postgis_open(sink, path, err), status, done);
    else if (strcmp(path, "-") != 0)
        ELC_TRY_GOTO(elc_output_create(path, &format->output, sink->options.overwrite,
                                       &sink->output, err),
                     status, done);
    if (format->text)
        ELC_TRY_GOTO(elc_text_open(&sink->text, sink->output, err), status, done);
    *out = sink;
    sink = NULL;
done:
    elc_sink_free(sink);
    return status;
}

bool elc_sink_takes_layers(const elc_sink *sink) {
    return sink->format->layers;
}

/* ---- layers --------------------------------------------------------------- */

static void layer_free(elc_sink_layer *layer) {
    if (layer == NULL)
        return;
    elc_sink_drop_feature(layer);
    elc_ogr_row_free(&layer->record);
    free(layer->name);
    free(layer->part);
    free(layer);
}

static elc_status layer_create(elc_sink *sink, const char *name,
                               const struct ArrowSchema *schema, elc_sink_layer **out,
                               elc_error *err) {
    elc_sink_layer *layer = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_alloc(1, sizeof *layer, &layer, err));
    ELC_TRY_GOTO(elc_strdup(name, &layer->name, err), status, done);
    ELC_TRY_GOTO(elc_ogr_row_create(&layer->record, sink->format, schema, err), status,
                 done);
    ELC_TRY_GOTO(sink->writer->begin(sink, layer, err), status, done);
    *out = layer;
    layer = NULL;
done:
    layer_free(layer);
    return status;
}

elc_status elc_sink_add_layer(elc_sink *sink, const char *name,
                              const struct ArrowSchema *schema, size_t *out,
                              elc_error *err) {
    if (sink->n_layers > 0 && !sink->format->layers)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: %s holds one table, and '%s' is the second; write .gpkg",
                        elc_sink_name(sink), sink->format->name, name);
    ELC_TRY(elc_reserve(&sink->layers, &sink->layers_capacity, sink->n_layers + 1,
                        sizeof *sink->layers, err));
    elc_ogr_enter(&sink->scope, ELC_OGR_WRITE);
    elc_status status =
        layer_create(sink, name, schema, &sink->layers[sink->n_layers], err);
    elc_ogr_leave(&sink->scope);
    sink->failed = sink->failed || status != ELC_OK;
    if (status == ELC_OK)
        *out = sink->n_layers++;
    return status;
}

/* ---- rows ----------------------------------------------------------------- */

static elc_status write_rows(elc_sink *sink, elc_sink_layer *layer,
                             const elc_rows *rows, elc_error *err) {
    size_t n = elc_rows_count(rows);
    for (size_t row = 0; row < n; row++) {
        ELC_TRY(sink->writer->row(sink, layer, rows, row, err));
        layer->record.rows++;
    }
    return sink->writer->end_batch == NULL ? ELC_OK
                                           : sink->writer->end_batch(sink, err);
}

elc_status elc_sink_write(elc_sink *sink, size_t layer, const struct ArrowArray *batch,
                          elc_error *err) {
    elc_rows *rows = NULL;
    assert(layer < sink->n_layers);
    elc_sink_layer *target = sink->layers[layer];
    ELC_TRY(elc_rows_view(&target->record.schema, batch, &rows, err));
    elc_ogr_enter(&sink->scope, ELC_OGR_WRITE);
    elc_status status = write_rows(sink, target, rows, err);
    elc_ogr_leave(&sink->scope);
    elc_rows_free(rows);
    sink->failed = sink->failed || status != ELC_OK;
    return status;
}

/* ---- the end -------------------------------------------------------------- */

elc_status elc_sink_commit(elc_sink *sink, elc_error *err) {
    if (sink->failed || sink->n_layers == 0)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: nothing whole to keep: %s",
                        elc_sink_name(sink),
                        sink->failed ? "an earlier step failed" : "no layer was added");
    sink->failed = true; /* a second commit has nothing left */
    elc_ogr_enter(&sink->scope, ELC_OGR_WRITE);
    elc_status status = sink->writer->finish(sink, err);
    elc_ogr_leave(&sink->scope);
    if (status == ELC_OK && sink->output != NULL)
        status = elc_output_commit(sink->output, err);
    elc_output_free(sink->output);
    sink->output = NULL;
    return status;
}

void elc_sink_free(elc_sink *sink) {
    if (sink == NULL)
        return;
    elc_ogr_enter(&sink->scope, ELC_OGR_WRITE);
    for (size_t i = 0; i < sink->n_layers; i++)
        elc_sink_drop_feature(sink->layers[i]);
    if (sink->dataset != NULL && sink->writer->undo != NULL)
        sink->writer->undo(sink);
    if (sink->dataset != NULL)
        GDALClose(sink->dataset);
    if (sink->writer->release != NULL)
        sink->writer->release(sink);
    for (size_t i = 0; i < sink->n_layers; i++)
        layer_free(sink->layers[i]);
    elc_ogr_leave(&sink->scope);
    free(sink->layers);
    free(sink->place);
    free(sink->schema);
    free(sink->table);
    elc_text_free(&sink->text);
    elc_output_free(sink->output);
    free(sink);
}
