/* doctor.c - the calls of Checks.java: what this process works with. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <geos_c.h>
#include <proj.h>

#define CALL(type, name) JNIEXPORT type JNICALL Java_org_elcano_spark_Checks_##name

/* ---- libraries --------------------------------------------------------------------
 */

static elc_status gdal(const char *network, elc_string *out, elc_error *err) {
    (void)network;
    return elc_string_printf(out, err, "%s", GDALVersionInfo("RELEASE_NAME"));
}

static elc_status proj(const char *network, elc_string *out, elc_error *err) {
    (void)network;
    return elc_string_printf(out, err, "%s", proj_info().version);
}

static elc_status geos(const char *network, elc_string *out, elc_error *err) {
    (void)network;
    return elc_string_printf(out, err, "%s", GEOSversion());
}

/* The vector code that this processor is given. */
static elc_status cpu(const char *network, elc_string *out, elc_error *err) {
    (void)network;
    return elc_string_printf(out, err, "%s",
                             elc_cpu_is_widest() ? "AVX-512"
                             : elc_cpu_is_wide() ? "AVX2"
                                                 : "no AVX2");
}

static elc_status onnxruntime(const char *network, elc_string *out, elc_error *err) {
    elc_model *model;
    ELC_TRY(elc_model_open(network, NULL, &model, err));
    elc_status status =
        elc_string_printf(out, err, "%s", elc_model_info_at(model)->runtime);
    elc_model_free(model);
    return status;
}

/* The one text of a query's one row. */
static elc_status first_text(struct ArrowArrayStream *rows, elc_string *out,
                             elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    elc_rows *view = NULL;
    size_t size = 0;
    ELC_TRY(elc_stream_schema(rows, &schema, err));
    elc_status status = elc_stream_next(rows, &batch, err);
    if (status == ELC_OK)
        status = elc_rows_view(&schema, &batch, &view, err);
    if (status == ELC_OK && elc_rows_count(view) == 1) {
        const char *text = elc_rows_bytes(view, 0, 0, &size);
        status = elc_string_append(out, text == NULL ? "" : text, size, err);
    }
    elc_rows_free(view);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return status;
}

static elc_status duckdb(const char *network, elc_string *out, elc_error *err) {
    const elc_sql_options options = {.threads = 1};
    struct ArrowArrayStream rows = {0};
    elc_sql *sql;
    (void)network;
    ELC_TRY(elc_sql_open(&options, &sql, err));
    elc_status status =
        elc_sql_query(sql, "SELECT version() AS version", NULL, &rows, err);
    if (status == ELC_OK)
        status = first_text(&rows, out, err);
    elc_stream_release(&rows);
    elc_sql_free(sql);
    return status;
}

static const struct {
    const char *name;
    elc_status (*look)(const char *network, elc_string *out, elc_error *err);
} LIBRARIES[] = {{"gdal", gdal},     {"proj", proj},
                 {"geos", geos},     {"onnxruntime", onnxruntime},
                 {"duckdb", duckdb}, {"cpu", cpu}};

static elc_status look_at(const char *name, const char *network, elc_string *out,
                          elc_error *err) {
    for (size_t i = 0; i < sizeof LIBRARIES / sizeof LIBRARIES[0]; i++)
        if (strcmp(LIBRARIES[i].name, name) == 0)
            return LIBRARIES[i].look(network, out, err);
    return elc_fail(err, ELC_E_INTERNAL, "there is no library %s", name);
}

CALL(jstring, library)(JNIEnv *env, jclass self, jstring name, jstring network) {
    char *asked = elc_jni_utf8(env, name), *path = elc_jni_utf8(env, network);
    elc_string said = {0};
    elc_error err = {0};
    jstring out = NULL;
    elc_status status = asked == NULL || path == NULL
                            ? elc_fail(&err, ELC_E_MEMORY, "no memory for a name")
                            : look_at(asked, path, &said, &err);
    (void)self;
    if (status == ELC_OK)
        out = elc_jni_text(env, said.data);
    else
        elc_jni_throw(env, status, &err);
    elc_string_free(&said);
    free(asked);
    free(path);
    return out;
}

/* ---- the machine ------------------------------------------------------------------
 */

CALL(jlong, memory)(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jlong)elc_memory_total();
}

CALL(jlong, cache)(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return (jlong)GDALGetCacheMax64();
}

CALL(jint, cores)(JNIEnv *env, jclass self) {
    (void)env, (void)self;
    return elc_cpu_count();
}
