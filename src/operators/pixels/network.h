/* network.h - what a user says of a network, in options that operators share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PIXELS_NETWORK_H
#define ELCANO_SRC_OPERATORS_PIXELS_NETWORK_H

#include <elcano/model.h>
#include <elcano/run.h>

#define ELC_OPTION_DEVICE                                                              \
    {                                                                                  \
        .name = "device", .type = ELC_OPTION_TEXT, .fallback = "cpu",                  \
        .help = "cpu, cuda, or cuda:N"                                                 \
    }

#define ELC_OPTION_CLASSES                                                             \
    {                                                                                  \
        .name = "classes", .type = ELC_OPTION_PATH,                                    \
        .help = "class names, one a line, where the network does not say them"         \
    }

#define ELC_OPTION_CHANNELS(without)                                                   \
    {                                                                                  \
        .name = "channels", .type = ELC_OPTION_CHOICE,                                 \
        .choices = (const char *const[]){"rgb", "bgr", NULL},                          \
        .help = "channel order that the network was trained with; default: " without   \
    }

#define ELC_OPTION_SCALE                                                               \
    {                                                                                  \
        .name = "scale", .type = ELC_OPTION_REAL, .min = 1e-9, .max = 1e9,             \
        .help =                                                                        \
            "what pixel values (0 to 255) are multiplied by; default: as for channels" \
    }

#define ELC_OPTION_MEAN                                                                \
    {                                                                                  \
        .name = "mean", .type = ELC_OPTION_LIST,                                       \
        .help = "then subtracted, a number a channel or one for all; default: as for " \
                "channels"                                                             \
    }

#define ELC_OPTION_STD                                                                 \
    {                                                                                  \
        .name = "std", .type = ELC_OPTION_LIST,                                        \
        .help = "then divided by, a number a channel or one for all"                   \
    }

#define ELC_OPTION_THRESHOLD                                                           \
    {                                                                                  \
        .name = "threshold", .type = ELC_OPTION_INT, .min = 1, .max = 255,             \
        .help = "before that, pixel values below it become 0, and others 255"          \
    }

/* What they mean; `options` borrows from the rest, and from the operator's options. */
typedef struct pixels_network {
    elc_names classes;
    double mean[16], std[16];
    elc_model_options options;
} pixels_network;

/* Start with {0}. The size of the input is that of `chip`, where there is one. */
elc_status elc_pixels_network_read(const elc_options *options, pixels_network *out,
                                   elc_error *err);
void elc_pixels_network_clear(pixels_network *network);

#endif
