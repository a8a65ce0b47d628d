/* nms.c - non-maximum suppression inside a chip. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <math.h>
#include <stdlib.h>

/* Cells along each side of the grid that kept boxes are looked up in. */
enum { CELLS = 32 };

static int compare_boxes(const void *a, const void *b) {
    return elc_box_compare(a, b);
}

/* Kept boxes by cell: each cell heads a list of entries; a box is in every cell that it
   touches, so that two boxes that overlap meet in one. */
typedef struct entry {
    size_t box;
    int32_t next;
} entry;

typedef struct lookup {
    double x0, y0, cells_per_x, cells_per_y;
    int32_t head[CELLS * CELLS];
    entry *entries;
    size_t count, capacity;
} lookup;

typedef struct cell_range {
    int c0, r0, c1, r1;
} cell_range;

static int cell_at(double v) {
    return v <= 0 ? 0 : v >= CELLS - 1 ? CELLS - 1 : (int)v;
}

static cell_range cells_of(const lookup *look, const elc_box *box) {
    return (cell_range){cell_at((box->xmin - look->x0) * look->cells_per_x),
                        cell_at((box->ymin - look->y0) * look->cells_per_y),
                        cell_at((box->xmax - look->x0) * look->cells_per_x),
                        cell_at((box->ymax - look->y0) * look->cells_per_y)};
}

static void lookup_start(lookup *look, const elc_box *boxes, size_t n) {
    double x0 = boxes[0].xmin, y0 = boxes[0].ymin;
    double x1 = boxes[0].xmax, y1 = boxes[0].ymax;
    for (size_t i = 1; i < n; i++) {
        x0 = fmin(x0, boxes[i].xmin);
        y0 = fmin(y0, boxes[i].ymin);
        x1 = fmax(x1, boxes[i].xmax);
        y1 = fmax(y1, boxes[i].ymax);
    }
    look->x0 = x0;
    look->y0 = y0;
    look->cells_per_x = x1 > x0 ? CELLS / (x1 - x0) : 0;
    look->cells_per_y = y1 > y0 ? CELLS / (y1 - y0) : 0;
    for (int i = 0; i < CELLS * CELLS; i++)
        look->head[i] = -1;
}

static elc_status lookup_add(lookup *look, cell_range at, size_t box, elc_error *err) {
    size_t more = (size_t)(at.c1 - at.c0 + 1) * (size_t)(at.r1 - at.r0 + 1);
    if (look->count + more > INT32_MAX)
        return elc_fail(err, ELC_E_MEMORY,
                        "%zu boxes of one chip are too many to compare", box + 1);
    ELC_TRY(elc_reserve(&look->entries, &look->capacity, look->count + more,
                        sizeof *look->entries, err));
    for (int r = at.r0; r <= at.r1; r++)
        for (int c = at.c0; c <= at.c1; c++) {
            int32_t *head = &look->head[r * CELLS + c];
            look->entries[look->count] = (entry){box, *head};
            *head = (int32_t)look->count++;
        }
    return ELC_OK;
}

static bool suppressed(const lookup *look, cell_range at, const elc_box *boxes,
                       const elc_box *box, double iou, bool across_classes) {
    for (int r = at.r0; r <= at.r1; r++)
        for (int c = at.c0; c <= at.c1; c++)
            for (int32_t e = look->head[r * CELLS + c]; e >= 0;
                 e = look->entries[e].next) {
                const elc_box *kept = &boxes[look->entries[e].box];
                if ((across_classes || kept->class_id == box->class_id) &&
                    elc_box_iou(kept, box) > iou)
                    return true;
            }
    return false;
}

elc_status elc_nms(elc_box *boxes, size_t *count, double iou, bool across_classes,
                   elc_error *err) {
    if (*count < 2)
        return ELC_OK;
    qsort(boxes, *count, sizeof *boxes, compare_boxes);
    lookup *look = NULL;
    ELC_TRY(elc_alloc(1, sizeof *look, &look, err));
    lookup_start(look, boxes, *count);
    elc_status status = ELC_OK;
    size_t kept = 0;
    for (size_t i = 0; i < *count && status == ELC_OK; i++) {
        elc_box box = boxes[i];
        cell_range at = cells_of(look, &box);
        if (suppressed(look, at, boxes, &box, iou, across_classes))
            continue;
        boxes[kept] = box;
        status = lookup_add(look, at, kept++, err);
    }
    free(look->entries);
    free(look);
    if (status == ELC_OK)
        *count = kept;
    return status;
}
