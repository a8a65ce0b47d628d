/* job.h - operators called by names and texts, as programs in other languages do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_JOB_H
#define ELCANO_JOB_H

#include <elcano/run.h>

ELC_BEGIN

/* An operator with its options and the files that it reads, in one process of those
   that work on it: the one that plans, or one that opens parts. Calls of one job are
   made by one thread at a time, but for those that say otherwise. A job outlives the
   streams that it gives; batches outlive both. */
typedef struct elc_job elc_job;

/* `options` is a JSON object of texts by option name (elc_options_from_json); `inputs` a
   JSON object of lists of paths by input name: for a table one, FILE or FILE:LAYER.
   Both may be NULL. Files are not opened yet. `threads` as in elc_context. ELC_E_ARGUMENT
   names what is wrong: an input that there is not, an option, a table of two files. */
elc_status elc_job_create(const char *op, const char *options, const char *inputs,
                          int threads, elc_job **out, elc_error *err);
/* A job of the same operator and options on other files, or the same. Where the work can
   be in many places it uses what the first one has prepared, a network and what it has
   decided of images, and prepares that where it has not: for many tasks of a process,
   each with a job, at once. What can be told of images must stay true as long as the
   first is there: it outlives those that follow it. One thread at a time makes them. */
elc_status elc_job_follow(elc_job *first, const char *inputs, int threads,
                          elc_job **out, elc_error *err);
void elc_job_free(elc_job *job);

/* From any thread: what runs ends soon, with ELC_E_CANCELLED. */
void elc_job_cancel(elc_job *job);
/* What has been reported last, of all parts together that were opened one after another;
   from any thread. */
elc_progress elc_job_progress(elc_job *job);
/* Moves the oldest warning that was not taken to `out`; false where there is none. Only
   the first hundred are kept. From any thread. */
bool elc_job_warning(elc_job *job, char *out, size_t size);

/* The columns of the operator's table, without hidden ones. What is read must be there,
   but no rows are taken from it. */
elc_status elc_job_schema(elc_job *job, struct ArrowSchema *out, elc_error *err);
/* The columns of its parts, hidden ones too. ELC_E_UNSUPPORTED for an operator that has no parts. */
elc_status elc_job_part_schema(elc_job *job, struct ArrowSchema *out, elc_error *err);

/* True where the work is cut by slices of a driving input, which needs no plan, and the
   rows are all final. */
bool elc_job_slices(const elc_job *job);
/* Plans parts of about so many units each; borrowed, until the next plan. Of an operator
   that works by slices it has no parts; one that needs whole tables has one. */
elc_status elc_job_plan(elc_job *job, uint64_t part_units, const elc_plan **out,
                        elc_error *err);

/* The columns that readers of streams from here on want, which are copied. A table that is
   given as it is (elc_operator's `plain`) and whose file can leave columns out has those
   alone, in the table's order; others have all. */
elc_status elc_job_want_columns(elc_job *job, const elc_names *columns, elc_error *err);
/* Plans from here on say where and when the rows of parts can be (elc_extent), of operators
   that can tell, which may have to read more of each image. */
void elc_job_want_extents(elc_job *job);

/* The whole table, by the local runner. */
elc_status elc_job_read(elc_job *job, struct ArrowArrayStream *out, elc_error *err);
/* The rows of every slices-th batch of the driving input, from `slice` on (0 to
   slices - 1). Together all slices are the table. */
elc_status elc_job_read_slice(elc_job *job, uint64_t slice, uint64_t slices,
                              struct ArrowArrayStream *out, elc_error *err);
/* The rows of one scope, from all of its parts (bytes of a plan made by any process with
   the same options and inputs, in the order of the plan), settled. */
elc_status elc_job_read_scope(elc_job *job, const elc_part *parts, size_t n,
                              struct ArrowArrayStream *out, elc_error *err);
/* The rows of one part as they leave it, with hidden columns: those with a `_group` are
   to be combined with all others of that group. */
elc_status elc_job_read_part(elc_job *job, const elc_part *part,
                             struct ArrowArrayStream *out, elc_error *err);
/* Settles rows: all those of whole groups, of each in plan order, as one batch, which is
   moved from, of the parts' columns (binary ones may have forgotten that they are
   geometries). Opens no network. */
elc_status elc_job_combine(elc_job *job, const struct ArrowSchema *columns,
                           struct ArrowArray *rows, struct ArrowArrayStream *out,
                           elc_error *err);

ELC_END
#endif
