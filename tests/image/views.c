/* views.c - images whose every value is known, and views of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "views.h"

const double STEPS[N_STEPS][2] = {{1, 1},      {2, 2},   {1.7, 1.7}, {0.4, 0.4},
                                  {0.61, 2.9}, {5.3, 1}, {0.5, 0.25}};
const int BANDS[] = {1, 2, 3, 4, 5, 6, 7, 8};

double made_at(int64_t x, int64_t y, int band) {
    uint32_t h = (uint32_t)(x * 73856093) ^ (uint32_t)(y * 19349663) ^
                 (uint32_t)(band * 83492791);
    h = (h ^ h >> 15) * 2246822519u;
    return (double)((h ^ h >> 13) % 2048);
}

bool made_hole(const made *m, int64_t x, int64_t y) {
    return m->has_hole && x >= 20 && x < 60 && y >= 30 && y < 45;
}

double made_value(const made *m, int64_t x, int64_t y, int band) {
    if (made_hole(m, x, y))
        return m->hole;
    if (m->whole != 0)
        return floor(made_at(x, y, band) / m->whole);
    return made_at(x, y, band) * (m->scale != 0 ? m->scale : 1);
}

GDALDatasetH made_create(const made *m, const char *path) {
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, WIDTH, HEIGHT,
                                m->bands, m->type, (char **)(uintptr_t)m->options);
    assert_non_null(d);
    for (int b = 1; m->has_nodata && b <= m->bands; b++)
        GDALSetRasterNoDataValue(GDALGetRasterBand(d, b), m->nodata);
    return d;
}

void made_write(const made *m) {
    GDALDatasetH d = made_create(m, PATH);
    double row[WIDTH];
    for (int b = 1; b <= m->bands; b++)
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++)
                row[x] = made_value(m, x, y, b);
            assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, b), GF_Write, 0, y,
                                          WIDTH, 1, row, WIDTH, 1, GDT_Float64, 0, 0),
                             CE_None);
        }
    GDALClose(d);
}

elc_view *view_open(elc_image *image, int n, const char *stretch, double step_x,
                    double step_y) {
    elc_view_options o = {.bands = BANDS, .n = n, .step_x = step_x, .step_y = step_y};
    elc_stretch_wish wish;
    elc_error err = {0};
    elc_view *view = NULL;
    if (elc_stretch_parse(stretch, &wish, &err) != ELC_OK ||
        elc_stretch_decide(image, o.bands, n, &wish, &o.stretch, &err) != ELC_OK ||
        elc_view_create(image, &o, &view, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return view;
}

uint8_t *view_bytes(elc_view *view, elc_window w, int n, bool *valid) {
    uint8_t *out = malloc((size_t)(w.width * w.height * n));
    elc_error err = {0};
    if (elc_view_read(view, w, 77, out, valid, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return out;
}

elc_window view_whole(const elc_view *view) {
    return (elc_window){0, 0, elc_view_width(view), elc_view_height(view)};
}
