/* view_steps.c - how many pixels of an image make one of the network's. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "image/image.h"

/* Resolutions this near to each other count as one. */
static const double SAME = 0.05;
/* Steps this near to a whole number of pixels, or of parts of one, are that: a map's
   metres differ from the ground's by as much (UTM by 0.04 to 0.1 %), and then what is
   resampled is whole pixels. */
static const double WHOLE = 0.002;
enum { FINEST = 32, COARSEST = 65536 };

/* Metres on the ground along a column and a row step at the image's centre. */
static bool measure(const elc_resolution *wanted, const elc_image_info *info,
                    elc_locator *locator, double *x_m, double *y_m) {
    *x_m = *y_m = wanted->image_gsd_m;
    if (locator) {
        elc_point middle = {(double)info->width / 2, (double)info->height / 2};
        elc_locator_pixel_size_m(locator, middle, x_m, y_m);
    }
    return *x_m > 0 && *y_m > 0 && isfinite(*x_m) && isfinite(*y_m);
}

static bool is_same(double step) {
    return step > 1 - SAME && step < 1 + SAME;
}

static double to_whole(double step) {
    double times = step < 1 ? 1 / step : step, whole = round(times);
    if (!(fabs(times / whole - 1) <= WHOLE))
        return step;
    return step < 1 ? 1 / whole : whole;
}

elc_status elc_resolution_steps(const elc_resolution *wanted, const elc_image *image,
                                elc_locator *locator, double *step_x, double *step_y,
                                bool *known, elc_error *err) {
    double x_m, y_m, x = 1, y = 1;
    bool measured = measure(wanted, &image->info, locator, &x_m, &y_m);
    if (measured && wanted->gsd_m > 0) {
        x = wanted->gsd_m / x_m;
        y = wanted->gsd_m / y_m;
    }
    if (!wanted->always && is_same(x) && is_same(y))
        x = y = 1;
    if (!(fmin(x, y) * FINEST >= 1 && fmax(x, y) <= COARSEST))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: a pixel is %g x %g m, %g m are wanted: at most %d times "
                        "finer and %d times coarser is resampled; give --gsd to choose "
                        "another",
                        image->path, x_m, y_m, wanted->gsd_m, FINEST, COARSEST);
    *step_x = to_whole(x);
    *step_y = to_whole(y);
    if (known)
        *known = measured;
    return ELC_OK;
}
