/* look.c - what vehicles look like from above: paints, glass, loads and roofs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

static const elc_colour paints[16] = {
    {226, 227, 225}, {231, 230, 226}, {218, 219, 221}, {236, 236, 236},
    {168, 171, 174}, {183, 185, 187}, {150, 153, 157}, {110, 114, 119},
    {88, 91, 96},    {46, 48, 52},    {36, 37, 40},    {30, 31, 35},
    {46, 66, 108},   {63, 92, 138},   {142, 38, 36},   {112, 96, 74}};
static const elc_colour boxes[8] = {{232, 231, 228}, {222, 222, 220}, {205, 206, 205},
                                    {184, 186, 188}, {74, 104, 150},  {186, 74, 58},
                                    {214, 190, 96},  {96, 124, 92}};
static const elc_colour loads[8] = {{122, 98, 72},   {168, 150, 112}, {96, 94, 92},
                                    {142, 140, 136}, {62, 56, 52},    {150, 118, 84},
                                    {134, 92, 72},   {84, 92, 70}};
static const elc_colour fleets[6] = {{226, 226, 222}, {214, 178, 62}, {186, 48, 44},
                                     {62, 96, 156},   {84, 134, 90},  {206, 208, 210}};
static const elc_colour glass = {42, 50, 60}, gap = {44, 44, 46},
                        steel = {196, 198, 200};

static elc_colour scaled(elc_colour c, float gain) {
    return (elc_colour){c.r * gain, c.g * gain, c.b * gain};
}

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

/* A closed box with ribs, or a tarpaulin over bows, which is round across. */
static elc_colour box_colour(uint32_t look, float metres, float b, bool tarpaulin) {
    elc_colour box = boxes[look & 7];
    float side = fabsf(b), pitch = tarpaulin ? 0.7f : 1.2f;
    if (side > 0.93f || metres < 0.15f)
        return scaled(box, 0.8f);
    float rib = fmodf(metres, pitch) < 0.12f ? 0.93f : 1.0f;
    float round = tarpaulin ? 1.02f - 0.14f * side * side : 0.98f + 0.04f * b;
    return scaled(box, rib * round);
}

/* An open body: a rim, and a load heaped along the middle, in clumps. */
static elc_colour tipper_colour(uint32_t look, float metres, float b) {
    float side = fabsf(b);
    if (side > 0.86f || metres < 0.18f)
        return scaled(boxes[look & 7], side > 0.93f ? 0.62f : 0.9f);
    uint32_t h = elc_noise_pixel(look, (uint32_t)(metres * 4), (uint32_t)(b * 5 + 9));
    float clump = (float)(h & 255) / 255 - 0.5f;
    return scaled(loads[(look >> 3) & 7], 1.05f - 0.4f * side * side + 0.25f * clump);
}

/* A wooden bed with pallets on it; some places are empty. */
static elc_colour flatbed_colour(uint32_t look, float metres, float b) {
    float cell = floorf(metres / 1.5f), in = metres - 1.5f * cell;
    uint32_t h = elc_noise_pixel(look, (uint32_t)cell, 3);
    if (h % 3 != 0 && in > 0.12f && in < 1.4f && fabsf(b) < 0.8f)
        return scaled(h & 8 ? boxes[(h >> 4) & 7] : loads[(h >> 4) & 7], 0.95f);
    float plank = fmodf(fabsf(b) * 6, 1) < 0.15f ? 0.85f : 1.0f;
    return scaled((elc_colour){126, 110, 90}, fabsf(b) > 0.94f ? 0.6f : plank);
}

/* A cylinder of steel, brightest along its top, with hatches. */
static elc_colour tanker_colour(uint32_t look, float metres, float b) {
    float side = fabsf(b), in = fmodf(metres, 1.9f) - 0.95f;
    if (side > 0.9f)
        return gap;
    if (in * in + b * b < 0.06f)
        return scaled(steel, 0.6f);
    elc_colour body = look & 8 ? steel : boxes[look & 7];
    return scaled(body, 1.12f - 0.6f * side * side);
}

/* metres from the body's front. */
static elc_colour body_colour(uint32_t look, float metres, float b) {
    switch ((look >> 16) % 8) {
    case 0:
        return tipper_colour(look, metres, b);
    case 1:
        return flatbed_colour(look, metres, b);
    case 2:
        return tanker_colour(look, metres, b);
    case 3:
    case 4:
        return box_colour(look, metres, b, true);
    default:
        return box_colour(look, metres, b, false);
    }
}

static elc_colour truck_colour(const elc_vehicle *v, float a, float b) {
    float side = fabsf(b), metres = (1 - a) * (float)v->slab.half_length;
    elc_colour cab = paints[(v->look >> 8) & 15];
    if (metres < 2.1f) {
        if (metres > 0.25f && metres < 0.8f && side < 0.86f)
            return glass;
        if (v->look >> 20 & 1 && metres > 1.2f && metres < 1.9f && side < 0.7f)
            return scaled(cab, 1.1f); /* a spoiler on the roof */
        return scaled(cab, side > 0.92f || metres > 2.0f ? 0.75f : 1);
    }
    if (metres < 2.5f || a < -0.985f)
        return gap;
    return body_colour(v->look, metres - 2.5f, b);
}

/* What stands on a bus's roof: so many metres from its front to so many. */
static bool bus_unit(uint32_t look, float metres, float *half) {
    static const float units[4][4] = {{2.4f, 4.6f, 8.3f, 10.2f},
                                      {1.2f, 2.6f, 5.2f, 7.4f},
                                      {5.0f, 8.2f, 9.0f, 9.8f},
                                      {3.4f, 5.0f, 0, 0}};
    const float *unit = units[look >> 10 & 3];
    *half = look & 512 ? 0.55f : 0.68f;
    return (metres > unit[0] && metres < unit[1]) ||
           (metres > unit[2] && metres < unit[3]);
}

static elc_colour bus_colour(const elc_vehicle *v, float a, float b) {
    elc_colour body = fleets[v->look % 6];
    elc_colour roof = v->look & 256 ? fleets[0] : body; /* many have a white roof */
    float side = fabsf(b), metres = (1 - a) * (float)v->slab.half_length, half = 0;
    if (metres < 0.35f)
        return side < 0.9f ? glass : scaled(body, 0.8f);
    if (side > 0.91f || a < -0.98f)
        return scaled(body, 0.72f);
    if (bus_unit(v->look, metres, &half) && side < half) {
        float tone = v->look & 128 ? 1.0f : 0.62f;
        return side > half - 0.08f ? scaled((elc_colour){120, 122, 124}, tone)
                                   : scaled((elc_colour){172, 175, 178}, tone);
    }
    if (side < 0.3f && metres > 7.5f && metres < 8.2f)
        return (elc_colour){96, 100, 104};
    if (v->look & 64 && side > 0.22f && side < 0.3f && metres > 2 && metres < 9)
        return (elc_colour){70, 72, 76}; /* a trolley's poles */
    return scaled(roof, side > 0.8f ? 0.94f : 1.03f);
}

elc_colour elc_look_colour(const elc_vehicle *v, float a, float b) {
    if (v->kind == ELC_CAR)
        return car_colour(v->look, a, b);
    return v->kind == ELC_TRUCK ? truck_colour(v, a, b) : bus_colour(v, a, b);
}
