/* fold.c - shapes in longitude and latitude, cut at the antimeridian. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fold.h"

#include <math.h>

enum { TURNS_MOST = 4 };

static bool leaves(const OGREnvelope *box) {
    return (box->MinX < -180 || box->MaxX > 180) && isfinite(box->MinX) &&
           isfinite(box->MaxX);
}

/* ---- parts ------------------------------------------------------------------------
 */

/* A line or a ring, or any shape without parts. Remainders of doubles are exact. */
static void turn_points(OGRGeometryH shape, double turns) {
    double x, y, z;
    for (int i = 0; i < OGR_G_GetPointCount(shape); i++) {
        bool high = OGR_G_Is3D(shape);
        OGR_G_GetPoint(shape, i, &x, &y, &z);
        if (high)
            OGR_G_SetPoint(shape, i, x - 360 * turns, y, z);
        else
            OGR_G_SetPoint_2D(shape, i, x - 360 * turns, y);
    }
}

static void turn(OGRGeometryH shape, double turns) {
    turn_points(shape, turns);
    for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++)
        turn(OGR_G_GetGeometryRef(shape, i), turns);
}

static void turn_point(OGRGeometryH point, double x) {
    double y = OGR_G_GetY(point, 0), folded = remainder(x, 360);
    if (OGR_G_Is3D(point))
        OGR_G_SetPoint(point, 0, folded, y, OGR_G_GetZ(point, 0));
    else
        OGR_G_SetPoint_2D(point, 0, folded, y);
}

static OGRGeometryH make_band(const OGREnvelope *box, double turns) {
    double west = 360 * turns - 180, east = 360 * turns + 180;
    double low = box->MinY - 1, high = box->MaxY + 1;
    double corners[5][2] = {
        {west, low}, {east, low}, {east, high}, {west, high}, {west, low}};
    OGRGeometryH band = OGR_G_CreateGeometry(wkbPolygon);
    OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
    for (int i = 0; i < 5; i++)
        OGR_G_AddPoint_2D(ring, corners[i][0], corners[i][1]);
    OGR_G_AddGeometryDirectly(band, ring);
    return band;
}

/* Adds the parts of `piece` that are of the dimension of what was cut: what only
   touches the border is no part of it. */
static void add_parts(OGRGeometryH to, OGRGeometryH piece, int dimension) {
    int n = OGR_G_GetGeometryCount(piece);
    bool polygon = wkbFlatten(OGR_G_GetGeometryType(piece)) == wkbPolygon;
    if (n == 0 || polygon) {
        if (!OGR_G_IsEmpty(piece) && OGR_G_GetDimension(piece) == dimension)
            OGR_G_AddGeometry(to, piece);
        return;
    }
    for (int i = 0; i < n; i++)
        add_parts(to, OGR_G_GetGeometryRef(piece, i), dimension);
}

static bool add_turn(OGRGeometryH to, OGRGeometryH shape, const OGREnvelope *box,
                     double turns) {
    OGRGeometryH band = make_band(box, turns);
    OGRGeometryH piece = OGR_G_Intersection(shape, band);
    OGR_G_DestroyGeometry(band);
    if (piece == NULL)
        return false;
    turn(piece, turns);
    add_parts(to, piece, OGR_G_GetDimension(shape));
    OGR_G_DestroyGeometry(piece);
    return true;
}

/* A line or polygon, which is moved, or becomes several. */
static bool fold_part(OGRGeometryH *shape, const OGREnvelope *box) {
    double first = floor((box->MinX + 180) / 360);
    double last = ceil((box->MaxX - 180) / 360);
    if (last <= first) {
        turn(*shape, first);
        return true;
    }
    if (!(last - first < TURNS_MOST))
        return false;
    bool line = OGR_G_GetDimension(*shape) == 1, done = true;
    OGRGeometryH parts =
        OGR_G_CreateGeometry(line ? wkbMultiLineString : wkbMultiPolygon);
    for (double k = first; k <= last && done; k++)
        done = add_turn(parts, *shape, box, k);
    OGRGeometryH old = done ? *shape : parts;
    *shape = done ? parts : *shape;
    OGR_G_DestroyGeometry(old);
    return done;
}

/* ---- shapes -----------------------------------------------------------------------
 */

static bool is_collection(OGRGeometryH shape) {
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(shape));
    return OGR_GT_IsSubClassOf(type, wkbGeometryCollection);
}

/* What a part became; those of a multipolygon are polygons still. Takes `part`. */
static void add_folded(OGRGeometryH to, OGRGeometryH part) {
    bool mixed = wkbFlatten(OGR_G_GetGeometryType(to)) == wkbGeometryCollection;
    if (mixed || !is_collection(part)) {
        OGR_G_AddGeometryDirectly(to, part);
        return;
    }
    for (int i = 0; i < OGR_G_GetGeometryCount(part); i++)
        OGR_G_AddGeometry(to, OGR_G_GetGeometryRef(part, i));
    OGR_G_DestroyGeometry(part);
}

static bool fold_collection(OGRGeometryH *shape) {
    OGRGeometryH all = OGR_G_CreateGeometry(OGR_G_GetGeometryType(*shape));
    bool done = true;
    for (int i = 0; i < OGR_G_GetGeometryCount(*shape) && done; i++) {
        OGRGeometryH part = OGR_G_Clone(OGR_G_GetGeometryRef(*shape, i));
        done = elc_fold(&part);
        add_folded(all, part);
    }
    OGRGeometryH old = done ? *shape : all;
    *shape = done ? all : *shape;
    OGR_G_DestroyGeometry(old);
    return done;
}

bool elc_fold(OGRGeometryH *shape) {
    OGREnvelope box;
    OGR_G_GetEnvelope(*shape, &box);
    if (OGR_G_IsEmpty(*shape) || !leaves(&box))
        return true;
    if (is_collection(*shape))
        return fold_collection(shape);
    if (OGR_G_GetDimension(*shape) > 0)
        return fold_part(shape, &box);
    turn_point(*shape, box.MinX);
    return true;
}
