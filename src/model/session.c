/* session.c - a network in ONNX Runtime: what goes in, what comes out, its metadata. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph.h"

/* Passes an OrtStatus on as a failure of this network. */
#define TRY_ORT(s, call)                                                               \
    ELC_TRY(elc_runtime_check(&(s)->runtime, (call), ELC_E_MODEL, (s)->path, err))

/* ---- device -------------------------------------------------------------------------
 */

/* "cpu" gives -1, "cuda" 0, "cuda:1" 1. */
static elc_status device_number(const char *device, int *number, elc_error *err) {
    int64_t n = 0;
    if (device == NULL || strcmp(device, "cpu") == 0) {
        *number = -1;
        return ELC_OK;
    }
    bool cuda = strncmp(device, "cuda", 4) == 0;
    if (cuda && device[4] == ':' &&
        (elc_parse_int(device + 5, "device", &n, NULL) != ELC_OK || n < 0 || n > 255))
        cuda = false;
    if (!cuda || (device[4] != '\0' && device[4] != ':'))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "device \"%s\" is not known: give cpu, cuda or cuda:1", device);
    *number = (int)n;
    return ELC_OK;
}

static elc_status has_cuda(const elc_session *s, bool *found, elc_error *err) {
    char **names = NULL;
    int n = 0;
    TRY_ORT(s, s->runtime.api->GetAvailableProviders(&names, &n));
    *found = false;
    for (int i = 0; i < n; i++)
        *found |= strcmp(names[i], "CUDAExecutionProvider") == 0;
    TRY_ORT(s, s->runtime.api->ReleaseAvailableProviders(names, n));
    return ELC_OK;
}

/* Exhaustive search would try every algorithm for every size of chip; TF32 would round
   products to ten bits. */
static elc_status append_cuda(elc_session *s, OrtSessionOptions *options, int number,
                              elc_error *err) {
    bool found;
    ELC_TRY(has_cuda(s, &found, err));
    if (!found)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "device cuda: %s in %s is built without CUDA; let "
                        "ELCANO_ONNXRUNTIME name a build with it, or use --device cpu",
                        s->runtime.version, s->runtime.path);
    const OrtApi *api = s->runtime.api;
    char id[8] = "";
    elc_string text = {0};
    ELC_TRY(elc_string_printf(&text, err, "%d", number));
    strncpy(id, text.data, sizeof id - 1);
    elc_string_free(&text);
    const char *keys[] = {"device_id", "cudnn_conv_algo_search", "use_tf32"};
    const char *values[] = {id, "HEURISTIC", "0"};
    OrtCUDAProviderOptionsV2 *cuda = NULL;
    TRY_ORT(s, api->CreateCUDAProviderOptions(&cuda));
    OrtStatus *ort = api->UpdateCUDAProviderOptions(cuda, keys, values, 3);
    if (ort == NULL)
        ort = api->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda);
    api->ReleaseCUDAProviderOptions(cuda);
    return elc_runtime_check(&s->runtime, ort, ELC_E_UNSUPPORTED, "device cuda", err);
}

/* ---- loading ------------------------------------------------------------------------
 */

/* Callers are the threads: one inside a run, and none that burns a core while it waits.
 */
static elc_status set_options(elc_session *s, OrtSessionOptions *options, int cuda,
                              elc_error *err) {
    const OrtApi *api = s->runtime.api;
    TRY_ORT(s, api->SetIntraOpNumThreads(options, 1));
    TRY_ORT(s, api->SetInterOpNumThreads(options, 1));
    TRY_ORT(s, api->SetSessionExecutionMode(options, ORT_SEQUENTIAL));
    TRY_ORT(s, api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL));
    TRY_ORT(s, api->SetSessionLogSeverityLevel(options, ORT_LOGGING_LEVEL_ERROR));
    TRY_ORT(
        s, api->AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"));
    TRY_ORT(
        s, api->AddSessionConfigEntry(options, "session.inter_op.allow_spinning", "0"));
    if (cuda >= 0)
        ELC_TRY(append_cuda(s, options, cuda, err));
    return ELC_OK;
}

/* "weights.bin, more.bin": files that the network names and that cannot be read. */
static void lost_files(const elc_session *s, elc_string *out) {
    elc_names files = {0};
    const char *slash = strrchr(s->path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - s->path) + 1;
    elc_graph_weights(s->path, &files, NULL);
    for (size_t i = 0; i < files.count; i++) {
        elc_string path = {0};
        if (elc_string_append(&path, s->path, folder, NULL) == ELC_OK &&
            elc_string_printf(&path, NULL, "%s", files.items[i]) == ELC_OK &&
            access(path.data, R_OK) != 0)
            elc_string_printf(out, NULL, "%s%s", out->size > 0 ? ", " : "",
                              files.items[i]);
        elc_string_free(&path);
    }
    elc_names_free(&files);
}

static elc_status refused(elc_session *s, OrtStatus *ort, elc_error *err) {
    OrtErrorCode code = s->runtime.api->GetErrorCode(ort);
    elc_string lost = {0};
    lost_files(s, &lost);
    if (lost.size > 0)
        elc_fail(err, ELC_E_MODEL,
                 "%s: keeps weights in files of their own, and %s cannot be read; put "
                 "what it was exported with into its folder",
                 s->path, lost.data);
    else if (code == ORT_INVALID_PROTOBUF)
        elc_fail(err, ELC_E_MODEL,
                 "%s: is no ONNX network, or is cut short; give a whole .onnx file",
                 s->path);
    else
        elc_fail(err, ELC_E_MODEL, "%s: ONNX Runtime cannot load it: %s", s->path,
                 s->runtime.api->GetErrorMessage(ort));
    s->runtime.api->ReleaseStatus(ort);
    elc_string_free(&lost);
    return ELC_E_MODEL;
}

/* Files of weights are looked for where the process is, unless this says where; read by
   ONNX Runtime from 1.19 on, and passed over by older ones. */
static elc_status name_folder(elc_session *s, OrtSessionOptions *options,
                              elc_error *err) {
    const char *slash = strrchr(s->path, '/');
    elc_string folder = {0};
    elc_status status =
        slash == NULL
            ? elc_string_append(&folder, ".", 1, err)
            : elc_string_append(&folder, s->path, (size_t)(slash - s->path) + 1, err);
    if (status == ELC_OK)
        status = elc_runtime_check(
            &s->runtime,
            s->runtime.api->AddSessionConfigEntry(
                options, "session.model_external_initializers_file_folder_path",
                folder.data),
            ELC_E_MODEL, s->path, err);
    elc_string_free(&folder);
    return status;
}

/* A network's file, or bytes that were made from one. */
typedef struct source {
    const char *path;
    const void *bytes; /* NULL: the file */
    size_t n;
} source;

static elc_status create_session(elc_session *s, OrtSessionOptions *options,
                                 const source *from, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    if (from->bytes != NULL)
        ELC_TRY(name_folder(s, options, err));
    OrtStatus *ort =
        from->bytes == NULL
            ? api->CreateSession(s->runtime.env, s->path, options, &s->session)
            : api->CreateSessionFromArray(s->runtime.env, from->bytes, from->n, options,
                                          &s->session);
    return ort == NULL ? ELC_OK : refused(s, ort, err);
}

static elc_status load(elc_session *s, const source *from, const char *device,
                       elc_error *err) {
    const OrtApi *api = s->runtime.api;
    int cuda = -1;
    ELC_TRY(device_number(device, &cuda, err));
    OrtSessionOptions *options = NULL;
    TRY_ORT(s, api->CreateSessionOptions(&options));
    elc_status status = set_options(s, options, cuda, err);
    if (status == ELC_OK)
        status = create_session(s, options, from, err);
    api->ReleaseSessionOptions(options);
    elc_string name = {0};
    if (status == ELC_OK)
        status = cuda < 0 ? elc_string_printf(&name, err, "cpu")
                          : elc_string_printf(&name, err, "cuda:%d", cuda);
    if (status == ELC_OK)
        memcpy(s->device, name.data, name.size + 1);
    elc_string_free(&name);
    return status;
}

/* ---- inputs and outputs -------------------------------------------------------------
 */

static elc_status read_dims(const elc_session *s, const OrtTensorTypeAndShapeInfo *info,
                            elc_tensor_spec *spec, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    const char *symbols[ELC_RANK_MAX] = {0};
    TRY_ORT(s, api->GetTensorElementType(info, &spec->type));
    TRY_ORT(s, api->GetDimensionsCount(info, &spec->rank));
    if (spec->rank > ELC_RANK_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: %s has %zu dimensions, at most %d can be read", s->path,
                        spec->name, spec->rank, ELC_RANK_MAX);
    TRY_ORT(s, api->GetDimensions(info, spec->dims, spec->rank));
    TRY_ORT(s, api->GetSymbolicDimensions(info, symbols, spec->rank));
    for (size_t i = 0; i < spec->rank; i++) {
        if (spec->dims[i] < 0)
            spec->dims[i] = -1;
        ELC_TRY(
            elc_strdup(symbols[i] == NULL ? "" : symbols[i], &spec->symbols[i], err));
    }
    return ELC_OK;
}

/* Takes `type`. */
static elc_status read_type(const elc_session *s, OrtTypeInfo *type,
                            elc_tensor_spec *spec, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    const OrtTensorTypeAndShapeInfo *info = NULL;
    OrtStatus *ort = api->GetOnnxTypeFromTypeInfo(type, &spec->kind);
    if (ort == NULL)
        ort = api->CastTypeInfoToTensorInfo(type, &info);
    elc_status status = elc_runtime_check(&s->runtime, ort, ELC_E_MODEL, s->path, err);
    if (status == ELC_OK && info != NULL)
        status = read_dims(s, info, spec, err);
    api->ReleaseTypeInfo(type);
    return status;
}

/* ONNX Runtime's text into ours; takes `text`. */
static elc_status take_text(const elc_session *s, OrtAllocator *allocator, char *text,
                            char **out, elc_error *err) {
    elc_status status = elc_strdup(text, out, err);
    OrtStatus *ort = s->runtime.api->AllocatorFree(allocator, text);
    if (status == ELC_OK)
        return elc_runtime_check(&s->runtime, ort, ELC_E_MODEL, s->path, err);
    s->runtime.api->ReleaseStatus(ort);
    return status;
}

static elc_status read_input(elc_session *s, OrtAllocator *allocator, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    size_t n;
    char *name;
    OrtTypeInfo *type;
    TRY_ORT(s, api->SessionGetInputCount(s->session, &n));
    s->n_inputs = n;
    if (n == 0)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: has no inputs; a network with one, the image, is needed",
                        s->path);
    TRY_ORT(s, api->SessionGetInputName(s->session, 0, allocator, &name));
    ELC_TRY(take_text(s, allocator, name, &s->input.name, err));
    TRY_ORT(s, api->SessionGetInputTypeInfo(s->session, 0, &type));
    return read_type(s, type, &s->input, err);
}

static elc_status read_outputs(elc_session *s, OrtAllocator *allocator,
                               elc_error *err) {
    const OrtApi *api = s->runtime.api;
    size_t n;
    TRY_ORT(s, api->SessionGetOutputCount(s->session, &n));
    ELC_TRY(elc_alloc(n, sizeof *s->outputs, &s->outputs, err));
    ELC_TRY(elc_alloc(n, sizeof *s->output_names, &s->output_names, err));
    s->n_outputs = n;
    for (size_t i = 0; i < n; i++) {
        char *name;
        OrtTypeInfo *type;
        TRY_ORT(s, api->SessionGetOutputName(s->session, i, allocator, &name));
        ELC_TRY(take_text(s, allocator, name, &s->outputs[i].name, err));
        s->output_names[i] = s->outputs[i].name;
        TRY_ORT(s, api->SessionGetOutputTypeInfo(s->session, i, &type));
        ELC_TRY(read_type(s, type, &s->outputs[i], err));
    }
    return ELC_OK;
}

/* ---- metadata -----------------------------------------------------------------------
 */

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static elc_status read_keys(elc_session *s, const OrtModelMetadata *map,
                            OrtAllocator *allocator, elc_error *err) {
    char **keys = NULL;
    int64_t n = 0;
    elc_status status = ELC_OK;
    TRY_ORT(s, s->runtime.api->ModelMetadataGetCustomMetadataMapKeys(map, allocator,
                                                                     &keys, &n));
    for (int64_t i = 0; i < n; i++) {
        if (status == ELC_OK)
            status = elc_names_add(&s->keys, keys[i], err);
        s->runtime.api->ReleaseStatus(
            s->runtime.api->AllocatorFree(allocator, keys[i]));
    }
    if (keys != NULL)
        s->runtime.api->ReleaseStatus(s->runtime.api->AllocatorFree(allocator, keys));
    if (s->keys.count > 1)
        qsort(s->keys.items, s->keys.count, sizeof *s->keys.items, by_text);
    return status;
}

static elc_status read_values(elc_session *s, const OrtModelMetadata *map,
                              OrtAllocator *allocator, elc_error *err) {
    for (size_t i = 0; i < s->keys.count; i++) {
        char *value = NULL, *copy = NULL;
        TRY_ORT(s, s->runtime.api->ModelMetadataLookupCustomMetadataMap(
                       map, allocator, s->keys.items[i], &value));
        if (value != NULL)
            ELC_TRY(take_text(s, allocator, value, &copy, err));
        elc_status status = elc_names_add(&s->values, copy == NULL ? "" : copy, err);
        free(copy);
        ELC_TRY(status);
    }
    return ELC_OK;
}

static elc_status read_metadata(elc_session *s, OrtAllocator *allocator,
                                elc_error *err) {
    OrtModelMetadata *map = NULL;
    TRY_ORT(s, s->runtime.api->SessionGetModelMetadata(s->session, &map));
    elc_status status = read_keys(s, map, allocator, err);
    if (status == ELC_OK)
        status = read_values(s, map, allocator, err);
    s->runtime.api->ReleaseModelMetadata(map);
    return status;
}

/* ---- public -------------------------------------------------------------------------
 */

static elc_status fill(elc_session *s, const source *from, const char *device,
                       elc_error *err) {
    ELC_TRY(elc_strdup(from->path, &s->path, err));
    ELC_TRY(elc_runtime_open(&s->runtime, err));
    ELC_TRY(load(s, from, device, err));
    OrtAllocator *allocator;
    TRY_ORT(s, s->runtime.api->GetAllocatorWithDefaultOptions(&allocator));
    ELC_TRY(read_input(s, allocator, err));
    ELC_TRY(read_outputs(s, allocator, err));
    return read_metadata(s, allocator, err);
}

static elc_status open_source(const source *from, const char *device, elc_session **out,
                              elc_error *err) {
    elc_session *session;
    ELC_TRY(elc_alloc(1, sizeof *session, &session, err));
    elc_status status = fill(session, from, device, err);
    if (status != ELC_OK) {
        elc_session_free(session);
        return status;
    }
    *out = session;
    return ELC_OK;
}

elc_status elc_session_open(const char *path, const char *device, elc_session **out,
                            elc_error *err) {
    source from = {.path = path};
    return open_source(&from, device, out, err);
}

elc_status elc_session_open_bytes(const char *path, const void *bytes, size_t n,
                                  const char *device, elc_session **out,
                                  elc_error *err) {
    source from = {path, bytes, n};
    return open_source(&from, device, out, err);
}

static elc_status check_spec(const elc_session *s, const elc_tensor_spec *spec,
                             elc_error *err) {
    if (spec->kind == ONNX_TYPE_TENSOR)
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL,
                    "%s: %s is a sequence, map or optional value; export the network "
                    "so that its inputs and outputs are tensors",
                    s->path, spec->name);
}

elc_status elc_session_check(const elc_session *s, elc_error *err) {
    if (s->n_inputs != 1)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: has %zu inputs; a network with one, the image, is needed",
                        s->path, s->n_inputs);
    ELC_TRY(check_spec(s, &s->input, err));
    for (size_t i = 0; i < s->n_outputs; i++)
        ELC_TRY(check_spec(s, &s->outputs[i], err));
    return ELC_OK;
}

static void spec_clear(elc_tensor_spec *spec) {
    free(spec->name);
    for (size_t i = 0; i < ELC_RANK_MAX; i++)
        free(spec->symbols[i]);
}

void elc_session_free(elc_session *session) {
    if (session == NULL)
        return;
    spec_clear(&session->input);
    for (size_t i = 0; i < session->n_outputs; i++)
        spec_clear(&session->outputs[i]);
    free(session->outputs);
    free(session->output_names);
    elc_names_free(&session->keys);
    elc_names_free(&session->values);
    if (session->session != NULL)
        session->runtime.api->ReleaseSession(session->session);
    elc_runtime_close(&session->runtime);
    free(session->path);
    free(session);
}

elc_status elc_tensor_spec_print(const elc_tensor_spec *spec, elc_string *out,
                                 elc_error *err) {
    ELC_TRY(elc_string_append(out, "[", 1, err));
    for (size_t i = 0; i < spec->rank; i++) {
        if (i > 0)
            ELC_TRY(elc_string_append(out, ", ", 2, err));
        if (spec->dims[i] >= 0)
            ELC_TRY(elc_string_printf(out, err, "%lld", (long long)spec->dims[i]));
        else
            ELC_TRY(elc_string_printf(
                out, err, "%s", spec->symbols[i][0] == '\0' ? "?" : spec->symbols[i]));
    }
    return elc_string_append(out, "]", 1, err);
}

elc_status elc_tensor_spec_show(const elc_tensor_spec *spec, elc_string *out,
                                elc_error *err) {
    if (spec->kind != ONNX_TYPE_TENSOR)
        return elc_string_printf(out, err, "%s",
                                 spec->kind == ONNX_TYPE_SEQUENCE ? "sequence"
                                 : spec->kind == ONNX_TYPE_MAP    ? "map"
                                                                  : "no tensor");
    ELC_TRY(elc_string_printf(out, err, "%s ", elc_tensor_type_name(spec->type)));
    return elc_tensor_spec_print(spec, out, err);
}

const char *elc_tensor_type_name(ONNXTensorElementDataType type) {
    static const char *const names[] = {
        "undefined", "float32", "uint8",   "int8",    "uint16",  "int16",
        "int32",     "int64",   "string",  "bool",    "float16", "float64",
        "uint32",    "uint64",  "complex", "complex", "bfloat16"};
    size_t i = (size_t)type;
    return i < sizeof names / sizeof *names ? names[i] : "a type of 8 bits or less";
}
