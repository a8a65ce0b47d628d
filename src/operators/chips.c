/* chips.c - cuts images into chips: where each lies, and its pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "chips/cut.h"
#include "chips/job.h"
#include "chips/layout_end.h"
#include "chips/rows.h"
#include "operators/pixels/options.h"

static const elc_input inputs[] = {ELC_INPUT_IMAGES, {0}};

static const char *const pixel_words[] = {"none", "tif", "png", "jpeg", "column", NULL};

static const char *const layout_words[] = {"none", "yolo", "coco", NULL};
static const char *const label_words[] = {"voc",  "coco", "yolo",  "xview",
                                          "dota", "csv",  "layer", NULL};

static const elc_option options[] = {
    {.name = "chip",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .fallback = "512",
     .min = 16,
     .max = 16384,
     .help = "side of the chips"},
    {.name = "overlap",
     .type = ELC_OPTION_SHARE_OR_PX,
     .unit = "px",
     .fallback = "0",
     .help = "how much neighbouring chips share: a share of the chip, or pixels"},
    {.name = "stride",
     .type = ELC_OPTION_INT,
     .unit = "px",
     .fallback = "1",
     .min = 1,
     .max = 16384,
     .help = "starts are multiples of this; the last chip is padded by less. That of a "
             "network gives the chips that detect cuts"},
    {.name = "exact_step",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "step by chip less overlap exactly, not by a multiple of the stride"},
    {.name = "pixels",
     .type = ELC_OPTION_CHOICE,
     .choices = pixel_words,
     .fallback = "none",
     .help =
         "what becomes of the pixels: nothing, so that headers alone are read; a "
         "georeferenced file a chip; or columns of the rows, as Spark's image struct"},
    {.name = "out_dir",
     .type = ELC_OPTION_PATH,
     .help = "folder for the files; made when it is not there"},
    {.name = "overwrite",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "write into --out-dir though it is not empty, and replace its files; and "
             "replace the output (-o) if it is there"},
    {.name = "nodata_share",
     .type = ELC_OPTION_REAL,
     .min = 0,
     .max = 1,
     .help = "leave out chips more of which than this share holds nothing (nodata, "
             "transparent, outside); reads the pixels. Default: those with nothing at "
             "all, where pixels are read anyway"},
    ELC_OPTION_STRETCH("they stay as they are, in their own type"),
    ELC_OPTION_STRETCH_FROM,
    ELC_OPTION_GSD("chips have", "that of each image"),
    ELC_OPTION_IMAGE_GSD,
    {.name = "labels",
     .type = ELC_OPTION_PATH,
     .help = "labelled objects to cut with the chips, a file or a folder: VOC, COCO, "
             "YOLO, DOTA, xView, CSV, or any layer"},
    {.name = "label_format",
     .type = ELC_OPTION_CHOICE,
     .choices = label_words,
     .help = "their format; default: found from the content"},
    {.name = "min_visible",
     .type = ELC_OPTION_REAL,
     .fallback = "0",
     .min = 0,
     .max = 1,
     .help = "leave out objects of which a chip shows less than this share"},
    {.name = "layout",
     .type = ELC_OPTION_CHOICE,
     .choices = layout_words,
     .fallback = "none",
     .help = "of --out-dir: a VOC file beside each chip; YOLO's images, labels and "
             "data.yaml; COCO's images and annotations.json"},
    {.name = "area",
     .type = ELC_OPTION_LAYER,
     .help = "only chips that touch these polygons"},
    {.name = "bands",
     .type = ELC_OPTION_LIST,
     .help = "bands of the chips, 1-based: 4,3,2; default: all"},
    ELC_OPTION_HEIGHT,
    ELC_OPTION_DEM,
    ELC_OPTION_ON_ERROR,
    {0},
};

static const elc_output outputs[] = {
    {.name = "chips",
     .help = "one row a chip",
     .columns = elc_chips_columns,
     .n_columns = CHIPS_N_COLUMNS},
    {.name = "labels",
     .help = "one row an object that a chip shows, with --labels",
     .columns = elc_chips_label_columns,
     .n_columns = CHIPS_N_LABEL_COLUMNS},
    {0},
};

const elc_operator elc_operator_chips = {
    .name = "chips",
    .summary = "cut images into chips whose corners are known on the ground",
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .example = "elcano chips scene.tif --chip 512 --overlap 64 -o chips.geojson",
    .prepare = elc_chips_prepare,
    .release = elc_chips_release,
    .plan = elc_chips_plan,
    .open = elc_chips_open,
    .combine = elc_chips_layout_end,
};
