/* cli.h - what the files of the command share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_CLI_H
#define ELC_CLI_H

#include <elcano/run.h>

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>

/* ---- commands ------------------------------------------------------------ */

typedef struct elc_cli_call elc_cli_call;

/* A command of the program itself. Operators are none: they come from the registry and
   all run through elc_cli_operate. The list ends with a NULL name. */
typedef struct elc_cli_command {
    const char *name;
    const char *usage; /* what follows the name, with its blank */
    const char *summary;
    const elc_option *options;
    elc_status (*run)(elc_cli_call *call, elc_error *err);
    bool verbatim; /* `run` parses its words itself: all of them are in call->words */
    const char *more; /* a paragraph for its page; NULL: none */
} elc_cli_command;

/* One use of a command or an operator, as parsed. */
struct elc_cli_call {
    const elc_cli_command *command; /* NULL for an operator */
    const elc_operator *op;         /* NULL for a command */
    elc_options *own;               /* of the command or operator */
    elc_options *common;            /* of every operator: -o, --threads, ... */
    elc_names words;                /* what is no option, in order */
    bool help;                      /* --help was among them */
    bool misuse;                    /* the failure is of the call: show the usage */
    char step[64];                  /* of a pipeline, the one that failed; or "" */
    bool json_messages;             /* stderr is read by a program */
};

extern const elc_cli_command elc_cli_commands[];
extern const elc_option elc_cli_run_options[];

/* The whole program; gives its exit code. */
int elc_cli_main(int argc, char **argv);
/* Runs operators as one, each on the rows of the one before it: `steps` are parsed
   calls, whose common options are those of `call`. */
elc_status elc_cli_operate(elc_cli_call *call, elc_cli_call *steps, size_t n,
                           elc_error *err);
elc_status elc_cli_pipeline(elc_cli_call *call, elc_error *err);
elc_status elc_cli_operators(elc_cli_call *call, elc_error *err);
elc_status elc_cli_functions(elc_cli_call *call, elc_error *err);
elc_status elc_cli_help(elc_cli_call *call, elc_error *err);
elc_status elc_cli_model(elc_cli_call *call, elc_error *err);
/* The networks that a name can mean: `elcano model list`. */
elc_status elc_cli_model_list(const elc_cli_call *call, elc_error *err);
elc_status elc_cli_serve(elc_cli_call *call, elc_error *err);
elc_status elc_cli_version(elc_cli_call *call, elc_error *err);

extern const elc_option elc_cli_help_options[], elc_cli_operators_options[],
    elc_cli_functions_options[], elc_cli_model_options[], elc_cli_serve_options[];

/* Sets call->command or call->op to what has that name, or says which is near. */
elc_status elc_cli_find(const char *name, elc_cli_call *call, elc_error *err);
/* The same of the first words of a command line, of which both may be the name of an
   operator: "train classifier" is train-classifier. A first word that only begins names
   is refused with all of them. `second` may be NULL. */
elc_status elc_cli_find_words(const char *first, const char *second, elc_cli_call *call,
                              bool *both, elc_error *err);
/* "detect" or "train classifier": what was called, as it is typed; "" when nothing was. */
void elc_cli_call_name(const elc_cli_call *call, char out[64]);

/* ---- arguments ----------------------------------------------------------- */

/* Parses what follows the name into call->own, ->common and ->words. Operators get the
   common options (in call->common, if there are some already), commands only --help.
   Refusals set call->misuse. */
elc_status elc_cli_parse(elc_cli_call *call, int argc, char **argv, elc_error *err);
void elc_cli_call_free(elc_cli_call *call);

/* Gives the words to the operator's inputs: in their order, one for each, and to a
   source all that are left over. Tables are opened. For one that `follows` another step
   `before` is the stream that has to become what that one gives: the input whose word
   is "-", else the first. Free with elc_cli_inputs_free. */
typedef struct elc_cli_inputs {
    elc_reference *items;
    struct ArrowArrayStream *streams;
    size_t count;
    struct ArrowArrayStream *before;
} elc_cli_inputs;

elc_status elc_cli_inputs_bind(elc_cli_call *call, bool follows,
                               const elc_context *context, elc_cli_inputs *out,
                               elc_error *err);
void elc_cli_inputs_free(elc_cli_inputs *inputs);

/* ---- exit codes ---------------------------------------------------------- */

/* How a program ends, by elc_status; ends with a NULL meaning. docs/exit-codes.md is
   the same table. */
typedef struct elc_cli_exit {
    elc_status status;
    int code;
    const char *meaning;
} elc_cli_exit;

extern const elc_cli_exit elc_cli_exits[];
int elc_cli_exit_code(elc_status status);

/* ---- help ---------------------------------------------------------------- */

/* A page of help, as plain text of some width or as roff for man(1). */
typedef struct elc_cli_page {
    FILE *out;
    bool roff;
    size_t width;
} elc_cli_page;

/* `name` is "elcano-detect". */
void elc_cli_page_title(const elc_cli_page *page, const char *name,
                        const char *summary);
void elc_cli_page_section(const elc_cli_page *page, const char *title);
void elc_cli_page_text(const elc_cli_page *page, const char *text);
void elc_cli_page_item(const elc_cli_page *page, const char *term, const char *text);
void elc_cli_page_code(const elc_cli_page *page, const char *text);

/* Pages for the program, a command and an operator. */
elc_status elc_cli_page_program(const elc_cli_page *page, elc_error *err);
elc_status elc_cli_page_command(const elc_cli_page *page,
                                const elc_cli_command *command, elc_error *err);
elc_status elc_cli_page_operator(const elc_cli_page *page, const elc_operator *op,
                                 elc_error *err);
/* "--chip PX" for help, and what may be said of it: help, choices, range, default. */
elc_status elc_cli_option_term(const elc_option *option, elc_string *out,
                               elc_error *err);
elc_status elc_cli_option_text(const elc_option *option, elc_string *out,
                               elc_error *err);
/* "IMAGES... [--OPTION VALUE]... [-o FILE]". */
elc_status elc_cli_usage(const elc_cli_call *call, elc_string *out, elc_error *err);

/* ---- text for people ----------------------------------------------------- */

/* 4321 -> "4,321". */
void elc_cli_grouped(uint64_t value, char out[32]);
/* "0.8 s", "41 s", "3 min 20 s", "2 h 5 min". */
void elc_cli_duration(double seconds, char out[32]);
/* An option's name as it is typed: '_' to '-' and, for a metavariable, upper case; and an
   operator's: '_' to ' '. Cut at the room there is. */
void elc_cli_kebab(const char *name, char out[64]);
void elc_cli_words(const char *name, char out[64]);
void elc_cli_upper(const char *name, char out[64]);
/* The name nearest to a word (elc_nearest_word); borrowed from `names`, or NULL. */
const char *elc_cli_nearest(const char *word, const elc_names *names);

/* Columns of a terminal that UTF-8 text takes: 0 for combining marks, 2 for wide ones.
 */
size_t elc_cli_columns(const char *text, size_t n);
/* Appends the text in at most `columns` columns, "..." or its one-column form at a cut
   end. What a terminal would obey (control characters, direction overrides) becomes
   '?'. */
elc_status elc_cli_fit(elc_string *out, const char *text, size_t n, size_t columns,
                       elc_error *err);

/* ---- terminal and process ------------------------------------------------ */

/* Columns of the terminal that `fd` is; 80 when it is none. */
size_t elc_cli_terminal_width(int fd);
/* A terminal that understands "erase to the end of the line". */
bool elc_cli_terminal_draws(int fd);
/* Whether the environment says that text is UTF-8. */
bool elc_cli_terminal_utf8(void);
/* Makes sure that 0, 1 and 2 are open, so that no file of ours takes their place. */
void elc_cli_guard_descriptors(void);
/* Who read our standard output has gone. */
bool elc_cli_reader_gone(void);
/* Writes out what stdout holds back; keeps `status` if that is a failure already. */
elc_status elc_cli_flush(elc_status status, elc_error *err);

/* From now on the first SIGINT, SIGTERM and SIGHUP only set the flag; a second one of
   the same kind kills. SIGPIPE is ignored: writing fails instead. */
void elc_cli_catch_signals(void);
const volatile int *elc_cli_cancel_flag(void);
/* The signal that set the flag, or 0. */
int elc_cli_signal(void);

/* ---- progress ------------------------------------------------------------ */

typedef enum elc_cli_progress_kind {
    ELC_CLI_PROGRESS_NONE,
    ELC_CLI_PROGRESS_BAR,
    ELC_CLI_PROGRESS_JSON
} elc_cli_progress_kind;

/* What has been told so far; start with kind, lock and steps alone. */
typedef struct elc_cli_progress {
    elc_cli_progress_kind kind;
    pthread_mutex_t lock; /* steps of a pipeline report at once */
    size_t steps, ended;  /* the first that has not ended is the one shown */
    const char *step;     /* its name, where there are several */
    bool started, drawn;
    double first_time, last_time;
    uint64_t first_done;
    elc_progress last;
    uint64_t warnings;
} elc_cli_progress;

/* Who reports: a step. */
typedef struct elc_cli_reporter {
    elc_cli_progress *progress;
    size_t step;
    const char *name;
    uint64_t skipped;
} elc_cli_reporter;

/* The callbacks of elc_context; `arg` is an elc_cli_reporter. */
void elc_cli_progress_update(void *arg, const elc_progress *now);
void elc_cli_progress_warn(void *arg, const char *line);
/* The step, and so those before it, have given all their rows. */
void elc_cli_progress_step_ends(const elc_cli_reporter *reporter);
/* Writes an object, which is taken, as one line to the standard error. */
void elc_cli_json_line(json_t *line);
/* A number of at least 0 that is worth three decimals. */
json_t *elc_cli_json_real(double value);
/* Erases the bar. */
void elc_cli_progress_end(elc_cli_progress *progress);

/* ---- steps --------------------------------------------------------------- */

/* An operator on the local runner, and what it reads. */
typedef struct elc_cli_step {
    elc_cli_call *cli;
    char name[64];
    elc_cli_reporter reporter;
    elc_context context;
    elc_cli_inputs inputs;
    elc_call call;
    elc_run *run;
    struct ArrowArrayStream table; /* the run's */
    bool ended;                    /* all of its rows were taken */
    struct elc_cli_chain *chain;
} elc_cli_step;

/* Steps in a row, each on the rows of the one before it. It is not moved while open. */
typedef struct elc_cli_chain {
    elc_cli_step *steps;
    size_t count;
    const elc_cli_step *failed; /* the first that did */
} elc_cli_chain;

/* Opens what the steps read; they borrow the calls, and `progress`, which says how many
   there are. Of `context` threads, cancel and memory are theirs. */
elc_status elc_cli_chain_create(elc_cli_call *calls, size_t n,
                                const elc_context *context, elc_cli_progress *progress,
                                elc_cli_chain *out, elc_error *err);
/* Plans the first step, which may be run alone. */
elc_status elc_cli_chain_plan(elc_cli_chain *chain, elc_error *err);
/* Plans and starts all others; `out` is the table of the last. */
elc_status elc_cli_chain_open(elc_cli_chain *chain, struct ArrowArrayStream *out,
                              elc_error *err);
/* Cancels what still runs. */
void elc_cli_chain_stop(elc_cli_chain *chain);
void elc_cli_chain_free(elc_cli_chain *chain);
/* Refuses steps that write a file which one of them reads, or one file twice, by
   whatever names and options; `path` is that of the rows, NULL and "-" of none. */
elc_status elc_cli_outputs_check(const elc_cli_chain *chain, const char *path,
                                 elc_error *err);
/* Adds what the files are called: that of the rows, where it is one, and then those that
   steps write by options of their own. No passwords are in them, nor are to be in
   `path`. */
elc_status elc_cli_outputs_name(const elc_cli_chain *chain, const char *path,
                                elc_names *out, elc_error *err);

/* ---- the first rows, as a table ------------------------------------------ */

/* Keeps the first twenty rows of a table and counts the others. */
typedef struct elc_cli_preview elc_cli_preview;

elc_status elc_cli_preview_create(const struct ArrowSchema *schema,
                                  elc_cli_preview **out, elc_error *err);
elc_status elc_cli_preview_add(elc_cli_preview *preview,
                               const struct ArrowSchema *schema,
                               const struct ArrowArray *batch, elc_error *err);
/* Prints the columns that tell most and fit into `width`. */
elc_status elc_cli_preview_print(elc_cli_preview *preview, FILE *file, size_t width,
                                 elc_error *err);
void elc_cli_preview_free(elc_cli_preview *preview);

#endif
