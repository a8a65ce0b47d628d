/* footprint.c - the ground that was analysed: the image, or the cores of its chips. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "builder.h"

#include <math.h>
#include <stdlib.h>

/* From the first core to the last one of a row, what of it is shown, in the image's
   pixels. */
static void set_box(const place_state *image, const elc_core *first,
                    const elc_core *last, double *out) {
    elc_window shown = image->sight.shown;
    elc_box seen = {.xmin = fmax((double)first->x0 / 2, (double)shown.x),
                    .ymin = fmax((double)first->y0 / 2, (double)shown.y),
                    .xmax = fmin((double)last->x1 / 2, (double)(shown.x + shown.width)),
                    .ymax =
                        fmin((double)first->y1 / 2, (double)(shown.y + shown.height))};
    elc_box box = elc_sight_box(&image->sight, &seen);
    out[0] = box.xmin, out[1] = box.ymin, out[2] = box.xmax, out[3] = box.ymax;
}

/* The boxes of the chips' cores that were run, joined along each row of chips. */
static elc_status run_boxes(const place_state *image, double (**out)[4], size_t *n,
                            elc_error *err) {
    double(*boxes)[4] = NULL;
    size_t capacity = 0;
    *n = 0;
    for (size_t i = 0; i + 1 < image->n_ranges; i += 2)
        for (int64_t chip = image->ranges[i]; chip < image->ranges[i + 1];) {
            int64_t row_end = (chip / image->grid.cols + 1) * image->grid.cols;
            int64_t end =
                image->ranges[i + 1] < row_end ? image->ranges[i + 1] : row_end;
            elc_core first = elc_grid_core(&image->grid, chip);
            elc_core last = elc_grid_core(&image->grid, end - 1);
            elc_status status =
                elc_reserve(&boxes, &capacity, *n + 1, sizeof *boxes, err);
            if (status != ELC_OK) {
                free(boxes);
                return status;
            }
            set_box(image, &first, &last, boxes[(*n)++]);
            chip = end;
        }
    *out = boxes;
    return ELC_OK;
}

enum { OUTLINE_POINTS = 32 };

/* The whole image's outline, eight points a side. */
static elc_status set_outline(row_builder *rows, elc_error *err) {
    double w = (double)rows->image->sight.width, h = (double)rows->image->sight.height;
    const elc_point corner[5] = {{0, 0}, {0, h}, {w, h}, {w, 0}, {0, 0}};
    elc_point ring[OUTLINE_POINTS];
    for (int i = 0; i < OUTLINE_POINTS; i++) {
        elc_point a = corner[i / 8], b = corner[i / 8 + 1];
        double t = (i % 8) / 8.0;
        ring[i] = (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
    }
    return elc_rows_set_ring(rows, ring, OUTLINE_POINTS, err);
}

elc_status elc_rows_set_footprint(row_builder *rows, elc_error *err) {
    const place_state *image = rows->image;
    if (!rows->locator || image->run == 0)
        return ELC_OK;
    bool all = image->run == elc_grid_count(&image->grid);
    if (all && !elc_sight_is_cropped(&image->sight))
        return set_outline(rows, err);
    double(*boxes)[4] = NULL;
    size_t n = 0;
    ELC_TRY(run_boxes(image, &boxes, &n, err));
    rows->wkb.size = 0;
    int64_t width = image->sight.width, height = image->sight.height;
    double step = (double)(width > height ? width : height);
    elc_status status = (rows->to_crs ? elc_wkb_boxes : elc_wkb_boxes_lonlat)(
        (const double(*)[4])boxes, n, step / 8, elc_rows_to_ground, rows, &rows->wkb,
        err);
    free(boxes);
    if (status != ELC_OK || rows->wkb.size == 0)
        return status;
    return elc_batch_bytes(rows->batch, COL_GEOMETRY, rows->wkb.data, rows->wkb.size,
                           err);
}
