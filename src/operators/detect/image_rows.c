/* image_rows.c - the rows of images: of the side table, and of those that failed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "builder.h"

#include <math.h>

static elc_status set_image_gsd(row_builder *rows, elc_error *err) {
    double x_m, y_m;
    elc_point middle = {(double)rows->image->sight.width / 2,
                        (double)rows->image->sight.height / 2};
    elc_rows_pixel_size(rows, middle, &x_m, &y_m);
    return isfinite(x_m * y_m)
               ? elc_batch_real(rows->batch, COL_GSD, sqrt(x_m * y_m), err)
               : ELC_OK;
}

static elc_status set_image(row_builder *rows, elc_error *err) {
    const place_state *image = rows->image;
    elc_batch *batch = rows->batch;
    char id[17];
    elc_id(id, "image %s %lld %lld", image->name, (long long)image->sight.width,
           (long long)image->sight.height);
    ELC_TRY(elc_rows_set_common(rows, err));
    ELC_TRY(elc_batch_text(batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, COL_TABLE, "images", err));
    ELC_TRY(elc_batch_text(batch, COL_ERROR, image->error, err));
    if (image->sight.width > 0) {
        ELC_TRY(elc_batch_int(batch, COL_WIDTH_PX, image->sight.width, err));
        ELC_TRY(elc_batch_int(batch, COL_HEIGHT_PX, image->sight.height, err));
    }
    ELC_TRY(elc_batch_int(batch, COL_RUN, image->run, err));
    ELC_TRY(elc_batch_int(batch, COL_SKIPPED, image->skipped, err));
    return elc_batch_int(batch, COL_FAILED, image->failed, err);
}

static elc_status set_state(row_builder *rows, elc_error *err) {
    elc_string json = {0};
    elc_status status = elc_place_state_to_json(rows->image, &json, err);
    if (status == ELC_OK)
        status = elc_batch_text(rows->batch, COL_STATE, json.data, err);
    if (status == ELC_OK)
        status = elc_batch_text(rows->batch, COL_GROUP, rows->image->name, err);
    elc_string_free(&json);
    return status;
}

static elc_status add_failed_image(row_builder *rows, elc_error *err) {
    char id[17];
    elc_id(id, "failed %s %s", rows->image->name, rows->model_sha256);
    elc_detection first = {0};
    ELC_TRY(elc_rows_set_common(rows, err));
    ELC_TRY(elc_rows_set_order(rows, &first, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ERROR, rows->image->error, err));
    return elc_batch_end_row(rows->batch, err);
}

elc_status elc_rows_builder_end_image(row_builder *rows, bool partial, bool record,
                                      elc_error *err) {
    if (rows->image->error && record && !partial)
        ELC_TRY(add_failed_image(rows, err));
    ELC_TRY(set_image(rows, err));
    if (partial) {
        ELC_TRY(set_state(rows, err));
    } else {
        ELC_TRY(set_image_gsd(rows, err));
        ELC_TRY(elc_rows_set_position_error(rows, err));
        ELC_TRY(elc_rows_set_footprint(rows, err));
    }
    return elc_batch_end_row(rows->batch, err);
}
