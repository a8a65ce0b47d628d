/* evaluate.c - how good detections are, against a truth. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate/job.h"
#include "evaluate/rows.h"

static const elc_input inputs[] = {
    {.name = "detections",
     .cut = ELC_CUT_WHOLE,
     .help = "the table that detect wrote, or another with class, score and boxes: "
             "FILE or FILE:LAYER"},
    {.name = "truth",
     .cut = ELC_CUT_SOURCE,
     .help = "what is there, a file or a folder: VOC, COCO, YOLO, DOTA, xView, CSV, or "
             "any layer"},
    {0},
};

static const char *const scorers[] = {"coco", "voc", "xview", NULL};
static const char *const shapes[] = {"box", "polygon", NULL};
static const char *const bys[] = {"class", "group", NULL};
static const char *const label_words[] = {"voc",  "coco", "yolo",  "xview",
                                          "dota", "csv",  "layer", NULL};

static const elc_option options[] = {
    {.name = "scorer",
     .type = ELC_OPTION_CHOICE,
     .choices = scorers,
     .fallback = "coco",
     .help = "whose rules match and average: COCO's, as pycocotools has them, Pascal "
             "VOC's (all points), or those of the xView challenge"},
    {.name = "shapes",
     .type = ELC_OPTION_CHOICE,
     .choices = shapes,
     .help = "compare boxes or outlines; default: outlines where both sides have some "
             "that are no upright boxes"},
    {.name = "iou",
     .type = ELC_OPTION_REAL,
     .fallback = "0.5",
     .min = 0.05,
     .max = 0.95,
     .help = "overlap from which an object counts as found, for all but the averages"},
    {.name = "score",
     .type = ELC_OPTION_REAL,
     .min = 0,
     .max = 1,
     .help = "least score for counts, precision and recall; default: of --styles, else "
             "that of each class's best F1"},
    {.name = "per_image",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 1000000000,
     .help = "found objects of an image and class that count, the best; 0: all; COCO's "
             "published numbers are of 100"},
    {.name = "by",
     .type = ELC_OPTION_CHOICE,
     .choices = bys,
     .fallback = "class",
     .help = "compare classes, or the groups that --styles puts them into"},
    {.name = "styles",
     .type = ELC_OPTION_PATH,
     .help = "table of classes: class_id, name, group, colour, least_score; "
             "share/styles has some"},
    {.name = "truth_format",
     .type = ELC_OPTION_CHOICE,
     .choices = label_words,
     .help = "format of the truth; default: found from the content"},
    {.name = "images",
     .type = ELC_OPTION_PATH,
     .help = "the images, a file, glob or folder: for the places of a truth in pixels, "
             "sizes that YOLO needs, and pictures in the report"},
    {.name = "edge",
     .type = ELC_OPTION_REAL,
     .unit = "px",
     .fallback = "0",
     .min = 0,
     .max = 100000,
     .help = "what comes so near to an edge of its image counts neither way, found or "
             "true, for truths that leave out what an edge cuts; needs --images"},
    {.name = "zones", .type = ELC_OPTION_LAYER, .help = "polygons to count in"},
    {.name = "zone_name",
     .type = ELC_OPTION_TEXT,
     .help = "column with their names; default: name, else they are numbered"},
    {.name = "chip",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .fallback = "0",
     .min = 0,
     .max = 16384,
     .help =
         "side of the chips that the detector saw, for a split by the distance from "
         "their borders; 0: none"},
    {.name = "overlap",
     .type = ELC_OPTION_SHARE_OR_PX,
     .unit = "px",
     .fallback = "0",
     .help = "and how much they share: a share of the chip, or pixels"},
    {.name = "mistakes",
     .type = ELC_OPTION_INT,
     .fallback = "24",
     .min = 0,
     .max = 100000,
     .help = "how many of each kind of mistake are listed, the worst"},
    {.name = "json",
     .type = ELC_OPTION_PATH,
     .help = "file that gets all of it as JSON, with the curves"},
    {.name = "report",
     .type = ELC_OPTION_PATH,
     .help = "file that gets all of it as one HTML page"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "replace --json and --report when they are there"},
    {0},
};

static const elc_output outputs[] = {
    {.name = "classes",
     .help = "one row a class, and one of all",
     .columns = elc_eval_columns,
     .n_columns = EVAL_N_CLASS_COLUMNS},
    {.name = "images",
     .help = "counts by image",
     .columns = elc_eval_image_columns,
     .n_columns = EVAL_N_IMAGE_COLUMNS},
    {.name = "zones",
     .help = "counts by zone and class, with --zones",
     .columns = elc_eval_zone_columns,
     .n_columns = EVAL_N_ZONE_COLUMNS},
    {.name = "splits",
     .help = "counts by size, and with --chip by distance from chips' borders",
     .columns = elc_eval_split_columns,
     .n_columns = EVAL_N_SPLIT_COLUMNS},
    {.name = "confusion",
     .help = "which class is taken for which",
     .columns = elc_eval_confusion_columns,
     .n_columns = EVAL_N_CONFUSION_COLUMNS},
    {.name = "mistakes",
     .help = "the worst mistakes of each kind",
     .columns = elc_eval_mistake_columns,
     .n_columns = EVAL_N_MISTAKE_COLUMNS},
    {0},
};

/* Averages need all boxes, so that there is one part. */
static elc_status plan(const elc_call *call, elc_plan *out, elc_error *err) {
    (void)call;
    return elc_plan_add(out, NULL, 0, 0, 1, err);
}

static elc_status open_part(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)part;
    return elc_eval_run(call, &in[0], out, err);
}

const elc_operator elc_operator_evaluate = {
    .name = "evaluate",
    .summary = "say how good detections are, against a truth",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano evaluate vehicles.gpkg:detections labels/ -o scores.gpkg "
               "--report scores.html",
    .prepare = elc_eval_prepare,
    .release = elc_eval_release,
    .plan = plan,
    .open = open_part,
};
