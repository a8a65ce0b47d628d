/* head.h - what a head is: how outputs become boxes, and which outputs are its own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_HEADS_HEAD_H
#define ELC_MODEL_HEADS_HEAD_H

#include <elcano/model.h>

#include "model/graph.h"

/* An output at a known size of the input. */
typedef struct elc_output_shape {
    const char *name;
    size_t rank;
    int64_t dims[8];
    bool varies[8]; /* seen to change with the size of the input */
    bool whole;     /* its values are whole numbers */
    bool batched;   /* its first size is declared to be the number of chips, or 1 */
} elc_output_shape;

/* What a head may look at to say whether a network is its own. */
typedef struct elc_head_case {
    const elc_output_shape *outputs;
    size_t n_outputs;
    bool sized; /* `varies` is known: the input was tried in two sizes */
    int64_t input_width, input_height; /* at which the dims hold */
    size_t n_classes;                  /* named; 0: not known */
    const char *first_name;            /* of class 0; NULL: not known */
    const char *task;                  /* of the metadata; NULL: not said */
    bool end_to_end;                   /* metadata say so */
    elc_tail tail;
    bool forced; /* the user named this head: only what cannot be read is refused */
} elc_head_case;

enum { ELC_HEAD_OUTPUTS_MAX = 4, ELC_HEAD_RANK_MAX = 4 };

/* An output that a head reads, and what it must look like after every run. */
typedef struct elc_head_output {
    size_t index; /* of the network's outputs */
    size_t rank;
    int64_t
        dims[ELC_HEAD_RANK_MAX]; /* 0: any; the first is the batch's, if there is one */
} elc_head_output;

/* Where a head finds what in its outputs. */
typedef struct elc_head_layout {
    elc_head_output outputs[ELC_HEAD_OUTPUTS_MAX]; /* in the head's own order */
    size_t n_outputs;
    bool unbatched;      /* they have no batch: chips are run one by one */
    bool cells_last;     /* [N, features, cells], else [N, cells, features] */
    int64_t features;    /* numbers a cell */
    int64_t classes;     /* ELC_HEAD_ANY_CLASS: ids come from the network */
    int64_t first_class; /* the number that class 0 has in the output */
    int64_t prototypes;  /* of masks: so many coefficients follow in a cell; 0: none */
    int64_t cap;         /* most boxes of a chip; 0: no cap */
    char reason[200];    /* for people: why it fits, or why not */
} elc_head_layout;

/* Classes that an unnamed end-to-end network may have. */
#define ELC_HEAD_ANY_CLASS 1000

typedef enum elc_head_fit {
    ELC_FIT_NO,
    ELC_FIT_UNSURE, /* could be, to be asked for by --head */
    ELC_FIT_YES
} elc_head_fit;

/* One chip's part of an output. */
typedef struct elc_head_tensor {
    const float *data;
    size_t rank;
    int64_t dims[ELC_HEAD_RANK_MAX];
} elc_head_tensor;

/* One chip's part of the outputs. */
typedef struct elc_head_input {
    const elc_head_layout *layout;
    elc_head_tensor tensors[ELC_HEAD_OUTPUTS_MAX];
    const float *data; /* of the first output, which has so many cells */
    size_t cells;
    int64_t width, height; /* of the network's input */
    float min_score;
} elc_head_input;

/* Where boxes go; `flat` counts those without width or height. `full` is set by heads
   whose lists have no fixed length when this one is as long as they get. */
typedef struct elc_head_boxes {
    elc_box_list *list;
    uint64_t *flat;
    bool full;
} elc_head_boxes;

/* A head is one file, NAME.c, that defines `const elc_head elc_head_NAME`. */
typedef struct elc_head {
    const char *name;
    const char *summary;  /* of its output, for help */
    const char *channels; /* "rgb", "bgr": how its family is trained */
    double scale;
    bool imagenet; /* then less ImageNet's mean, by its standard deviation */
    uint8_t pad;
    bool needs_nms;
    bool oriented; /* boxes are turned */
    /* Where the coefficients of a cell's mask begin, for heads that give masks: the
       prototypes are their second output. NULL: boxes are all. */
    size_t (*coefficients)(const elc_head_layout *layout);
    /* Fills `layout` unless NO; its reason always. */
    elc_head_fit (*fit)(const elc_head_case *network, elc_head_layout *layout);
    elc_status (*decode)(const elc_head_input *in, elc_head_boxes *out, elc_error *err);
} elc_head;

/* Made by the build from the files of this folder, by name; ends with NULL. */
extern const elc_head *const elc_heads[];

#endif
