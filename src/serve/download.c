/* download.c - the rows that a filter and a polygon let pass, as a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <elcano/layer.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AT_ONCE = 4096 };

static const struct {
    const char *name, *ending, *type;
} formats[] = {
    {"geojson", "geojson", SERVE_GEOJSON},
    {"gpkg", "gpkg", "application/geopackage+sqlite3"},
    {"csv", "csv", "text/csv; charset=utf-8"},
    {"parquet", "parquet", "application/vnd.apache.parquet"},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* A file being written, in a folder of its own. */
typedef struct work {
    const serve_layer *layer;
    const serve_patience *patience;
    uint32_t *rows;
    size_t n;
    elc_column *columns;
    int64_t *from;
    size_t n_columns;
    struct ArrowSchema schema; /* a batch's own columns, the table's types and CRSs */
    elc_hidden folder;
    elc_string path;
    elc_sink *sink;
} work;

/* ---- columns --------------------------------------------------------------------- */

static elc_status find_columns(work *w, elc_error *err) {
    const struct ArrowSchema *s = &w->layer->schema;
    size_t n = (size_t)s->n_children;
    ELC_TRY(elc_alloc(n, sizeof *w->columns, &w->columns, err));
    ELC_TRY(elc_alloc(n, sizeof *w->from, &w->from, err));
    for (size_t c = 0; c < n; c++) {
        elc_type type;
        ELC_TRY(elc_schema_type(s->children[c], &type, err));
        w->columns[c] = (elc_column){.name = s->children[c]->name, .type = type};
        w->from[c] = (int64_t)c;
    }
    w->n_columns = n;
    return elc_schema_seen(s, &w->schema, err);
}

/* ---- rows ------------------------------------------------------------------------ */

static elc_status write_some(work *w, elc_batch *batch, size_t from, size_t to,
                             elc_error *err) {
    size_t at;
    struct ArrowArray array = {0};
    ELC_TRY(elc_serve_still_there(w->patience, err));
    for (size_t i = from; i < to; i++) {
        const elc_rows *rows = elc_serve_layer_row(w->layer, w->rows[i], &at);
        ELC_TRY(elc_batch_copy_row(batch, rows, w->from, at, err));
    }
    ELC_TRY(elc_batch_finish(batch, &array, err));
    elc_status status = elc_sink_write(w->sink, 0, &array, err);
    elc_array_release(&array);
    return status;
}

static elc_status write_rows(work *w, elc_error *err) {
    size_t layer;
    elc_batch *batch;
    ELC_TRY(elc_sink_create(w->path.data, NULL, &w->sink, err));
    ELC_TRY(elc_sink_add_layer(w->sink, w->layer->name, &w->schema, &layer, err));
    ELC_TRY(elc_batch_create(w->columns, w->n_columns, &batch, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < w->n; i += AT_ONCE)
        status = write_some(w, batch, i, i + AT_ONCE < w->n ? i + AT_ONCE : w->n, err);
    elc_batch_free(batch);
    return status == ELC_OK ? elc_sink_commit(w->sink, err) : status;
}

/* ---- the file -------------------------------------------------------------------- */

/* A folder that goes with the next download where this process is killed. */
static elc_status make_folder(work *w, const char *ending, elc_error *err) {
    const char *place = getenv("TMPDIR");
    if (place == NULL || *place == '\0')
        place = "/tmp";
    ELC_TRY(elc_hidden_make(place, "elcano-download", "download", &w->folder, err));
    return elc_string_printf(&w->path, err, "%s/rows.%s", w->folder.path, ending);
}

/* Opens the file, which has no name then, so that nothing is left of it. */
static elc_status take_file(work *w, serve_answer *answer, elc_error *err) {
    struct stat facts;
    int file = open(w->path.data, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0) {
        if (file >= 0)
            close(file);
        return elc_fail(err, ELC_E_IO, "the download that was written is not there");
    }
    answer->file = file;
    answer->file_size = (uint64_t)facts.st_size;
    return ELC_OK;
}

/* Without the folder, which says something of this machine. */
static elc_status fail_rows(const work *w, const elc_error *why, elc_error *err) {
    size_t n = strlen(w->path.data);
    bool named = strncmp(why->message, w->path.data, n) == 0;
    return elc_fail(err, why->status, "the download%s%s", named ? "" : ": ",
                    why->message + (named ? n : 0));
}

static elc_status write_file(work *w, size_t format, serve_answer *answer,
                             elc_error *err) {
    elc_error why = {0};
    ELC_TRY(find_columns(w, err));
    ELC_TRY(make_folder(w, formats[format].ending, err));
    if (write_rows(w, &why) != ELC_OK)
        return fail_rows(w, &why, err);
    answer->type = formats[format].type;
    snprintf(answer->download, sizeof answer->download, "%.200s.%s", w->layer->name,
             formats[format].ending);
    return take_file(w, answer, err);
}

static void work_free(work *w) {
    elc_sink_free(w->sink);
    elc_hidden_remove(&w->folder);
    elc_string_free(&w->path);
    elc_schema_release(&w->schema);
    free(w->columns);
    free(w->from);
    free(w->rows);
}

/* ---- all ------------------------------------------------------------------------- */

static elc_status find_format(const serve_request *request, size_t *out,
                              elc_error *err) {
    const char *name = elc_serve_parameter(request, "format", NULL);
    for (*out = 0; *out < FORMATS; (*out)++)
        if (strcmp(name == NULL ? "geojson" : name, formats[*out].name) == 0)
            return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "format: geojson, gpkg, csv or parquet");
}

static elc_status select_rows(const serve_call *call, work *w, elc_error *err) {
    serve_filter filter;
    elc_string polygon = {0};
    ELC_TRY(elc_serve_filter_read(call->request, w->layer, &filter, err));
    elc_status status = elc_serve_polygon_read(call, &polygon, err);
    serve_within within = {polygon.data, polygon.size};
    if (status == ELC_OK)
        status = elc_serve_select_rows(w->layer, &filter, &within, call->patience,
                                       &w->rows, &w->n, err);
    elc_serve_filter_clear(&filter);
    elc_string_free(&polygon);
    return status;
}

elc_status elc_serve_download(const serve_call *call, serve_answer *answer,
                              elc_error *err) {
    size_t format;
    work w = {.patience = call->patience};
    ELC_TRY(elc_serve_layer_named(call, 2, &w.layer, err));
    ELC_TRY(find_format(call->request, &format, err));
    elc_status status = select_rows(call, &w, err);
    if (status == ELC_OK)
        status = write_file(&w, format, answer, err);
    work_free(&w);
    return status;
}
