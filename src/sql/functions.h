/* functions.h - Elcano's functions, as DuckDB calls them; inside sql only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SQL_FUNCTIONS_H
#define ELC_SQL_FUNCTIONS_H

#include "session.h"

#include <elcano/function.h>

/* One function with the first n of its arguments, and its callers that wait: DuckDB
   calls it on several threads, and a caller keeps things from vector to vector. Owned
   by DuckDB. */
typedef struct elc_callable {
    elc_sql *sql; /* outlives it */
    const elc_function *function;
    size_t n;
    pthread_mutex_t lock;
    elc_caller **waiting;
    size_t n_waiting, capacity;
} elc_callable;

elc_status elc_callable_create(elc_sql *sql, const elc_function *function, size_t n,
                               elc_callable **out, elc_error *err);
elc_status elc_callable_call(elc_callable *callable,
                             const struct ArrowArray *const *arguments, size_t n,
                             size_t rows, struct ArrowArray *out, elc_error *err);
void elc_callable_free(void *callable);

/* Texts (WKT) and bytes (WKB) become geometries where some are wanted. */
elc_status elc_sql_add_casts(elc_sql *sql, elc_error *err);

#endif
