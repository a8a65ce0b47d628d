/* files.c - a heatmap as a raster, a picture and a page. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elcano/layer.h>

#include "operators/parts/write.h"

static const char UNIT[] = "per km2";
static const char *const names[] = {"out", "png", "html"};
enum { N_NAMES = sizeof names / sizeof *names };

static bool may_replace(const heat_job *job) {
    return elc_options_bool(job->call->options, "overwrite");
}

static const char *path_of(const heat_job *job, const char *name) {
    return elc_options_text(job->call->options, name);
}

/* ---- before the work, which may be long -------------------------------------------
 */

static elc_status check_twice(const heat_job *job, size_t i, elc_error *err) {
    const char *path = path_of(job, names[i]);
    for (size_t j = 0; j < i; j++) {
        const char *other = path_of(job, names[j]);
        if (elc_layer_same_file(path, other))
            return elc_fail(err, ELC_E_ARGUMENT, "--%s and --%s both name %s", names[j],
                            names[i], path);
    }
    return ELC_OK;
}

/* Where the table's name is not known, who has opened it sees to that. */
static elc_status check_not_read(const heat_job *job, const char *path,
                                 elc_error *err) {
    const elc_reference *table = job->call->inputs;
    const char *read = path_of(job, "images");
    if (!elc_layer_is_of_file(read, path))
        read = NULL;
    for (size_t i = 0; table != NULL && read == NULL && i < table->n_paths; i++)
        if (elc_layer_is_of_file(table->paths[i], path))
            read = table->paths[i];
    if (read == NULL)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: is read, so it cannot be the output too; give another name",
                    read);
}

elc_status elc_heat_check_files(const heat_job *job, elc_error *err) {
    for (size_t i = 0; i < N_NAMES; i++) {
        const char *path = path_of(job, names[i]);
        if (path == NULL)
            continue;
        ELC_TRY(check_not_read(job, path, err));
        ELC_TRY(check_twice(job, i, err));
        ELC_TRY(elc_check_file(path, may_replace(job), err));
    }
    return ELC_OK;
}

/* ---- after it ---------------------------------------------------------------------
 */

static elc_status write_raster(const heat_job *job, const elc_raster_band *bands,
                               size_t n, elc_error *err) {
    const char *path = path_of(job, "out");
    if (path == NULL)
        return ELC_OK;
    elc_status status = elc_raster_write(path, &job->density.grid, job->to, bands, n,
                                         may_replace(job), job->call->context, err);
    if (status == ELC_E_EXISTS) /* since it was looked for, before the work */
        elc_fail(err, status, "%s: is there already (--overwrite)", path);
    return status;
}

static elc_status make_png(const heat_job *job, const heat_band *band,
                           const char *title, elc_string *out, elc_error *err) {
    elc_picture wish = {title, UNIT, elc_heat_highest(band)};
    if (path_of(job, "png") == NULL)
        return ELC_OK;
    return elc_raster_picture(&job->density.grid, band->values, &wish, out, err);
}

static elc_status make_page(const heat_job *job, const elc_raster_band *bands, size_t n,
                            const char *title, elc_string *out, elc_error *err) {
    const char *path = path_of(job, "html");
    size_t shown = n < ELC_PAGE_BANDS ? n : ELC_PAGE_BANDS;
    if (path == NULL)
        return ELC_OK;
    ELC_TRY(elc_raster_page(&job->density.grid, job->to, bands, shown, title, UNIT,
                            job->call->context, out, err));
    if (shown < n)
        elc_warn(job->call->context, "%s shows the first %zu of %zu bands", path, shown,
                 n);
    return ELC_OK;
}

/* The pictures appear together or not at all. */
static elc_status write_pictures(const heat_job *job, const elc_string *png,
                                 const elc_string *page, elc_error *err) {
    written_file files[2];
    size_t n = 0;
    if (path_of(job, "png") != NULL)
        files[n++] = (written_file){path_of(job, "png"), png->data, png->size};
    if (path_of(job, "html") != NULL)
        files[n++] = (written_file){path_of(job, "html"), page->data, page->size};
    return n == 1 ? elc_write_file(files[0].path, files[0].bytes, files[0].n, err)
                  : elc_write_files(files, n, err);
}

static void write_title(const heat_job *job, char *out, size_t size) {
    snprintf(out, size, "%s per km2%s, %s, %g m",
             job->weight >= 0 ? "weight" : "places",
             job->imaged ? " of imaged area" : "",
             elc_options_text(job->call->options, "kernel"), job->density.bandwidth);
}

/* A new raster goes again where the pictures are not written. */
static elc_status write_all(const heat_job *job, const elc_raster_band *bands, size_t n,
                            const elc_string *png, const elc_string *page,
                            elc_error *err) {
    const char *path = path_of(job, "out");
    bool there = path != NULL && access(path, F_OK) == 0;
    ELC_TRY(write_raster(job, bands, n, err));
    elc_status status = elc_check_cancel(job->call->context, err);
    if (status == ELC_OK)
        status = write_pictures(job, png, page, err);
    if (status != ELC_OK && path != NULL && !there)
        unlink(path);
    return status;
}

/* All is made before anything is written, since some of it may be impossible. */
static elc_status make_and_write(const heat_job *job, const heat_band *first,
                                 const elc_raster_band *bands, size_t n,
                                 elc_error *err) {
    char title[160];
    elc_string png = {0}, page = {0};
    write_title(job, title, sizeof title);
    elc_status status = make_png(job, first, title, &png, err);
    if (status == ELC_OK)
        status = make_page(job, bands, n, title, &page, err);
    if (status == ELC_OK)
        status = elc_check_cancel(job->call->context, err);
    if (status == ELC_OK)
        status = write_all(job, bands, n, &png, &page, err);
    elc_string_free(&png);
    elc_string_free(&page);
    return status;
}

elc_status elc_heat_write(const heat_job *job, const heat_band *bands, size_t n,
                          elc_error *err) {
    elc_raster_band *rasters;
    ELC_TRY(elc_alloc(n, sizeof *rasters, &rasters, err));
    for (size_t i = 0; i < n; i++)
        rasters[i] = (elc_raster_band){bands[i].name, bands[i].values};
    elc_status status = make_and_write(job, bands, rasters, n, err);
    free(rasters);
    return status;
}
