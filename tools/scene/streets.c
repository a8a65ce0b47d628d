/* streets.c - vehicles in the lanes and at the kerbs of a plot's two streets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

#define CROSSING_M 5.5 /* free from the other kerb on: zebra and stop line */

enum { USE_STREET = 20 };

/* A street is the stretch of a road between two crossings. */
typedef struct street {
    const elc_road *road;
    bool upright;
    double from_m, to_m;
} street;

static street street_of(const elc_town *town, int col, int row, bool upright) {
    const elc_road *road = upright ? &town->upright[col] : &town->level[row];
    const elc_road *first = upright ? &town->level[row] : &town->upright[col];
    const elc_road *last = first + 1;
    /* A crossing's place depends on the road's, and that on the crossing's: two rounds
       are within centimetres, because both roads are nearly straight. */
    double from = first->at_m, to = last->at_m;
    for (int i = 0; i < 3; i++) {
        from = elc_road_centre(first, elc_road_centre(road, from));
        to = elc_road_centre(last, elc_road_centre(road, to));
    }
    return (street){road, upright, from + first->half_m + CROSSING_M,
                    to - last->half_m - CROSSING_M};
}

/* Puts a vehicle so far along the street and so far to the right of its centre. */
static void put(elc_vehicle *v, const street *s, double along, double aside,
                double turn) {
    double slope = elc_road_slope(s->road, along), norm = 1 / sqrt(1 + slope * slope);
    double centre = elc_road_centre(s->road, along);
    double dx = s->upright ? slope * norm : norm, dy = s->upright ? norm : slope * norm;
    v->slab.x = (s->upright ? centre : along) - aside * dy;
    v->slab.y = (s->upright ? along : centre) + aside * dx;
    v->slab.cosine = dx * cos(turn) - dy * sin(turn);
    v->slab.sine = dy * cos(turn) + dx * sin(turn);
}

static int traffic_kind(elc_noise *noise) {
    double u = elc_noise_unit(noise);
    return u < 0.80 ? ELC_CAR : u < 0.91 ? ELC_TRUCK : ELC_BUS;
}

static void fill_lane(elc_plot *plot, const elc_town *town, const street *s,
                      double aside, bool kerb, elc_noise *noise) {
    double along = s->from_m + elc_noise_between(noise, 0, 3);
    for (;;) {
        int kind = kerb ? ELC_CAR : traffic_kind(noise);
        elc_vehicle v = elc_vehicle_make(kind, elc_noise_next(noise));
        double length = 2 * v.slab.half_length;
        if (along + length > s->to_m)
            return;
        double wobble = elc_noise_between(noise, -1, 1);
        double turn = wobble * (kerb ? 0.02 : 0.035) + (aside < 0 ? M_PI : 0);
        double drift = elc_noise_between(noise, -1, 1) * (kerb ? 0.08 : 0.2);
        v.rank = elc_noise_unit(noise);
        put(&v, s, along + v.slab.half_length, aside + drift, turn);
        elc_plot_place(plot, town, v);
        along += length + (kerb ? elc_noise_between(noise, 0.6, 1.4)
                                : elc_noise_between(noise, 1.5, 4));
    }
}

static void fill_street(elc_plot *plot, const elc_town *town, const street *s,
                        elc_noise *noise) {
    for (int side = -1; side <= 1; side += 2) {
        for (int lane = 0; lane < s->road->lanes; lane++)
            fill_lane(plot, town, s, side * (lane + 0.5) * ELC_LANE_M, false, noise);
        if (s->road->kerb_stalls)
            fill_lane(plot, town, s, side * (s->road->lanes_m + 1.15), true, noise);
    }
}

void elc_plot_streets(elc_plot *plot, const elc_town *town) {
    elc_noise noise = {
        elc_noise_at(town->options->seed, plot->col, plot->row, USE_STREET)};
    street left = street_of(town, plot->col, plot->row, true);
    street top = street_of(town, plot->col, plot->row, false);
    fill_street(plot, town, &left, &noise);
    fill_street(plot, town, &top, &noise);
}
