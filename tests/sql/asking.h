/* asking.h - queries asked, and their rows as text, by the tests of sql. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TEST_SQL_ASKING_H
#define ELC_TEST_SQL_ASKING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <elcano/geo.h>
#include <elcano/sql.h>

/* A session with the functions; `state` is it. */
int asking_setup(void **state);
int asking_teardown(void **state);

/* Rows of "name:type" and then of values, cells with '|' between, rows with '\n'; bytes
   as hex, NULL as NULL. Freed by the caller. */
char *asking_rows(struct ArrowArrayStream *stream, elc_error *err);
/* The same of a query; fails the test where it fails. */
void asking_gives(elc_sql *sql, const char *query, const char *expected);
void asking_fails(elc_sql *sql, const char *query, elc_status status, const char *why);

/* A table "name" of n rows: id (int64), word (utf8, every third NULL), geometry (a
   point at id, id), in a CRS as elc_crs_create takes it (NULL: CRS84). */
void asking_table(elc_sql *sql, const char *name, size_t n, const char *crs);
/* PROJJSON of "EPSG:4326"; freed by the caller. */
char *asking_projjson(const char *crs);
/* The same as a stream in batches of `cut` rows. */
void asking_stream(size_t n, size_t cut, const char *crs, struct ArrowArrayStream *out);

#endif
