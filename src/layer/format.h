/* format.h - the formats that a table can be written to; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_FORMAT_H
#define ELC_LAYER_FORMAT_H

#include "output.h"

typedef enum elc_format_code {
    ELC_FORMAT_GPKG,
    ELC_FORMAT_GEOJSON,
    ELC_FORMAT_GEOJSONSEQ,
    ELC_FORMAT_FGB,
    ELC_FORMAT_SHP,
    ELC_FORMAT_CSV,
    ELC_FORMAT_KML,
    ELC_FORMAT_GML,
    ELC_FORMAT_POSTGIS,
    ELC_FORMAT_PARQUET
} elc_format_code;

typedef struct elc_format {
    elc_format_code code;
    const char *name;   /* for messages */
    const char *driver; /* OGR's; NULL: written here */
    elc_output_kind output;
    bool layers;     /* holds several */
    bool text;       /* bytes go through text.h */
    bool text_times; /* times as ISO text with all digits; else dates as OGR has them */
    bool lonlat;     /* always CRS84 */
    bool blobs;      /* has bytes; else they become base64 */
    bool finite;     /* has no NaN or infinity: they become NULL */
} elc_format;

/* By the extension of `path` ("-": GeoJSONSeq); ELC_E_ARGUMENT names the known ones. */
elc_status elc_format_find(const char *path, const elc_format **out, elc_error *err);

#endif
