/* options.c - options of pixels and places that operators share, as what they mean. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/pixels/options.h"

#include <math.h>
#include <string.h>

elc_on_error elc_pixels_on_error(const elc_options *o) {
    const char *word = elc_options_text(o, "on_error");
    return strcmp(word, "skip") == 0     ? ELC_ON_ERROR_SKIP
           : strcmp(word, "record") == 0 ? ELC_ON_ERROR_RECORD
                                         : ELC_ON_ERROR_FAIL;
}

elc_status elc_pixels_heights(const elc_options *o, elc_place_wish *out,
                              elc_error *err) {
    out->height_m =
        elc_options_has(o, "height") ? elc_options_real(o, "height") : (double)NAN;
    out->dem = elc_options_text(o, "dem");
    return elc_place_wish_check(out, err);
}

elc_status elc_pixels_stretch(const elc_options *o, elc_stretch_wish *wish,
                              elc_stretches *recorded, elc_error *err) {
    const char *from = elc_options_text(o, "stretch_from");
    const char *text = elc_options_text(o, "stretch");
    ELC_TRY(elc_stretch_parse(text ? text : "auto", wish, err));
    if (!from)
        return ELC_OK;
    if (text)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--stretch and --stretch-from: give one of them");
    return elc_stretches_load(from, recorded, err);
}
