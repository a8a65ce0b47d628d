/* options.h - options of pixels and places that operators share, each said once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PIXELS_OPTIONS_H
#define ELCANO_SRC_OPERATORS_PIXELS_OPTIONS_H

#include <elcano/detect.h>
#include <elcano/run.h>

#include "operators/pixels/stretches.h"

/* The input of those that read images themselves. */
#define ELC_INPUT_IMAGES                                                               \
    {                                                                                  \
        .name = "images", .cut = ELC_CUT_SOURCE,                                       \
        .help = "image files, globs, folders, /vsicurl/, /vsis3/ and /vsizip/ paths"   \
    }

/* Entries of an operator's options. `without` says what is done where none is given. */
#define ELC_OPTION_STRETCH(without)                                                    \
    {                                                                                  \
        .name = "stretch", .type = ELC_OPTION_TEXT,                                    \
        .help = "how pixel values become 0 to 255, once for the whole image: none, "   \
                "minmax, p2-98 (percentiles), sigma2.5 (mean less and plus 2.5 "       \
                "standard deviations), 0-2047 or a pair a band: 0-2047,0-1023,0-1023;" \
                " auto: bytes as they are, other types p2-98; default: " without       \
    }

#define ELC_OPTION_STRETCH_FROM                                                        \
    {                                                                                  \
        .name = "stretch_from", .type = ELC_OPTION_PATH,                               \
        .help = "the stretch that an earlier output has in its column `stretch`, by "  \
                "image where they differ; or a text file with one"                     \
    }

/* `what` is of which ground size; `without` as above. */
#define ELC_OPTION_GSD(what, without)                                                  \
    {                                                                                  \
        .name = "gsd", .type = ELC_OPTION_REAL, .unit = "m", .min = 1e-4, .max = 1e6,  \
        .help = "ground size of the pixels that " what                                 \
                "; images of others are resampled; default: " without                  \
    }

#define ELC_OPTION_IMAGE_GSD                                                           \
    {                                                                                  \
        .name = "image_gsd", .type = ELC_OPTION_REAL, .unit = "m", .min = 1e-4,        \
        .max = 1e6, .help = "ground size of the pixels of images without georeference" \
    }

#define ELC_OPTION_HEIGHT                                                              \
    {                                                                                  \
        .name = "height", .type = ELC_OPTION_REAL, .unit = "m", .min = -1000,          \
        .max = 10000,                                                                  \
        .help = "height of the ground above the ellipsoid, for images that lie by "    \
                "RPCs; default: the RPCs' own"                                         \
    }

#define ELC_OPTION_DEM                                                                 \
    {                                                                                  \
        .name = "dem", .type = ELC_OPTION_PATH,                                        \
        .help = "raster of heights, above the ellipsoid unless its CRS says above "    \
                "which geoid; --height holds where it has none"                        \
    }

#define ELC_OPTION_ON_ERROR                                                            \
    {                                                                                  \
        .name = "on_error", .type = ELC_OPTION_CHOICE, .fallback = "fail",             \
        .choices = (const char *const[]){"fail", "skip", "record", NULL},              \
        .help = "what an image or chip that fails does: ends the run, is left out "    \
                "with a warning, or becomes a row with its reason"                     \
    }

/* What they mean, which is the same for each operator. */

elc_on_error elc_pixels_on_error(const elc_options *options);
/* Checked: its DEM can be used. */
elc_status elc_pixels_heights(const elc_options *options, elc_place_wish *out,
                              elc_error *err);
/* `recorded` is filled, and counts instead of the wish, with --stretch-from. */
elc_status elc_pixels_stretch(const elc_options *options, elc_stretch_wish *wish,
                              elc_stretches *recorded, elc_error *err);

#endif
