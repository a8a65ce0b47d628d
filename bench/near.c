/* near.c - CPU seconds to find the nearest places, and those within a distance.
 *
 *   bench-near points POINTS ASKED K       of the plane, random in a square of 1
 *   bench-near metres POINTS ASKED K       on the globe, random
 *   bench-near lines LINES ASKED DISTANCE  points within a distance of lines: random
 *                                          walks of 20 steps in a square of 100,000
 *
 * Build and questions, one thread; near_peer.py asks other tools the same of the same
 * numbers. Places are WKB in memory. Prints JSON: CPU seconds to build, of both, what
 * was found, added up, and the bytes of the index, of all and a vertex. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 20 };

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static elc_point any_point(const char *what) {
    double x = unit(), y = unit();
    if (strcmp(what, "metres") == 0)
        return (elc_point){x * 360 - 180, asin(2 * y - 1) * 180 / M_PI};
    double size = strcmp(what, "lines") == 0 ? 100000 : 1;
    return (elc_point){x * size, y * size};
}

static void write_point(elc_string *wkb, const char *what) {
    wkb->size = 0;
    elc_wkb_point(any_point(what), wkb, NULL);
}

static void write_line(elc_string *wkb) {
    static const unsigned char head[] = {1, 2, 0, 0, 0, STEPS + 1, 0, 0, 0};
    elc_point p = any_point("lines");
    wkb->size = 0;
    elc_string_append(wkb, head, sizeof head, NULL);
    elc_string_append(wkb, &p, sizeof p, NULL);
    for (int i = 0; i < STEPS; i++) {
        p.x += (unit() - 0.5) * 200;
        p.y += (unit() - 0.5) * 200;
        elc_string_append(wkb, &p, sizeof p, NULL);
    }
}

/* All places as WKB, each as long as the others; and the points that ask. */
static void make(const char *what, size_t n, elc_string *wkb, elc_point *points,
                 size_t asked) {
    elc_string one = {0};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(what, "lines") == 0)
            write_line(&one);
        else
            write_point(&one, what);
        if (elc_string_append(wkb, one.data, one.size, NULL) != ELC_OK)
            exit(1);
    }
    for (size_t i = 0; i < asked; i++)
        points[i] = any_point(what);
    elc_string_free(&one);
}

static elc_nearby *build(const char *what, size_t n, const elc_string *wkb) {
    elc_nearby *near = NULL;
    elc_place_state found;
    size_t each = n > 0 ? wkb->size / n : 0;
    elc_nearby_create(strcmp(what, "metres") == 0, &near, NULL);
    for (size_t i = 0; i < n; i++)
        elc_nearby_add(near, wkb->data + i * each, each, NULL, &found, NULL);
    elc_nearby_build(near, NULL);
    return near;
}

static double ask_nearest(elc_nearby_asker *asker, elc_point p) {
    const elc_nearby_hit *hits;
    elc_place_state found;
    size_t n = 0;
    double sum = 0;
    elc_nearby_find_point(asker, p, &found, &hits, &n, NULL);
    for (size_t i = 0; i < n; i++)
        sum += hits[i].distance;
    return sum;
}

static double ask_within(elc_nearby_asker *asker, elc_point p) {
    const uint32_t *places;
    elc_place_state found;
    size_t n = 0;
    elc_nearby_within_point(asker, p, &found, &places, &n, NULL);
    return (double)n;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr,
                "usage: bench-near points|metres|lines PLACES ASKED K|DISTANCE\n");
        return 2;
    }
    const char *what = argv[1];
    size_t n = strtoul(argv[2], NULL, 10), asked = strtoul(argv[3], NULL, 10);
    double last = strtod(argv[4], NULL), sum = 0;
    bool lines = strcmp(what, "lines") == 0;
    elc_string wkb = {0};
    elc_point *points = calloc(asked + 1, sizeof *points);
    if (points == NULL)
        return 1;
    make(what, n, &wkb, points, asked);
    double start = seconds(), began = elc_clock();
    elc_nearby *near = build(what, n, &wkb);
    double built = seconds();
    elc_nearby_question question = {lines ? 1 : (size_t)last, lines ? last : INFINITY,
                                    NULL};
    elc_nearby_asker *asker = NULL;
    elc_nearby_asker_create(near, &question, &asker, NULL);
    for (size_t i = 0; i < asked; i++) {
        size_t left = asked - i;
        if (lines && i % ELC_NEARBY_EXPECTED == 0)
            elc_nearby_expect(asker, points + i,
                              left < ELC_NEARBY_EXPECTED ? left : ELC_NEARBY_EXPECTED);
        sum += lines ? ask_within(asker, points[i]) : ask_nearest(asker, points[i]);
    }
    double cpu = seconds() - start;
    size_t bytes = elc_nearby_bytes(near), vertices = elc_nearby_vertices(near);
    printf("{\"build\": %.4f, \"seconds\": %.4f, \"cpu\": %.4f, \"found\": %.9g, "
           "\"index\": %zu, \"bytes\": %zu}\n",
           built - start, elc_clock() - began, cpu, sum, bytes,
           vertices > 0 ? bytes / vertices : 0);
    elc_nearby_asker_free(asker);
    elc_nearby_free(near);
    elc_string_free(&wkb);
    free(points);
    return 0;
}
