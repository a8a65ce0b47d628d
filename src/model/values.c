/* values.c - tensors of any type as numbers, and maps and texts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "half.h"

#define TRY_ORT(s, call)                                                               \
    ELC_TRY(elc_runtime_check(&(s)->runtime, (call), ELC_E_MODEL, (s)->path, err))

/* Of a text, more is no label. */
#define TEXT_MAX  ((size_t)1 << 16)
#define TEXTS_MAX ((size_t)1 << 20)
/* A GiB of them. */
#define NUMBERS_MAX ((size_t)1 << 27)

/* ---- numbers ------------------------------------------------------------------------
 */

#define COPY(c_type)                                                                   \
    for (size_t i = 0; i < n; i++)                                                     \
    out[i] = (double)((const c_type *)data)[i]

bool elc_values_to_double(ONNXTensorElementDataType type, const void *data, size_t n,
                          double *out) {
    switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
        COPY(float);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
        COPY(double);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
        COPY(int64_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
        COPY(int32_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16:
        COPY(int16_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16:
        COPY(uint16_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
        COPY(int8_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
        COPY(uint8_t);
        return true;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
        for (size_t i = 0; i < n; i++) {
            float wide;
            elc_half_to_float((const uint16_t *)data + i, 1, &wide);
            out[i] = (double)wide;
        }
        return true;
    default:
        return false;
    }
}

bool elc_values_from_double(ONNXTensorElementDataType type, const double *numbers,
                            size_t n, void *out) {
    bool known = true;
    for (size_t i = 0; i < n && known; i++) {
        double v = numbers[i];
        double whole = rint(fmin(fmax(v, -9e18), 9e18));
        switch (type) {
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
            ((float *)out)[i] = (float)v;
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
            ((double *)out)[i] = v;
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
            ((uint16_t *)out)[i] = elc_half_from_float((float)v);
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
            ((int64_t *)out)[i] = (int64_t)whole;
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
            ((int32_t *)out)[i] = (int32_t)fmin(fmax(whole, INT32_MIN), INT32_MAX);
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
            ((uint8_t *)out)[i] = (uint8_t)fmin(fmax(whole, 0), 255);
            break;
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
            ((uint8_t *)out)[i] = v >= 0.5;
            break;
        default:
            known = false;
        }
    }
    return known;
}

static size_t count_of(const elc_values *v) {
    size_t n = 1;
    for (size_t d = 0; d < v->rank; d++)
        n *= (size_t)v->dims[d]; /* cannot overflow: the tensor is in memory */
    return n;
}

elc_status elc_values_take(ONNXTensorElementDataType type, const void *data,
                           elc_values *out, elc_error *err) {
    out->type = elc_tensor_type_name(type);
    out->count = count_of(out);
    if (out->count > NUMBERS_MAX)
        return elc_fail(err, ELC_E_MODEL, "%s holds %zu numbers, at most %zu are shown",
                        out->name, out->count, NUMBERS_MAX);
    ELC_TRY(elc_alloc(out->count, sizeof *out->numbers, &out->numbers, err));
    if (elc_values_to_double(type, data, out->count, out->numbers))
        return ELC_OK;
    return elc_fail(err, ELC_E_MODEL, "%s is %s, which cannot be shown as numbers",
                    out->name, out->type);
}

/* ---- texts --------------------------------------------------------------------------
 */

static elc_status read_text(const elc_session *s, const OrtValue *value, size_t i,
                            elc_names *out, elc_error *err) {
    size_t n = 0;
    char *text = NULL;
    TRY_ORT(s, s->runtime.api->GetStringTensorElementLength(value, i, &n));
    if (n > TEXT_MAX)
        return elc_fail(err, ELC_E_MODEL, "%s: a text of %zu bytes is no label",
                        s->path, n);
    ELC_TRY(elc_alloc(n + 1, 1, &text, err));
    elc_status status = elc_runtime_check(
        &s->runtime, s->runtime.api->GetStringTensorElement(value, n, i, text),
        ELC_E_MODEL, s->path, err);
    if (status == ELC_OK)
        status = elc_names_add(out, text, err);
    free(text);
    return status;
}

static elc_status read_texts(const elc_session *s, const OrtValue *value,
                             elc_values *out, elc_error *err) {
    out->type = "string";
    out->count = count_of(out);
    for (size_t i = 0; i < out->count && i < TEXTS_MAX; i++)
        ELC_TRY(read_text(s, value, i, &out->words, err));
    return ELC_OK;
}

/* ---- what a run gave ----------------------------------------------------------------
 */

static elc_status read_tensor(const elc_session *s, const OrtValue *value,
                              elc_values *out, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    OrtTensorTypeAndShapeInfo *info;
    void *data = NULL;
    TRY_ORT(s, api->GetTensorTypeAndShape(value, &info));
    OrtStatus *ort = api->GetTensorElementType(info, &type);
    if (ort == NULL)
        ort = api->GetDimensionsCount(info, &out->rank);
    if (ort == NULL && out->rank <= ELC_RANK_MAX)
        ort = api->GetDimensions(info, out->dims, out->rank);
    api->ReleaseTensorTypeAndShapeInfo(info);
    TRY_ORT(s, ort);
    if (out->rank > ELC_RANK_MAX)
        return elc_fail(err, ELC_E_MODEL, "%s: %s has %zu dimensions, at most %d",
                        s->path, out->name, out->rank, ELC_RANK_MAX);
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING)
        return read_texts(s, value, out, err);
    /* It only looks, and takes no const. */
    TRY_ORT(s, api->GetTensorMutableData((OrtValue *)(uintptr_t)value, &data));
    return elc_values_take(type, data, out, err);
}

/* Keys that are numbers become words, too. */
static elc_status take_keys(const elc_values *keys, elc_values *out, elc_error *err) {
    for (size_t i = 0; i < keys->count; i++) {
        elc_string text = {0};
        elc_status status =
            keys->numbers == NULL
                ? elc_string_printf(&text, err, "%s",
                                    i < keys->words.count ? keys->words.items[i] : "")
                : elc_string_printf(&text, err, "%.0f", keys->numbers[i]);
        if (status == ELC_OK)
            status =
                elc_names_add(&out->words, text.data == NULL ? "" : text.data, err);
        elc_string_free(&text);
        ELC_TRY(status);
    }
    return ELC_OK;
}

/* Part `i` of a sequence or map; the caller releases it. */
static elc_status part_at(const elc_session *s, const OrtValue *value, int i,
                          OrtValue **out, elc_error *err) {
    OrtAllocator *allocator;
    TRY_ORT(s, s->runtime.api->GetAllocatorWithDefaultOptions(&allocator));
    TRY_ORT(s, s->runtime.api->GetValue(value, i, allocator, out));
    return ELC_OK;
}

static elc_status read_map(const elc_session *s, const OrtValue *map, elc_values *out,
                           elc_error *err) {
    OrtValue *keys = NULL, *values = NULL;
    elc_values names = {0};
    elc_status status = part_at(s, map, 0, &keys, err);
    if (status == ELC_OK)
        status = part_at(s, map, 1, &values, err);
    if (status == ELC_OK)
        status = read_tensor(s, values, out, err);
    if (status == ELC_OK)
        status = read_tensor(s, keys, &names, err);
    if (status == ELC_OK)
        status = take_keys(&names, out, err);
    if (keys != NULL)
        s->runtime.api->ReleaseValue(keys);
    if (values != NULL)
        s->runtime.api->ReleaseValue(values);
    elc_values_clear(&names);
    out->type = "map";
    return status;
}

static elc_status read_any(const elc_session *s, const OrtValue *value, int depth,
                           elc_values *out, elc_error *err) {
    const OrtApi *api = s->runtime.api;
    enum ONNXType kind = ONNX_TYPE_UNKNOWN;
    TRY_ORT(s, api->GetValueType(value, &kind));
    if (kind == ONNX_TYPE_TENSOR)
        return read_tensor(s, value, out, err);
    if (kind == ONNX_TYPE_MAP)
        return read_map(s, value, out, err);
    size_t n = 0;
    if (kind == ONNX_TYPE_SEQUENCE)
        TRY_ORT(s, api->GetValueCount(value, &n));
    if (n == 0 || depth > 0)
        return elc_fail(err, ELC_E_MODEL, "%s: %s holds nothing that can be shown",
                        s->path, out->name);
    OrtValue *first = NULL;
    ELC_TRY(part_at(s, value, 0, &first, err));
    elc_status status = read_any(s, first, depth + 1, out, err);
    api->ReleaseValue(first);
    return status;
}

elc_status elc_values_read(const elc_session *session, const char *name,
                           const OrtValue *value, elc_values *out, elc_error *err) {
    elc_values made = {0};
    elc_status status = elc_strdup(name, &made.name, err);
    if (status == ELC_OK)
        status = read_any(session, value, 0, &made, err);
    if (status != ELC_OK) {
        elc_values_clear(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

void elc_values_clear(elc_values *values) {
    free(values->name);
    free(values->numbers);
    elc_names_free(&values->words);
    *values = (elc_values){0};
}
