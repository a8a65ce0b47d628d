/* session.c - a database in memory: its settings, its failures, its end. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GLANCE_NS = 20 * 1000 * 1000 };

/* ---- cancel -----------------------------------------------------------------------
 */

/* Until the session ends: a statement may begin at any time after cancel was set. */
static void *watch(void *arg) {
    elc_sql *sql = arg;
    pthread_mutex_lock(&sql->watch.lock);
    while (!sql->watch.ends) {
        if (elc_check_cancel(sql->context, NULL) != ELC_OK)
            sql->duckdb->interrupt(sql->connection);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += GLANCE_NS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&sql->watch.wake, &sql->watch.lock, &until);
    }
    pthread_mutex_unlock(&sql->watch.lock);
    return NULL;
}

static elc_status start_watch(elc_sql *sql, elc_error *err) {
    if (sql->context == NULL || sql->context->cancel == NULL)
        return ELC_OK;
    if (pthread_create(&sql->watch.thread, NULL, watch, sql) != 0)
        return elc_fail(err, ELC_E_MEMORY, "no thread to watch for cancelling");
    sql->watch.runs = true;
    return ELC_OK;
}

static void end_watch(elc_sql *sql) {
    if (!sql->watch.runs)
        return;
    pthread_mutex_lock(&sql->watch.lock);
    sql->watch.ends = true;
    pthread_cond_signal(&sql->watch.wake);
    pthread_mutex_unlock(&sql->watch.lock);
    pthread_join(sql->watch.thread, NULL);
}

/* ---- failures ---------------------------------------------------------------------
 */

void elc_sql_note_fault(elc_sql *sql, const elc_error *fault) {
    pthread_mutex_lock(&sql->lock);
    sql->fault = *fault;
    pthread_mutex_unlock(&sql->lock);
}

static elc_status status_of(duckdb_error_type type) {
    switch (type) {
    case DUCKDB_ERROR_IO:
        return ELC_E_IO;
    case DUCKDB_ERROR_OUT_OF_MEMORY:
        return ELC_E_MEMORY;
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_FATAL:
        return ELC_E_INTERNAL;
    case DUCKDB_ERROR_SERIALIZATION:
        return ELC_E_FORMAT;
    default:
        return ELC_E_ARGUMENT;
    }
}

/* "... the given name and argument types 'st_within(wkb_2, wkb)'": not all in that of
   the first table. */
static bool mixes_crss(const char *text) {
    const char *types = strstr(text, "argument types '");
    const char *end = types == NULL ? NULL : strchr(types, ')');
    if (end == NULL)
        return false;
    const char *other = memmem(types, (size_t)(end - types), "wkb_", 4);
    return other != NULL;
}

/* What to do about it, where DuckDB's own advice is not to be had here. */
static const char *advice(const char *text) {
    if (strstr(text, "disabled by configuration") != NULL)
        return "; SQL reads no files here: give them to the command, and use their "
               "names as tables";
    if (strstr(text, "but it exists in the") != NULL)
        return "; extensions are not loaded here: 'elcano functions' lists what there "
               "is";
    if (strstr(text, "No function matches") != NULL && mixes_crss(text))
        return "; wkb, wkb_2, ... are geometries in different CRSs: bring them to one "
               "first, with elcano project or st_transform";
    if (strstr(text, "Out of Memory Error") != NULL)
        return "; give it more by --memory";
    if (strstr(text, "INT64") != NULL && strstr(text, "Conversion Error") != NULL)
        return "; whole numbers end at 64 bits: cast it to DOUBLE or VARCHAR";
    return "";
}

elc_status elc_sql_fail(elc_sql *sql, duckdb_error_type type, const char *text,
                        elc_error *err) {
    pthread_mutex_lock(&sql->lock);
    elc_error fault = sql->fault;
    sql->fault = (elc_error){0};
    pthread_mutex_unlock(&sql->lock);
    ELC_TRY(elc_check_cancel(sql->context, err));
    if (text == NULL)
        text = "DuckDB does not say why";
    const char *quote = strstr(text, "\n\nLINE "); /* with a mark in the line below */
    const char *ways = strstr(text, "Possible solutions"); /* by settings */
    const char *ends = ways != NULL ? ways : quote;
    size_t said = ends == NULL ? strlen(text) : (size_t)(ends - text);
    while (said > 0 && isspace((unsigned char)text[said - 1]))
        said--;
    /* Not each fault is why: DuckDB forgives those of what it only tries. */
    if (fault.status != ELC_OK && strstr(text, fault.message) != NULL)
        return elc_fail(err, fault.status, "%s", fault.message);
    return elc_fail(err, status_of(type), "%.*s%s", (int)said, text, advice(text));
}

elc_status elc_sql_fail_result(elc_sql *sql, duckdb_result *result, elc_error *err) {
    elc_status status = elc_sql_fail(sql, sql->duckdb->result_error_type(result),
                                     sql->duckdb->result_error(result), err);
    sql->duckdb->destroy_result(result);
    return status;
}

elc_status elc_sql_run(elc_sql *sql, const char *statements, elc_error *err) {
    duckdb_result result = {0};
    if (sql->duckdb->query(sql->connection, statements, &result) != DuckDBSuccess)
        return elc_sql_fail_result(sql, &result, err);
    sql->duckdb->destroy_result(&result);
    return ELC_OK;
}

/* ---- settings ---------------------------------------------------------------------
 */

static elc_status set(elc_sql *sql, duckdb_config config, const char *name,
                      const char *value, elc_error *err) {
    if (sql->duckdb->set_config(config, name, value) == DuckDBSuccess)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s does not know the setting %s; take DuckDB 1.4",
                    sql->duckdb->path, name);
}

/* What memory cannot hold goes where temporary files go, not where we are called. */
static elc_status set_folder(elc_sql *sql, duckdb_config config, elc_error *err) {
    const char *folder = getenv("TMPDIR");
    elc_string path = {0};
    elc_status status =
        elc_string_printf(&path, err, "%s/elcano-sql-%ld-%lx",
                          folder == NULL || folder[0] == '\0' ? "/tmp" : folder,
                          (long)getpid(), (unsigned long)(uintptr_t)sql);
    if (status == ELC_OK)
        status = set(sql, config, "temp_directory", path.data, err);
    elc_string_free(&path);
    return status;
}

/* What the process holds already counts; some is always left to work with. DuckDB
   writes what does not fit to its folder. */
static elc_status set_memory(elc_sql *sql, duckdb_config config, elc_error *err) {
    enum { LEAST = 32 << 20 };
    size_t most = sql->context != NULL ? sql->context->memory : 0;
    size_t held = elc_memory_resident();
    char text[32];
    if (most == 0)
        return ELC_OK;
    most = most > held + LEAST ? most - held : LEAST;
    snprintf(text, sizeof text, "%zuKB", most / 1000);
    return set(sql, config, "memory_limit", text, err);
}

static elc_status set_all(elc_sql *sql, duckdb_config config,
                          const elc_sql_options *options, elc_error *err) {
    char threads[16];
    snprintf(threads, sizeof threads, "%d",
             options->threads > 0 ? options->threads
                                  : elc_context_threads(sql->context));
    ELC_TRY(set(sql, config, "threads", threads, err));
    ELC_TRY(set(sql, config, "preserve_insertion_order", "true", err));
    ELC_TRY(set(sql, config, "autoinstall_known_extensions", "false", err));
    ELC_TRY(set(sql, config, "autoload_known_extensions", "false", err));
    ELC_TRY(set(sql, config, "allow_community_extensions", "false", err));
    ELC_TRY(set_folder(sql, config, err));
    return set_memory(sql, config, err);
}

static elc_status connect(elc_sql *sql, const elc_sql_options *options,
                          elc_error *err) {
    duckdb_config config = NULL;
    char *reason = NULL;
    if (sql->duckdb->create_config(&config) != DuckDBSuccess)
        return elc_fail(err, ELC_E_MEMORY, "no memory for DuckDB's settings");
    elc_status status = set_all(sql, config, options, err);
    if (status == ELC_OK &&
        sql->duckdb->open_ext(NULL, &sql->database, config, &reason) != DuckDBSuccess)
        status = elc_fail(err, ELC_E_MEMORY, "DuckDB does not start: %s",
                          reason == NULL ? "it does not say why" : reason);
    sql->duckdb->free(reason);
    sql->duckdb->destroy_config(&config);
    ELC_TRY(status);
    if (sql->duckdb->connect(sql->database, &sql->connection) != DuckDBSuccess)
        return elc_fail(err, ELC_E_MEMORY, "DuckDB gives no connection");
    ELC_TRY(elc_sql_run(sql,
                        options->files /* whose footers are looked at several times */
                            ? "SET parquet_metadata_cache = true"
                            /* now, so that its own folder stays open to it */
                            : "SET enable_external_access = false",
                        err));
    return elc_sql_run(sql, "SET TimeZone = 'UTC'; SET lock_configuration = true", err);
}

/* ---- geometry types ---------------------------------------------------------------
 */

void elc_sql_geometry_name(size_t i, char name[32]) {
    if (i == 0)
        strcpy(name, "wkb");
    else
        snprintf(name, 32, "wkb_%zu", i + 1);
}

static elc_status make_type(elc_sql *sql, const char *name, elc_error *err) {
    const elc_duckdb *duckdb = sql->duckdb;
    duckdb_logical_type type = duckdb->create_logical_type(DUCKDB_TYPE_BLOB);
    duckdb->logical_type_set_alias(type, name);
    duckdb_state state = duckdb->register_logical_type(sql->connection, type, NULL);
    duckdb->destroy_logical_type(&type);
    return state == DuckDBSuccess
               ? ELC_OK
               : elc_fail(err, ELC_E_INTERNAL, "DuckDB takes no type %s", name);
}

elc_status elc_sql_geometry_type(elc_sql *sql, const char *crs, char name[32],
                                 elc_error *err) {
    size_t i = elc_names_find(&sql->crs, crs);
    if (i != SIZE_MAX) {
        elc_sql_geometry_name(i, name);
        return ELC_OK;
    }
    elc_sql_geometry_name(sql->crs.count, name);
    if (sql->crs.count > 0) /* the first one was made with the session */
        ELC_TRY(make_type(sql, name, err));
    return elc_names_add(&sql->crs, crs, err);
}

/* ---- life -------------------------------------------------------------------------
 */

void elc_sql_keep(elc_sql *sql) {
    __atomic_add_fetch(&sql->users, 1, __ATOMIC_RELAXED);
}

void elc_sql_free(elc_sql *sql) {
    if (sql == NULL || __atomic_sub_fetch(&sql->users, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    end_watch(sql);
    if (sql->connection != NULL)
        sql->duckdb->disconnect(&sql->connection);
    if (sql->database != NULL)
        sql->duckdb->close(&sql->database);
    elc_names_free(&sql->crs);
    pthread_mutex_destroy(&sql->lock);
    pthread_mutex_destroy(&sql->watch.lock);
    pthread_cond_destroy(&sql->watch.wake);
    free(sql);
}

elc_status elc_sql_open(const elc_sql_options *options, elc_sql **out, elc_error *err) {
    static const elc_sql_options none = {0};
    elc_sql *sql;
    ELC_TRY(elc_alloc(1, sizeof *sql, &sql, err));
    if (options == NULL)
        options = &none;
    sql->users = 1;
    sql->context = options->context;
    pthread_mutex_init(&sql->lock, NULL);
    pthread_mutex_init(&sql->watch.lock, NULL);
    pthread_cond_init(&sql->watch.wake, NULL);
    elc_status status = elc_duckdb_load(&sql->duckdb, err);
    if (status == ELC_OK)
        status = connect(sql, options, err);
    if (status == ELC_OK)
        status = make_type(sql, "wkb", err);
    if (status == ELC_OK)
        status = make_type(sql, ELC_SQL_OTHER, err);
    if (status == ELC_OK)
        status = start_watch(sql, err);
    if (status != ELC_OK) {
        elc_sql_free(sql);
        return status;
    }
    *out = sql;
    return ELC_OK;
}
