/* facts_agree.c - when two sources say the same of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/facts.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

/* Letters and digits alone, whatever the case: "LANDSAT_8" is "Landsat-8". */
static bool same_words(const char *a, const char *b) {
    for (;;) {
        while (*a != '\0' && !isalnum((unsigned char)*a))
            a++;
        while (*b != '\0' && !isalnum((unsigned char)*b))
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (*a == '\0')
            return true;
        a++;
        b++;
    }
}

static bool same_crs(const char *a, const char *b) {
    if (strcmp(a, b) == 0)
        return true;
    elc_crs *x = NULL, *y = NULL;
    bool same = elc_crs_create(a, &x, NULL) == ELC_OK &&
                elc_crs_create(b, &y, NULL) == ELC_OK && elc_crs_equal(x, y);
    elc_crs_free(x);
    elc_crs_free(y);
    return same;
}

static bool same_time(const elc_finding *a, const elc_finding *b) {
    if (a->vague || b->vague)
        return a->fact.time_us / DAY == b->fact.time_us / DAY;
    return llabs(a->fact.time_us - b->fact.time_us) <= SECOND;
}

static bool near(const elc_fact *a, const elc_fact *b, double least) {
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        double x = a->numbers[i], y = b->numbers[i];
        if (!(fabs(x - y) <= fmax(least, 1e-6 * fmax(fabs(x), fabs(y)))))
            return false;
    }
    return true;
}

static bool same_corners(const elc_fact *a, const elc_fact *b, double pixel) {
    if (a->n != 8 || b->n != 8)
        return false;
    for (size_t i = 0; i < 8; i++) {
        if (!(fabs(a->numbers[i] - b->numbers[i]) <= fmax(2 * pixel, 1e-9)))
            return false;
    }
    return true;
}

/* What was collected and what was resampled from it are both called GSD. */
static bool same_gsd(double a, double b) {
    return a > 0 && b > 0 && a / b < 2 && b / a < 2;
}

/* Errors are left out: not everybody repeats them. */
static bool same_rpc(const elc_fact *a, const elc_fact *b) {
    if (a->n != 92 || b->n != 92)
        return false;
    elc_fact x = {.numbers = a->numbers + 2, .n = 90};
    elc_fact y = {.numbers = b->numbers + 2, .n = 90};
    return near(&x, &y, 1e-12);
}

static bool same_angle(double a, double b) {
    return fabs(remainder(a - b, 360)) <= 0.1;
}

bool elc_findings_agree(const elc_finding *a, const elc_finding *b, double pixel) {
    const elc_fact *x = &a->fact, *y = &b->fact;
    switch (a->id) {
    case ELC_FACT_PLATFORM:
    case ELC_FACT_SENSOR:
    case ELC_FACT_CATALOG_ID:
        return same_words(x->text, y->text);
    case ELC_FACT_PRODUCT_ID: /* a catalogue's title is no vendor's id */
        return a->witness != b->witness || same_words(x->text, y->text);
    case ELC_FACT_BANDS: /* "Red" of a colour is "R" of a vendor */
        return true;
    case ELC_FACT_CRS:
        return same_crs(x->text, y->text);
    case ELC_FACT_ACQUIRED:
        return same_time(a, b);
    case ELC_FACT_CORNERS_MAP:
    case ELC_FACT_CORNERS_LONLAT:
        return same_corners(x, y, pixel);
    case ELC_FACT_GSD:
        return same_gsd(x->numbers[0], y->numbers[0]);
    case ELC_FACT_RPC:
        return same_rpc(x, y);
    case ELC_FACT_SUN_AZIMUTH:
    case ELC_FACT_SUN_ELEVATION:
    case ELC_FACT_OFF_NADIR:
    case ELC_FACT_VIEW_AZIMUTH:
    case ELC_FACT_VIEW_ELEVATION:
        return same_angle(x->numbers[0], y->numbers[0]);
    case ELC_FACT_CLOUD:
        return near(x, y, 0.011); /* whole percents */
    default:
        return near(x, y, 0);
    }
}

json_t *elc_finding_value(const elc_finding *finding) {
    const elc_fact *fact = &finding->fact;
    if (fact->text != NULL)
        return json_string(fact->text);
    if (fact->n == 1)
        return json_real(fact->numbers[0]);
    if (fact->n > 1) {
        json_t *list = json_array();
        for (size_t i = 0; i < fact->n; i++)
            json_array_append_new(list, json_real(fact->numbers[i]));
        return list;
    }
    char text[40];
    struct tm parts = {0};
    int64_t rest = fact->time_us % SECOND;
    time_t seconds =
        (time_t)((fact->time_us - (rest < 0 ? rest + SECOND : rest)) / SECOND);
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_string(text);
}
