/* base.h - status and error, memory, text, hash, processor, threads and progress. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_BASE_H
#define ELCANO_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Everything between these is exported from the library with C linkage. */
#ifdef __cplusplus
#define ELC_BEGIN                                                                      \
    extern "C" {                                                                       \
    _Pragma("GCC visibility push(default)")
#define ELC_END                                                                        \
    _Pragma("GCC visibility pop")                                                      \
    }
#else
#define ELC_BEGIN _Pragma("GCC visibility push(default)")
#define ELC_END   _Pragma("GCC visibility pop")
#endif

ELC_BEGIN

/* ---- status and error ------------------------------------------------------- */

/* What went wrong, as a class that a program can act on. The text says the rest. */
typedef enum elc_status {
    ELC_OK = 0,
    ELC_E_ARGUMENT,    /* an option or argument that cannot be meant */
    ELC_E_NOT_FOUND,   /* a file, layer, band, column or model that is not there */
    ELC_E_EXISTS,      /* output is there already and may not be replaced */
    ELC_E_IO,          /* reading or writing failed: disk full, permission, network */
    ELC_E_FORMAT,      /* bytes that are not what they claim to be */
    ELC_E_MODEL,       /* a network that cannot be used, or failed while it ran */
    ELC_E_UNSUPPORTED, /* sound input that this build or version cannot handle */
    ELC_E_MEMORY,      /* an allocation failed, or a size overflowed */
    ELC_E_CANCELLED,   /* the caller asked to stop */
    ELC_E_INTERNAL     /* our own mistake: please report */
} elc_status;

/* One line for people: subject, value, limit, what to do. Owned by the caller. */
typedef struct elc_error {
    elc_status status;
    char message[1000];
} elc_error;

/* Writes the message and returns `status`. `err` may be NULL; an argument may be
   err->message itself. Newlines and control characters in the text become spaces and
   bytes that are not UTF-8 '?', so that a message stays one line that any program can
   take; it is cut at the room there is. Numbers have '.' whatever the locale. */
elc_status elc_fail(elc_error *err, elc_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "ELC_E_FORMAT" -> "format": the short word used in JSON and tests. */
const char *elc_status_name(elc_status status);

/* Passes a failure on; adds nothing, since who detected it wrote the message. */
#define ELC_TRY(call)                                                                  \
    do {                                                                               \
        elc_status elc_try_ = (call);                                                  \
        if (elc_try_ != ELC_OK)                                                        \
            return elc_try_;                                                           \
    } while (0)

#define ELC_TRY_GOTO(call, status, label)                                              \
    do {                                                                               \
        (status) = (call);                                                             \
        if ((status) != ELC_OK)                                                        \
            goto label;                                                                \
    } while (0)

/* The version of this header; elc_version() is that of the library it runs with. */
#define ELC_VERSION "0.1.0"
const char *elc_version(void);

/* ---- memory ----------------------------------------------------------------- */

/* `*out` = zeroed room for count items of `size` bytes; overflow and exhaustion are
   ELC_E_MEMORY. Free with free(). A count of 0 gives a non-NULL pointer. */
elc_status elc_alloc(size_t count, size_t size, void *out, elc_error *err);

/* Makes room for at least `need` items in the growing array `*items` (may be NULL) of
   `*capacity` items, by doubling. New room is not zeroed. Free with free(). */
elc_status elc_reserve(void *items, size_t *capacity, size_t need, size_t size,
                       elc_error *err);

/* A copy that the caller frees; NULL stays NULL. */
elc_status elc_strdup(const char *text, char **out, elc_error *err);

/* ---- text ------------------------------------------------------------------- */

/* A growing text or byte string; start with {0}. `data` is NUL-terminated once
   anything was appended. Free with elc_string_free. */
typedef struct elc_string {
    char *data;
    size_t size, capacity;
} elc_string;

elc_status elc_string_append(elc_string *s, const void *bytes, size_t n,
                             elc_error *err);
elc_status elc_string_printf(elc_string *s, elc_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void elc_string_free(elc_string *s);

/* A list of owned strings; start with {0}. */
typedef struct elc_names {
    char **items;
    size_t count, capacity;
} elc_names;

elc_status elc_names_add(elc_names *names, const char *text, elc_error *err);
/* Index of `text`, or SIZE_MAX. */
size_t elc_names_find(const elc_names *names, const char *text);
/* Cuts "a,b,c" at `separator`, trims blanks, leaves empty items out. */
elc_status elc_names_split(elc_names *names, const char *text, char separator,
                           elc_error *err);
void elc_names_free(elc_names *names);

/* Whole-text number, '.' decimal whatever the locale; ELC_E_ARGUMENT when there is
   anything else, or NaN, infinity or overflow. The message names `what`. */
elc_status elc_parse_real(const char *text, const char *what, double *out,
                          elc_error *err);
elc_status elc_parse_int(const char *text, const char *what, int64_t *out,
                         elc_error *err);

/* True when the `n` bytes are valid UTF-8 without NUL. */
bool elc_utf8_valid(const char *text, size_t n);

/* Whether a string of JSON, the `n` bytes between its quotes with escapes as they are
   written, is a word of ASCII. */
bool elc_json_is(const char *text, size_t n, const char *word);

/* The known word nearest to `word` by edit distance (at most a third of its length),
   for "did you mean"; NULL when none is near. `words` ends with NULL. */
const char *elc_nearest_word(const char *word, const char *const *words);

/* Reads a whole local file of at most `limit` bytes. */
elc_status elc_file_read(const char *path, size_t limit, elc_string *out,
                         elc_error *err);

/* ---- folders for what grows -------------------------------------------------- */

/* FOLDER/.NAME.part-HOST-XXXXXX, locked as long as its process lives. Start with {0}. */
typedef struct elc_hidden {
    char *path; /* NULL: none */
    int lock;
} elc_hidden;

/* Removes those of the same name whose process is no longer alive, and makes one. A lock
   that is free tells that; HOST, made from this host's name, keeps from those of other
   hosts, whose locks a shared file system may not show. `subject` is for messages.
   ELC_E_IO. */
elc_status elc_hidden_make(const char *folder, const char *name, const char *subject,
                           elc_hidden *out, elc_error *err);
/* With all that is in it: files, and folders of files. */
void elc_hidden_remove(elc_hidden *hidden);

/* ---- hash ------------------------------------------------------------------- */

/* SHA-256 as 64 lower-case hex digits and a NUL. */
void elc_sha256(const void *bytes, size_t n, char hex[65]);
elc_status elc_sha256_file(const char *path, char hex[65], elc_error *err);

/* The id of an image, chip, detection or shape: the first 16 hex digits of the
   SHA-256 of the text made by `format`. */
void elc_id(char id[17], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- XML -------------------------------------------------------------------- */

/* Where the bytes come from: up to `size` of them into `buffer`; 0 at the end, -1 when
   reading fails. */
typedef int64_t (*elc_xml_source)(void *arg, char *buffer, size_t size);

/* Called at the end of each element with its path of local names ("IMD/IMAGE/CATID"),
   its own text without outer white space, and its attributes (name, value, name, value,
   …, NULL). An element that holds others comes after them. A failure ends the reading.
 */
typedef elc_status (*elc_xml_element)(void *arg, const char *path, const char *text,
                                      const char *const *attributes, elc_error *err);

/* Reads XML as a stream (libxml2): no network, no external files, no expansion of
   entities other than the five of XML itself and characters, which are refused with a
   message; at most `limit` bytes, 256 levels, paths of 4 KiB, and an element's own
   2048 attributes and 1 MiB of text or of attributes. Memory does not grow with the
   file. ELC_E_FORMAT with the line for what is not well formed. `name` is for messages.
 */
elc_status elc_xml_read(const char *name, elc_xml_source source, void *source_arg,
                        uint64_t limit, elc_xml_element element, void *arg,
                        elc_error *err);
elc_status elc_xml_read_bytes(const char *name, const void *bytes, size_t n,
                              elc_xml_element element, void *arg, elc_error *err);

/* ---- processor -------------------------------------------------------------- */

/* Marks a plain loop that the compiler may turn into the wide vector instructions of a
   processor, AVX2 on x86-64; to be called only where elc_cpu_is_wide(). The bits of its
   results are those of the same loop without it. */
#if defined __x86_64__
#define ELC_WIDE __attribute__((target("avx2")))
#else
#define ELC_WIDE
#endif
bool elc_cpu_is_wide(void);
/* The same with AVX-512 on x86-64; false elsewhere. */
#if defined __x86_64__ && defined __clang__
#define ELC_WIDEST __attribute__((target("avx512f,avx512dq")))
#elif defined __x86_64__
#define ELC_WIDEST __attribute__((target("avx512f,avx512dq,prefer-vector-width=512")))
#else
#define ELC_WIDEST
#endif
bool elc_cpu_is_widest(void);

/* ---- threads, cancel, progress ---------------------------------------------- */

/* Processors that this process may use (affinity and cgroup quota), at least 1. */
int elc_cpu_count(void);

/* Runs body(arg, i) for i in 0..threads-1, each in its own thread, and waits for all.
   The first failure (lowest i) is returned with its message. */
typedef elc_status (*elc_thread_body)(void *arg, int index, elc_error *err);
elc_status elc_threads_run(int threads, elc_thread_body body, void *arg,
                           elc_error *err);

/* GDAL's drivers, registered once in a process by whichever thread comes first, while
   the others wait: GDALAllRegister in two threads at once corrupts its own lists. */
void elc_gdal_ready(void);

/* Resident memory of this process now and at its peak, in bytes; 0 if unknown. */
size_t elc_memory_resident(void);
size_t elc_memory_peak(void);
/* Bytes that the machine, or this process's control group, has; 0: not known. */
size_t elc_memory_total(void);

/* Seconds of a monotonic clock. */
double elc_clock(void);

/* What a caller gives to long work; every member may be 0. One struct serves many
   threads. `cancel` is read often; once non-zero, work ends with ELC_E_CANCELLED (it
   may be set in a signal handler). `progress` is called from any thread, never two at
   once. `warn` gets one line, never two at once. */
typedef struct elc_progress {
    const char *unit; /* "chips" */
    uint64_t done, total;
    uint64_t found;   /* rows so far */
    uint64_t skipped; /* of those done: not worth the work (nodata, outside) */
    uint64_t pixels;  /* that a network has seen, those that chips share each time */
    double network_s; /* seconds inside of it, of all threads */
} elc_progress;

typedef struct elc_context {
    int threads; /* 0: elc_cpu_count() */
    const volatile int *cancel;
    void (*progress)(void *arg, const elc_progress *now);
    void (*warn)(void *arg, const char *line);
    void *arg;
    size_t memory; /* bytes this process may take as tables are held; 0: any */
} elc_context;

/* ELC_E_CANCELLED with a message once cancel is set. `context` may be NULL. */
elc_status elc_check_cancel(const elc_context *context, elc_error *err);
/* ELC_E_MEMORY once the process takes more than it may; for those who hold a table, to be
   asked at each batch. */
elc_status elc_check_memory(const elc_context *context, elc_error *err);
void elc_warn(const elc_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void elc_report(const elc_context *context, const elc_progress *now);
int elc_context_threads(const elc_context *context);

ELC_END
#endif
