/* network.c - run an ONNX network by ONNX Runtime alone, without Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <onnxruntime_c_api.h>

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct network {
    const OrtApi *api;
    OrtEnv *env;
    OrtSession *session;
    OrtMemoryInfo *memory;
};

static const OrtApi *find_api(void) {
    const char *path = getenv("ELCANO_ONNXRUNTIME");
    static const char *const usual[] = {
        ELCANO_SOURCE_DIR "/build/deps/onnxruntime/lib/libonnxruntime.so.1",
        "libonnxruntime.so.1", "libonnxruntime.so"};
    void *library = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    for (size_t i = 0; library == NULL && i < sizeof usual / sizeof *usual; i++)
        library = dlopen(usual[i], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return NULL;
    const OrtApiBase *(*base)(void) = NULL;
    *(void **)&base = dlsym(library, "OrtGetApiBase");
    assert_non_null(base);
    return base()->GetApi(ORT_API_VERSION);
}

static void check(const OrtApi *api, OrtStatus *status) {
    if (status != NULL)
        fail_msg("%s", api->GetErrorMessage(status));
}

network *network_open(const char *path) {
    const OrtApi *api = find_api();
    if (api == NULL) {
        print_message(
            "SKIPPED: ONNX Runtime is not in build/deps: run scripts/setup\n");
        skip();
    }
    network *net = calloc(1, sizeof *net);
    assert_non_null(net);
    net->api = api;
    OrtSessionOptions *options = NULL;
    check(api, api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "test", &net->env));
    check(api, api->CreateSessionOptions(&options));
    check(api, api->SetIntraOpNumThreads(options, 1));
    check(api, api->CreateSession(net->env, path, options, &net->session));
    api->ReleaseSessionOptions(options);
    check(api,
          api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &net->memory));
    return net;
}

void network_close(network *net) {
    net->api->ReleaseMemoryInfo(net->memory);
    net->api->ReleaseSession(net->session);
    net->api->ReleaseEnv(net->env);
    free(net);
}

/* A copy of a float tensor. */
static float *copy_out(const OrtApi *api, OrtValue *value, int64_t dims[3]) {
    OrtTensorTypeAndShapeInfo *shape = NULL;
    size_t rank = 0, count = 0;
    void *data = NULL;
    check(api, api->GetTensorTypeAndShape(value, &shape));
    check(api, api->GetDimensionsCount(shape, &rank));
    assert_in_range(rank, 1, 3);
    dims[0] = dims[1] = dims[2] = 1;
    check(api, api->GetDimensions(shape, dims, rank));
    check(api, api->GetTensorShapeElementCount(shape, &count));
    check(api, api->GetTensorMutableData(value, &data));
    float *out = malloc(count * sizeof *out);
    assert_non_null(out);
    memcpy(out, data, count * sizeof *out);
    api->ReleaseTensorTypeAndShapeInfo(shape);
    return out;
}

float *network_run(network *net, const void *images, bool bytes, const int64_t in[4],
                   int64_t dims[3]) {
    const OrtApi *api = net->api;
    size_t size = bytes ? 1 : sizeof(float);
    for (int i = 0; i < 4; i++)
        size *= (size_t)in[i];
    union {
        const void *read;
        void *pass;
    } data = {images}; /* the API wants a pointer it could write to, and does not */
    OrtValue *input = NULL, *output = NULL;
    check(api, api->CreateTensorWithDataAsOrtValue(
                   net->memory, data.pass, size, in, 4,
                   bytes ? ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8
                         : ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                   &input));
    const char *const in_names[] = {"images"}, *const out_names[] = {"output0"};
    check(api, api->Run(net->session, NULL, in_names, (const OrtValue *const *)&input,
                        1, out_names, 1, &output));
    float *out = copy_out(api, output, dims);
    api->ReleaseValue(input);
    api->ReleaseValue(output);
    return out;
}
