/* train_detector.c - a detector learnt from a few labels, on features of a known one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pixels/options.h"
#include "train_detector/run.h"

static const elc_input inputs[] = {{0}};

static const char *const label_words[] = {"voc",  "coco", "yolo",  "xview",
                                          "dota", "csv",  "layer", NULL};

static const elc_option options[] = {
    {.name = "labels",
     .type = ELC_OPTION_PATH,
     .help = "the objects, a file or folder: VOC, COCO, YOLO, DOTA, xView, CSV, or any "
             "layer; images are taken to be labelled wholly"},
    {.name = "images",
     .type = ELC_OPTION_PATH,
     .help =
         "the images, a file, glob or folder; those without a label show no object"},
    {.name = "backbone",
     .type = ELC_OPTION_TEXT,
     .fallback = "vehicles",
     .help =
         "the network whose features are used: an ONNX file, or a name (model list)"},
    {.name = "out",
     .type = ELC_OPTION_PATH,
     .help = "the detector, an ONNX file for detect; -o names it too"},
    {.name = "tensor",
     .type = ELC_OPTION_LIST,
     .help = "maps of the backbone that are learnt from; default: what its last layers "
             "take"},
    {.name = "hidden",
     .type = ELC_OPTION_INT,
     .fallback = "64",
     .min = 0,
     .max = 512,
     .help = "width of the layer between features and answers; 0: none"},
    {.name = "epochs",
     .type = ELC_OPTION_INT,
     .fallback = "24",
     .min = 1,
     .max = 10000,
     .help =
         "at most so often all is seen; fewer where what is left out gets no better"},
    {.name = "decay",
     .type = ELC_OPTION_REAL,
     .fallback = "1",
     .min = 0,
     .max = 100,
     .help = "how strongly weights are drawn to nought: more for fewer labels"},
    {.name = "hold_out",
     .type = ELC_OPTION_BOOL,
     .fallback = "yes",
     .help = "leave a place out at first, to measure and to stop in time; no: all is "
             "learnt from for all of --epochs, and nothing is measured"},
    {.name = "cells",
     .type = ELC_OPTION_INT,
     .fallback = "300000",
     .min = 1000,
     .max = 100000000,
     .help = "about how many cells of maps are kept: all near objects, some of the "
             "others"},
    {.name = "warps",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 200,
     .help = "views of each chip that are stretched and in other light, besides the "
             "eight by flips and quarter turns"},
    {.name = "edge",
     .type = ELC_OPTION_REAL,
     .unit = "px",
     .fallback = "0",
     .min = 0,
     .max = 100000,
     .help = "so near to an image's edge nothing is known, for labels that leave out "
             "what it cuts"},
    {.name = "min_visible",
     .type = ELC_OPTION_REAL,
     .fallback = "0.35",
     .min = 0,
     .max = 1,
     .help = "share of an object that a chip must show to learn from it"},
    {.name = "label_format",
     .type = ELC_OPTION_CHOICE,
     .choices = label_words,
     .help = "format of the labels; default: found from the content"},
    {.name = "chip",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .fallback = "0",
     .min = 0,
     .max = 16384,
     .help = "side of the chips that the network sees; 0: the network's own"},
    {.name = "overlap",
     .type = ELC_OPTION_SHARE_OR_PX,
     .unit = "px",
     .help = "what neighbouring chips share: a share of the chip, or pixels; default: "
             "64, at most a quarter of the chip"},
    {.name = "bands",
     .type = ELC_OPTION_LIST,
     .help = "bands of the images, from 1; default: red, green, blue"},
    ELC_OPTION_STRETCH("auto"),
    ELC_OPTION_GSD("the network sees", "as the backbone states"),
    ELC_OPTION_IMAGE_GSD,
    {.name = "license",
     .type = ELC_OPTION_TEXT,
     .help = "licence that the detector's metadata state; default: the backbone's"},
    {.name = "seed",
     .type = ELC_OPTION_INT,
     .fallback = "1",
     .min = 0,
     .max = 9007199254740992,
     .help = "the same seed gives the same file"},
    {.name = "keep_best",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "when stopped while it learns, write the best so far"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "replace the file when it is there"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "classes",
     .help =
         "one row a class: what was learnt from, and how good it is on what was not",
     .columns = elc_train_columns,
     .n_columns = TRAIN_N_COLUMNS},
    {0},
};

static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    ELC_TRY(elc_train_check(call->options, err));
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    (void)in;
    return elc_train_run(call, out, err);
}

const elc_operator elc_operator_train_detector = {
    .name = "train_detector",
    .summary = "learn a detector from a few labels, on features of a known network",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano train detector --labels solar.geojson --images frames/ "
               "--backbone vehicles -o solar.onnx",
    .file = "out",
    .plan = plan,
    .open = open_part,
};
