/* pictures.c - the worst mistakes, cut out of their images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_MIN = 64, PICTURE_MAX = 512 };

/* The image that is open; mistakes of one follow each other now and then. */
typedef struct album {
    uint32_t image;
    elc_image *opened;
    elc_cutter *cutter;
    bool warned;
} album;

static void album_close(album *a) {
    elc_cutter_free(a->cutter);
    elc_image_free(a->opened);
    a->cutter = NULL;
    a->opened = NULL;
}

/* ---- pixels --------------------------------------------------------------------- */

static elc_status open_image(const eval_page *p, album *a, uint32_t image,
                             elc_error *err) {
    static const int rgb[] = {1, 2, 3};
    int bands[ELC_BANDS_MAX];
    elc_view_options seen = {.bands = bands, .step_x = 1, .step_y = 1};
    elc_stretch_wish wish;
    const char *name = p->data->images.shown.items[image];
    const char *path = elc_eval_image_path(p->images, name);
    album_close(a);
    a->image = image;
    if (path == NULL)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: is not among --images", name);
    ELC_TRY(elc_image_open(path, &a->opened, err));
    ELC_TRY(elc_stretch_parse("auto", &wish, err));
    int n = elc_image_info_at(a->opened)->bands >= 3 ? 3 : 1;
    ELC_TRY(elc_cutter_seen_bands(a->opened, rgb, n, bands, &seen.n, err));
    ELC_TRY(elc_stretch_decide(a->opened, bands, seen.n, &wish, &seen.stretch, err));
    return elc_cutter_create_seen(a->opened, &seen, 0, &a->cutter, err);
}

/* Three times the box, so that one sees where it is. */
static elc_window window_of(const elc_score_box *b) {
    double side = 3 * fmax(b->xmax - b->xmin, b->ymax - b->ymin);
    int64_t size = (int64_t)fmin(fmax(ceil(side), PICTURE_MIN), PICTURE_MAX);
    double x = (b->xmin + b->xmax) / 2, y = (b->ymin + b->ymax) / 2;
    return (elc_window){(int64_t)floor(x) - size / 2, (int64_t)floor(y) - size / 2,
                        size, size};
}

static void put_base64(eval_page *p, const unsigned char *bytes, size_t n) {
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n && p->status == ELC_OK; i += 3) {
        unsigned v = (unsigned)bytes[i] << 16;
        v |= i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0;
        v |= i + 2 < n ? bytes[i + 2] : 0;
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63],
                        i + 1 < n ? digits[v >> 6 & 63] : '=',
                        i + 2 < n ? digits[v & 63] : '='};
        p->status = elc_string_append(p->out, four, 4, p->err);
    }
}

static elc_status cut(const eval_page *p, album *a, uint32_t image, elc_window w,
                      elc_string *file, elc_error *err) {
    elc_string beside = {0};
    if (a->image != image || a->cutter == NULL)
        ELC_TRY(open_image(p, a, image, err));
    ELC_TRY(elc_cutter_read(a->cutter, w, err));
    elc_status status = elc_cutter_encode(a->cutter, ELC_FILE_PNG, file, &beside, err);
    elc_string_free(&beside);
    return status;
}

/* A picture that cannot be had is told once, and left out: the boxes are drawn. */
static void put_pixels(eval_page *p, album *a, uint32_t image, elc_window w) {
    elc_string file = {0};
    elc_error why = {0};
    elc_status status = cut(p, a, image, w, &file, &why);
    if (status == ELC_E_MEMORY || status == ELC_E_CANCELLED) {
        p->status = elc_fail(p->err, status, "%s", why.message);
    } else if (status != ELC_OK) {
        if (!a->warned)
            elc_warn(p->context, "a picture is left out of the report: %s",
                     why.message);
        a->warned = true;
    } else {
        elc_page_put(p,
                     "<image width=\"%lld\" height=\"%lld\" "
                     "style=\"image-rendering:pixelated\" "
                     "href=\"data:image/png;base64,",
                     (long long)w.width, (long long)w.height);
        put_base64(p, (const unsigned char *)file.data, file.size);
        elc_page_put(p, "\"/>");
    }
    elc_string_free(&file);
}

/* ---- a mistake ------------------------------------------------------------------ */

static void put_points(eval_page *p, const eval_boxes *boxes, size_t i, elc_window w) {
    const elc_score_box *b = &boxes->items[i];
    elc_point corners[] = {
        {b->xmin, b->ymin}, {b->xmax, b->ymin}, {b->xmax, b->ymax}, {b->xmin, b->ymax}};
    const elc_point *ring = corners;
    size_t n = 4;
    if (p->data->by_shape)
        ring = elc_eval_outline(&boxes->outlines, i, &n);
    for (size_t k = 0; k < n; k++)
        elc_page_put(p, "%s%.2f,%.2f", k > 0 ? " " : "", ring[k].x - (double)w.x,
                     ring[k].y - (double)w.y);
}

static void put_shape(eval_page *p, const eval_boxes *boxes, size_t i, elc_window w,
                      int width) {
    bool there = boxes == &p->data->truth;
    elc_page_put(p, "<polygon points=\"");
    put_points(p, boxes, i, w);
    elc_page_put(p,
                 "\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" "
                 "vector-effect=\"non-scaling-stroke\"%s/>",
                 there ? "#00b050" : "#e00000", width,
                 there ? " stroke-dasharray=\"5 3\"" : "");
}

static bool is_seen(const elc_score_box *b, uint32_t image, elc_window w) {
    return b->image == image && b->xmax > (double)w.x && b->ymax > (double)w.y &&
           b->xmin < (double)(w.x + w.width) && b->ymin < (double)(w.y + w.height);
}

/* All that is there and that counts as found in the window: why is it a mistake? */
static void put_neighbours(eval_page *p, uint32_t image, elc_window w) {
    const eval_data *d = p->data;
    for (size_t i = 0; i < d->found.count; i++)
        if (p->result->taken[i] && is_seen(&d->found.items[i], image, w))
            put_shape(p, &d->found, i, w, 1);
    for (size_t i = 0; i < d->truth.count; i++)
        if (is_seen(&d->truth.items[i], image, w))
            put_shape(p, &d->truth, i, w, 1);
}

static void put_caption(eval_page *p, const eval_mistake *m, const elc_score_box *b) {
    elc_page_put(p, "<figcaption>");
    elc_page_text(p, elc_eval_class_name(p->data, b->class_id));
    if (m->kind == EVAL_CONFUSED) {
        uint32_t truth = p->data->truth.items[m->other].class_id;
        elc_page_put(p, ", is ");
        elc_page_text(p, elc_eval_class_name(p->data, truth));
    }
    if (m->kind != EVAL_MISSED)
        elc_page_put(p, ", score %.3f", b->score);
    elc_page_put(p, "<br>");
    elc_page_text(p, p->data->images.shown.items[b->image]);
    elc_page_put(p, " %.0f, %.0f</figcaption>", b->xmin, b->ymin);
}

static void put_mistake(eval_page *p, album *a, const eval_mistake *m) {
    bool missed = m->kind == EVAL_MISSED;
    const eval_boxes *boxes = missed ? &p->data->truth : &p->data->found;
    const elc_score_box *b = &boxes->items[m->box];
    elc_window w = window_of(b);
    elc_page_put(p, "<figure><svg viewBox=\"0 0 %lld %lld\">", (long long)w.width,
                 (long long)w.height);
    if (p->images->count > 0)
        put_pixels(p, a, b->image, w);
    put_neighbours(p, b->image, w);
    put_shape(p, boxes, m->box, w, 3);
    elc_page_put(p, "</svg>");
    put_caption(p, m, b);
    elc_page_put(p, "</figure>\n");
}

/* ---- on the map ----------------------------------------------------------------- */

static void put_map_mistake(eval_page *p, const eval_mistake *m) {
    bool missed = m->kind == EVAL_MISSED;
    const eval_boxes *boxes = missed ? &p->data->truth : &p->data->found;
    const elc_score_box *b = &boxes->items[m->box];
    elc_point at = boxes->places[m->box].lonlat;
    elc_page_put(p, "<tr><td class=\"text\">%s</td><td class=\"text\">",
                 elc_eval_kind_name(m->kind));
    elc_page_text(p, elc_eval_class_name(p->data, b->class_id));
    elc_page_put(p, "</td><td class=\"text\">");
    elc_page_text(
        p, m->kind == EVAL_CONFUSED
               ? elc_eval_class_name(p->data, p->data->truth.items[m->other].class_id)
               : NULL);
    elc_page_put(p, "</td><td>");
    elc_page_real(p, missed ? NAN : b->score);
    elc_page_put(p, "</td><td>%.7f</td><td>%.7f</td></tr>\n", at.x, at.y);
}

static void put_map_mistakes(eval_page *p) {
    if (p->result->n_mistakes == 0)
        return;
    elc_page_put(p, "<h2>The worst mistakes</h2>\n<div class=\"wide\"><table><tr>"
                    "<th>kind</th><th class=\"text\">class</th><th class=\"text\">is "
                    "</th><th>score</th><th>lon</th><th>lat</th></tr>\n");
    for (size_t i = 0; i < p->result->n_mistakes; i++)
        put_map_mistake(p, &p->result->mistakes[i]);
    elc_page_put(p, "</table></div>\n");
}

void elc_page_mistakes(eval_page *p) {
    static const char *const titles[] = {"Found where nothing is", "Found twice",
                                         "Taken for another class", "Missed"};
    const eval_result *r = p->result;
    album a = {.image = ELC_SCORE_NONE};
    bool begun = false;
    if (p->data->on_map) {
        put_map_mistakes(p);
        return;
    }
    for (size_t i = 0; i < r->n_mistakes && p->status == ELC_OK; i++) {
        const eval_mistake *m = &r->mistakes[i];
        if (!begun || m->kind != r->mistakes[i - 1].kind)
            elc_page_put(
                p,
                "%s<h2>%s</h2>\n<p>Red: found, green and dashed: there; thick: "
                "the one that is meant.</p>\n<div class=\"pictures\">\n",
                begun ? "</div>\n" : "", titles[m->kind]);
        begun = true;
        put_mistake(p, &a, m);
    }
    if (begun)
        elc_page_put(p, "</div>\n");
    album_close(&a);
}
