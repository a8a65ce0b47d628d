/* metadata.h - what exporters write beside a network: Ultralytics, Deepness, Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_METADATA_H
#define ELC_MODEL_METADATA_H

#include <elcano/base.h>

#define ELC_METADATA_CHANNELS 64

/* 0 and "" where nothing is said. Texts are borrowed from the values. */
typedef struct elc_metadata {
    elc_names names;      /* names, class_names */
    const char *task;     /* task: detect, segment, obb, ... */
    const char *det_type; /* det_type: YOLO_Ultralytics, ... */
    bool end_to_end;      /* end2end */
    int64_t stride;
    int64_t chip_width, chip_height; /* imgsz (height, width), tile_size */
    double gsd_m;                    /* resolution, there in centimetres */
    double score, iou;               /* det_conf, det_iou_thresh */
    double mean[ELC_METADATA_CHANNELS], std[ELC_METADATA_CHANNELS];
    size_t n_mean, n_std;
    double scale;              /* elcano.input_scale */
    const char *channel_order; /* elcano.channel_order: rgb, bgr */
    int pad;                   /* elcano.pad: 0..255; -1: not said */
    bool instrument;           /* elcano.instrument */
    const char *license;       /* license; NULL: not said */
} elc_metadata;

/* Keys and values stand side by side. A value that cannot be read is ELC_E_MODEL with
   its key, for what is guessed instead could be wrong unseen. `ignore_names`: the
   caller has better ones. Start with {0}; clear also after a failure. */
elc_status elc_metadata_read(const elc_names *keys, const elc_names *values,
                             bool ignore_names, const char *path, elc_metadata *out,
                             elc_error *err);
void elc_metadata_clear(elc_metadata *metadata);

#endif
