/* mosaic_draw.c - one image on the web map: the pixels that are needed are read once,
   from the overview that fits, and each pixel of the picture is taken from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/mosaic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MESH = 16, READ_MOST = 8192 };

/* Where pixels of the picture lie in the image: known at the corners of a mesh, linear
   between (a 1/16 of a picture is nearly flat in any projection). */
typedef struct mesh {
    elc_point at[MESH + 1][MESH + 1];
    int width, height;
} mesh;

/* What was read. */
typedef struct piece {
    elc_window window;       /* of the image */
    int width, height;       /* of what was read of it */
    float *bands;            /* planes */
    uint8_t *mask;           /* NULL: all of it holds something */
    GDALColorTableH colours; /* the first plane has numbers of it; NULL: none */
} piece;

static void make_mesh(const mosaic_handle *h, const double box[4], mesh *m) {
    for (int y = 0; y <= MESH; y++) {
        for (int x = 0; x <= MESH; x++)
            m->at[y][x] = (elc_point){box[0] + (box[2] - box[0]) * x / MESH,
                                      box[3] - (box[3] - box[1]) * y / MESH};
        elc_mosaic_pixels(h, m->at[y], MESH + 1);
    }
}

/* The pixel under the middle of one of the picture. */
static elc_point look_up(const mesh *m, int x, int y) {
    double u = (x + 0.5) * MESH / m->width, v = (y + 0.5) * MESH / m->height;
    int i = (int)u, j = (int)v;
    double fx = u - i, fy = v - j;
    const elc_point *a = &m->at[j][i], *b = &m->at[j + 1][i];
    double top_x = a[0].x + (a[1].x - a[0].x) * fx;
    double top_y = a[0].y + (a[1].y - a[0].y) * fx;
    double low_x = b[0].x + (b[1].x - b[0].x) * fx;
    double low_y = b[0].y + (b[1].y - b[0].y) * fx;
    return (elc_point){top_x + (low_x - top_x) * fy, top_y + (low_y - top_y) * fy};
}

/* ---- reading --------------------------------------------------------------------- */

/* The window of the image that the mesh covers, and how many of its pixels make one of
   the picture; false where that is none. */
static bool find_window(const mesh *m, const elc_image_info *info, piece *p) {
    double low_x = INFINITY, low_y = INFINITY, high_x = -INFINITY, high_y = -INFINITY;
    for (int y = 0; y <= MESH; y++) {
        for (int x = 0; x <= MESH; x++) {
            low_x = fmin(low_x, m->at[y][x].x);
            low_y = fmin(low_y, m->at[y][x].y);
            high_x = fmax(high_x, m->at[y][x].x);
            high_y = fmax(high_y, m->at[y][x].y);
        }
    }
    if (!(low_x < (double)info->width && high_x > 0 && low_y < (double)info->height &&
          high_y > 0))
        return false;
    double step =
        fmax(1, fmin((high_x - low_x) / m->width, (high_y - low_y) / m->height));
    double margin = 2 * step;
    double x0 = fmax(0, floor(low_x - margin)), y0 = fmax(0, floor(low_y - margin));
    double x1 = fmin((double)info->width, ceil(high_x + margin));
    double y1 = fmin((double)info->height, ceil(high_y + margin));
    p->window =
        (elc_window){(int64_t)x0, (int64_t)y0, (int64_t)(x1 - x0), (int64_t)(y1 - y0)};
    p->width = (int)fmin(READ_MOST, fmax(1, ceil((x1 - x0) / step)));
    p->height = (int)fmin(READ_MOST, fmax(1, ceil((y1 - y0) / step)));
    return true;
}

static bool read_plane(const piece *p, GDALRasterBandH band, GDALDataType type,
                       GDALRIOResampleAlg how, void *out) {
    GDALRasterIOExtraArg more;
    INIT_RASTERIO_EXTRA_ARG(more);
    more.eResampleAlg = how;
    return GDALRasterIOEx(band, GF_Read, (int)p->window.x, (int)p->window.y,
                          (int)p->window.width, (int)p->window.height, out, p->width,
                          p->height, type, 0, 0, &more) == CE_None;
}

static bool read_planes(const mosaic_handle *h, piece *p) {
    size_t n = (size_t)p->width * (size_t)p->height;
    GDALDatasetH dataset = h->image->dataset;
    GDALRIOResampleAlg how =
        p->colours != NULL ? GRIORA_NearestNeighbour : GRIORA_Bilinear;
    int planes = p->colours != NULL ? 1 : MOSAIC_BANDS;
    for (int b = 0; b < planes; b++)
        if (!read_plane(p, GDALGetRasterBand(dataset, h->of->bands[b]), GDT_Float32,
                        how, p->bands + (size_t)b * n))
            return false;
    return p->mask == NULL ||
           read_plane(p, GDALGetMaskBand(GDALGetRasterBand(dataset, h->of->bands[0])),
                      GDT_Byte, GRIORA_NearestNeighbour, p->mask);
}

static elc_status read_piece(const mosaic_handle *h, piece *p, elc_error *err) {
    size_t n = (size_t)p->width * (size_t)p->height;
    GDALRasterBandH first = GDALGetRasterBand(h->image->dataset, h->of->bands[0]);
    p->colours = GDALGetRasterColorTable(first);
    ELC_TRY(elc_alloc(n * MOSAIC_BANDS, sizeof *p->bands, &p->bands, err));
    if (!(GDALGetMaskFlags(first) & GMF_ALL_VALID))
        ELC_TRY(elc_alloc(n, 1, &p->mask, err));
    elc_gdal_log log;
    elc_gdal_begin(&log);
    bool read = read_planes(h, p);
    elc_status status = read ? ELC_OK
                             : elc_fail(err, ELC_E_IO, "%s: cannot be read: %s",
                                        h->of->name, elc_gdal_reason(&log));
    elc_gdal_end();
    return status;
}

/* ---- pixels ---------------------------------------------------------------------- */

static uint8_t as_byte(double value, const elc_stretch *s, int band) {
    if (s->n > 0) {
        int k = s->n > band ? band : 0;
        value = (value - s->low[k]) / (s->high[k] - s->low[k]) * 255;
    }
    return (uint8_t)lrint(fmax(0, fmin(255, value)));
}

/* Between the four middles round a place of what was read. */
static double sample(const piece *p, int band, double u, double v) {
    const float *plane = p->bands + (size_t)band * (size_t)p->width * (size_t)p->height;
    u = fmax(0, fmin(u - 0.5, p->width - 1));
    v = fmax(0, fmin(v - 0.5, p->height - 1));
    int x = (int)u, y = (int)v;
    int right = x + 1 < p->width ? x + 1 : x, below = y + 1 < p->height ? y + 1 : y;
    const float *a = plane + (size_t)y * (size_t)p->width;
    const float *b = plane + (size_t)below * (size_t)p->width;
    double top = a[x] + (a[right] - a[x]) * (u - x);
    double low = b[x] + (b[right] - b[x]) * (u - x);
    return top + (low - top) * (v - y);
}

static size_t nearest(const piece *p, double u, double v) {
    int x = u >= p->width ? p->width - 1 : (int)u;
    int y = v >= p->height ? p->height - 1 : (int)v;
    return (size_t)y * (size_t)p->width + (size_t)x;
}

static void put_colour(const piece *p, size_t at, uint8_t out[4]) {
    const GDALColorEntry *c = GDALGetColorEntry(p->colours, (int)p->bands[at]);
    if (c == NULL || c->c4 == 0)
        return;
    out[0] = (uint8_t)c->c1;
    out[1] = (uint8_t)c->c2;
    out[2] = (uint8_t)c->c3;
    out[3] = 255;
}

/* `u`, `v`: a place of what was read. */
static void put_pixel(const mosaic_image *i, const piece *p, double u, double v,
                      uint8_t out[4]) {
    size_t at = nearest(p, u, v);
    if (p->mask != NULL && p->mask[at] == 0)
        return;
    if (p->colours != NULL) {
        put_colour(p, at, out);
        return;
    }
    for (int b = 0; b < MOSAIC_BANDS; b++) {
        double value = sample(p, b, u, v);
        if (!isfinite(value))
            return;
        out[b] = as_byte(value, &i->stretch, b);
    }
    out[3] = 255;
}

static void put_pixels(const mosaic_image *i, const mesh *m, const piece *p,
                       uint8_t *rgba) {
    double step_x = (double)p->window.width / p->width;
    double step_y = (double)p->window.height / p->height;
    for (int y = 0; y < m->height; y++) {
        for (int x = 0; x < m->width; x++) {
            elc_point at = look_up(m, x, y);
            if (!(at.x >= 0 && at.x < (double)i->width && at.y >= 0 &&
                  at.y < (double)i->height))
                continue;
            double u = (at.x - (double)p->window.x) / step_x;
            double v = (at.y - (double)p->window.y) / step_y;
            if (u >= 0 && v >= 0 && u <= p->width && v <= p->height)
                put_pixel(i, p, u, v,
                          rgba + ((size_t)y * (size_t)m->width + (size_t)x) * 4);
        }
    }
}

elc_status elc_mosaic_draw_image(mosaic_handle *h, const double box[4], int width,
                                 int height, uint8_t *rgba, elc_error *err) {
    mesh m = {.width = width, .height = height};
    piece p = {0};
    make_mesh(h, box, &m);
    if (!find_window(&m, elc_image_info_at(h->image), &p))
        return ELC_OK;
    elc_status status = read_piece(h, &p, err);
    if (status == ELC_OK)
        put_pixels(h->of, &m, &p, rgba);
    free(p.bands);
    free(p.mask);
    return status;
}
