/* operate.c - an operator on the local runner, from its inputs to its output. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/image.h>
#include <elcano/layer.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CACHE = 64 << 20 };

/* All that one run needs. */
typedef struct {
    elc_cli_call *cli;  /* what was called: an operator, or the pipeline */
    elc_cli_call *last; /* of its operators */
    elc_cli_chain chain;
    elc_cli_progress progress;
    elc_context context;
    const char *path; /* NULL: the first rows, to the terminal */
    char *label;      /* the same without passwords */
    elc_sink *sink;   /* NULL: the same */
    elc_cli_preview *preview;
    uint64_t failed; /* rows of the main table that only say what failed */
    json_t *rows;    /* of each table, by its name */
    double started;
    uint64_t units;
    const char *unit_name;
} work;

/* ---- before -------------------------------------------------------------- */

static bool flag(const work *w, const char *name) {
    return elc_options_bool(w->cli->common, name);
}

static elc_cli_progress_kind progress_kind(const work *w) {
    const char *wish = elc_options_text(w->cli->common, "progress");
    if (flag(w, "quiet") || strcmp(wish, "none") == 0)
        return ELC_CLI_PROGRESS_NONE;
    if (strcmp(wish, "json") == 0)
        return ELC_CLI_PROGRESS_JSON;
    bool rows_there =
        w->path != NULL && strcmp(w->path, "-") == 0 && isatty(STDOUT_FILENO);
    return elc_cli_terminal_draws(STDERR_FILENO) && !rows_there ? ELC_CLI_PROGRESS_BAR
                                                                : ELC_CLI_PROGRESS_NONE;
}

/* The option of the last operator that names its own file, which the output is then. */
static const char *own_file(const work *w) {
    return w->last->op->file;
}

static void choose_path(work *w) {
    w->path = own_file(w) == NULL ? elc_options_text(w->cli->common, "output") : NULL;
    if (w->path == NULL && !flag(w, "dry_run") && !isatty(STDOUT_FILENO))
        w->path = "-";
}

static size_t memory_limit(const work *w) {
    size_t wish = (size_t)elc_options_int(w->cli->common, "memory");
    return wish > 0 ? wish * 1000000 : elc_memory_total() / 4 * 3;
}

static void set_context(work *w) {
    w->progress =
        (elc_cli_progress){.kind = progress_kind(w), .lock = PTHREAD_MUTEX_INITIALIZER};
    w->context = (elc_context){
        .threads = (int)elc_options_int(w->cli->common, "threads"),
        .cancel = elc_cli_cancel_flag(),
        .memory = memory_limit(w),
    };
    if (getenv("GDAL_CACHEMAX") == NULL)
        elc_image_set_cache(CACHE);
    elc_cli_catch_signals();
}

/* Gives the output's name to the operator that writes it. */
static elc_status name_file(work *w, elc_error *err) {
    const char *path = elc_options_text(w->cli->common, "output");
    elc_cli_call *last = w->last;
    if (own_file(w) == NULL || path == NULL)
        return ELC_OK;
    if (elc_options_given(last->own, own_file(w)))
        return elc_fail(err, ELC_E_ARGUMENT, "-o and --%s both name the file of %s",
                        own_file(w), last->op->name);
    return elc_options_set(last->own, own_file(w), path, err);
}

static elc_status open_sink(work *w, elc_error *err) {
    if (w->path == NULL)
        return ELC_OK;
    ELC_TRY(elc_layer_label(w->path, &w->label, err));
    elc_sink_options options = {.overwrite = flag(w, "overwrite"),
                                .index = flag(w, "index")};
    elc_status status = elc_sink_create(w->path, &options, &w->sink, err);
    if (status == ELC_E_EXISTS) /* the room has no options, we have */
        elc_fail(err, status, "%s (--overwrite)", err->message);
    return status;
}

static elc_status plan(work *w, elc_error *err) {
    ELC_TRY(elc_cli_chain_plan(&w->chain, err));
    const elc_plan *plan = elc_run_plan(w->chain.steps[0].run);
    w->units = plan->units;
    w->unit_name = plan->unit_name;
    return ELC_OK;
}

/* ---- the rows ------------------------------------------------------------ */

static elc_status start_table(work *w, const char *name,
                              const struct ArrowSchema *schema, size_t *layer,
                              elc_error *err) {
    if (w->sink != NULL)
        return elc_sink_add_layer(w->sink, name, schema, layer, err);
    return elc_cli_preview_create(schema, &w->preview, err);
}

/* By the convention of every table: `error` is NULL when all is well. */
static elc_status count_failed(work *w, const struct ArrowSchema *schema,
                               const struct ArrowArray *batch, elc_error *err) {
    if (elc_schema_find(schema, "error") < 0)
        return ELC_OK;
    elc_rows *rows;
    ELC_TRY(elc_rows_view(schema, batch, &rows, err));
    size_t column = (size_t)elc_rows_column(rows, "error");
    for (size_t i = 0; i < elc_rows_count(rows); i++)
        w->failed += !elc_rows_null(rows, column, i);
    elc_rows_free(rows);
    return ELC_OK;
}

static elc_status take_batch(work *w, size_t layer, const struct ArrowSchema *schema,
                             const struct ArrowArray *batch, elc_error *err) {
    ELC_TRY(elc_check_cancel(&w->context, err));
    if (layer == 0)
        ELC_TRY(count_failed(w, schema, batch, err));
    if (w->sink != NULL)
        return elc_sink_write(w->sink, layer, batch, err);
    return elc_cli_preview_add(w->preview, schema, batch, err);
}

static elc_status take_batches(work *w, struct ArrowArrayStream *stream, size_t layer,
                               const struct ArrowSchema *schema, int64_t *rows,
                               elc_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        *rows += batch.length;
        elc_status status = take_batch(w, layer, schema, &batch, err);
        elc_array_release(&batch);
        ELC_TRY(status);
    }
}

/* Takes a whole table; the stream is released. */
static elc_status take_table(work *w, struct ArrowArrayStream *stream, const char *name,
                             elc_error *err) {
    struct ArrowSchema schema = {0};
    size_t layer = 0;
    int64_t rows = 0;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_stream_schema(stream, &schema, err), status, done);
    ELC_TRY_GOTO(start_table(w, name, &schema, &layer, err), status, done);
    ELC_TRY_GOTO(take_batches(w, stream, layer, &schema, &rows, err), status, done);
    if (json_object_set_new(w->rows, name, json_integer(rows)) != 0)
        status = elc_fail(err, ELC_E_MEMORY, "no memory for the summary");
done:
    elc_schema_release(&schema);
    elc_stream_release(stream);
    return status;
}

static elc_status take_side_table(work *w, const elc_cli_step *step, size_t index,
                                  elc_error *err) {
    struct ArrowArrayStream stream = {0};
    char name[160];
    const char *own = step->call.op->outputs[index].name;
    bool taken = json_object_get(w->rows, own) != NULL;
    snprintf(name, sizeof name, "%s%s%s", taken ? step->name : "", taken ? "_" : "",
             own);
    ELC_TRY(elc_run_side(step->run, index, &stream, err));
    return take_table(w, &stream, name, err);
}

/* Those of every step that was read to its end: later steps add to what is known of
   images, and do not replace it. */
static elc_status take_side_tables(work *w, elc_error *err) {
    if (w->sink == NULL || !elc_sink_takes_layers(w->sink))
        return ELC_OK;
    for (size_t s = 0; s < w->chain.count; s++) {
        const elc_cli_step *step = &w->chain.steps[s];
        for (size_t i = 1; step->ended && step->call.op->outputs[i].name != NULL; i++)
            ELC_TRY(take_side_table(w, step, i, err));
    }
    return ELC_OK;
}

static elc_status take_all(work *w, elc_error *err) {
    struct ArrowArrayStream stream = {0};
    const elc_cli_step *last = &w->chain.steps[w->chain.count - 1];
    ELC_TRY(elc_cli_chain_open(&w->chain, &stream, err));
    ELC_TRY(take_table(w, &stream, last->call.op->outputs[0].name, err));
    ELC_TRY(take_side_tables(w, err));
    ELC_TRY(elc_check_cancel(&w->context, err));
    return w->sink == NULL ? ELC_OK : elc_sink_commit(w->sink, err);
}

/* ---- the plan alone ------------------------------------------------------ */

static void print_count(const char *name, uint64_t count, uint64_t skipped) {
    char text[32];
    if (count == 0 || name == NULL)
        return;
    elc_cli_grouped(count, text);
    printf("%-8s %s", name, text);
    elc_cli_grouped(skipped, text);
    if (skipped > 0)
        printf(" (%s skipped)", text);
    putchar('\n');
}

static void print_later_steps(const elc_cli_chain *chain) {
    for (size_t i = 1; i < chain->count; i++)
        printf("%s%s%s", i == 1 ? "then     " : ", ", chain->steps[i].name,
               i + 1 == chain->count ? ", on what comes\n" : "");
}

static elc_status rehearse(work *w, elc_error *err) {
    elc_run *run = w->chain.steps[0].run;
    const elc_plan *plan = elc_run_plan(run);
    double seconds;
    ELC_TRY(elc_run_rehearse(run, &seconds, err));
    elc_cli_progress_end(&w->progress);
    print_count(plan->item_name, plan->items, 0);
    print_count(plan->unit_name, plan->units, plan->skipped);
    print_count("pixels", plan->pixels, 0);
    print_count("parts", plan->count, 0);
    char text[32];
    elc_cli_duration(seconds, text);
    if (seconds >= 0)
        printf("%-8s about %s\n", "time", text);
    else
        printf("%-8s not known before the run\n", "time");
    print_later_steps(&w->chain);
    return ELC_OK;
}

/* ---- after --------------------------------------------------------------- */

static uint64_t skipped_of(const work *w) {
    uint64_t skipped = 0;
    for (size_t i = 0; i < w->chain.count; i++)
        skipped += w->chain.steps[i].reporter.skipped;
    return skipped;
}

static json_t *files_for_programs(const elc_names *files) {
    json_t *list = json_array();
    for (size_t i = 0; i < files->count; i++)
        json_array_append_new(list, json_string(files->items[i]));
    return list;
}

static void summary_for_programs(const work *w, const elc_names *files) {
    bool file = w->path != NULL && strcmp(w->path, "-") != 0;
    char name[64];
    elc_cli_call_name(w->cli, name);
    elc_cli_json_line(json_pack(
        "{s:s, s:O, s:I, s:s?, s:I, s:I, s:o, s:s?, s:o, s:I}", "finished", name,
        "rows", w->rows, "failed", (json_int_t)w->failed, "unit", w->unit_name, "done",
        (json_int_t)w->units, "skipped", (json_int_t)skipped_of(w), "seconds",
        elc_cli_json_real(elc_clock() - w->started), "output", file ? w->label : NULL,
        "files", files_for_programs(files), "warnings",
        (json_int_t)w->progress.warnings));
}

/* Letters of a table's name that stand for one row: "detection", "class", "search". */
static int singular(const char *name) {
    size_t n = strlen(name);
    bool hisses = n > 4 && (strcmp(name + n - 4, "sses") == 0 ||
                            strcmp(name + n - 4, "ches") == 0);
    return (int)(n - (hisses ? 2 : n > 0 && name[n - 1] == 's'));
}

/* "4,321 detections (and 2 failed), 1 image": the first is the main table. */
static void print_rows(const work *w) {
    const char *name, *before = " ";
    json_t *count;
    char text[32];
    uint64_t failed = w->failed;
    json_object_foreach(w->rows, name, count) {
        uint64_t good = (uint64_t)json_integer_value(count) - failed;
        elc_cli_grouped(good, text);
        int letters = good == 1 ? singular(name) : (int)strlen(name);
        fprintf(stderr, "%s%s %.*s", before, text, letters, name);
        before = ", ";
        elc_cli_grouped(failed, text);
        if (failed > 0)
            fprintf(stderr, " (and %s failed)", text);
        failed = 0;
    }
}

/* "heat.tif, heat.png and heat.html are written" */
static void print_files(const elc_names *files) {
    for (size_t i = 0; i < files->count; i++)
        fprintf(stderr, "%s%s",
                i == 0                 ? "; "
                : i + 1 < files->count ? ", "
                                       : " and ",
                files->items[i]);
    if (files->count > 0)
        fprintf(stderr, " %s written", files->count == 1 ? "is" : "are");
}

static void summary_for_people(const work *w, const elc_names *files) {
    char time[32], units[32], name[64];
    elc_cli_call_name(w->cli, name);
    elc_cli_duration(elc_clock() - w->started, time);
    elc_cli_grouped(w->units, units);
    fprintf(stderr, "elcano: %s:", name);
    print_rows(w);
    if (w->units > 0 && w->unit_name != NULL)
        fprintf(stderr, "; %s %s", units, w->unit_name);
    elc_cli_grouped(skipped_of(w), units);
    if (skipped_of(w) > 0)
        fprintf(stderr, " (%s skipped)", units);
    fprintf(stderr, " in %s", time);
    print_files(files);
    if (w->progress.warnings > 0)
        fprintf(stderr, "; %llu warning%s", (unsigned long long)w->progress.warnings,
                w->progress.warnings == 1 ? "" : "s");
    fputc('\n', stderr);
}

static elc_status tell_summary(const work *w, elc_error *err) {
    elc_names files = {0};
    bool rows = w->path != NULL && strcmp(w->path, "-") != 0;
    elc_status status =
        elc_cli_outputs_name(&w->chain, rows ? w->label : NULL, &files, err);
    if (status == ELC_OK && w->cli->json_messages)
        summary_for_programs(w, &files);
    else if (status == ELC_OK)
        summary_for_people(w, &files);
    elc_names_free(&files);
    return status;
}

static elc_status tell(work *w, elc_error *err) {
    if (w->preview != NULL)
        ELC_TRY(elc_cli_preview_print(w->preview, stdout,
                                      elc_cli_terminal_width(STDOUT_FILENO), err));
    ELC_TRY(elc_cli_flush(ELC_OK, err));
    return flag(w, "quiet") ? ELC_OK : tell_summary(w, err);
}

/* Nothing runs any more after this, so that nobody draws between our words. */
static void stop(work *w) {
    elc_cli_chain_stop(&w->chain);
    elc_cli_progress_end(&w->progress);
}

elc_status elc_cli_operate(elc_cli_call *cli, elc_cli_call *steps, size_t n,
                           elc_error *err) {
    work w = {.cli = cli,
              .last = &steps[n - 1],
              .started = elc_clock(),
              .rows = json_object()};
    elc_status status = ELC_OK;
    cli->json_messages = strcmp(elc_options_text(cli->common, "progress"), "json") == 0;
    choose_path(&w);
    set_context(&w);
    ELC_TRY_GOTO(elc_cli_chain_create(steps, n, &w.context, &w.progress, &w.chain, err),
                 status, done);
    ELC_TRY_GOTO(name_file(&w, err), status, done);
    ELC_TRY_GOTO(elc_cli_outputs_check(&w.chain, w.path, err), status, done);
    ELC_TRY_GOTO(open_sink(&w, err), status, done);
    ELC_TRY_GOTO(plan(&w, err), status, done);
    if (flag(&w, "dry_run")) {
        ELC_TRY_GOTO(rehearse(&w, err), status, done);
    } else {
        ELC_TRY_GOTO(take_all(&w, err), status, done);
        stop(&w);
        ELC_TRY_GOTO(tell(&w, err), status, done);
    }
done:
    stop(&w);
    if (n > 1 && w.chain.failed != NULL)
        strcpy(cli->step, w.chain.failed->name);
    elc_sink_free(w.sink);
    elc_cli_preview_free(w.preview);
    elc_cli_chain_free(&w.chain);
    json_decref(w.rows);
    free(w.label);
    return status;
}
