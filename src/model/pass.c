/* pass.c - one place to run a session: its input tensor and the outputs of a run. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pass.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "half.h"

#define TRY_ORT(p, call)                                                               \
    ELC_TRY(elc_runtime_check(&(p)->session->runtime, (call), ELC_E_MODEL,             \
                              (p)->session->path, err))

/* What a network makes of its input is larger still: nothing beyond could be run. */
#define INPUT_BYTES_MAX ((size_t)8 << 30)

struct elc_pass {
    elc_session *session;
    void *input; /* ours; the tensor below is a view of it */
    OrtValue *input_value;
    OrtValue **outputs; /* made by the run, from the session's arena */
    float **widened;    /* outputs of other types as float32 */
    size_t *widened_capacity;
    OrtRunOptions *options;
    atomic_bool stopped;
};

size_t elc_input_size(ONNXTensorElementDataType type) {
    switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
        return 4;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
        return 8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
        return 2;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
        return 1;
    default:
        return 0;
    }
}

static elc_status make_input(elc_pass *pass, const int64_t *dims, elc_error *err) {
    const elc_session *s = pass->session;
    const OrtApi *api = s->runtime.api;
    size_t bytes = elc_input_size(s->input.type);
    for (size_t i = 0; i < s->input.rank; i++) {
        if (dims[i] <= 0 || __builtin_mul_overflow(bytes, (size_t)dims[i], &bytes) ||
            bytes > INPUT_BYTES_MAX)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "%s: the chips of a run would take more than 8 GiB; use "
                            "smaller chips or a smaller batch",
                            s->path);
    }
    ELC_TRY(elc_alloc(bytes, 1, &pass->input, err));
    OrtMemoryInfo *memory;
    TRY_ORT(pass,
            api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    OrtStatus *ort = api->CreateTensorWithDataAsOrtValue(
        memory, pass->input, bytes, dims, s->input.rank, s->input.type,
        &pass->input_value);
    api->ReleaseMemoryInfo(memory);
    TRY_ORT(pass, ort);
    return ELC_OK;
}

static elc_status fill(elc_pass *pass, const int64_t *dims, elc_error *err) {
    size_t n = pass->session->n_outputs;
    ELC_TRY(elc_alloc(n, sizeof *pass->outputs, &pass->outputs, err));
    ELC_TRY(elc_alloc(n, sizeof *pass->widened, &pass->widened, err));
    ELC_TRY(elc_alloc(n, sizeof *pass->widened_capacity, &pass->widened_capacity, err));
    ELC_TRY(make_input(pass, dims, err));
    TRY_ORT(pass, pass->session->runtime.api->CreateRunOptions(&pass->options));
    return ELC_OK;
}

elc_status elc_pass_create(elc_session *session, const int64_t *dims, elc_pass **out,
                           elc_error *err) {
    elc_pass *pass;
    ELC_TRY(elc_alloc(1, sizeof *pass, &pass, err));
    pass->session = session;
    elc_status status = fill(pass, dims, err);
    if (status != ELC_OK) {
        elc_pass_free(pass);
        return status;
    }
    *out = pass;
    return ELC_OK;
}

void *elc_pass_input(elc_pass *pass) {
    return pass->input;
}

static void drop_outputs(elc_pass *pass) {
    for (size_t i = 0; pass->outputs != NULL && i < pass->session->n_outputs; i++) {
        if (pass->outputs[i] != NULL)
            pass->session->runtime.api->ReleaseValue(pass->outputs[i]);
        pass->outputs[i] = NULL;
    }
}

static elc_status cancelled(const elc_pass *pass, elc_error *err) {
    return elc_fail(err, ELC_E_CANCELLED, "%s: stopped", pass->session->path);
}

elc_status elc_pass_run(elc_pass *pass, elc_error *err) {
    const elc_session *s = pass->session;
    drop_outputs(pass);
    if (atomic_load(&pass->stopped))
        return cancelled(pass, err);
    OrtStatus *ort = s->runtime.api->Run(s->session, pass->options,
                                         (const char *const *)&s->input.name,
                                         (const OrtValue *const *)&pass->input_value, 1,
                                         s->output_names, s->n_outputs, pass->outputs);
    if (ort != NULL && atomic_load(&pass->stopped)) {
        s->runtime.api->ReleaseStatus(ort);
        return cancelled(pass, err);
    }
    TRY_ORT(pass, ort);
    return ELC_OK;
}

bool elc_output_is_whole(ONNXTensorElementDataType type) {
    return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 ||
           type == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
}

bool elc_output_is_read(ONNXTensorElementDataType type) {
    return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT ||
           type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 || elc_output_is_whole(type);
}

/* Whole numbers are classes and counts: those that float32 cannot hold are none. */
static void to_float(ONNXTensorElementDataType type, const void *data, size_t n,
                     float *out) {
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16) {
        elc_half_to_float(data, n, out);
        return;
    }
    const int64_t *longs = data;
    const int32_t *ints = data;
    for (size_t i = 0; i < n; i++)
        out[i] = type == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 ? (float)longs[i]
                                                             : (float)ints[i];
}

static elc_status widen(elc_pass *pass, size_t i, ONNXTensorElementDataType type,
                        const void *data, const elc_tensor *shape, elc_error *err) {
    size_t n = 1;
    for (size_t d = 0; d < shape->rank; d++)
        n *= (size_t)shape->dims[d]; /* cannot overflow: the tensor is in memory */
    ELC_TRY(elc_reserve(&pass->widened[i], &pass->widened_capacity[i], n + 1,
                        sizeof(float), err));
    to_float(type, data, n, pass->widened[i]);
    return ELC_OK;
}

static elc_status read_shape(const elc_pass *pass, const OrtValue *value,
                             ONNXTensorElementDataType *type, elc_tensor *out,
                             elc_error *err) {
    const OrtApi *api = pass->session->runtime.api;
    OrtTensorTypeAndShapeInfo *info;
    TRY_ORT(pass, api->GetTensorTypeAndShape(value, &info));
    OrtStatus *ort = api->GetTensorElementType(info, type);
    if (ort == NULL)
        ort = api->GetDimensionsCount(info, &out->rank);
    if (ort == NULL && out->rank <= ELC_RANK_MAX)
        ort = api->GetDimensions(info, out->dims, out->rank);
    api->ReleaseTensorTypeAndShapeInfo(info);
    TRY_ORT(pass, ort);
    if (out->rank > ELC_RANK_MAX)
        return elc_fail(err, ELC_E_MODEL,
                        "%s: an output has %zu dimensions, at most %d",
                        pass->session->path, out->rank, ELC_RANK_MAX);
    return ELC_OK;
}

elc_status elc_pass_shrink(elc_pass *pass, elc_error *err) {
    bool cpu = strcmp(pass->session->device, "cpu") == 0;
    if (cpu)
        TRY_ORT(pass,
                pass->session->runtime.api->AddRunConfigEntry(
                    pass->options, "memory.enable_memory_arena_shrinkage", "cpu:0"));
    return ELC_OK;
}

static elc_status output_of(elc_pass *pass, size_t i, ONNXTensorElementDataType *type,
                            elc_tensor *out, elc_error *err) {
    if (i >= pass->session->n_outputs || pass->outputs[i] == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: has no outputs yet, run it first",
                        pass->session->path);
    elc_tensor tensor = {0};
    ELC_TRY(read_shape(pass, pass->outputs[i], type, &tensor, err));
    *out = tensor;
    return ELC_OK;
}

elc_status elc_pass_shape(elc_pass *pass, size_t i, elc_tensor *out, elc_error *err) {
    ONNXTensorElementDataType type;
    return output_of(pass, i, &type, out, err);
}

elc_status elc_pass_output(elc_pass *pass, size_t i, elc_tensor *out, elc_error *err) {
    const elc_session *s = pass->session;
    elc_tensor tensor = {0};
    ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    void *data;
    ELC_TRY(output_of(pass, i, &type, &tensor, err));
    TRY_ORT(pass, s->runtime.api->GetTensorMutableData(pass->outputs[i], &data));
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
        tensor.data = data;
    } else if (elc_output_is_read(type)) {
        ELC_TRY(widen(pass, i, type, data, &tensor, err));
        tensor.data = pass->widened[i];
    } else {
        return elc_fail(
            err, ELC_E_MODEL,
            "%s: output %s is %s; float32, float16, int64 or int32 is needed", s->path,
            s->outputs[i].name, elc_tensor_type_name(type));
    }
    *out = tensor;
    return ELC_OK;
}

const OrtValue *elc_pass_value(const elc_pass *pass, size_t i) {
    return i < pass->session->n_outputs ? pass->outputs[i] : NULL;
}

void elc_pass_stop(elc_pass *pass) {
    atomic_store(&pass->stopped, true);
    const OrtApi *api = pass->session->runtime.api;
    OrtStatus *ort = api->RunOptionsSetTerminate(pass->options);
    if (ort != NULL)
        api->ReleaseStatus(ort);
}

void elc_pass_free(elc_pass *pass) {
    if (pass == NULL)
        return;
    const OrtApi *api = pass->session->runtime.api;
    drop_outputs(pass);
    if (pass->input_value != NULL)
        api->ReleaseValue(pass->input_value);
    if (pass->options != NULL)
        api->ReleaseRunOptions(pass->options);
    for (size_t i = 0; pass->widened != NULL && i < pass->session->n_outputs; i++)
        free(pass->widened[i]);
    free(pass->outputs);
    free(pass->widened);
    free(pass->widened_capacity);
    free(pass->input);
    free(pass);
}
