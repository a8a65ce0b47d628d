/* run.c - the table that cluster gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "lots.h"

enum { ROWS_A_BATCH = 4096, BYTES_A_BATCH = 4 << 20, LOOK_ROWS = 256 };

typedef struct running {
    cluster_job *job;
    struct ArrowArrayStream table;
    bool is_read;
    cluster_found found;
    cluster_lots *lots;   /* NULL: the table's rows are given */
    size_t given, placed; /* rows or clusters; of the rows, those that have a place */
    elc_batch *out;
    elc_progress progress;
} running;

static elc_status read_table(running *r, elc_error *err) {
    ELC_TRY(elc_cluster_found_read(r->job, &r->table, &r->found, err));
    r->is_read = true;
    r->progress.total = r->found.table.n_rows;
    if (r->job->shapes == CLUSTER_ROWS)
        return ELC_OK;
    r->progress.total = r->found.n_clusters;
    return elc_cluster_lots_create(r->job, &r->found, &r->lots, err);
}

static elc_status give_row(running *r, elc_error *err) {
    const cluster_found *f = &r->found;
    size_t row, number = r->given++;
    const elc_rows *rows = elc_part_held_row(&f->table, number, &row);
    if (r->placed < f->n_placed && f->row[r->placed] == number) {
        int32_t cluster = f->cluster[r->placed++];
        if (cluster >= 0)
            ELC_TRY(
                elc_batch_int(r->out, (size_t)r->job->made[CLUSTER_ID], cluster, err));
    }
    return elc_batch_copy_row(r->out, rows, r->job->from, row, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    running *r = state;
    const elc_context *context = r->job->call->context;
    if (!r->is_read)
        ELC_TRY(read_table(r, err));
    while (r->given < r->progress.total && elc_batch_rows(r->out) < ROWS_A_BATCH &&
           elc_batch_size(r->out) < BYTES_A_BATCH) {
        if (r->lots != NULL || r->given % LOOK_ROWS == 0)
            ELC_TRY(elc_check_cancel(context, err));
        if (r->lots != NULL)
            ELC_TRY(elc_cluster_lots_give(r->lots, r->given++, r->out, err));
        else
            ELC_TRY(give_row(r, err));
    }
    size_t rows = elc_batch_rows(r->out);
    r->progress.done = r->given;
    r->progress.found += rows;
    elc_report(context, &r->progress);
    return rows > 0 ? elc_batch_finish(r->out, out, err) : ELC_OK;
}

static void running_free(void *state) {
    running *r = state;
    elc_cluster_lots_free(r->lots);
    elc_cluster_found_free(&r->found);
    elc_stream_release(&r->table);
    elc_batch_free(r->out);
    elc_cluster_job_free(r->job);
    free(r);
}

elc_status elc_cluster_stream(cluster_job *job, struct ArrowArrayStream *table,
                              struct ArrowArrayStream *out, elc_error *err) {
    running *r;
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->progress.unit = job->shapes == CLUSTER_ROWS ? "rows" : "clusters";
    elc_status status =
        elc_batch_create(job->columns.items, job->columns.count, &r->out, err);
    if (status == ELC_OK)
        status = elc_part_columns_stream(
            &job->columns, (elc_producer){next, running_free, r}, out, err);
    if (status != ELC_OK) {
        running_free(r);
        return status;
    }
    r->job = job;
    r->table = *table;
    table->release = NULL;
    return ELC_OK;
}
