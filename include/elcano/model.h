/* model.h - ONNX networks: opening, explaining, running, and boxes from their outputs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_MODEL_H
#define ELCANO_MODEL_H

#include <elcano/base.h>

ELC_BEGIN

/* A rectangle that is turned: its middle, its sides, and the direction of `width` from
   the x axis towards the y axis, in radians: clockwise, as images are looked at. */
typedef struct elc_turned {
    double x, y, width, height, angle;
} elc_turned;

/* Pixels [start, end) of row y. */
typedef struct elc_run {
    int32_t y, start, end;
} elc_run;

/* Which pixels an object covers: runs by rising y and start, none of which touch in a
   row. One block: free(). */
typedef struct elc_mask {
    size_t n;
    elc_run runs[];
} elc_mask;

/* A found object in pixels: of the network's input where a model gives it, of the full
   image later. (0, 0) is the outer corner of the first pixel. */
typedef struct elc_box {
    double xmin, ymin, xmax, ymax;
    float score; /* 0..1 */
    int32_t class_id;
    int32_t cell;      /* of the network's that gave it */
    elc_turned turned; /* an oriented box, of which the corners are what can be seen of
                          its envelope; width 0: there is none */
    elc_mask *mask;    /* owned by whoever has the box; NULL: none */
} elc_box;

/* The corners {x, y}, in the order of (-width, -height), (width, -height),
   (width, height), (-width, height). */
void elc_turned_corners(const elc_turned *turned, double corners[4][2]);

/* A growing list; start with {0}; free items with free(), their masks before. */
typedef struct elc_box_list {
    elc_box *items;
    size_t count, capacity;
} elc_box_list;

/* What a user may say of a network instead of its metadata; zeroed: nothing. */
typedef struct elc_model_options {
    const char *head;         /* name of a head; NULL: found from shapes and metadata */
    const elc_names *classes; /* class names by id; NULL: from metadata */
    const char *device;       /* NULL or "cpu", "cuda", "cuda:1" */
    const char *channels;     /* "rgb", "bgr"; NULL: from metadata or head */
    double scale;             /* pixel value (0..255) times this goes in; 0: as above */
    const double *mean, *std; /* then (v - mean[c]) / std[c], by channel of the network's
                                 input (after channels); both NULL: as above */
    size_t n_mean;            /* numbers in mean and std: 1 for all, or one a channel */
    int threshold;    /* before all that, values below become 0, others 255; 0: none */
    const char *flip; /* the network sees chips mirrored, "horizontal", "vertical" or
                         "both"; boxes are mirrored back; NULL or "none": as they are */
    int64_t input_width, input_height; /* of chips, for dynamic inputs; 0: default */
    bool any; /* opens networks that no head reads too, to be explained and tried */
    const char *tensor; /* this tensor of the network's inside is its only output, which
                           elc_inference_floats reads: its name, or "auto" or "" for the
                           last before the head; NULL: the network as it is */
} elc_model_options;

/* What a network is for; all but the first have no head. */
typedef enum elc_model_kind {
    ELC_MODEL_DETECTOR,
    ELC_MODEL_CLASSIFIER, /* a number for each class */
    ELC_MODEL_MAP,        /* numbers for each pixel, or for each of some */
    ELC_MODEL_VALUES      /* numbers that say no more of themselves */
} elc_model_kind;

typedef enum elc_tensor_type {
    ELC_TENSOR_FLOAT32,
    ELC_TENSOR_FLOAT16,
    ELC_TENSOR_UINT8
} elc_tensor_type;

/* What is known of an open network. All borrowed from it. */
typedef struct elc_model_info {
    const char *name;        /* "vehicles.onnx": last part of the path */
    const char *path;
    elc_model_kind kind;
    const char *sha256;      /* of the file, 64 hex digits */
    elc_tensor_type input_type;
    bool channels_last;      /* NHWC */
    int channels;            /* 0: what goes in is no image */
    int64_t batch;           /* fixed batch; 0: any */
    int64_t input_width, input_height; /* fixed by the network; 0: any */
    int64_t chip_width, chip_height;   /* to be used by default: fixed, metadata, 640 */
    int64_t multiple;        /* dynamic sizes must be multiples of this */
    int64_t stride;          /* shifts by this repeat the network exactly */
    const char *head;        /* "yolov8"; NULL: none reads it (options.any) */
    const char *head_reason; /* why this head: "output0 [N, 7, A]: 4 + 3 classes, …" */
    const elc_names *classes;    /* by id, for every id that boxes may have; "class_3"
                                    where unnamed; an unnamed end-to-end network: 1000 */
    const char *channel_order;   /* "rgb", "bgr" */
    double scale;
    double usual_scale;          /* of networks with such a head; 0: no head */
    double mean[16], std[16];    /* by channel; further channels: 0 and 1 */
    int threshold;               /* 0: none */
    const char *flip;            /* "none", "horizontal", "vertical", "both" */
    uint8_t pad;             /* pixel value that pads chips */
    double gsd_m;            /* resolution it was trained at; 0: not stated */
    double score;            /* its own threshold; 0: not stated */
    double iou;              /* its own NMS threshold; 0: not stated */
    int64_t cap;             /* most boxes it can give for a chip; 0: no cap */
    bool needs_nms;          /* false for end-to-end networks */
    bool oriented;           /* boxes are turned */
    bool masks;              /* elc_inference_masks gives the pixels of objects */
    bool instrument;         /* reads planted codes: a test instrument, no detector */
    const char *tensor;      /* options.tensor by its name; NULL: not asked for */
    const char *license;     /* as its metadata have it; NULL: not stated */
    const char *device;      /* "cpu", "cuda:0" */
    const char *runtime;     /* "ONNX Runtime 1.24.1" */
} elc_model_info;

/* A session of one network; many threads may run it, each through its own elc_inference. */
typedef struct elc_model elc_model;

/* The file of a network. A text with a slash or a dot is a path and stays as it is; a word
   is a name: NAME.onnx is looked for in the folder $ELCANO_MODELS, in share/elcano/models
   of the installation, and where Elcano was built. ELC_E_NOT_FOUND names those places.
   Appended to `path`, on failure nothing. */
elc_status elc_model_find(const char *model, elc_string *path, elc_error *err);
/* Appends the names that can be given, sorted. */
elc_status elc_model_names(elc_names *names, elc_error *err);

/* Opens a path or a name (elc_model_find) with ONNX Runtime, which is looked for in $ELCANO_ONNXRUNTIME, beside the library
   (lib/elcano), where it was built, and on the system's path; without it: ELC_E_NOT_FOUND
   that says how to get it. A network that does not declare the sizes of its outputs is run
   on small chips to see them. An unknown or ambiguous head, a file that is no ONNX network,
   dynamic shapes that cannot be known, sequence or map outputs are ELC_E_MODEL with the
   option to give. `options` may be NULL. With options.tensor no head is needed, and a
   tensor that is not there is ELC_E_ARGUMENT with the nearest one; files from 2 GB on are
   ELC_E_MODEL. */
elc_status elc_model_open(const char *model, const elc_model_options *options,
                          elc_model **out, elc_error *err);
/* The same of the bytes of a network with its weights inside, as elc_network_write gives
   them; `name` is for messages, and info.path. They are not needed later. */
elc_status elc_model_open_bytes(const void *bytes, size_t n, const char *name,
                                const elc_model_options *options, elc_model **out,
                                elc_error *err);
const elc_model_info *elc_model_info_at(const elc_model *model);
/* Input and outputs (names, types, shapes), metadata, head and why, preparation, classes:
   for people, lines of text; as JSON, one object. */
elc_status elc_model_describe(const elc_model *model, bool json, elc_string *out,
                              elc_error *err);
void elc_model_free(elc_model *model);

/* The heads of this build, for help texts: names, NULL-terminated. */
const char *const *elc_model_heads(void);

/* One thread's place to run chips of one size: input tensor of `batch` slots and the
   outputs of the last run. batch is the network's if that is fixed. */
typedef struct elc_inference elc_inference;

elc_status elc_inference_create(elc_model *model, int64_t batch, int64_t width,
                                int64_t height, elc_inference **out, elc_error *err);
/* Chips that go in at once. */
int64_t elc_inference_batch(const elc_inference *inference);
/* Prepares a chip into a slot: `pixels` is uint8, pixel interleaved, height x width x
   channels in the order of the image's bands (red first), full size. */
void elc_inference_put(elc_inference *inference, int64_t slot, const uint8_t *pixels);
/* Runs the first n slots (the rest of a fixed batch repeats the last). */
elc_status elc_inference_run(elc_inference *inference, int64_t n, elc_error *err);
/* From any thread: makes a run under way end soon with ELC_E_CANCELLED, and all later
   ones. */
void elc_inference_stop(elc_inference *inference);
/* Appends the boxes of a slot with score >= min_score, in the network's order, in input
   pixels, not clipped; no NMS. Where a NaN or infinity could hide or spoil a box (in the
   scores; with objectness, in those that it lets pass; in the box), and where a score is
   over 1, it is ELC_E_MODEL and nothing is appended. Boxes without width or height are
   left out and added to `*flat`. `*capped` is true when the network gave as many boxes as
   it can. */
elc_status elc_inference_boxes(elc_inference *inference, int64_t slot, float min_score,
                               elc_box_list *boxes, uint64_t *flat, bool *capped,
                               elc_error *err);
/* Gives each of the boxes that elc_inference_boxes gave of this run and slot its mask, in
   input pixels and within the box. Those that cover no pixel are left out and added to
   `*flat`. Nothing is done when info.masks is false. ELC_E_MODEL, and no masks, where a
   NaN or infinity would spoil one. */
elc_status elc_inference_masks(elc_inference *inference, int64_t slot,
                               elc_box_list *boxes, uint64_t *flat, elc_error *err);
void elc_inference_free(elc_inference *inference);

/* An output as float32, row by row. Borrowed until the next run. */
typedef struct elc_floats {
    const float *data;
    size_t rank, count; /* of dims, of numbers */
    int64_t dims[8];
} elc_floats;

/* Output i of the last run, with all slots of the batch; without a copy where it is
   float32. ELC_E_MODEL for texts, and for types other than float32, float16, int64 and
   int32. */
elc_status elc_inference_floats(elc_inference *inference, size_t i, elc_floats *out,
                                elc_error *err);

/* ---- any network --------------------------------------------------------------- */

/* Numbers that went in or came out. Start with {0}. */
typedef struct elc_values {
    char *name;
    const char *type; /* "float32", "map" */
    size_t rank;
    int64_t dims[8];
    double *numbers; /* in the order of the tensor; NULL for texts */
    size_t count;
    elc_names words; /* the texts, or the keys of a map, as scikit-learn's are */
} elc_values;

void elc_values_clear(elc_values *values);

/* What goes in where it is no image: `numbers`, or where they are NULL ones between 0
   and 1 that are always the same. The inference is created with what the network leaves
   open as its width, 0 for 16 numbers. ELC_E_ARGUMENT for another count. */
elc_status elc_inference_fill(elc_inference *inference, const double *numbers,
                              size_t count, elc_error *err);
/* The input as it is prepared, and output i of the last run. */
elc_status elc_inference_input(const elc_inference *inference, elc_values *out,
                               elc_error *err);
size_t elc_inference_outputs(const elc_inference *inference);
elc_status elc_inference_output(const elc_inference *inference, size_t i,
                                elc_values *out, elc_error *err);
/* Which output answers, and which of its dimensions holds the classes: of classifiers
   and maps; a map of class numbers has none, and the axis is its rank. */
void elc_model_answer(const elc_model *model, size_t *output, size_t *axis);

/* ---- writing networks ------------------------------------------------------------ */

/* An ONNX network as the fields of its file, to be cut and added to. The same calls give
   the same bytes. What is added is not checked to be sound: opening it tells. */
typedef struct elc_network elc_network;

/* ELC_E_FORMAT for what is no ONNX file, ELC_E_UNSUPPORTED where its weights are in other
   files, with how to join them. `name` is for messages; bytes are copied. */
elc_status elc_network_read(const char *path, elc_network **out, elc_error *err);
elc_status elc_network_parse(const void *bytes, size_t n, const char *name,
                             elc_network **out, elc_error *err);
/* Of the operators without a domain; 0: it has none of them. */
int64_t elc_network_opset(const elc_network *network);

/* Appends the names of what the last layers take, convolutions and matrix products, that
   lie before a tensor (NULL: the outputs) with no other layer between. */
elc_status elc_network_ends(const elc_network *network, const char *tensor,
                            elc_names *out, elc_error *err);

/* Leaves what n tensors are made of, which may be inner ones, and no outputs.
   ELC_E_NOT_FOUND for a tensor that the network does not have, or that no input leads to;
   the network is then of no more use. */
elc_status elc_network_cut(elc_network *network, const char *const *tensors, size_t n,
                           elc_error *err);

/* What the names of additions may begin with so that none is there yet: "BASE/",
   "BASE2/", … BASE has at most 20 letters. */
#define ELC_PREFIX_SIZE 32
elc_status elc_network_prefix(const elc_network *network, const char *base,
                              char out[ELC_PREFIX_SIZE], elc_error *err);

/* Whether the text is anywhere in the network as it was read: a name that is not may be
   given to an addition. True by chance, too, where weights hold it. */
bool elc_network_mentions(const elc_network *network, const char *text);

/* With the numbers that onnx.proto gives them. */
typedef enum elc_attribute_kind {
    ELC_ATTRIBUTE_FLOAT = 1,
    ELC_ATTRIBUTE_INT = 2,
    ELC_ATTRIBUTE_TEXT = 3,
    ELC_ATTRIBUTE_FLOATS = 6,
    ELC_ATTRIBUTE_INTS = 7
} elc_attribute_kind;

/* Of a node, the member that its kind says. Borrowed. */
typedef struct elc_attribute {
    const char *name;
    elc_attribute_kind kind;
    int64_t whole;
    float real;
    const char *text;
    const int64_t *wholes;
    const float *reals;
    size_t n; /* of wholes or reals */
} elc_attribute;

/* Appends a node of the operators without a domain. Inputs and outputs end with NULL, an
   input that is left out is ""; attributes end with a NULL name, or are NULL. Nodes stand
   in the order in which they are added. ELC_E_ARGUMENT for an output that was added
   before, ELC_E_UNSUPPORTED below opset 7. */
elc_status elc_network_add_node(elc_network *network, const char *op,
                                const char *const *inputs, const char *const *outputs,
                                const elc_attribute *attributes, elc_error *err);
/* A constant tensor, its last dimension together in memory; rank 0: one number. */
elc_status elc_network_add_floats(elc_network *network, const char *name,
                                  const float *values, const int64_t *dims, size_t rank,
                                  elc_error *err);
elc_status elc_network_add_ints(elc_network *network, const char *name,
                                const int64_t *values, const int64_t *dims, size_t rank,
                                elc_error *err);
/* Makes a tensor of float32 an output. `shape` has its sizes, those that are open by a
   name: "n,7,cells". NULL: type and shape are left to who opens it, which ONNX's checker
   does not like in a file. */
elc_status elc_network_add_output(elc_network *network, const char *name,
                                  const char *shape, elc_error *err);

/* The value of a key, borrowed; NULL: none. */
const char *elc_network_metadata(const elc_network *network, const char *key);
/* In the place of an earlier one; a NULL value takes it away. */
elc_status elc_network_set_metadata(elc_network *network, const char *key,
                                    const char *value, elc_error *err);
void elc_network_clear_metadata(elc_network *network);

/* Appends the bytes of the file. ELC_E_UNSUPPORTED above 2 GB. */
#define ELC_NETWORK_BYTES_MAX ((size_t)INT32_MAX)
elc_status elc_network_write(const elc_network *network, elc_string *out,
                             elc_error *err);
void elc_network_free(elc_network *network);

ELC_END
#endif
