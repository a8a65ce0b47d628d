/* function.h - scalar functions as data: arguments, result, an example, and a kernel
   that works on Arrow arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_FUNCTION_H
#define ELCANO_FUNCTION_H

#include <elcano/geometry.h>
#include <elcano/table.h>

ELC_BEGIN

/* An argument of a function; one with a fallback, and all after it, may be left out. */
typedef struct elc_argument {
    const char *name;
    elc_type type;
    const char *fallback; /* as text; NULL: it has to be given */
} elc_argument;

enum { ELC_FUNCTION_ARGUMENTS = 6 };

struct elc_frame;

/* One function of one list of arguments; several of one name differ in theirs. NULL for
   any argument gives NULL. Geometries are WKB (ISO or EWKB in, ISO out; Z is kept where
   the function's nature allows), without a CRS: what depends on one says so. */
typedef struct elc_function {
    const char *name;    /* "st_within": lower case, as SQL takes either */
    const char *aliases; /* "st_geomfromtext,st_geometryfromtext"; NULL: none */
    elc_argument arguments[ELC_FUNCTION_ARGUMENTS + 1]; /* ends with {0} */
    elc_type result; /* one of BOOL, INT32, INT64, FLOAT64, UTF8, BINARY, GEOMETRY */
    bool list;       /* it gives a list of INT64 (then `result`), none of them NULL */
    bool image;      /* its first argument, "image", is a path or the bytes of a file, and
                        its second a network's path or name: it reads files, so that faces
                        call it once a row and never before there is one */
    const char *summary; /* one line, without a full stop */
    const char *example; /* SQL; with files of the reader's own where `image` is set */
    const char *gives;   /* the example's result: text, a geometry as WKT, or NULL */
    /* One of both: a row's result, of arguments that are not NULL; or those of all. */
    elc_status (*row)(struct elc_frame *frame, size_t row, elc_error *err);
    elc_status (*bulk)(struct elc_frame *frame, elc_error *err);
    const void *detail; /* the kernel's own */
} elc_function;

/* Functions of one kind, the last of which is {0}. */
typedef struct elc_function_family {
    const char *name;    /* "relations" */
    const char *summary; /* one line */
    const elc_function *functions;
} elc_function_family;

/* All families by name, then NULL. */
extern const elc_function_family *const elc_function_families[];

/* Function number i of all, by family; NULL beyond the last. */
const elc_function *elc_function_at(size_t i);
/* How many arguments there are, and how many of them have to be given. */
size_t elc_function_arguments(const elc_function *function, size_t *required);
/* Whether it goes by this name, either case. */
bool elc_function_is(const elc_function *function, const char *name);
/* The function of a name, either case, or an alias, whose arguments take these types:
   first where they are the same, then where INT32 may be read as INT64 or FLOAT64,
   FLOAT32 as FLOAT64, BINARY as GEOMETRY or UTF8 as GEOMETRY (none of which is done
   here). ELC_E_NOT_FOUND says what there is. */
elc_status elc_function_find(const char *name, const elc_type *types, size_t n,
                             const elc_function **out, elc_error *err);

/* "float64"; "list<int64>" for lists. */
const char *elc_function_result(const elc_function *function);
/* Appends "st_buffer(geom geometry, distance float64, quarter_segments int32 = 8) ->
   geometry". */
elc_status elc_function_signature(const elc_function *function, elc_string *out,
                                  elc_error *err);
/* Appends a family and all that its functions declare as a JSON object. */
elc_status elc_function_family_json(const elc_function_family *family, elc_string *out,
                                    elc_error *err);

/* A function as one thread calls it. It keeps what is the same from call to call:
   transforms, and what was made of an argument that stays the same, so that it is worth
   keeping for all batches of a column. */
typedef struct elc_caller elc_caller;

elc_status elc_caller_create(const elc_function *function, elc_caller **out,
                             elc_error *err);
/* Rows look at the context, which outlives the calls, for a cancel (ELC_E_CANCELLED);
   NULL: none. */
void elc_caller_watch(elc_caller *caller, const elc_context *context);
/* *out = the results of n rows, an array that the caller releases. Each argument is an
   array of its type (INT32 "i", INT64 "l", FLOAT64 "g", BOOL "b", UTF8 "u", BINARY and
   GEOMETRY "z", lists of INT64 "+l" of "l") of n rows, or of one, which then stands in
   all. Those with a fallback
   may be left out from the end. Borrows the arrays and changes nothing in them. A row
   that fails ends the call with its number, counted from 0, and the reason; *out is as
   it was. Any bytes may stand in a row: ELC_E_FORMAT for what is no WKB. */
elc_status elc_caller_call(elc_caller *caller,
                           const struct ArrowArray *const *arguments,
                           size_t n_arguments, size_t n, struct ArrowArray *out,
                           elc_error *err);

/* A value: `whole` of BOOL, INT32 and INT64, `real` of FLOAT64, bytes of the others; a
   list's are its numbers, eight bytes each as they are in memory. */
typedef struct elc_value {
    bool null;
    int64_t whole;
    double real;
    const void *bytes;
    size_t size;
} elc_value;

/* The same for one row whose arguments are at hand one by one. The bytes of *out are
   borrowed until the caller's next call. */
elc_status elc_caller_row(elc_caller *caller, const elc_value *arguments,
                          size_t n_arguments, elc_value *out, elc_error *err);
void elc_caller_free(elc_caller *caller);

ELC_END
#endif
