/* found.c - a table kept in memory, and the clusters of its rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "found.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_ROWS = 4096 };

/* ---- places ---------------------------------------------------------------------- */

static elc_status add_row(cluster_found *f, part_spotter *spotter, const elc_rows *rows,
                          size_t row, size_t number, elc_error *err) {
    elc_point p;
    bool missing = false;
    ELC_TRY(elc_part_spot(spotter, rows, row, &p, &missing, err));
    f->n_missing += missing;
    if (missing)
        return ELC_OK;
    f->spots[f->n_placed] = p;
    f->row[f->n_placed++] = (uint32_t)number;
    return ELC_OK;
}

static elc_status spot_rows(const cluster_job *job, cluster_found *f, elc_error *err) {
    part_spotter spotter = {.place = &job->place};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < f->table.count && status == ELC_OK; i++) {
        const part_held_batch *batch = &f->table.batches[i];
        size_t n = elc_rows_count(batch->rows);
        for (size_t row = 0; row < n && status == ELC_OK; row++) {
            if (row % LOOK_ROWS == 0)
                status = elc_check_cancel(job->call->context, err);
            if (status == ELC_OK)
                status =
                    add_row(f, &spotter, batch->rows, row, batch->first + row, err);
        }
    }
    elc_part_spotter_free(&spotter);
    return status;
}

/* Shapes are made of places of the table's CRS. */
static elc_status move_spots(const cluster_job *job, cluster_found *f, elc_error *err) {
    f->places = f->spots;
    if (job->way == NULL)
        return ELC_OK;
    if (job->shapes != CLUSTER_ROWS) {
        ELC_TRY(elc_alloc(f->n_placed, sizeof *f->places, &f->places, err));
        memcpy(f->places, f->spots, f->n_placed * sizeof *f->places);
    }
    elc_transform_points(job->way, f->spots, f->n_placed);
    return ELC_OK;
}

static bool is_somewhere(const cluster_job *job, elc_point p) {
    bool metres = job->wish.metres;
    return fabs(p.x) <= (metres ? 360 : 0x1p+400) &&
           fabs(p.y) <= (metres ? 90 : 0x1p+400);
}

static void drop_nowhere(const cluster_job *job, cluster_found *f) {
    size_t kept = 0;
    for (size_t i = 0; i < f->n_placed; i++) {
        if (!is_somewhere(job, f->spots[i]))
            continue;
        f->spots[kept] = f->spots[i];
        f->places[kept] = f->places[i];
        f->row[kept++] = f->row[i];
    }
    f->n_nowhere = f->n_placed - kept;
    f->n_placed = kept;
}

static elc_status find_places(const cluster_job *job, cluster_found *f,
                              elc_error *err) {
    size_t n = f->table.n_rows;
    if (n > INT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "the table has %zu rows; 2,147,483,647 at most can be "
                        "clustered",
                        n);
    ELC_TRY(elc_alloc(n, sizeof *f->spots, &f->spots, err));
    ELC_TRY(elc_alloc(n, sizeof *f->row, &f->row, err));
    ELC_TRY(spot_rows(job, f, err));
    ELC_TRY(move_spots(job, f, err));
    drop_nowhere(job, f);
    return elc_alloc(f->n_placed, sizeof *f->cluster, &f->cluster, err);
}

/* ---- all of it ------------------------------------------------------------------- */

static void warn_of_places(const cluster_job *job, const cluster_found *f) {
    const elc_context *context = job->call->context;
    if (f->n_missing > 0)
        elc_warn(context, "rows that have no place are in no cluster: %zu of %zu",
                 f->n_missing, f->table.n_rows);
    if (f->n_nowhere > 0)
        elc_warn(
            context,
            "rows are in no cluster, since their places are empty, cannot be read, "
            "are no finite numbers, or are nowhere in the table's CRS: %zu of %zu",
            f->n_nowhere, f->table.n_rows);
}

static elc_status find_all(const cluster_job *job, cluster_found *f, elc_error *err) {
    elc_clusters clusters = {0};
    ELC_TRY(elc_clusters_find(f->spots, f->n_placed, &job->wish, f->cluster, &clusters,
                              err));
    f->n_clusters = clusters.count;
    elc_clusters_free(&clusters);
    return ELC_OK;
}

elc_status elc_cluster_found_read(const cluster_job *job,
                                  struct ArrowArrayStream *table, cluster_found *f,
                                  elc_error *err) {
    ELC_TRY(
        elc_part_held_read(&f->table, table, &job->schema, job->call->context, err));
    ELC_TRY(find_places(job, f, err));
    warn_of_places(job, f);
    return job->by->count > 0 ? elc_cluster_found_by(job, f, err)
                              : find_all(job, f, err);
}

void elc_cluster_found_free(cluster_found *f) {
    elc_part_held_free(&f->table);
    if (f->places != f->spots)
        free(f->places);
    free(f->spots);
    free(f->row);
    free(f->cluster);
    *f = (cluster_found){0};
}
