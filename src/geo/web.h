/* web.h - Web Mercator of arrays of points, for each kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_WEB_H
#define ELCANO_SRC_GEO_WEB_H

#include <elcano/geo.h>

/* In place: longitudes and latitudes in degrees to metres of EPSG:3857, and back; NaN,
   NaN off the map. All tables give the same bits. */
typedef struct elc_web_loops {
    void (*forward)(elc_point *points, size_t n);
    void (*inverse)(elc_point *points, size_t n);
    /* Codes of the tiles of longitudes and latitudes in degrees; -1 off the map. */
    void (*codes)(const elc_point *lonlat, size_t n, int zoom, int64_t *out);
} elc_web_loops;

extern const elc_web_loops elc_web_plain;
extern const elc_web_loops elc_web_wide;   /* only where elc_cpu_is_wide() */
extern const elc_web_loops elc_web_widest; /* only where elc_cpu_is_widest() */

/* That of this processor. */
const elc_web_loops *elc_web_choose(void);

/* The lower 32 bits, a zero between each. */
static inline uint64_t elc_web_spread(uint64_t v) {
    v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
    v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v = (v | v << 2) & UINT64_C(0x3333333333333333);
    return (v | v << 1) & UINT64_C(0x5555555555555555);
}

/* Codes of columns and rows below 2^16, whose bits are spread together. */
static inline int64_t elc_web_short_code(int32_t x, int32_t y) {
    uint64_t v = (uint32_t)x | (uint64_t)(uint32_t)y << 32;
    v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v = (v | v << 2) & UINT64_C(0x3333333333333333);
    v = (v | v << 1) & UINT64_C(0x5555555555555555);
    return (int64_t)((v | v >> 31) & UINT64_C(0xffffffff));
}

/* A tile's column and row as its code. */
static inline int64_t elc_web_code(int32_t x, int32_t y) {
    return (int64_t)(elc_web_spread((uint32_t)x) | elc_web_spread((uint32_t)y) << 1);
}

#endif
