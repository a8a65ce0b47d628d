/* rows.c - dense parking rows at any angle on lots, beside shops and in depots. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#define REACH_M        62.0  /* rows are tried so far from the plot's middle */
#define KERB_CLEAR_M   2.6   /* a stalled vehicle's box keeps so far from the kerb */
#define SPACING_STEP_M 0.02  /* rows are spread until boxes overlap little enough */
#define IOU_MARGIN     0.015 /* for the rounding of boxes to pixels */

enum { USE_ROWS = 30 };

/* The rows of one plot: their common direction, and how vehicles stand across it. */
typedef struct ranks {
    double x, y, cosine, sine; /* the middle, and the direction along a row */
    double lean;               /* from the row's direction to the vehicles' */
    elc_noise noise;
} ranks;

static double spacing_of(const ranks *r, const elc_vehicle *v, double gap,
                         double crowd) {
    double angle = atan2(r->sine, r->cosine) + r->lean;
    double c = fabs(cos(angle)), s = fabs(sin(angle));
    double length = 2 * v->slab.half_length, width = 2 * v->slab.half_width;
    double w = length * c + width * s, h = length * s + width * c;
    double spacing = (width + gap) / sin(r->lean);
    for (;; spacing += SPACING_STEP_M) {
        double dx = w - spacing * fabs(r->cosine), dy = h - spacing * fabs(r->sine);
        double common = dx > 0 && dy > 0 ? dx * dy : 0;
        if (common / (2 * w * h - common) <= fmax(0, crowd - IOU_MARGIN))
            return spacing;
    }
}

static bool stands_clear(const elc_plot *plot, const elc_town *town,
                         const elc_slab *slab) {
    double c = fabs(slab->cosine), s = fabs(slab->sine);
    double rx = slab->half_length * c + slab->half_width * s;
    double ry = slab->half_length * s + slab->half_width * c;
    for (int i = 0; i < 4; i++) {
        double x = slab->x + (i & 1 ? rx : -rx), y = slab->y + (i & 2 ? ry : -ry);
        if (elc_town_clearance(town, plot->col, plot->row, x, y) < KERB_CLEAR_M)
            return false;
    }
    for (int i = 0; i < plot->buildings; i++)
        if (!elc_slab_apart(slab, &plot->building[i].slab, 1.5))
            return false;
    return true;
}

static void add_stripe(elc_plot *plot, const elc_slab *stall, const ranks *r,
                       double spacing) {
    if (!plot->full || plot->stripes == ELC_PLOT_STRIPES)
        return;
    elc_slab line = *stall;
    line.x -= r->cosine * spacing / 2;
    line.y -= r->sine * spacing / 2;
    line.half_width = 0.06;
    plot->stripe[plot->stripes++] = line;
}

/* One row at so far from the middle; its vehicles leave a stall free now and then. */
static void fill_row(elc_plot *plot, const elc_town *town, ranks *r, int kind,
                     double offset, double gap, bool reversed) {
    double crowd = town->options->crowd, rank = elc_noise_unit(&r->noise);
    elc_vehicle model = elc_vehicle_make(kind, elc_noise_next(&r->noise));
    double spacing = spacing_of(r, &model, gap, crowd);
    double angle = atan2(r->sine, r->cosine) + r->lean + (reversed ? M_PI : 0);
    int stalls = (int)(2 * REACH_M / spacing);
    for (int i = 0; i < stalls; i++) {
        elc_vehicle v = elc_vehicle_make(kind, elc_noise_next(&r->noise));
        if (kind != ELC_CAR) /* a fleet of one length: the whole row is as close */
            v.slab.half_length = model.slab.half_length;
        double along = -REACH_M + (i + 0.5) * spacing;
        double turn = angle + elc_noise_between(&r->noise, -0.008, 0.008);
        double forth = elc_noise_between(&r->noise, -0.1, 0.1);
        v.slab.x = r->x + along * r->cosine - offset * r->sine + forth * cos(turn);
        v.slab.y = r->y + along * r->sine + offset * r->cosine + forth * sin(turn);
        v.slab.cosine = cos(turn);
        v.slab.sine = sin(turn);
        v.parked = true;
        bool vacant = elc_noise_unit(&r->noise) < 0.08;
        v.rank = rank + (vacant ? 2 : 0) + 1e-6 * i;
        if (!stands_clear(plot, town, &v.slab))
            continue;
        add_stripe(plot, &v.slab, r, spacing);
        elc_plot_place(plot, town, v);
    }
}

static int row_kind(elc_land land, elc_noise *noise) {
    double u = elc_noise_unit(noise);
    if (land == ELC_LAND_DEPOT)
        return u < 0.55 ? ELC_BUS : ELC_TRUCK;
    return u < 0.94 ? ELC_CAR : u < 0.97 ? ELC_TRUCK : ELC_BUS;
}

static double depth_of(const ranks *r, int kind) {
    double length = kind == ELC_CAR ? 4.8 : kind == ELC_TRUCK ? 10 : 12.2;
    double width = kind == ELC_CAR ? 1.96 : 2.55;
    return length * sin(r->lean) + width * fabs(cos(r->lean)) + 0.3;
}

void elc_plot_rows(elc_plot *plot, const elc_town *town) {
    if (plot->land != ELC_LAND_LOT && plot->land != ELC_LAND_SHOP &&
        plot->land != ELC_LAND_DEPOT)
        return;
    ranks r = {
        .noise = {elc_noise_at(town->options->seed, plot->col, plot->row, USE_ROWS)}};
    double angle = elc_noise_between(&r.noise, 0, M_PI);
    double u = elc_noise_unit(&r.noise);
    r.lean = u < 0.7 ? M_PI / 2 : u < 0.9 ? M_PI / 3 : M_PI / 4;
    r.cosine = cos(angle);
    r.sine = sin(angle);
    r.x = (town->upright[plot->col].at_m + town->upright[plot->col + 1].at_m) / 2;
    r.y = (town->level[plot->row].at_m + town->level[plot->row + 1].at_m) / 2;
    for (double offset = -REACH_M; offset < REACH_M;) {
        int kind = row_kind(plot->land, &r.noise);
        double depth = depth_of(&r, kind);
        double gap = elc_noise_between(&r.noise, 0.25, 0.75);
        fill_row(plot, town, &r, kind, offset + depth / 2, gap, false);
        offset += depth;
        fill_row(plot, town, &r, kind, offset + depth / 2, gap, true);
        offset += depth + (kind == ELC_CAR ? 5.6 : 8.5);
    }
}
