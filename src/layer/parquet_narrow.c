/* parquet_narrow.c - columns and rows of Parquet files that nobody wants, left out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the statistics of a row group say of a column. */
static elc_status write_statistic(const char *statistic, const char *column,
                                  const char *as, elc_string *out, elc_error *err) {
    ELC_TRY(elc_string_printf(out, err,
                              ", any_value(TRY_CAST(%s AS DOUBLE)) FILTER "
                              "(path_in_schema = ",
                              statistic));
    ELC_TRY(elc_sql_quote_text(out, column, err));
    return elc_string_printf(out, err, ") AS %s", as);
}

/* A row group by the boxes of its rows; what has no statistics is NULL. */
static elc_status write_groups(const elc_parquet *o, const char *boxes, elc_string *out,
                               elc_error *err) {
    static const struct {
        const char *field, *statistic, *as;
    } asked[] = {{"xmin", "stats_min_value", "xmin"},
                 {"ymin", "stats_min_value", "ymin"},
                 {"xmax", "stats_max_value", "xmax"},
                 {"ymax", "stats_max_value", "ymax"},
                 {"xmin", "stats_max_value", "last_xmin"},
                 {"xmax", "stats_min_value", "first_xmax"},
                 {"xmin", "stats_null_count", "no_xmin"},
                 {"ymin", "stats_null_count", "no_ymin"},
                 {"xmax", "stats_null_count", "no_xmax"},
                 {"ymax", "stats_null_count", "no_ymax"}};
    ELC_TRY(elc_string_printf(out, err,
                              "WITH g AS (SELECT any_value(row_group_num_rows) AS n"));
    ELC_TRY(write_statistic("stats_null_count", o->geo.columns[0].name, "no_shape", out,
                            err));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        elc_string path = {0};
        elc_status status =
            elc_string_printf(&path, err, "%s, %s", boxes, asked[i].field);
        if (status == ELC_OK)
            status =
                write_statistic(asked[i].statistic, path.data, asked[i].as, out, err);
        elc_string_free(&path);
        ELC_TRY(status);
    }
    return elc_string_printf(
        out, err, " FROM parquet_metadata(%s) GROUP BY file_name, row_group_id) ",
        o->files.data);
}

/* Boxes cost time to read, too: they are worth it where a third of the rows are in row
   groups that lie elsewhere. A shape without a box lies anywhere. Longitudes tell only
   where none is beyond a turn, and no box can be one over the antimeridian, whose xmin
   is more than 180 degrees above its xmax. */
static elc_status write_worth(const double box[4], bool degrees, elc_string *out,
                              elc_error *err) {
    bool far = !degrees || (box[0] > -180 && box[2] < 180);
    const char *turn =
        !far      ? "false"
        : degrees ? "xmin >= -180 AND xmax <= 180 AND last_xmin - first_xmax <= 180"
                  : "true";
    return elc_string_printf(
        out, err,
        "SELECT CASE WHEN NOT coalesce(bool_and(coalesce(greatest(no_xmin, no_ymin, "
        "no_xmax, no_ymax) <= coalesce(no_shape, 0), false)), false) THEN '' WHEN "
        "coalesce(bool_and(coalesce(%s, false)), false) AND 3 * sum(CASE WHEN xmin > "
        "%.17g OR xmax < %.17g OR ymin > %.17g OR ymax < %.17g THEN n ELSE 0 END) >= "
        "sum(n) THEN 'xy' WHEN 3 * sum(CASE WHEN ymin > %.17g OR ymax < %.17g THEN n "
        "ELSE 0 END) >= sum(n) THEN 'y' ELSE '' END FROM g",
        turn, box[2], box[0], box[3], box[1], box[3], box[1]);
}

static elc_status ask_worth(elc_parquet *o, const char *boxes, const double box[4],
                            bool degrees, elc_names *out, elc_error *err) {
    elc_string query = {0};
    elc_status status = write_groups(o, boxes, &query, err);
    if (status == ELC_OK)
        status = write_worth(box, degrees, &query, err);
    if (status == ELC_OK)
        status = elc_parquet_texts(o, query.data, out, err);
    elc_string_free(&query);
    return status;
}

static elc_status write_bound(elc_parquet *o, const char *boxes, const char *field,
                              const char *sign, double bound, elc_error *err) {
    ELC_TRY(elc_string_printf(&o->where, err, "%s struct_extract(",
                              o->where.size == 0 ? " WHERE" : " AND"));
    ELC_TRY(elc_sql_quote_name(&o->where, boxes, err));
    return elc_string_printf(&o->where, err, ", '%s') %s %.17g::DOUBLE", field, sign,
                             bound);
}

/* Boxes may be of float32, rounded. */
static void loosen(const double box[4], double out[4]) {
    for (int i = 0; i < 4; i++) {
        double slack = fabs(box[i]) * 1e-6 + 1e-9;
        out[i] = i < 2 ? box[i] - slack : box[i] + slack;
    }
}

static elc_status narrow_rows(elc_parquet *o, const double wanted[4], bool degrees,
                              elc_error *err) {
    const elc_geo_column *primary = o->geo.count > 0 ? &o->geo.columns[0] : NULL;
    double box[4];
    elc_names worth = {0};
    if (primary == NULL || !primary->boxes ||
        !elc_parquet_is_covering(o, primary->covering))
        return ELC_OK;
    const char *boxes = primary->covering;
    loosen(wanted, box);
    elc_status status = ask_worth(o, boxes, box, degrees, &worth, err);
    const char *by = status == ELC_OK && worth.count == 1 ? worth.items[0] : "";
    bool x = strchr(by, 'x') != NULL, y = strchr(by, 'y') != NULL;
    if (status == ELC_OK && x)
        status = write_bound(o, boxes, "xmax", ">=", box[0], err);
    if (status == ELC_OK && x)
        status = write_bound(o, boxes, "xmin", "<=", box[2], err);
    if (status == ELC_OK && y)
        status = write_bound(o, boxes, "ymax", ">=", box[1], err);
    if (status == ELC_OK && y)
        status = write_bound(o, boxes, "ymin", "<=", box[3], err);
    elc_names_free(&worth);
    return status;
}

/* The first is kept where none is wanted, for rows are counted by it. */
static void narrow_columns(elc_parquet *o, const elc_names *wanted,
                           struct ArrowSchema *schema, bool *keep) {
    size_t n = 0, at = 0;
    for (size_t i = 0; i < o->n; i++)
        n += !o->left_out[i] && elc_names_find(wanted, o->names.items[i]) != SIZE_MAX;
    for (size_t i = 0; i < o->n; i++) {
        if (o->left_out[i])
            continue;
        keep[at] = elc_names_find(wanted, o->names.items[i]) != SIZE_MAX ||
                   (n == 0 && at == 0);
        o->left_out[i] = !keep[at++];
    }
    elc_schema_keep(schema, keep);
}

elc_status elc_parquet_narrow(elc_parquet *o, const elc_wish *wish,
                              struct ArrowSchema *schema, elc_error *err) {
    bool *keep;
    ELC_TRY(elc_alloc(o->n, sizeof *keep, &keep, err));
    elc_status status = ELC_OK;
    if (wish->box != NULL && o->where.size == 0)
        status = narrow_rows(o, wish->box, wish->degrees, err);
    if (status == ELC_OK && wish->columns != NULL)
        narrow_columns(o, wish->columns, schema, keep);
    free(keep);
    return status;
}
