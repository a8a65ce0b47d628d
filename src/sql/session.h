/* session.h - a database in memory and the connection to it; inside sql only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SQL_SESSION_H
#define ELC_SQL_SESSION_H

#include "library.h"

#include <elcano/sql.h>

#include <pthread.h>

/* Watches the context's cancel, and interrupts what runs once it is set. */
typedef struct elc_watch {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool runs, ends;
} elc_watch;

struct elc_sql {
    int users; /* its owner, and each stream of its rows */
    const elc_duckdb *duckdb;
    duckdb_database database;
    duckdb_connection connection;
    const elc_context *context;
    elc_watch watch;
    pthread_mutex_t lock;
    elc_error fault; /* the last failure of ours inside of DuckDB; under lock */
    elc_names crs;   /* of the geometry types wkb, wkb_2, … */
    bool transforms; /* the query makes geometries of other CRSs */
    unsigned feeds;
};

void elc_sql_keep(elc_sql *sql);

/* Keeps the failure of a callback, of which DuckDB passes on no more than the text. */
void elc_sql_note_fault(elc_sql *sql, const elc_error *fault);
/* The failure of a statement: cancelled, our own fault, or DuckDB's text. */
elc_status elc_sql_fail(elc_sql *sql, duckdb_error_type type, const char *text,
                        elc_error *err);
/* The same for a result; destroys it. */
elc_status elc_sql_fail_result(elc_sql *sql, duckdb_result *result, elc_error *err);

/* The DuckDB type of geometries of a CRS, "wkb" or "wkb_2"; makes it if need be. */
elc_status elc_sql_geometry_type(elc_sql *sql, const char *crs, char name[32],
                                 elc_error *err);
/* The name of type number i, from 0; and that of geometries whose CRS no table has. */
void elc_sql_geometry_name(size_t i, char name[32]);
#define ELC_SQL_OTHER "wkb_other"

#endif
