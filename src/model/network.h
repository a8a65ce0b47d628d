/* network.h - an open network, as the files of this room share it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_NETWORK_H
#define ELC_MODEL_NETWORK_H

#include <elcano/model.h>

#include "flip.h"
#include "heads/head.h"
#include "metadata.h"
#include "prepare.h"
#include "session.h"
#include "wire.h"

/* The image that goes in; 0 where a size is not fixed. Where it is no image, the rank
   alone is there. */
typedef struct elc_input {
    elc_tensor_type type;
    size_t rank; /* 4, or 3 for networks of one image */
    bool channels_last;
    int64_t batch, channels, width, height;
} elc_input;

/* What was neither stated nor said, and taken to be as usual. */
typedef struct elc_guesses {
    bool channels, scale, means, chip;
} elc_guesses;

/* What a network without a head is for, as far as its outputs tell. */
typedef struct elc_use {
    elc_model_kind kind;
    size_t output; /* the one that answers */
    size_t axis;   /* of its classes */
    int64_t classes;
    char reason[200];
} elc_use;

struct elc_model {
    elc_session *session;
    elc_span made; /* the bytes that it is opened from, while it is; empty: its file */
    elc_metadata metadata;
    elc_input input;
    elc_output_shape *shapes; /* of session->outputs, at shape_width x shape_height */
    bool sized;               /* the shapes were tried in two sizes */
    int64_t shape_width, shape_height;
    const elc_head *head; /* elc_head_none where none reads it */
    elc_head_layout layout;
    elc_names others; /* heads that could read it, but are less sure */
    char *refusal;    /* why no head reads it; NULL: one does */
    elc_use use;      /* what it is for then */
    char *tensor;     /* what it gives instead of its outputs; NULL: nothing */
    elc_guesses guessed;
    elc_names weights; /* files beside it */
    elc_names classes;
    size_t n_named;     /* of classes, by metadata or options */
    double *mean, *std; /* one a channel */
    elc_prepare prepare;
    elc_flip flip;
    char *name;
    char sha256[65];
    elc_model_info info;
};

/* model.c: appends the bytes that it is opened from: at most so many of its file. */
elc_status elc_model_bytes(const elc_model *model, size_t limit, elc_string *out,
                           elc_error *err);

/* input.c: reads the layout of the image from the declared input. */
elc_status elc_input_read(const elc_session *session, elc_input *out, elc_error *err);
/* The dims of an input tensor of that many chips, in the network's layout. */
void elc_input_dims(const elc_input *input, int64_t batch, int64_t width,
                    int64_t height, int64_t dims[4]);
/* Of one that is no image: what it leaves open is 1 first, then `open`. */
void elc_input_row_dims(const elc_tensor_spec *input, int64_t open,
                        int64_t dims[ELC_RANK_MAX]);
/* "x.onnx: takes chips of 640 x 640 px, not 512 x 512" */
elc_status elc_input_check(const elc_model *model, int64_t width, int64_t height,
                           elc_error *err);

/* shapes.c: the shapes of all outputs, by running the network where it does not declare
   them. Needs input and info.chip_*, info.multiple. */
elc_status elc_shapes_learn(elc_model *model, elc_error *err);

/* features.c: `tensor` becomes the only output; "" and "auto": the last before the
   head. Needs what the whole network says of its preparation: after it no head is
   known. */
elc_status elc_features_open(elc_model *model, const char *tensor, const char *device,
                             elc_error *err);

/* What "auto" finds; empty where there is nothing, or a tensor was asked for. */
typedef struct elc_found_tap {
    elc_string name, op, shape; /* "relu5", "Relu", "float32 [batch, 512, 7, 7]" */
    bool is_output;             /* there is no head */
} elc_found_tap;

elc_status elc_features_find(const elc_model *model, elc_found_tap *out,
                             elc_error *err);
void elc_found_tap_clear(elc_found_tap *tap);

/* use.c: what a network without a head is for; `names` of its classes may be empty. */
extern const elc_head elc_head_none;
void elc_use_find(elc_model *model, const elc_names *names);

/* doubts.c: what is not known for sure. */
typedef struct elc_doubts {
    elc_names about, texts, options; /* side by side; an option may be "" */
} elc_doubts;

elc_status elc_doubts_find(const elc_model *model, elc_doubts *out, elc_error *err);
void elc_doubts_clear(elc_doubts *doubts);

/* choose.c: the head and its layout; `forced` may be NULL, `names` of the classes
   empty. Needs shapes and metadata. */
elc_status elc_head_choose(elc_model *model, const char *forced, const elc_names *names,
                           elc_error *err);

#endif
