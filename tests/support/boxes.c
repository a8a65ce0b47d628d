/* boxes.c - lists of boxes: from rows, truth files and labels; matched one to one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "boxes.h"

#include <elcano/detect.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(elc_box_list *list, elc_box box) {
    if (elc_reserve(&list->items, &list->capacity, list->count + 1, sizeof box, NULL) ==
        ELC_OK)
        list->items[list->count++] = box;
}

static double value(const char *line, const char *name) {
    const char *at = strstr(line, name);
    return at ? strtod(at + strlen(name), NULL) : NAN;
}

static bool is_of(const char *line, const char *end, const char *image) {
    char wanted[300];
    if (!image)
        return true;
    snprintf(wanted, sizeof wanted, " image=%s ", image);
    const char *at = strstr(line, wanted);
    return at && at < end;
}

elc_box_list boxes_of_rows(const char *rows, const char *image) {
    elc_box_list list = {0};
    for (const char *line = rows; *line;) {
        const char *end = strchr(line, '\n');
        const char *box = strstr(line, " class_id=");
        if (box && box < end && is_of(line, end, image))
            add(&list, (elc_box){.xmin = value(box, " xmin_px="),
                                 .ymin = value(box, " ymin_px="),
                                 .xmax = value(box, " xmax_px="),
                                 .ymax = value(box, " ymax_px="),
                                 .score = (float)value(box, " score="),
                                 .class_id = (int32_t)value(box, " class_id=")});
        line = end + 1;
    }
    return list;
}

static double member(const json_t *object, const char *name) {
    return json_number_value(json_object_get(object, name));
}

elc_box_list boxes_of_truth(const char *path) {
    elc_box_list list = {0};
    json_t *truth = json_load_file(path, 0, NULL);
    const json_t *features = json_object_get(truth, "features");
    for (size_t i = 0; i < json_array_size(features); i++) {
        const json_t *p = json_object_get(json_array_get(features, i), "properties");
        add(&list, (elc_box){.xmin = member(p, "xmin_px"),
                             .ymin = member(p, "ymin_px"),
                             .xmax = member(p, "xmax_px"),
                             .ymax = member(p, "ymax_px"),
                             .score = 1,
                             .class_id = (int32_t)member(p, "class_id")});
    }
    json_decref(truth);
    return list;
}

elc_box_list boxes_of_labels(const char *path, int width, int height) {
    elc_box_list list = {0};
    FILE *file = fopen(path, "r");
    int class_id;
    double x, y, w, h;
    while (file && fscanf(file, "%d %lf %lf %lf %lf", &class_id, &x, &y, &w, &h) == 5)
        add(&list, (elc_box){.xmin = (x - w / 2) * width,
                             .ymin = (y - h / 2) * height,
                             .xmax = (x + w / 2) * width,
                             .ymax = (y + h / 2) * height,
                             .score = 1,
                             .class_id = class_id});
    if (file)
        fclose(file);
    return list;
}

void boxes_drop_at_edge(elc_box_list *boxes, int width, int height, double margin) {
    size_t kept = 0;
    for (size_t i = 0; i < boxes->count; i++) {
        elc_box b = boxes->items[i];
        if (b.xmin > margin && b.ymin > margin && b.xmax < width - margin &&
            b.ymax < height - margin)
            boxes->items[kept++] = b;
    }
    boxes->count = kept;
}

static int by_score(const void *a, const void *b) {
    return elc_box_compare(a, b);
}

static int by_x(const void *p, const void *q) {
    const elc_box *a = p, *b = q;
    return (a->xmin > b->xmin) - (a->xmin < b->xmin);
}

static double widest(const elc_box *boxes, size_t n) {
    double w = 0;
    for (size_t i = 0; i < n; i++)
        w = fmax(w, boxes[i].xmax - boxes[i].xmin);
    return w;
}

/* First box, in order of xmin, that begins at x or later. */
static size_t first_from(const elc_box *boxes, size_t n, double x) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (boxes[middle].xmin < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

boxes_match boxes_compare(const elc_box_list *reference, const elc_box_list *found) {
    boxes_match m = {0, reference->count, 0};
    size_t n = reference->count;
    elc_box *sorted = calloc(n + 1, sizeof *sorted);
    elc_box *mine = calloc(found->count + 1, sizeof *mine);
    bool *taken = calloc(n + 1, sizeof *taken);
    memcpy(sorted, n ? reference->items : sorted, n * sizeof *sorted);
    memcpy(mine, found->count ? found->items : mine, found->count * sizeof *mine);
    qsort(sorted, n, sizeof *sorted, by_x);
    qsort(mine, found->count, sizeof *mine, by_score);
    double reach = widest(sorted, n);
    for (size_t i = 0; i < found->count; i++) {
        size_t best = SIZE_MAX;
        double most = 0.5;
        for (size_t k = first_from(sorted, n, mine[i].xmin - reach);
             k < n && sorted[k].xmin < mine[i].xmax; k++) {
            double iou = elc_box_iou(&sorted[k], &mine[i]);
            if (!taken[k] && iou >= most) {
                most = iou;
                best = k;
            }
        }
        if (best == SIZE_MAX) {
            m.extra++;
        } else {
            taken[best] = true;
            m.both++;
            m.lost--;
        }
    }
    free(sorted);
    free(mine);
    free(taken);
    return m;
}
