/* look.c - what vehicles look like from above: paints, glass and roofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

static const elc_colour paints[16] = {
    {226, 227, 225}, {231, 230, 226}, {218, 219, 221}, {236, 236, 236},
    {168, 171, 174}, {183, 185, 187}, {150, 153, 157}, {110, 114, 119},
    {88, 91, 96},    {46, 48, 52},    {36, 37, 40},    {30, 31, 35},
    {46, 66, 108},   {63, 92, 138},   {142, 38, 36},   {112, 96, 74}};
static const elc_colour boxes[8] = {{232, 231, 228}, {222, 222, 220}, {205, 206, 205},
                                    {184, 186, 188}, {74, 104, 150},  {186, 74, 58},
                                    {214, 190, 96},  {96, 124, 92}};
static const elc_colour fleets[6] = {{226, 226, 222}, {214, 178, 62}, {186, 48, 44},
                                     {62, 96, 156},   {84, 134, 90},  {206, 208, 210}};
static const elc_colour glass = {42, 50, 60};

static elc_colour scaled(elc_colour c, float gain) {
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

/* a runs from -1 at the back to 1 at the front, b across. */
static elc_colour car_colour(uint32_t look, float a, float b) {
    elc_colour body = paints[look & 15];
    float side = fabsf(b);
    float gain = 0.97f + 0.05f * b;
    if (side > 0.90f || fabsf(a) > 0.955f)
        return scaled(body, 0.74f);
    if (a > 0.16f && a < 0.44f && side < 0.86f - 0.25f * (0.44f - a))
        return scaled(glass, 1 + 0.5f * (a - 0.16f));
    if (a > -0.72f && a < -0.55f && side < 0.74f)
        return glass;
    if (a > -0.58f && a < 0.26f && side > 0.70f && side < 0.84f)
        return scaled(glass, 1.1f);
    if (a > -0.56f && a < 0.17f)
        return scaled(body, gain * 1.08f);
    if (a > 0.88f && side > 0.5f && side < 0.86f)
        return scaled((elc_colour){205, 205, 200}, 1);
    if (a < -0.9f && side > 0.55f && side < 0.86f)
        return (elc_colour){130, 34, 30};
    return scaled(body, gain * (a > 0.44f && side > 0.62f ? 0.93f : 1.0f));
}

static elc_colour truck_colour(const elc_vehicle *v, float a, float b) {
    float side = fabsf(b), metres = (1 - a) * (float)v->slab.half_length;
    if (metres < 2.1f) {
        elc_colour cab = paints[(v->look >> 8) & 15];
        if (metres > 0.25f && metres < 0.8f && side < 0.86f)
            return glass;
        return scaled(cab, side > 0.92f || metres > 2.0f ? 0.75f : 1);
    }
    if (metres < 2.5f)
        return (elc_colour){44, 44, 46};
    elc_colour box = boxes[v->look & 7];
    if (side > 0.93f || metres < 2.65f || a < -0.975f)
        return scaled(box, 0.8f);
    float rib = fmodf(metres, 1.2f) < 0.12f ? 0.93f : 1.0f;
    return scaled(box, rib * (0.98f + 0.04f * b));
}

static elc_colour bus_colour(const elc_vehicle *v, float a, float b) {
    elc_colour body = fleets[v->look % 6];
    float side = fabsf(b), metres = (1 - a) * (float)v->slab.half_length;
    if (metres < 0.35f)
        return side < 0.9f ? glass : scaled(body, 0.8f);
    if (side > 0.91f || a < -0.98f)
        return scaled(body, 0.72f);
    if (side < 0.55f &&
        ((metres > 2.4f && metres < 4.6f) || (metres > 8.3f && metres < 10.2f)))
        return side > 0.47f ? (elc_colour){120, 122, 124} : (elc_colour){172, 175, 178};
    if (side < 0.3f && metres > 6 && metres < 6.8f)
        return (elc_colour){96, 100, 104};
    return scaled(body, side > 0.8f ? 0.94f : 1.03f);
}

elc_colour elc_look_colour(const elc_vehicle *v, float a, float b) {
    if (v->kind == ELC_CAR)
        return car_colour(v->look, a, b);
    return v->kind == ELC_TRUCK ? truck_colour(v, a, b) : bus_colour(v, a, b);
}
