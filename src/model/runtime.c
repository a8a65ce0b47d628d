/* runtime.c - ONNX Runtime, found and loaded when a network is opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <elcano/files.h>

/* A process has one environment of ONNX Runtime, which counts its users; one that is
   made while the last one is being released fails now and then. */
static pthread_mutex_t environment_lock = PTHREAD_MUTEX_INITIALIZER;

/* CUDA's options came with the eleventh table of functions; nothing newer is called. */
#define OLDEST_API 11
#define SONAME     "libonnxruntime.so.1"

#define HOW_TO_GET                                                                     \
    "run scripts/setup, or install libonnxruntime (Debian 13), or let "                \
    "ELCANO_ONNXRUNTIME name the library"

/* ONNX Runtime writes to stderr by itself otherwise; what matters comes as a status. */
static void ORT_API_CALL say_nothing(void *arg, OrtLoggingLevel level,
                                     const char *category, const char *id,
                                     const char *where, const char *message) {
    (void)arg, (void)level, (void)category, (void)id, (void)where, (void)message;
}

/* RTLD_LOCAL keeps its protobuf away from GDAL's. RTLD_NODELETE: its threads and thread
   locals may outlive the last network. */
static bool load(elc_runtime *runtime, const char *path) {
    runtime->library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return runtime->library != NULL;
}

static elc_status load_named(elc_runtime *runtime, const char *path, elc_error *err) {
    if (!load(runtime, path))
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "ELCANO_ONNXRUNTIME is %s, which cannot be loaded (%s): let it "
                        "name a " SONAME ", or unset it",
                        path, dlerror());
    return elc_strdup(path, &runtime->path, err);
}

static elc_status load_found(elc_runtime *runtime, elc_error *err) {
    elc_status status;
    elc_string beside = {0};
    ELC_TRY_GOTO(elc_own_folder(&beside, err), status, done);
    ELC_TRY_GOTO(elc_string_printf(&beside, err, "elcano/" SONAME), status, done);
    const char *places[] = {beside.data, ELCANO_DEPS_DIR "/onnxruntime/lib/" SONAME,
                            SONAME};
    status = ELC_E_NOT_FOUND;
    for (size_t i = 0; status == ELC_E_NOT_FOUND && i < 3; i++) {
        if (load(runtime, places[i]))
            status = elc_strdup(places[i], &runtime->path, err);
    }
    if (status == ELC_E_NOT_FOUND)
        elc_fail(err, status,
                 "ONNX Runtime is not here (looked for %s, %s and %s on the system's "
                 "path): " HOW_TO_GET,
                 places[0], places[1], places[2]);
done:
    elc_string_free(&beside);
    return status;
}

static elc_status find_api(elc_runtime *runtime, elc_error *err) {
    const OrtApiBase *(*base)(void) = NULL;
    void *symbol = dlsym(runtime->library, "OrtGetApiBase");
    memcpy(&base, &symbol, sizeof base);
    if (base == NULL)
        return elc_fail(err, ELC_E_NOT_FOUND,
                        "%s is no ONNX Runtime (it has no OrtGetApiBase): " HOW_TO_GET,
                        runtime->path);
    runtime->api = base()->GetApi(OLDEST_API);
    if (runtime->api == NULL)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s is ONNX Runtime %s, too old: 1.%d or newer is needed; " HOW_TO_GET,
            runtime->path, base()->GetVersionString(), OLDEST_API);
    elc_string version = {0};
    ELC_TRY(elc_string_printf(&version, err, "ONNX Runtime %s",
                              base()->GetVersionString()));
    size_t n = version.size < sizeof runtime->version ? version.size
                                                      : sizeof runtime->version - 1;
    memcpy(runtime->version, version.data, n);
    runtime->version[n] = '\0';
    elc_string_free(&version);
    return ELC_OK;
}

elc_status elc_runtime_open(elc_runtime *runtime, elc_error *err) {
    const char *named = getenv("ELCANO_ONNXRUNTIME");
    if (named != NULL && named[0] != '\0')
        ELC_TRY(load_named(runtime, named, err));
    else
        ELC_TRY(load_found(runtime, err));
    ELC_TRY(find_api(runtime, err));
    pthread_mutex_lock(&environment_lock);
    OrtStatus *ort = runtime->api->CreateEnvWithCustomLogger(
        say_nothing, NULL, ORT_LOGGING_LEVEL_ERROR, "elcano", &runtime->env);
    pthread_mutex_unlock(&environment_lock);
    return elc_runtime_check(runtime, ort, ELC_E_MODEL, runtime->path, err);
}

void elc_runtime_close(elc_runtime *runtime) {
    pthread_mutex_lock(&environment_lock);
    if (runtime->env != NULL)
        runtime->api->ReleaseEnv(runtime->env);
    if (runtime->library != NULL)
        dlclose(runtime->library);
    pthread_mutex_unlock(&environment_lock);
    free(runtime->path);
    *runtime = (elc_runtime){0};
}

elc_status elc_runtime_check(const elc_runtime *runtime, OrtStatus *ort,
                             elc_status status, const char *what, elc_error *err) {
    if (ort == NULL)
        return ELC_OK;
    elc_fail(err, status, "%s: %s", what, runtime->api->GetErrorMessage(ort));
    runtime->api->ReleaseStatus(ort);
    return status;
}
