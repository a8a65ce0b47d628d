/* train_classifier.c - learns classes of chips from labels, on a known network's
 * features.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/pixels/options.h"
#include "train_classifier/data.h"

static const elc_input inputs[] = {{0}};

static const char *const weightings[] = {"none", "balanced", NULL};
static const char *const label_words[] = {"voc",  "coco", "yolo",  "xview",
                                          "dota", "csv",  "layer", NULL};

static const elc_option options[] = {
    {.name = "out",
     .type = ELC_OPTION_PATH,
     .help = "the classifier, an ONNX file; -o names it too"},
    {.name = "labels",
     .type = ELC_OPTION_PATH,
     .help =
         "labelled objects, a file or a folder: VOC, COCO, YOLO, DOTA, xView, CSV, or "
         "any layer; default: each image is a label, of the class that its folder in "
         "--images is named after"},
    {.name = "images",
     .type = ELC_OPTION_PATH,
     .help = "the images, a file, glob or folder"},
    {.name = "backbone",
     .type = ELC_OPTION_PATH,
     .fallback = "vehicles",
     .help =
         "the ONNX network whose features are learnt from: a file, or the name of an "
         "installed one (see model list)"},
    {.name = "tensor",
     .type = ELC_OPTION_TEXT,
     .help =
         "its tensor that has the features, of which the mean over a chip is taken; "
         "default: the last before its head, which model info shows"},
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
     .help =
         "side of the chip round the middle of each label; 0: the network's where it "
         "is fixed, else about 64"},
    {.name = "strength",
     .type = ELC_OPTION_REAL,
     .min = 1e-9,
     .max = 1e9,
     .help =
         "how much the labels count against the penalty of large coefficients (C of "
         "scikit-learn, on standardised features); default: what is best at places "
         "that were left out"},
    {.name = "class_weights",
     .type = ELC_OPTION_CHOICE,
     .choices = weightings,
     .fallback = "none",
     .help = "balanced: all classes count the same, however many labels they have"},
    {.name = "folds",
     .type = ELC_OPTION_INT,
     .fallback = "5",
     .min = 2,
     .max = TRAIN_FOLDS_MAX,
     .help =
         "parts of the places that are left out in turn, to see how good it is there"},
    {.name = "block",
     .type = ELC_OPTION_LENGTH,
     .help =
         "side of the blocks on the ground whose labels stay together; default: as "
         "large as leaves four blocks for each fold; without georeference images stay "
         "together"},
    {.name = "seed",
     .type = ELC_OPTION_INT,
     .fallback = "1",
     .min = 0,
     .max = 4294967295.0,
     .help = "decides which places go into which fold; the same gives the same file"},
    {.name = "cache",
     .type = ELC_OPTION_PATH,
     .help = "folder that keeps features for the next run; none: they are not kept; "
             "default: elcano/features in $XDG_CACHE_HOME or ~/.cache"},
    {.name = "json",
     .type = ELC_OPTION_PATH,
     .help =
         "file that gets all of the report as JSON, with each label's fold and what "
         "it was taken for"},
    {.name = "bands",
     .type = ELC_OPTION_LIST,
     .help = "bands that the network gets, 1-based: 4,3,2; default: red, green, blue"},
    ELC_OPTION_STRETCH("auto"),
    ELC_OPTION_STRETCH_FROM,
    ELC_OPTION_GSD("the network sees", "the network's, where it states one"),
    ELC_OPTION_IMAGE_GSD,
    ELC_OPTION_HEIGHT,
    ELC_OPTION_DEM,
    {.name = "device",
     .type = ELC_OPTION_TEXT,
     .fallback = "cpu",
     .help = "cpu, cuda or cuda:N"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "replace the files when they are there"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "scores",
     .help =
         "how good it is at places that were left out: in all, by class, mistakes, by "
         "fold, and by how many labels were learnt from",
     .columns = elc_classes_columns,
     .n_columns = TRAIN_N_COLUMNS},
    {0},
};

static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    (void)call;
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    (void)in;
    return elc_classes_run(call, out, err);
}

const elc_operator elc_operator_train_classifier = {
    .name = "train_classifier",
    .summary = "learn classes of chips from labels, on a known network's features",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example =
        "elcano train classifier --labels parcels.gpkg --images frames/ --backbone "
        "backbone.onnx -o crops.onnx",
    .file = "out",
    .plan = plan,
    .open = open_part,
};
