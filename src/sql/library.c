/* library.c - DuckDB's C library, found and loaded when a session is opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <elcano/files.h>

#define SONAME "libduckdb.so"
#define OLDEST "1.4"

#define HOW_TO_GET                                                                     \
    "run scripts/setup, or let ELCANO_DUCKDB name a libduckdb.so of DuckDB " OLDEST    \
    " or newer"

/* The one of this process; filled under the lock, and never changed after that. */
static elc_duckdb the_one;
static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;

/* RTLD_LOCAL keeps what it brings along away from GDAL's. */
static bool load(void **library, const char *path) {
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return *library != NULL;
}

static elc_status load_named(void **library, const char *path, char **loaded,
                             elc_error *err) {
    if (!load(library, path))
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "ELCANO_DUCKDB is %s, which cannot be loaded (%s): let it name "
                        "a " SONAME ", or unset it",
                        path, dlerror());
    return elc_strdup(path, loaded, err);
}

static elc_status load_found(void **library, char **loaded, elc_error *err) {
    elc_status status;
    elc_string beside = {0};
    ELC_TRY_GOTO(elc_own_folder(&beside, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&beside, err, "elcano/" SONAME), status, done);
    const char *places[] = {beside.data, ELCANO_DEPS_DIR "/duckdb/lib/" SONAME, SONAME};
    status = ELC_E_NOT_FOUND;
    for (size_t i = 0; status == ELC_E_NOT_FOUND && i < 3; i++)
        if (load(library, places[i]))
            status = elc_strdup(places[i], loaded, err);
    if (status == ELC_E_NOT_FOUND)
        elc_fail(
            err, status,
            "DuckDB, which does this, is not here (looked for %s, %s and %s on the "
            "system's path): " HOW_TO_GET,
            places[0], places[1], places[2]);
done:
    elc_string_free(&beside);
    return status;
}

static bool find(void *library, const char *name, void *pointer, const char **missing) {
    void *symbol = dlsym(library, name);
    memcpy(pointer, &symbol, sizeof symbol);
    if (symbol == NULL)
        *missing = name;
    return symbol != NULL;
}

static elc_status find_calls(void *library, elc_duckdb *duckdb, elc_error *err) {
    const char *missing = NULL;
    bool all = true;
#define FIND(name) all = all && find(library, "duckdb_" #name, &duckdb->name, &missing);
    ELC_DUCKDB_CALLS(FIND)
#undef FIND
    if (all)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s is no DuckDB of " OLDEST
                    " or newer (it has no %s): " HOW_TO_GET,
                    duckdb->path, missing);
}

static elc_status load_once(elc_error *err) {
    const char *named = getenv("ELCANO_DUCKDB");
    void *library = NULL;
    elc_duckdb duckdb = {0};
    if (the_one.path != NULL)
        return ELC_OK;
    elc_status status = named != NULL && named[0] != '\0'
                            ? load_named(&library, named, &duckdb.path, err)
                            : load_found(&library, &duckdb.path, err);
    if (status == ELC_OK)
        status = find_calls(library, &duckdb, err);
    if (status == ELC_OK)
        the_one = duckdb;
    else
        free(duckdb.path);
    return status;
}

elc_status elc_duckdb_load(const elc_duckdb **out, elc_error *err) {
    pthread_mutex_lock(&the_lock);
    elc_status status = load_once(err);
    pthread_mutex_unlock(&the_lock);
    if (status == ELC_OK)
        *out = &the_one;
    return status;
}

const elc_duckdb *elc_duckdb_loaded(void) {
    return &the_one;
}
