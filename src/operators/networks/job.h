/* job.h - networks that see whole chips: what their options mean, and what they give.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NETWORKS_JOB_H
#define ELCANO_SRC_OPERATORS_NETWORKS_JOB_H

#include "operators/chips/job.h"
#include "operators/chips/rows.h"
#include "operators/pixels/network.h"

/* The first of the columns that are not those of chips. */
enum { NETWORK_COLUMN = CHIPS_N_PLAIN, NETWORK_OWN_MOST = 4 };

typedef struct network_job network_job;
typedef struct network_table network_table;

/* What one operator makes of what a network gives for a chip. */
typedef struct network_reading {
    const elc_column *columns; /* its own; at most NETWORK_OWN_MOST */
    size_t n_columns;
    size_t output; /* of the network */
    /* Room for a part's reading, NULL at first; freed with free(). */
    elc_status (*read)(const network_job *job, const elc_floats *of_chip, void **room,
                       size_t *rows, elc_error *err);
    elc_status (*set)(const network_job *job, const void *room, size_t i,
                      elc_batch *batch, elc_error *err);
} network_reading;

struct network_job {
    chips_job chips; /* first, for it is what chips' plan and open find */
    elc_column columns[CHIPS_N_PLAIN + NETWORK_OWN_MOST];
    pixels_network network;
    elc_model *model;
    const elc_model_info *info;
    const elc_names *bands; /* for its channels */
    const network_reading *reading;
    network_table *table; /* of chips, in place of images; NULL: none */
    size_t own;           /* where the reading's columns begin */
    const void *wish;     /* the operator's own */
};

/* The inputs of such operators: images, or a table of chips. */
/* clang-format off */
#define NETWORK_INPUTS                                                                 \
    {.name = "images",                                                                 \
     .cut = ELC_CUT_SOURCE,                                                            \
     .optional = true,                                                                 \
     .help = "image files, globs, folders, /vsicurl/, /vsis3/ and /vsizip/ paths"},    \
    {.name = "chips",                                                                  \
     .cut = ELC_CUT_DRIVING,                                                           \
     .optional = true,                                                                 \
     .help = "in place of images a table of chips, as elcano chips gives it: their "   \
             "pixels, their files, or windows of images; FILE or FILE:LAYER"}
/* clang-format on */

/* Options that all such operators have, but the model. */
/* clang-format off */
#define NETWORK_OPTIONS                                                                \
    {.name = "whole",                                                                  \
     .type = ELC_OPTION_BOOL,                                                          \
     .fallback = "no",                                                                 \
     .help = "an image is one chip, resampled to the size that the network takes"},    \
    {.name = "chip",                                                                   \
     .type = ELC_OPTION_INT,                                                           \
     .unit = "px",                                                                     \
     .min = 1,                                                                         \
     .max = 16384,                                                                     \
     .help = "side of the chips, in pixels that the network sees (see --gsd); "        \
             "default: its own input size"},                                           \
    {.name = "overlap",                                                                \
     .type = ELC_OPTION_SHARE_OR_PX,                                                   \
     .unit = "px",                                                                     \
     .fallback = "0",                                                                  \
     .help = "how much neighbouring chips share: a share of the chip, or pixels"},     \
    {.name = "folder",                                                                 \
     .type = ELC_OPTION_PATH,                                                          \
     .help = "what the files or images that a table of chips names are below; "        \
             "default: here"},                                                         \
    {.name = "area",                                                                   \
     .type = ELC_OPTION_LAYER,                                                         \
     .help = "only chips that touch these polygons"},                                  \
    {.name = "bands",                                                                  \
     .type = ELC_OPTION_LIST,                                                          \
     .help = "bands for the network's channels, 1-based: 4,3,2; default: red, green, " \
             "blue"},                                                                  \
    ELC_OPTION_STRETCH("auto"),                                                        \
    ELC_OPTION_STRETCH_FROM,                                                           \
    ELC_OPTION_GSD("the network sees",                                                 \
                   "the network's, where it states one"),                              \
    ELC_OPTION_IMAGE_GSD,                                                              \
    ELC_OPTION_HEIGHT,                                                                 \
    ELC_OPTION_DEM,                                                                    \
    ELC_OPTION_ON_ERROR,                                                               \
    ELC_OPTION_DEVICE,                                                                 \
    ELC_OPTION_CHANNELS("its metadata, else its head's, else rgb"),                    \
    ELC_OPTION_SCALE,                                                                  \
    ELC_OPTION_MEAN,                                                                   \
    ELC_OPTION_STD,                                                                    \
    ELC_OPTION_THRESHOLD
/* clang-format on */

/* Opens the network of --model as `more` says beyond the options, and fills the rest of
   a zeroed job, but for reading and wish. Clear also after a failure. ELC_E_ARGUMENT
   where neither images nor a table of chips are given, or both. */
elc_status elc_network_job_fill(const elc_call *call, const elc_model_options *more,
                                network_job *job, elc_error *err);
/* How its rows are made: `columns` are those of chips that such operators have, or
   those of the call's table, and its own. */
elc_status elc_network_job_use(const elc_call *call, const network_reading *reading,
                               network_job *job, elc_error *err);
/* The operator's open: parts of images, or slices of the table. */
elc_status elc_network_open(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err);
void elc_network_job_clear(network_job *job);

/* "scene.tif" before the reason, and "chip.onnx" before what it gave. */
extern const chips_use elc_network_use;

#endif
