/* job.h - what a heatmap is asked for, its points, and what becomes of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_HEATMAP_JOB_H
#define ELCANO_SRC_OPERATORS_HEATMAP_JOB_H

#include <elcano/geometry.h>
#include <elcano/map.h>
#include <elcano/run.h>

#include "operators/parts/names.h"
#include "operators/parts/place.h"

enum { HEAT_N_COLUMNS = 11, HEAT_MOST_BANDS = 256 };
/* The key of rows without a value in `names`; of others it is '=' and the value. */
#define HEAT_NO_VALUE "-"
extern const elc_column elc_heat_columns[HEAT_N_COLUMNS];

typedef struct heat_job {
    const elc_call *call;
    elc_kernel kernel;
    const struct ArrowSchema *schema;
    part_place place;
    int64_t weight, by; /* columns; -1: none */
    elc_type by_type;
    elc_crs *to;     /* NULL: not yet chosen */
    double true_km2; /* what a square kilometre of `to` is on the ground, at worst */
    bool imaged, bounded;
    double bounds[4]; /* west, south, east, north, degrees; west > east across 180 */

    elc_point *points; /* in the table's CRS, then in `to` */
    double *weights;   /* NULL without the option */
    uint32_t *values;  /* of --by, numbers in `names`; NULL without */
    size_t n, points_capacity, weights_capacity, values_capacity;
    part_names names;
    uint64_t n_bare, n_lost; /* rows without a place; places not in `to` */

    elc_outline seen; /* the union of what images show, in `to` */
    elc_density density;
    size_t cells;
    float *share; /* of each cell's kernel that was imaged; NaN: cell not imaged */
} heat_job;

/* One band: of all rows, or those of a value. */
typedef struct heat_band {
    const char *name; /* NULL: of rows without a value */
    float *values;
    uint64_t n;
    double weight;
    size_t highest; /* cell */
} heat_band;

/* The band's highest value; 0 where no cell was seen. */
double elc_heat_highest(const heat_band *band);

/* Refuses options that do not go together. */
elc_status elc_heat_check(const elc_options *options, elc_error *err);
/* What the call means for a table of these columns (borrowed); job->call is set. */
elc_status elc_heat_job_start(heat_job *job, const struct ArrowSchema *schema,
                              elc_error *err);
void elc_heat_job_clear(heat_job *job);

/* Takes the table's rows. */
elc_status elc_heat_read(heat_job *job, struct ArrowArrayStream *table, elc_error *err);
/* A square kilometre that is so much on the ground is one. */
bool elc_heat_is_true(double scale);
/* --bounds, where it is given: west, south, east and north in degrees. */
elc_status elc_heat_read_bounds(heat_job *job, elc_error *err);
/* Points all over the bounds, in a CRS (NaN where it has none); the caller frees them.
 */
elc_status elc_heat_knots(const heat_job *job, const elc_crs *crs, elc_point **out,
                          elc_error *err);
/* The box of the bounds in `to`. */
elc_status elc_heat_bounds_box(const heat_job *job, double box[4], elc_error *err);
/* Makes a box hold a point, too. */
void elc_heat_widen(double box[4], elc_point p);
/* Chooses the CRS and brings the points to it. */
elc_status elc_heat_place(heat_job *job, elc_error *err);
/* Reads --images, united in the CRS. */
elc_status elc_heat_read_images(heat_job *job, elc_error *err);
/* Chooses the grid: the bounds; else the images, or all points and as far as
   the kernel shows. */
elc_status elc_heat_lay_grid(heat_job *job, elc_error *err);
/* How much of each cell's kernel was imaged. */
elc_status elc_heat_find_share(heat_job *job, elc_error *err);

/* Refuses files that cannot be written, or are there. */
elc_status elc_heat_check_files(const heat_job *job, elc_error *err);
/* Writes those that are asked for. */
elc_status elc_heat_write(const heat_job *job, const heat_band *bands, size_t n,
                          elc_error *err);

/* The stream of one batch, which does all of the work. Takes the table when it
 * succeeds.
 */
elc_status elc_heat_run(const elc_call *call, struct ArrowArrayStream *table,
                        struct ArrowArrayStream *out, elc_error *err);

#endif
