/* curves.c - precision over recall of all classes, as a drawing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include <math.h>

enum { SIDE = 360, LEFT = 44, TOP = 10, BOTTOM = 34 };

static void put_axes(eval_page *p) {
    elc_page_put(p,
                 "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-label=\"precision over recall\">\n",
                 SIDE + LEFT + 12, SIDE + TOP + BOTTOM, SIDE + LEFT + 12,
                 SIDE + TOP + BOTTOM);
    for (int i = 0; i <= 5; i++) {
        int at = SIDE * i / 5;
        elc_page_put(p,
                     "<path d=\"M%d %dv%dM%d %dh%d\" stroke=\"#ddd\"/><text x=\"%d\" "
                     "y=\"%d\" text-anchor=\"middle\">%.1f</text><text x=\"%d\" "
                     "y=\"%d\" text-anchor=\"end\">%.1f</text>\n",
                     LEFT + at, TOP, SIDE, LEFT, TOP + at, SIDE, LEFT + at,
                     TOP + SIDE + 15, i / 5.0, LEFT - 6, TOP + SIDE - at + 4, i / 5.0);
    }
    elc_page_put(p,
                 "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">recall</text><text "
                 "transform=\"translate(12 %d) rotate(-90)\" "
                 "text-anchor=\"middle\">precision</text>\n",
                 LEFT + SIDE / 2, TOP + SIDE + 30, TOP + SIDE / 2);
}

static double x_of(double recall) {
    return LEFT + SIDE * recall;
}

static double y_of(double precision) {
    return TOP + SIDE * (1 - precision);
}

static void put_curve(eval_page *p, size_t c) {
    const eval_class *k = &p->result->classes[c];
    char colour[8];
    bool begun = false;
    elc_page_colour(p, c, colour);
    elc_page_put(p, "<g stroke=\"%s\" fill=\"none\"><title>", colour);
    elc_page_text(p, elc_eval_class_name(p->data, c));
    elc_page_put(p, "</title><path stroke-width=\"1.8\" d=\"");
    for (size_t i = 0; i < k->n_curve; i++) {
        const elc_score_point *q = &k->curve[i];
        if (isnan(q->precision) || isnan(q->recall))
            continue;
        elc_page_put(p, "%c%.1f %.1f", begun ? 'L' : 'M', x_of(q->recall),
                     y_of(q->precision));
        begun = true;
    }
    elc_page_put(p, "\"/>");
    double precision = eval_share(k->count.right, k->count.found);
    double recall = eval_share(k->count.right, k->count.truth);
    if (isfinite(precision) && isfinite(recall))
        elc_page_put(p, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>",
                     x_of(recall), y_of(precision), colour);
    elc_page_put(p, "</g>\n");
}

void elc_page_curves(eval_page *p) {
    elc_page_put(p,
                 "<h2>Precision over recall</h2>\n<p>At an IoU of %g; a dot is the "
                 "class's threshold. Colours are those of the table.</p>\n",
                 p->wish->iou);
    put_axes(p);
    for (size_t c = 0; c < p->result->n_classes; c++)
        if (p->shown[c] && p->result->classes[c].count.truth > 0 &&
            p->result->classes[c].n_curve > 0)
            put_curve(p, c);
    elc_page_put(p, "</svg>\n");
}
