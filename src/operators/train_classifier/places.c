/* places.c - which samples lie so near that they belong into one fold. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Blocks a fold that are wanted where none is given; more only make neighbours apart.
 */
enum { BLOCKS_EACH = 4, HALVINGS = 24 };
/* Metres of a degree of latitude, near enough for blocks. */
static const double DEGREE = 111195;

/* What one place is called, to be numbered. */
typedef struct key {
    int64_t column, row; /* of blocks; of images: -1 and the image or folder */
    size_t sample;
} key;

static int compare(const void *a, const void *b) {
    const key *p = a, *q = b;
    if (p->column != q->column)
        return p->column < q->column ? -1 : 1;
    if (p->row != q->row)
        return p->row < q->row ? -1 : 1;
    return (p->sample > q->sample) - (p->sample < q->sample);
}

/* Sorted keys with as many places as are counted. */
static size_t count_places(key *keys, size_t n) {
    size_t places = n > 0;
    qsort(keys, n, sizeof *keys, compare);
    for (size_t i = 1; i < n; i++)
        places +=
            keys[i].column != keys[i - 1].column || keys[i].row != keys[i - 1].row;
    return places;
}

/* ---- without a place ----------------------------------------------------------------
 */

/* The folder below a class's: "roof/north/1.png" and "lawn/north/2.png" are one place.
 */
static size_t folder_of(const char *name, size_t *length) {
    const char *first = strchr(name, '/'), *last = strrchr(name, '/');
    *length = first != NULL && last > first ? (size_t)(last - first - 1) : 0;
    return *length > 0 ? (size_t)(first + 1 - name) : 0;
}

static bool same_folder(const train_job *job, size_t a, size_t b) {
    size_t n, m;
    const char *p = job->found.items[a].name, *q = job->found.items[b].name;
    size_t i = folder_of(p, &n), k = folder_of(q, &m);
    return n > 0 && n == m && memcmp(p + i, q + k, n) == 0;
}

static int64_t image_place(const train_job *job, size_t image) {
    if (elc_options_has(job->options, "labels"))
        return (int64_t)image;
    for (size_t i = 0; i < image; i++)
        if (same_folder(job, i, image))
            return (int64_t)i;
    return (int64_t)image;
}

/* ---- blocks -------------------------------------------------------------------------
 */

/* Longitudes of blocks turn with the first sample's, so that a turn is no gap. */
static key block_of(const train_job *job, size_t i, double lon, double scale,
                    double side) {
    elc_point at = job->samples[i].lonlat;
    double east = remainder(at.x - lon, 360) * DEGREE * scale, north = at.y * DEGREE;
    return (key){(int64_t)floor(east / side), (int64_t)floor(north / side), i};
}

typedef struct field {
    double lon, scale; /* of the middle latitude */
    double side;       /* of all of it, in metres */
    size_t n;          /* samples with a place */
} field;

static field field_of(const train_job *job) {
    field f = {.lon = NAN};
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < job->n; i++) {
        elc_point at = job->samples[i].lonlat;
        if (isnan(at.x))
            continue;
        if (f.n++ == 0)
            f.lon = at.x;
        double east = remainder(at.x - f.lon, 360);
        low[0] = fmin(low[0], east);
        high[0] = fmax(high[0], east);
        low[1] = fmin(low[1], at.y);
        high[1] = fmax(high[1], at.y);
    }
    f.scale = fmax(cos((low[1] + high[1]) / 2 * (M_PI / 180)), 0.01);
    f.side = fmax((high[0] - low[0]) * f.scale, high[1] - low[1]) * DEGREE;
    return f;
}

static size_t fill(const train_job *job, const field *f, double side, key *keys) {
    for (size_t i = 0; i < job->n; i++) {
        if (isnan(job->samples[i].lonlat.x))
            keys[i] = (key){INT64_MIN, image_place(job, job->samples[i].image), i};
        else
            keys[i] = block_of(job, i, f->lon, f->scale, side);
    }
    return count_places(keys, job->n);
}

/* The largest blocks of which there are enough: a half, a quarter, … of all. */
static size_t choose(const train_job *job, const field *f, key *keys) {
    double given = elc_options_length(job->options, "block").value;
    size_t wanted = (size_t)elc_options_int(job->options, "folds") * BLOCKS_EACH;
    double side = given > 0 ? given : f->side / 2;
    if (f->n == 0 || given > 0)
        return fill(job, f, given > 0 ? given : 1, keys);
    size_t places = 0;
    for (int i = 0; i < HALVINGS && side > 0.01; i++, side /= 2) {
        places = fill(job, f, side, keys);
        if (places >= wanted)
            return places;
    }
    return places > 0 ? places : fill(job, f, 1, keys);
}

elc_status elc_classes_place(train_job *job, elc_error *err) {
    key *keys;
    int32_t place = 0;
    field f = field_of(job);
    ELC_TRY(elc_alloc(job->n, sizeof *keys, &keys, err));
    job->n_places = choose(job, &f, keys);
    job->by_image = f.n == 0;
    for (size_t i = 0; i < job->n; i++) {
        place += i > 0 && (keys[i].column != keys[i - 1].column ||
                           keys[i].row != keys[i - 1].row);
        job->samples[keys[i].sample].place = place;
    }
    free(keys);
    return ELC_OK;
}
