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

static elc_status fail_exists(const char *path, elc_error *err) {
    return elc_fail(err, ELC_E_EXISTS, "%s: is there already (--overwrite)", path);
}

static elc_status check_file(const char *path, bool replace, elc_error *err) {
    const char *slash = strrchr(path, '/');
    elc_string folder = {0};
    if (!replace && access(path, F_OK) == 0)
        return fail_exists(path, err);
    int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    ELC_TRY(elc_string_printf(&folder, err, "%.*s", length, slash ? path : "."));
    bool well = access(folder.data, W_OK | X_OK) == 0;
    elc_string_free(&folder);
    return well ? ELC_OK : elc_fail(err, ELC_E_IO, "%s: cannot be written: %m", path);
}

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
        ELC_TRY(check_file(path, may_replace(job), err));
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
                                         may_replace(job), err);
    return status == ELC_E_EXISTS ? fail_exists(path, err) : status;
}

static elc_status write_png(const heat_job *job, const heat_band *band,
                            const char *title, elc_error *err) {
    const char *path = path_of(job, "png");
    elc_picture wish = {title, UNIT, elc_heat_highest(band)};
    elc_string png = {0};
    if (path == NULL)
        return ELC_OK;
    elc_status status =
        elc_raster_picture(&job->density.grid, band->values, &wish, &png, err);
    if (status == ELC_OK)
        status = elc_write_file(path, png.data, png.size, err);
    elc_string_free(&png);
    return status;
}

static elc_status write_page(const heat_job *job, const elc_raster_band *bands,
                             size_t n, const char *title, elc_error *err) {
    const char *path = path_of(job, "html");
    size_t shown = n < ELC_PAGE_BANDS ? n : ELC_PAGE_BANDS;
    elc_string page = {0};
    if (path == NULL)
        return ELC_OK;
    elc_status status = elc_raster_page(&job->density.grid, job->to, bands, shown,
                                        title, UNIT, job->call->context, &page, err);
    if (status == ELC_OK)
        status = elc_write_file(path, page.data, page.size, err);
    elc_string_free(&page);
    if (status == ELC_OK && shown < n)
        elc_warn(job->call->context, "%s shows the first %zu of %zu bands", path, shown,
                 n);
    return status;
}

static void write_title(const heat_job *job, char *out, size_t size) {
    snprintf(out, size, "%s per km2%s, %s, %g m",
             job->weight >= 0 ? "weight" : "places",
             job->imaged ? " of imaged area" : "",
             elc_options_text(job->call->options, "kernel"), job->density.bandwidth);
}

elc_status elc_heat_write(const heat_job *job, const heat_band *bands, size_t n,
                          elc_error *err) {
    char title[160];
    elc_raster_band *rasters;
    write_title(job, title, sizeof title);
    ELC_TRY(elc_alloc(n, sizeof *rasters, &rasters, err));
    for (size_t i = 0; i < n; i++)
        rasters[i] = (elc_raster_band){bands[i].name, bands[i].values};
    elc_status status = write_raster(job, rasters, n, err);
    if (status == ELC_OK)
        status = write_png(job, bands, title, err);
    if (status == ELC_OK)
        status = write_page(job, rasters, n, title, err);
    free(rasters);
    return status;
}
