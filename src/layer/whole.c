/* whole.c - whether all rows are in a file that was written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "whole.h"

#include <stdio.h>
#include <string.h>

static bool has_rows(const elc_sink *sink, const char *path) {
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    bool whole = dataset != NULL;
    for (size_t i = 0; whole && i < sink->n_layers; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, (int)i);
        GIntBig rows = (GIntBig)sink->layers[i]->record.rows;
        whole = layer != NULL && OGR_L_GetFeatureCount(layer, TRUE) == rows;
    }
    if (dataset != NULL)
        GDALClose(dataset);
    return whole;
}

/* Drivers of XML read all of it into memory: its marks are counted, and its end seen.
   A mark with its '<' is in no text, where that is written as an entity. */
static bool has_marks(const elc_sink *sink, const char *path) {
    bool kml = sink->format->code == ELC_FORMAT_KML;
    const char *mark = kml ? "<Placemark" : "<ogr:featureMember>";
    const char *end = kml ? "</Document></kml>\n" : "</ogr:FeatureCollection>\n";
    FILE *file = fopen(path, "rb");
    char line[4096] = "", last[64] = "";
    uint64_t marks = 0;
    bool begins = true; /* a mark begins a line, apart from blanks */
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *text = line + strspn(line, " \t");
        marks += begins && strncmp(text, mark, strlen(mark)) == 0;
        begins = strchr(line, '\n') != NULL;
        snprintf(last, sizeof last, "%.60s", text);
    }
    if (file != NULL)
        fclose(file);
    return marks == sink->layers[0]->record.rows && strcmp(last, end) == 0;
}

elc_status elc_sink_check_whole(elc_sink *sink, elc_error *err) {
    const char *path = elc_output_temporary(sink->output);
    elc_format_code code = sink->format->code;
    bool xml = code == ELC_FORMAT_KML || code == ELC_FORMAT_GML;
    bool whole = xml ? has_marks(sink, path) : has_rows(sink, path);
    return whole ? ELC_OK : elc_output_fail(sink->output, "it was cut short", err);
}
