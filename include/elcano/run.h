/* run.h - operators: descriptors, options, plans, the registry and the local runner. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_H
#define ELCANO_RUN_H

#include <elcano/table.h>

ELC_BEGIN

/* ---- what an operator declares ----------------------------------------------- */

/* How an input may be cut into parts. */
typedef enum elc_cut {
    ELC_CUT_SOURCE,  /* paths: the operator reads the files itself */
    ELC_CUT_DRIVING, /* a table, any slice of whose batches may go to any part */
    ELC_CUT_WHOLE,   /* a table that every part sees whole */
    ELC_CUT_KEYED    /* a table, all of whose rows of a key go to one part */
} elc_cut;

typedef struct elc_input {
    const char *name;
    elc_cut cut;
    const char *const *columns; /* needed columns, NULL-terminated; NULL: none */
    const char *key;            /* KEYED: the column */
    bool optional;
    const char *help;
} elc_input;

typedef enum elc_option_type {
    ELC_OPTION_BOOL, /* yes, no; on the command line --name and --no-name */
    ELC_OPTION_INT,
    ELC_OPTION_REAL,
    ELC_OPTION_TEXT,
    ELC_OPTION_WORD, /* text: a command line's first word, where not given by name */
    ELC_OPTION_CHOICE,      /* one of `choices` */
    ELC_OPTION_LIST,        /* words with commas between */
    ELC_OPTION_PATH,        /* of a local file or anything that GDAL opens */
    ELC_OPTION_LAYER,       /* file or file:layer */
    ELC_OPTION_CRS,         /* EPSG:n, WKT, PROJJSON, PROJ text, and any of `choices` */
    ELC_OPTION_SHARE_OR_PX, /* under 1 a share of something, else whole pixels */
    ELC_OPTION_LENGTH       /* a number and m, km, ft, mi; none: units of the CRS */
} elc_option_type;

/* An option, as data. `fallback` is parsed like a user's text; NULL means unset. A
   range holds when min < max; that of SHARE_OR_PX bounds shares when max <= 1, else
   pixels. An array ends with a NULL name. */
typedef struct elc_option {
    const char *name; /* snake case */
    elc_option_type type;
    const char *unit; /* "px", "m"; NULL: none */
    const char *fallback;
    double min, max;
    const char *const *choices; /* NULL-terminated */
    const char *help;           /* one line */
} elc_option;

/* A table that an operator gives. The first output is its stream; the others ("side
   tables": the images that were looked at) travel in the same stream as rows whose
   hidden column `_table` names them, column `c` of the side table being the stream's
   column `c` if it has one, else its hidden column `_c`. Ends with a NULL name.
   `columns` are there whatever is given. A first output may have others, which inputs
   and options decide (an input's columns that pass through it): `more` says in words
   which. All parts of a call have the same columns in the same order, and any part's
   stream tells them before its first row: who must know them before the work opens a
   part on tables of no rows. */
typedef struct elc_output {
    const char *name, *help;
    const elc_column *columns;
    size_t n_columns;
    const char *more; /* NULL: no others */
} elc_output;

/* ---- options of one call ------------------------------------------------------ */

typedef struct elc_options elc_options;

/* Options with their fallbacks, for an array that ends with a NULL name (borrowed). */
elc_status elc_options_create(const elc_option *described, elc_options **out,
                              elc_error *err);
/* Sets one by name (case, '-' and '_' ignored) from text, checked against type, range
   and choices. An unknown name is refused with the nearest known one. */
elc_status elc_options_set(elc_options *options, const char *name, const char *text,
                           elc_error *err);
/* The described option, or NULL. */
const elc_option *elc_options_find(const elc_options *options, const char *name);
/* True when set by the caller, not by fallback. */
bool elc_options_given(const elc_options *options, const char *name);
/* True when there is a value, given or fallback. */
bool elc_options_has(const elc_options *options, const char *name);

/* Values. Asking for an option that is not described, or as another type, is an
   assertion failure; asking for one without value gives 0, false, NULL or an empty
   list. */
bool elc_options_bool(const elc_options *options, const char *name);
int64_t elc_options_int(const elc_options *options, const char *name);
double elc_options_real(const elc_options *options, const char *name);
/* Any textual type, as given; choices in their described spelling. Borrowed. */
const char *elc_options_text(const elc_options *options, const char *name);
const elc_names *elc_options_list(const elc_options *options, const char *name);
/* SHARE_OR_PX in pixels of `full`; shares round to nearest. */
int64_t elc_options_pixels(const elc_options *options, const char *name, int64_t full);
typedef struct elc_length {
    double value;
    bool metres; /* false: units of the CRS */
} elc_length;
elc_length elc_options_length(const elc_options *options, const char *name);

/* The given (not fallback) options as a JSON object of texts, and back. */
elc_status elc_options_to_json(const elc_options *options, elc_string *out,
                               elc_error *err);
elc_status elc_options_from_json(elc_options *options, const char *json, size_t size,
                                 elc_error *err);
void elc_options_free(elc_options *options);

/* ---- plan ---------------------------------------------------------------------- */

/* Where and when the rows of a part can be: `lon` and `lat` of each are NULL or within the
   box, in degrees, and its `acquired` is NULL or that. So who wants others need not open
   the part; all parts of a scope have the same, for rows of one settle those of another. */
typedef struct elc_extent {
    bool placed, timed; /* false: anywhere, at any time */
    double xmin, ymin, xmax, ymax;
    int64_t acquired_us; /* since 1970, UTC */
} elc_extent;

/* One independent piece of work: bytes that can travel to another process. Parts of one
   scope share `_group` values, parts of different scopes never do; scopes do not
   decrease along a plan. `weight` is what the part costs, in any unit common to the
   plan. */
typedef struct elc_part {
    void *bytes;
    size_t size;
    uint64_t scope;
    double weight;
    elc_extent extent; /* only of the planner: see elc_call's `extents` */
} elc_part;

typedef struct elc_plan {
    elc_part *parts;
    size_t count, capacity;
    uint64_t items, units, pixels;     /* for people: 3 images, 400 chips, 1e8 pixels */
    uint64_t skipped; /* of the units, those that a rehearsal finds need no look */
    const char *item_name, *unit_name; /* "images", "chips"; static text */
} elc_plan;

/* Appends a part; the bytes are copied. */
elc_status elc_plan_add(elc_plan *plan, const void *bytes, size_t size, uint64_t scope,
                        double weight, elc_error *err);
void elc_plan_clear(elc_plan *plan);

/* ---- the operator ---------------------------------------------------------------- */

typedef struct elc_operator elc_operator;

/* What is given for one input: paths (SOURCE), or a stream that is moved from and, where
   it is known, the name that it is read from. */
typedef struct elc_reference {
    const char *const *paths;
    size_t n_paths;
    struct ArrowArrayStream *stream;
} elc_reference;

/* One use of an operator. All is borrowed and outlives the run. */
typedef struct elc_call {
    const elc_operator *op;
    const elc_options *options;
    const elc_reference *inputs; /* one for each of op->inputs */
    const elc_context *context;  /* may be NULL */
    /* About how many units (chips, files) a part should hold; 0: as is best when all
       parts are opened in this process, where `open` may use context->threads itself.
     */
    uint64_t part_units;
    bool rehearsal; /* the plan alone is wanted, for people: `skipped` counts */
    bool extents;   /* the plan says where and when parts' rows can be, if it can */
    void *prepared; /* NULL until elc_call_prepare() */
} elc_call;

/* Makes what every part of a call uses: to be done once in a process, before a part is
   planned or opened. Does nothing the second time. */
elc_status elc_call_prepare(elc_call *call, elc_error *err);
/* To be called when all streams and runs of the call are freed. */
void elc_call_release(elc_call *call);

/* What an operator does. Rows of a scope are put in the order of the hidden column
   `_order` (binary, compared as bytes), which operators with `combine` have; final rows
   leave `open` in that order. */
struct elc_operator {
    const char *name, *summary;
    const elc_input *inputs; /* ends with a NULL name */
    const elc_option *options;
    const elc_output *outputs;
    const char *example; /* one command line for the help text; NULL: none */
    /* For one that writes a file of its own, which is what it is for: the PATH option that
       names it, which the output of a command line sets, and its rows are shown. NULL:
       the output gets the rows. */
    const char *file;

    /* Makes what the parts of a call share in a process, a network or an area, for
       plan, open and rehearse to find as `call->prepared`, and combine where the same
       process has opened parts; parts are opened on several threads at once. It may
       look at the columns of the input streams that are given, to refuse early what
       cannot be meant, and takes no rows from them. NULL when the operator has no such
       thing. */
    elc_status (*prepare)(const elc_call *call, void **prepared, elc_error *err);
    void (*release)(void *prepared);

    /* Says of the driving input's stream what of it is wanted (elc_stream_narrow), on
       the local runner, once whole inputs can be read: `in` has those as `open` gets
       them. NULL: all is wanted. */
    elc_status (*narrow)(const elc_call *call, struct ArrowArrayStream *in,
                         struct ArrowArrayStream *driving, elc_error *err);

    /* Cuts the work into parts. Not asked where a driving input is given: each of its
       batches is a part. NULL for operators that always have one. */
    elc_status (*plan)(const elc_call *call, elc_plan *plan, elc_error *err);

    /* Gives the stream of one part. `in` has one stream for each input that is not a
       source: the slice for a driving one, the whole for a whole one, all rows of the
       part's keys for a keyed one; they are moved from. `part->bytes` may come from
       another process: it is checked. */
    elc_status (*open)(const elc_call *call, const elc_part *part,
                       struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                       elc_error *err);

    /* Settles the rows that left `open` with a non-NULL `_group` (utf8): it gets, in
       plan order, all such rows of one group. NULL when the operator has none. */
    elc_status (*combine)(const elc_call *call, struct ArrowArrayStream *group,
                          struct ArrowArrayStream *out, elc_error *err);
    /* True: what `combine` gives may stand, with its hidden columns, for the rows that it
       was given, so that many rows of a group are combined before all have come, and
       again with those that come. A driving input then has one more part after its last
       batch, of no rows, for `open` to give what does not depend on them. */
    bool folds;
    /* True: it gives the rows and columns of its driving input as they are, so that who
       wants some columns can narrow that. */
    bool plain;

    /* Times a little of the work and gives the estimated seconds for all of the plan;
       NULL when that makes no sense. */
    elc_status (*rehearse)(const elc_call *call, const elc_plan *plan, double *seconds,
                           elc_error *err);
};

/* Every operator of this build, by name, NULL-terminated (made from src/operators/). */
extern const elc_operator *const elc_operators[];

/* ELC_E_NOT_FOUND names the nearest one. */
elc_status elc_operator_find(const char *name, const elc_operator **out,
                             elc_error *err);

/* The descriptor as a JSON object: name, summary, inputs, options, outputs, file, example.
 */
elc_status elc_operator_json(const elc_operator *op, elc_string *out, elc_error *err);

/* ---- the local runner -------------------------------------------------------------
 */

/* Plans a call, opens its parts on threads, settles groups as soon as their scope is
   complete, and gives the rows in plan order whatever the number of threads or parts.
   Never more than 2 x threads parts are open or waiting, and of a scope with groups its
   rows. Threads not used for parts are left to each part. */
typedef struct elc_run elc_run;

elc_status elc_run_create(const elc_call *call, elc_run **out, elc_error *err);

/* Borrowed; valid until elc_run_free. */
const elc_plan *elc_run_plan(const elc_run *run);

/* The estimated seconds of the run after timing a little of it; -1 when the operator
   cannot tell or there is nothing to do. */
elc_status elc_run_rehearse(const elc_run *run, double *seconds, elc_error *err);

/* The main table, without hidden columns. May be taken once. The stream borrows the
   run, which must outlive it. */
elc_status elc_run_table(elc_run *run, struct ArrowArrayStream *out, elc_error *err);

/* A side table (op->outputs[index], index >= 1), whole, after the main one has ended.
 */
elc_status elc_run_side(elc_run *run, size_t index, struct ArrowArrayStream *out,
                        elc_error *err);

/* Cancels what still runs and waits for it. */
void elc_run_free(elc_run *run);

/* The pieces, for those who run parts elsewhere (Spark, a process a part): opens a part
   of a prepared call with all its columns, hidden ones too; and finishes: takes all
   rows of one scope's parts in plan order, combines its groups, and gives them in
   order. */
elc_status elc_run_open_part(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err);
elc_status elc_run_finish_scope(const elc_call *call, struct ArrowArrayStream *parts,
                                size_t n_parts, struct ArrowArrayStream *out,
                                elc_error *err);
/* The same with the scope's rows of side tables: tables[i] becomes the stream of
   op->outputs[i], and has room for all of them. The first is read to its end before
   the others; each is released on its own. */
elc_status elc_run_finish_tables(const elc_call *call, struct ArrowArrayStream *parts,
                                 size_t n_parts, struct ArrowArrayStream *tables,
                                 elc_error *err);

ELC_END
#endif
