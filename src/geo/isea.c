/* isea.c - the world on the twenty faces of an icosahedron, equal in area. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/isea.h"

#include <math.h>
#include <pthread.h>

#define PI                 3.141592653589793
#define RADIANS_PER_DEGREE 0.017453292519943295
#define THIRD              (2 * PI / 3)

/* The northern pole of the unturned icosahedron. */
#define POLE_LON 11.25
#define POLE_LAT 58.2825255885389947

/* Snyder's g, the arc from the middle of a face to a corner; G, half of a corner's
   angle; R', the radius of the sphere whose icosahedron has the area of our sphere. */
#define COS_g     0.7946544722917661
#define TAN_g     0.7639320225002103
#define COS_G     0.8090169943749475
#define SIN_G     0.5877852522924731
#define G         (PI / 5)
#define R         0.9103832815095036
#define COT_THETA 1.7320508075688773
#define RADIUS    (R * TAN_g) /* of a face's corners round its middle */

/* Authalic latitude from geographic one (Karney 2022, "On auxiliary latitudes", the
   series in the third flattening to its sixth power, of WGS 84). */
static const double AUTHALIC[] = {-0.0022392098386786398,  2.1308606513250225e-06,
                                  -2.5592576864212754e-09, 3.3701965267802858e-12,
                                  -4.6675453126112525e-15, 6.6749287038481657e-18};
enum { TERMS = sizeof AUTHALIC / sizeof *AUTHALIC };

/* The pole is 0, round it 1 to 5, round the other pole 6 to 10, which is 11. */
const signed char elc_isea_corners[ELC_ISEA_FACES][3] = {
    {0, 1, 2},  {0, 2, 3},  {0, 3, 4},  {0, 4, 5},  {0, 1, 5},   {1, 2, 6},  {2, 3, 7},
    {3, 4, 8},  {4, 5, 9},  {1, 5, 10}, {2, 6, 7},  {3, 7, 8},   {4, 8, 9},  {5, 9, 10},
    {1, 6, 10}, {6, 7, 11}, {7, 8, 11}, {8, 9, 11}, {9, 10, 11}, {6, 10, 11}};
const signed char elc_isea_ends[ELC_ISEA_EDGES][2] = {
    {0, 1},  {0, 2},  {0, 3},  {0, 4},  {0, 5},  {1, 2},  {2, 3}, {3, 4},
    {4, 5},  {1, 5},  {1, 6},  {2, 6},  {2, 7},  {3, 7},  {3, 8}, {4, 8},
    {4, 9},  {5, 9},  {5, 10}, {1, 10}, {6, 7},  {7, 8},  {8, 9}, {9, 10},
    {6, 10}, {6, 11}, {7, 11}, {8, 11}, {9, 11}, {10, 11}};

typedef struct {
    double x, y, z;
} vector;

/* A face seen from its middle: towards its first corner, and from there to the second.
 */
typedef struct {
    vector middle, first, second;
} face;

static face faces[ELC_ISEA_FACES];
static pthread_once_t faces_are_made = PTHREAD_ONCE_INIT;

/* ---- vectors ----------------------------------------------------------------------
 */

static double dot(vector a, vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static vector sum(vector a, double t, vector b) {
    return (vector){a.x + t * b.x, a.y + t * b.y, a.z + t * b.z};
}

static vector unit(vector a) {
    double length = sqrt(dot(a, a));
    return (vector){a.x / length, a.y / length, a.z / length};
}

static vector on_sphere(double lon, double lat) {
    return (vector){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

/* ---- the icosahedron --------------------------------------------------------------
 */

static vector unturned_vertex(int i) {
    double ring = atan(0.5), step = 2 * PI / 5;
    if (i == 0 || i == 11)
        return (vector){0, 0, i == 0 ? 1 : -1};
    return i < 6 ? on_sphere((i - 1) * step, ring)
                 : on_sphere((i - 6 + 0.5) * step, -ring);
}

/* To the pole's place, the first of its ring lying north of it. */
static vector turned(vector v) {
    double lon = POLE_LON * RADIANS_PER_DEGREE, lat = POLE_LAT * RADIANS_PER_DEGREE;
    vector up = on_sphere(lon, lat), east = {-sin(lon), cos(lon), 0};
    vector north = {-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat)};
    return sum(sum((vector){0, 0, 0}, v.z, up), 1,
               sum(sum((vector){0, 0, 0}, v.x, north), v.y, east));
}

static void make_faces(void) {
    for (int i = 0; i < ELC_ISEA_FACES; i++) {
        vector v[3], *first = &faces[i].first, *second = &faces[i].second;
        for (int k = 0; k < 3; k++)
            v[k] = turned(unturned_vertex(elc_isea_corners[i][k]));
        vector middle = unit(sum(sum(v[0], 1, v[1]), 1, v[2]));
        *first = unit(sum(v[0], -dot(v[0], middle), middle));
        *second = sum(v[1], -dot(v[1], middle), middle);
        *second = unit(sum(*second, -dot(*second, *first), *first));
        faces[i].middle = middle;
    }
}

/* A spherical triangle is what is nearest to its middle. */
static int face_of(vector v) {
    int best = 0;
    double most = -2;
    for (int i = 0; i < ELC_ISEA_FACES; i++) {
        double d = dot(v, faces[i].middle);
        if (d > most)
            most = d, best = i;
    }
    return best;
}

/* ---- authalic latitudes -----------------------------------------------------------
 */

static double authalic_shift(double lat) {
    double shift = 0;
    for (int k = 0; k < TERMS; k++)
        shift += AUTHALIC[k] * sin(2 * (k + 1) * lat);
    return shift;
}

/* Each turn is 200 times nearer. */
static double geographic(double authalic) {
    double lat = authalic;
    for (int i = 0; i < 8; i++)
        lat = authalic - authalic_shift(lat);
    return lat;
}

/* ---- Snyder's projection ----------------------------------------------------------
 */

/* The arc from the middle to the face's rim, equation 9. */
static double rim(double azimuth) {
    return atan(TAN_g / (cos(azimuth) + sin(azimuth) * COT_THETA));
}

/* The scale of that direction, equations 10 and 11. */
static double stretch(double azimuth, double on_map) {
    double most = RADIUS / (cos(on_map) + sin(on_map) * COT_THETA);
    return most / sin(rim(azimuth) / 2);
}

/* Equations 6 and 7: the area between the direction of a corner and this one. */
static double area_to(double azimuth) {
    double h = acos(sin(azimuth) * SIN_G * COS_g - cos(azimuth) * COS_G);
    return azimuth + G + h - PI;
}

static double azimuth_on_map(double azimuth) {
    double area = area_to(azimuth);
    return atan2(2 * area, RADIUS * RADIUS - 2 * area * COT_THETA); /* equation 8 */
}

/* The same backwards, by Newton's method (equations 15 to 19). */
static double azimuth_of(double on_map) {
    double area =
        RADIUS * RADIUS * sin(on_map) / 2 / (cos(on_map) + COT_THETA * sin(on_map));
    double azimuth = on_map;
    for (int i = 0; i < 8; i++) {
        double sin_h = sin(area + PI - G - azimuth);
        double slope = (cos(azimuth) * SIN_G * COS_g + sin(azimuth) * COS_G) / sin_h;
        azimuth -= (area_to(azimuth) - area) / (1 - slope);
    }
    return azimuth;
}

/* Thirds of a turn, so that the rest is at most one. */
static int thirds(double *azimuth) {
    *azimuth += *azimuth < 0 ? 2 * PI : 0;
    int n = (int)(*azimuth / THIRD);
    n = n > 2 ? 2 : n;
    *azimuth -= n * THIRD;
    return n;
}

static elc_isea on_map(int i, double azimuth, double distance) {
    elc_isea out = {.face = i};
    for (int k = 0; k < 3; k++)
        out.weights[k] = (1 + 2 * distance / RADIUS * cos(azimuth - k * THIRD)) / 3;
    return out;
}

elc_isea elc_isea_from_lonlat(elc_point lonlat) {
    pthread_once(&faces_are_made, make_faces);
    double lat = lonlat.y * RADIANS_PER_DEGREE;
    vector v = on_sphere(lonlat.x * RADIANS_PER_DEGREE, lat + authalic_shift(lat));
    int i = face_of(v);
    double a = dot(v, faces[i].first), b = dot(v, faces[i].second);
    double arc = atan2(sqrt(a * a + b * b), dot(v, faces[i].middle));
    double azimuth = atan2(b, a);
    int turns = thirds(&azimuth);
    double there = azimuth_on_map(azimuth);
    return on_map(i, there + turns * THIRD, stretch(azimuth, there) * sin(arc / 2));
}

elc_point elc_isea_to_lonlat(elc_isea place) {
    pthread_once(&faces_are_made, make_faces);
    const face *f = &faces[place.face];
    const double *w = place.weights;
    double a = RADIUS * (w[0] - (w[1] + w[2]) / 2);
    double b = RADIUS * (w[1] - w[2]) * (COT_THETA / 2);
    double distance = sqrt(a * a + b * b), there = atan2(b, a);
    int turns = thirds(&there);
    double azimuth = azimuth_of(there);
    double arc = 2 * asin(fmin(1, distance / stretch(azimuth, there)));
    azimuth += turns * THIRD;
    vector v = sum(sum(sum((vector){0, 0, 0}, cos(arc), f->middle),
                       sin(arc) * cos(azimuth), f->first),
                   sin(arc) * sin(azimuth), f->second);
    double lat = atan2(v.z, sqrt(v.x * v.x + v.y * v.y));
    return (elc_point){atan2(v.y, v.x) / RADIANS_PER_DEGREE,
                       geographic(lat) / RADIANS_PER_DEGREE};
}
