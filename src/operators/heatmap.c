/* heatmap.c - how dense the places of a table lie, as a raster and as pictures. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "heatmap/job.h"

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_WHOLE,
     .help =
         "the places, as detect writes them: FILE or FILE:LAYER; lines and polygons "
         "count at their centroid; a table without a geometry has lon and lat"},
    {0},
};

static const char *const kernels[] = {"gaussian", "epanechnikov", "quartic", NULL};
static const char *const pers[] = {"area", "imaged-area", NULL};

static const elc_option options[] = {
    {.name = "out",
     .type = ELC_OPTION_PATH,
     .help = "the raster, a GeoTIFF; -o names it too"},
    {.name = "bandwidth",
     .type = ELC_OPTION_LENGTH,
     .help = "how far a place is spread: the Gaussian's standard deviation, or the "
             "radius of the others; a bare number is metres"},
    {.name = "pixel",
     .type = ELC_OPTION_LENGTH,
     .help = "side of the raster's cells; default: a fifth of the bandwidth"},
    {.name = "kernel",
     .type = ELC_OPTION_CHOICE,
     .choices = kernels,
     .fallback = "gaussian",
     .help =
         "how a place is spread: sums are exact to a millionth of the highest value"},
    {.name = "weight",
     .type = ELC_OPTION_TEXT,
     .help = "column of numbers that places count by; NULL and NaN count 0"},
    {.name = "by",
     .type = ELC_OPTION_TEXT,
     .help = "column, as class: a band for each of its values after the first, which "
             "has all"},
    {.name = "per",
     .type = ELC_OPTION_CHOICE,
     .choices = pers,
     .fallback = "area",
     .help = "imaged-area: rates where images were taken (--images), so that a place "
             "near their edge counts as much as others; what no image shows is nodata"},
    {.name = "images",
     .type = ELC_OPTION_LAYER,
     .help = "polygons that were looked at: the layer images that detect writes, or a "
             "catalogue; overlaps count once"},
    {.name = "crs",
     .type = ELC_OPTION_CRS,
     .help = "CRS of the raster, in metres; default: the table's where its metres are "
             "true to 2 in 100, else UTM of its middle"},
    {.name = "bounds",
     .type = ELC_OPTION_TEXT,
     .unit = "degrees",
     .help = "only this box: WEST,SOUTH,EAST,NORTH on WGS 84; places beyond count as "
             "far as they are spread into it"},
    PART_PLACE_DEGREES_OPTIONS,
    {.name = "png",
     .type = ELC_OPTION_PATH,
     .help = "picture with a legend and a scale"},
    {.name = "html",
     .type = ELC_OPTION_PATH,
     .help = "map for the browser, in one file that needs no network"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "replace the files when they are there"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "bands",
     .help = "one row a band of the raster, its place that of the highest value",
     .columns = elc_heat_columns,
     .n_columns = HEAT_N_COLUMNS},
    {0},
};

/* Early, where the table is known: what cannot be meant. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    struct ArrowArrayStream *table = call->inputs ? call->inputs[0].stream : NULL;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_heat_check(call->options, err));
    if (table != NULL && table->release != NULL) {
        heat_job job = {.call = call};
        ELC_TRY(elc_stream_schema(table, &schema, err));
        elc_status status = elc_heat_job_start(&job, &schema, err);
        elc_heat_job_clear(&job);
        elc_schema_release(&schema);
        ELC_TRY(status);
    }
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    ELC_TRY(elc_heat_check(call->options, err));
    return elc_heat_run(call, &in[0], out, err);
}

const elc_operator elc_operator_heatmap = {
    .name = "heatmap",
    .summary = "draw how dense the places of a table lie",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano heatmap vehicles.gpkg --bandwidth 50m --pixel 5m -o heat.tif "
               "--png heat.png --html heat.html",
    .file = "out",
    .plan = plan,
    .open = open_part,
};
