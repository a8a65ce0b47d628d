/* steps.c - the steps at which an image is seen, in the JSON of parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"

#include <math.h>

void elc_part_put_steps(json_t *object, double step_x, double step_y) {
    if (step_x > 0 && step_y > 0)
        json_object_set_new(object, "steps", json_pack("[f, f]", step_x, step_y));
}

elc_status elc_part_take_steps(const json_t *object, const char *whose, double *step_x,
                               double *step_y, elc_error *err) {
    const json_t *steps = json_object_get(object, "steps");
    if (!steps)
        return ELC_OK;
    double x = json_number_value(json_array_get(steps, 0));
    double y = json_number_value(json_array_get(steps, 1));
    if (json_array_size(steps) != 2 || !(fmin(x, y) > 1e-6 && fmax(x, y) < 1e6))
        return elc_fail(err, ELC_E_FORMAT, "%s: steps that no image has", whose);
    *step_x = x;
    *step_y = y;
    return ELC_OK;
}
