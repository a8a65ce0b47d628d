/* read.c - the rows of a table as they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

static const elc_input inputs[] = {
    {.name = "table",
     .cut = ELC_CUT_DRIVING,
     .help = "a vector file or database, or a layer of it (FILE:LAYER)"},
    {0},
};

static const elc_option options[] = {{0}};

static const elc_output outputs[] = {
    {.name = "rows",
     .help = "The rows of the table.",
     .more = "All columns of the table."},
    {0},
};

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)call;
    (void)part;
    (void)err;
    *out = in[0];
    in[0].release = NULL;
    return ELC_OK;
}

const elc_operator elc_operator_read = {
    .name = "read",
    .summary = "give the rows of a table as they are: look at it, or change its format",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano read parcels.shp -o parcels.gpkg",
    .open = open_part,
    .plain = true,
};
