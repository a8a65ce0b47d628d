/* html.c - a comparison as one page. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page of more would be tens of megabytes: its confusion has the square of them. */
enum { CLASSES_MOST = 100 };

/* ---- text ----------------------------------------------------------------------- */

void elc_page_put(eval_page *p, const char *format, ...) {
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (p->status == ELC_OK && n >= (int)sizeof text)
        p->status =
            elc_fail(p->err, ELC_E_INTERNAL,
                     "evaluate: %d bytes of HTML at once; please report this", n);
    if (p->status == ELC_OK)
        p->status = elc_string_append(p->out, text, (size_t)n, p->err);
}

static const char *escape_of(char c) {
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void elc_page_text(eval_page *p, const char *text) {
    if (text == NULL)
        text = "\xe2\x80\x93";
    if (p->status == ELC_OK && !elc_utf8_valid(text, strlen(text)))
        text = "?";
    for (; *text && p->status == ELC_OK; text++) {
        const char *escape = escape_of(*text);
        p->status = escape ? elc_string_append(p->out, escape, strlen(escape), p->err)
                           : elc_string_append(p->out, text, 1, p->err);
    }
}

void elc_page_real(eval_page *p, double value) {
    if (isfinite(value))
        elc_page_put(p, "%.3f", value);
    else
        elc_page_text(p, NULL);
}

void elc_page_colour(const eval_page *p, size_t c, char colour[8]) {
    static const char *const ten[] = {"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728",
                                      "#9467bd", "#8c564b", "#e377c2", "#7f7f7f",
                                      "#bcbd22", "#17becf"};
    const elc_style *style =
        elc_styles_find(&p->data->styles, elc_eval_class_name(p->data, c));
    if (style != NULL && style->colour >= 0)
        snprintf(colour, 8, "#%06x", (unsigned)style->colour & 0xffffffu);
    else
        snprintf(colour, 8, "%s", ten[c % 10]);
}

/* ---- classes that are shown -------------------------------------------------------
 */

typedef struct many {
    size_t class_id, objects;
} many;

static int by_objects(const void *a, const void *b) {
    const many *x = a, *y = b;
    if (x->objects != y->objects)
        return x->objects > y->objects ? -1 : 1;
    return (x->class_id > y->class_id) - (x->class_id < y->class_id);
}

/* Those with most objects, found and true ones; `*n` are all that there are. */
static elc_status choose_classes(const eval_data *data, const eval_result *r,
                                 bool **shown, size_t *n, elc_error *err) {
    many *classes;
    *n = 0;
    ELC_TRY(elc_alloc(r->n_classes + 1, sizeof *classes, &classes, err));
    elc_status status = elc_alloc(r->n_classes + 1, sizeof **shown, shown, err);
    for (size_t c = 0; c < r->n_classes && status == ELC_OK; c++) {
        const eval_count *count = &r->classes[c].count;
        if (elc_eval_is_shown(data, r, c))
            classes[(*n)++] = (many){c, count->truth + count->found};
    }
    if (*n > 1)
        qsort(classes, *n, sizeof *classes, by_objects);
    for (size_t i = 0; i < *n && i < CLASSES_MOST && status == ELC_OK; i++)
        (*shown)[classes[i].class_id] = true;
    if (status == ELC_OK)
        (*shown)[r->n_classes] = true;
    free(classes);
    return status;
}

static void tell_left_out(eval_page *p, size_t n) {
    if (n > CLASSES_MOST)
        elc_page_put(
            p,
            "<p>Of %zu classes this page has the %d with the most objects; the "
            "tables of -o and --json have all.</p>\n",
            n, CLASSES_MOST);
}

/* ---- tables --------------------------------------------------------------------- */

static void start_table(eval_page *p, const char *title, const char *const *heads) {
    elc_page_put(p, "<h2>%s</h2>\n<div class=\"wide\"><table><tr>", title);
    for (; *heads; heads++)
        elc_page_put(p, "<th>%s</th>", *heads);
    elc_page_put(p, "</tr>\n");
}

static void end_table(eval_page *p) {
    elc_page_put(p, "</table></div>\n");
}

static void text_cell(eval_page *p, const char *text) {
    elc_page_put(p, "<td class=\"text\">");
    elc_page_text(p, text);
    elc_page_put(p, "</td>");
}

static void real_cell(eval_page *p, double value) {
    elc_page_put(p, "<td>");
    elc_page_real(p, value);
    elc_page_put(p, "</td>");
}

static void count_cells(eval_page *p, const eval_count *c) {
    double error = (double)c->found - (double)c->truth;
    real_cell(p, eval_share(c->right, c->found));
    real_cell(p, eval_share(c->right, c->truth));
    real_cell(p, eval_share(2 * c->right, c->found + c->truth));
    elc_page_put(p, "<td>%zu</td><td>%zu</td><td>%zu</td>", c->truth, c->found,
                 c->right);
    if (c->truth > 0)
        elc_page_put(p, "<td>%+.1f %%</td>", 100 * error / (double)c->truth);
    else
        elc_page_put(p, "<td>%+.0f</td>", error);
}

static void class_row(eval_page *p, size_t c) {
    const eval_class *k = &p->result->classes[c];
    char colour[8];
    elc_page_put(p, c == p->result->n_classes ? "<tr class=\"all\">" : "<tr>");
    if (c < p->result->n_classes) {
        elc_page_colour(p, c, colour);
        elc_page_put(p, "<td class=\"text\"><i style=\"background:%s\"></i>", colour);
    } else {
        elc_page_put(p, "<td class=\"text\">");
    }
    elc_page_text(p, elc_eval_class_name(p->data, c));
    elc_page_put(p, "</td>");
    double values[] = {k->ap50, k->ap75, k->ap, k->least};
    for (int i = 0; i < 4; i++)
        real_cell(p, values[i]);
    count_cells(p, &k->count);
    real_cell(p, k->error_px);
    real_cell(p, k->error_m);
    elc_page_put(p, "</tr>\n");
}

static void put_classes(eval_page *p) {
    static const char *const heads[] = {"class",
                                        "AP50",
                                        "AP75",
                                        "AP",
                                        "threshold",
                                        "precision",
                                        "recall",
                                        "F1",
                                        "truth",
                                        "found",
                                        "right",
                                        "count error",
                                        "place<br>error px",
                                        "m",
                                        NULL};
    start_table(p, "Classes", heads);
    for (size_t c = 0; c <= p->result->n_classes; c++)
        if (p->shown[c])
            class_row(p, c);
    end_table(p);
}

static const char *const count_heads[] = {
    "", "precision", "recall", "F1", "truth", "found", "right", "count error", NULL};

static void count_row(eval_page *p, const char *name, const char *more,
                      const eval_count *c) {
    elc_page_put(p, "<tr><td class=\"text\">");
    elc_page_text(p, name);
    if (more != NULL) {
        elc_page_put(p, ", ");
        elc_page_text(p, more);
    }
    elc_page_put(p, "</td>");
    count_cells(p, c);
    elc_page_put(p, "</tr>\n");
}

static void put_images(eval_page *p) {
    if (p->data->on_map)
        return;
    start_table(p, "Images", count_heads);
    for (size_t i = 0; i < p->data->images.shown.count; i++)
        count_row(p, p->data->images.shown.items[i], NULL, &p->result->images[i]);
    end_table(p);
}

static void put_zones(eval_page *p) {
    const eval_result *r = p->result;
    if (r->n_zones == 0)
        return;
    start_table(p, "Zones", count_heads);
    for (size_t i = 0; i < r->n_zones; i++)
        for (size_t c = 0; c <= r->n_classes; c++)
            if (p->shown[c])
                count_row(p, r->zones[i].name, elc_eval_class_name(p->data, c),
                          &r->zones[i].classes[c]);
    end_table(p);
}

static void put_splits(eval_page *p) {
    const eval_result *r = p->result;
    if (r->n_splits == 0)
        return;
    start_table(p, "Size, and distance from chips' borders", count_heads);
    for (size_t i = 0; i < r->n_splits; i++)
        count_row(p, r->splits[i].kind, r->splits[i].range, &r->splits[i].count);
    end_table(p);
    elc_page_put(p, "<p>Small: up to 32\xc2\xb2 px; medium: up to 96\xc2\xb2 "
                    "px.</p>\n");
}

/* ---- confusion ------------------------------------------------------------------ */

static const char *name_or_none(const eval_page *p, size_t c) {
    return c < p->result->n_classes ? elc_eval_class_name(p->data, c) : NULL;
}

static void confusion_row(eval_page *p, size_t row) {
    const eval_result *r = p->result;
    size_t side = r->n_classes + 1;
    const size_t *counts = r->confusion + row * side;
    elc_page_put(p, "<tr>");
    text_cell(p, name_or_none(p, row));
    for (size_t c = 0; c < side; c++) {
        if (!p->shown[c])
            continue;
        const char *kind = counts[c] == 0 ? "none" : row == c ? "good" : "bad";
        elc_page_put(p, "<td class=\"%s\">%zu</td>", kind, counts[c]);
    }
    elc_page_put(p, "</tr>\n");
}

static void put_confusion(eval_page *p) {
    size_t side = p->result->n_classes + 1;
    elc_page_put(p, "<h2>Confusion</h2>\n<p>Rows: what is there; columns: what was "
                    "found; \xe2\x80\x93: nothing.</p>\n<div class=\"wide\"><table>"
                    "<tr><th></th>");
    for (size_t c = 0; c < side; c++) {
        if (!p->shown[c])
            continue;
        elc_page_put(p, "<th>");
        elc_page_text(p, name_or_none(p, c));
        elc_page_put(p, "</th>");
    }
    elc_page_put(p, "</tr>\n");
    for (size_t row = 0; row < side; row++)
        if (p->shown[row])
            confusion_row(p, row);
    end_table(p);
}

/* ---- the page ------------------------------------------------------------------- */

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 "
    "1em;color:#222}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:"
    "tabular-nums}td,th{padding:.2em .6em;text-align:right;border-bottom:1px solid "
    "#ddd}\nth{font-weight:600;color:#555;vertical-align:bottom}.text,"
    "th:first-child{text-align:left}"
    ".all td{font-weight:600;border-top:2px solid #999}\n"
    "i{display:inline-block;width:.8em;height:.8em;margin-right:.5em;border:1px solid "
    "#888}.none{color:#bbb}.good{background:#dff0df}.bad{background:#f8dede}\n"
    ".pictures{display:flex;flex-wrap:wrap;gap:1em}figure{margin:0;width:14em}"
    "figure svg{width:100%;height:auto;background:#eee}figcaption{font-size:.85em;"
    "color:#555;overflow-wrap:anywhere}svg text{font:11px sans-serif}\n";

static const char *scorer_name(elc_score_rule rule) {
    return rule == ELC_SCORE_COCO  ? "COCO"
           : rule == ELC_SCORE_VOC ? "Pascal VOC (all points)"
                                   : "xView";
}

static void put_where(eval_page *p) {
    size_t n = p->data->images.shown.count;
    if (p->data->on_map)
        elc_page_put(p, " on the map");
    else
        elc_page_put(p, ", in %zu image%s", n, n == 1 ? "" : "s");
}

static void put_head(eval_page *p) {
    const eval_result *r = p->result;
    const eval_class *all = &r->classes[r->n_classes];
    elc_page_put(p,
                 "<!doctype html>\n<html lang=\"en\"><head><meta "
                 "charset=\"utf-8\"><meta name=\"viewport\" "
                 "content=\"width=device-width\"><title>Evaluation</title>\n<style>");
    if (p->status == ELC_OK)
        p->status = elc_string_append(p->out, style, sizeof style - 1, p->err);
    elc_page_put(p,
                 "</style></head><body>\n<h1>Evaluation</h1>\n<p>%zu found objects "
                 "against %zu true ones",
                 p->data->found.count, p->data->truth.count);
    put_where(p);
    elc_page_put(p, ", %s, by the rules of %s. AP50 ",
                 p->data->by_shape ? "outline against outline" : "box against box",
                 scorer_name(p->wish->rule));
    elc_page_real(p, all->ap50);
    elc_page_put(p, ", AP75 ");
    elc_page_real(p, all->ap75);
    elc_page_put(p, ", AP ");
    elc_page_real(p, all->ap);
    elc_page_put(
        p, ". All but these are at an IoU of %g and each class's threshold.</p>\n",
        p->wish->iou);
}

elc_status elc_eval_html(const eval_data *data, const eval_wish *wish,
                         const eval_result *r, const elc_found_list *images,
                         const elc_context *context, elc_string *out, elc_error *err) {
    bool *shown = NULL;
    size_t n_classes;
    ELC_TRY(choose_classes(data, r, &shown, &n_classes, err));
    eval_page p = {data, wish, r, images, context, shown, out, ELC_OK, err};
    put_head(&p);
    tell_left_out(&p, n_classes);
    put_classes(&p);
    elc_page_curves(&p);
    put_confusion(&p);
    put_images(&p);
    put_zones(&p);
    put_splits(&p);
    elc_page_mistakes(&p);
    elc_page_put(&p, "</body></html>\n");
    free(shown);
    return p.status;
}
