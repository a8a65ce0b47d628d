/* frame.h - what a function's kernel sees: arguments by row, and where results go
   (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_FRAME_H
#define ELCANO_SRC_FUNCTIONS_FRAME_H

#include <elcano/function.h>

#include <string.h>

/* Arguments that many functions have. */
#define ARG_GEOM                                                                       \
    { "geom", ELC_GEOMETRY, NULL }
#define ARG_A                                                                          \
    { "a", ELC_GEOMETRY, NULL }
#define ARG_B                                                                          \
    { "b", ELC_GEOMETRY, NULL }
#define ARG(n)                                                                         \
    { n, ELC_FLOAT64, NULL }
#define ARG_INT(n)                                                                     \
    { n, ELC_INT32, NULL }
#define ARG_CELL                                                                       \
    { "cell", ELC_INT64, NULL }
#define ARG_TEXT(n)                                                                    \
    { n, ELC_UTF8, NULL }

/* One argument's rows; `step` is 0 where one value stands in all rows. */
typedef struct elc_frame_argument {
    elc_rows *rows;
    size_t step;
    bool nulls;           /* there may be some */
    const elc_value *one; /* instead of rows, where a single row is asked for */
} elc_frame_argument;

/* Bytes of an argument's earlier row, to know them again. */
typedef struct elc_known {
    elc_string bytes;
    bool any;
    uint64_t call; /* that they are of */
} elc_known;

typedef struct elc_frame {
    const elc_function *function;
    uint64_t call;              /* counts them */
    const elc_context *context; /* NULL: nothing cancels */
    elc_frame_argument arguments[ELC_FUNCTION_ARGUMENTS];
    size_t n_arguments, n;
    elc_batch *results; /* of one column */
    elc_batch *items;   /* of lists: what they hold, and `results` where they end */
    elc_value *one;     /* instead of them */
    void *kept;         /* what the kernel keeps from call to call */
    void (*release)(void *kept);
    struct elc_shapes *shapes;
    elc_string made;  /* room for one result; emptied before each row */
    elc_string given; /* what a single row gave */
    elc_string texts[ELC_FUNCTION_ARGUMENTS];
} elc_frame;

static inline double elc_frame_real(const elc_frame *f, size_t argument, size_t row) {
    const elc_frame_argument *a = &f->arguments[argument];
    if (a->one != NULL)
        return a->one->real;
    return elc_rows_real(a->rows, 0, row * a->step);
}

static inline int64_t elc_frame_int(const elc_frame *f, size_t argument, size_t row) {
    const elc_frame_argument *a = &f->arguments[argument];
    if (a->one != NULL)
        return a->one->whole;
    return elc_rows_int(a->rows, 0, row * a->step);
}

/* Never NULL: rows with NULL do not come to a kernel. */
static inline elc_bytes elc_frame_bytes(const elc_frame *f, size_t argument,
                                        size_t row) {
    const elc_frame_argument *a = &f->arguments[argument];
    if (a->one != NULL)
        return (elc_bytes){a->one->bytes, a->one->size};
    elc_bytes bytes = {0};
    bytes.data = elc_rows_bytes(a->rows, 0, row * a->step, &bytes.size);
    return bytes;
}

/* Whether the argument is, byte by byte, what `known` learnt. */
bool elc_frame_knows(const elc_frame *f, size_t argument, size_t row, elc_known *known);
elc_status elc_frame_learn(const elc_frame *f, size_t argument, size_t row,
                           elc_known *known, elc_error *err);

static inline bool elc_frame_is_null(const elc_frame *f, size_t row) {
    for (size_t i = 0; i < f->n_arguments; i++) {
        const elc_frame_argument *a = &f->arguments[i];
        if (a->one == NULL && a->nulls && elc_rows_null(a->rows, 0, row * a->step))
            return true;
    }
    return false;
}

/* Runs a row's kernel unless an argument is NULL, names the row where it fails, and
   ends the row. */
typedef elc_status (*elc_row_kernel)(elc_frame *f, size_t row, elc_error *err);
elc_status elc_frame_run(elc_frame *f, size_t row, elc_row_kernel kernel,
                         elc_error *err);

/* ---- the result of the row; NULL where none is given ----------------------------- */

static inline elc_status elc_give_real(elc_frame *f, double value, elc_error *err) {
    if (f->one == NULL)
        return elc_batch_real(f->results, 0, value, err);
    *f->one = (elc_value){.real = value};
    return ELC_OK;
}

/* Of BOOL, INT32 and INT64. */
static inline elc_status elc_give_int(elc_frame *f, int64_t value, elc_error *err) {
    if (f->one == NULL)
        return elc_batch_int(f->results, 0, value, err);
    *f->one = (elc_value){.whole = value};
    return ELC_OK;
}

elc_status elc_give_text(elc_frame *f, const char *text, elc_error *err);
elc_status elc_give_bytes(elc_frame *f, const void *bytes, size_t size, elc_error *err);
/* The list that is the row's result, which may be empty. */
elc_status elc_give_list(elc_frame *f, const int64_t *items, size_t n, elc_error *err);
/* Ends a row, which is NULL where nothing was given. */
elc_status elc_frame_end_row(elc_frame *f, elc_error *err);

/* What stands in `made`, as bytes; NULL where that is nothing. */
elc_status elc_give_made(elc_frame *f, elc_error *err);

/* A text argument ending with NUL, borrowed until its next row. ELC_E_ARGUMENT for one
   that holds a NUL or is no UTF-8. */
elc_status elc_frame_text(elc_frame *f, size_t argument, size_t row, const char **out,
                          elc_error *err);

#endif
