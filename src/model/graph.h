/* graph.h - how a network ends, read from the bytes of its ONNX file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_GRAPH_H
#define ELC_MODEL_GRAPH_H

#include <elcano/base.h>

/* Networks of half a gigabyte keep their weights in a file of their own. */
#define ELC_GRAPH_BYTES_MAX ((size_t)512 << 20)

/* What stands between the last learnt layers and an output. */
typedef enum elc_tail {
    ELC_TAIL_UNKNOWN,
    ELC_TAIL_RAW,    /* only moved about: offsets and log sizes as they were learnt */
    ELC_TAIL_DECODED /* an exponential and sums: boxes in pixels */
} elc_tail;

/* `bytes` is a ModelProto (onnx.proto); anything else, or what cannot be told, is
   UNKNOWN. Memory is a few words a node; time grows with the number of nodes. */
elc_status elc_graph_tail(const void *bytes, size_t n, const char *output,
                          elc_tail *out, elc_error *err);

/* Appends the files beside it that such bytes say their weights are in: each once, and
   at most 16. */
elc_status elc_graph_files(const void *bytes, size_t n, elc_names *files,
                           elc_error *err);
/* The same of an ONNX file. */
elc_status elc_graph_weights(const char *path, elc_names *files, elc_error *err);

#endif
