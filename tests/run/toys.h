/* toys.h - small operators whose right answer is known, and a way to read tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_RUN_TOYS_H
#define ELCANO_TESTS_RUN_TOYS_H

#include <elcano/run.h>

#include <stdatomic.h>

/* What a run did, for tests: the `arg` of its context. May be absent. */
typedef struct toy_watch {
    atomic_int live, most_live; /* batches that exist */
    atomic_int open, most_open; /* streams of parts */
    atomic_int opened;          /* parts opened so far */
    atomic_int threads;         /* context->threads of the last part */
    atomic_int cancel;          /* set it to cancel; see toy_context */
} toy_watch;

/* numbers: a source. Rows id = 0..items-1, square, word; `part_units` ids a part (0:
   all in one). Options: items, batch (rows), fail_at (id; -1: never), slow (part that
   sleeps for 2 ms before each batch), stall (at this id it waits until cancelled). */
extern const elc_operator toy_numbers;
/* evens: driving; keeps rows with an even `id` and passes all columns through. Fails at
   id 13 when its option unlucky is set. */
extern const elc_operator toy_evens;
/* names: driving and whole; adds `name` to each row, that of the whole table's equal
   id. The whole table is optional: without it names are NULL. */
extern const elc_operator toy_names;
/* tally: keyed by `word`; one row a word, in first-appearance order, with its count. */
extern const elc_operator toy_tally;
/* census: driving, with combine; one row a word with its count, in alphabetical order,
   and NULL last. Every slice counts its own. */
extern const elc_operator toy_census;
/* The same, whose counts are combined as they come. */
extern const elc_operator toy_folding_census;
/* sums: a source with scopes and combine. Scope s has items of value i = 0..n_s-1 with
   n_s = items + s; each bucket of `bucket` of them is one row with their sum. A bucket
   that is cut by the border of a part leaves as pieces in a `_group`. One row a scope
   goes to the side table "scopes". Options: scopes, items, bucket,
   batch (buckets), fault. */
extern const elc_operator toy_sums;
/* The faults that sums can be told to have. */
enum {
    TOY_SOUND,
    TOY_UNORDERED,  /* final rows leave in falling order */
    TOY_LATE_GROUP, /* a scope of one part gives a group that lies before final rows */
    TOY_UNKNOWN_SIDE,  /* a row of a table that is not declared */
    TOY_GROUP_REMAINS, /* combine gives a row with a _group */
    TOY_COMBINE_FAILS,
    TOY_OTHER_COLUMNS,  /* the second part has other columns */
    TOY_OTHER_CRS,      /* the second part is in another CRS */
    TOY_FEWER_COLUMNS,  /* the second part lacks the last one */
    TOY_NO_ORDER,       /* there is no _order */
    TOY_OTHER_ORDER,    /* _order is a text */
    TOY_COMBINE_DIFFERS /* combine's sum has another name */
};

/* Options of an operator from "name=text name=text"; NULL: fallbacks. */
elc_options *toy_options(const elc_operator *op, const char *settings);

/* A context for `threads`, watched and cancelled by `watch` (may be NULL). */
elc_context toy_context(int threads, toy_watch *watch);

/* All rows of a stream, a line each, "column=value column=value" with hidden columns
   too; releases the stream. Fails the test when the stream does. */
elc_string toy_text(struct ArrowArrayStream *stream);
/* The same until the end or a failure, which it gives back. */
elc_status toy_read(struct ArrowArrayStream *stream, elc_string *text, elc_error *err);

/* Runs a call to its end: its rows, and those of side table 1 after "--\n" if it has
   one. Fails the test when the run does. */
elc_string toy_run(const elc_operator *op, const char *settings, int threads,
                   uint64_t part_units);

/* A table of rows id = first..first+count-1 with the columns of numbers, in batches of
   `batch` rows. */
struct ArrowArrayStream toy_table(int64_t first, int64_t count, int64_t batch);

#endif
