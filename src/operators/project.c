/* project.c - the places of a table in another CRS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "project/rows.h"

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_DRIVING,
     .help = "the table whose places are moved: FILE or FILE:LAYER"},
    {0},
};

static const elc_option options[] = {
    {.name = "from",
     .type = ELC_OPTION_CRS,
     .help = "CRS of the coordinates, EPSG:n or any that PROJ knows; default: what the "
             "table says"},
    {.name = "to",
     .type = ELC_OPTION_CRS,
     .fallback = "OGC:CRS84",
     .help = "CRS of the geometry that comes out; OGC:CRS84 is longitude and latitude"},
    {.name = "x",
     .type = ELC_OPTION_TEXT,
     .help =
         "column of eastings or longitudes, whatever the CRS's order of axes, where "
         "the table has no geometry; default: lon and lat, degrees on WGS 84"},
    {.name = "y", .type = ELC_OPTION_TEXT, .help = "column of northings or latitudes"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "The rows of TABLE in their order, its first geometry in the other CRS.",
     .more =
         "All columns of TABLE; with --x and --y the points are one more, geometry, "
         "the first. Rows without a place (NULL, empty, NaN) stay so; the geometry "
         "is NULL where the other CRS has no coordinates for a point of it. Heights "
         "and measures are kept as they are."},
    {0},
};

static elc_status shape_of(const elc_call *call, struct ArrowArrayStream *in,
                           project_shape **out, elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_stream_schema(in, &schema, err));
    return elc_project_shape_create(call->options, &schema, out, err);
}

/* Early, where the table is known: what cannot be moved. */
static elc_status check_table(const elc_call *call, project_shared *shared,
                              elc_error *err) {
    const elc_reference *given = call->inputs;
    project_shape *shape;
    if (given == NULL || given->stream == NULL || given->stream->release == NULL)
        return ELC_OK;
    ELC_TRY(shape_of(call, given->stream, &shape, err));
    elc_status status = elc_project_shared_start(shared, shape, err);
    elc_project_shape_free(shape);
    return status;
}

static elc_status prepare(const elc_call *call, void **prepared, elc_error *err) {
    project_shared *shared;
    ELC_TRY(elc_project_shared_create(call, &shared, err));
    elc_status status = check_table(call, shared, err);
    if (status != ELC_OK) {
        elc_project_shared_free(shared);
        return status;
    }
    *prepared = shared;
    return ELC_OK;
}

static void release(void *prepared) {
    elc_project_shared_free(prepared);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    project_shape *shape;
    ELC_TRY(shape_of(call, &in[0], &shape, err));
    elc_status status = elc_project_rows(call, call->prepared, shape, &in[0], out, err);
    if (status != ELC_OK)
        elc_project_shape_free(shape);
    return status;
}

const elc_operator elc_operator_project = {
    .name = "project",
    .summary = "bring a table's places to another CRS",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano project survey.csv --from EPSG:32633 --x easting --y northing -o "
        "places.geojson",
    .prepare = prepare,
    .release = release,
    .open = open_part,
};
