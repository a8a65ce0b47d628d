/* record.c - rows of a table as OGR features. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include "calendar.h"
#include "fold.h"
#include "names.h"
#include "vacant.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_conv.h>
#include <cpl_string.h>

/* ---- the schema ----------------------------------------------------------- */

static bool is_plain(const elc_format *format) {
    return format->code == ELC_FORMAT_CSV || format->code == ELC_FORMAT_POSTGIS;
}

static elc_status add_columns(elc_ogr_row *r, elc_error *err) {
    size_t n = (size_t)r->schema.n_children;
    ELC_TRY(elc_alloc(n, sizeof *r->fields, &r->fields, err));
    for (size_t i = 0; i < n; i++) {
        const struct ArrowSchema *column = r->schema.children[i];
        const char *name = column->name == NULL ? "" : column->name;
        if (name[0] == '_')
            continue;
        elc_type type = ELC_UTF8;
        ELC_TRY(elc_schema_type(column, &type, err));
        if (type == ELC_GEOMETRY && r->geometry < 0) {
            r->geometry = (int64_t)i;
            r->geometry_name = name;
            if (!is_plain(r->format)) /* where it is a column like others */
                continue;
        }
        r->fields[r->n_fields++] = (elc_field){i, 0, type, name};
    }
    return ELC_OK;
}

/* Projected shapes that cross the antimeridian are cut there (RFC 7946 3.1.9). */
static elc_status create_transformer(elc_ogr_row *r, OGRSpatialReferenceH from,
                                     elc_error *err) {
    static const char *const options[] = {"WRAPDATELINE=YES", NULL};
    r->to = OCTNewCoordinateTransformation(from, r->srs);
    if (r->to != NULL)
        r->transformer = OGR_GeomTransformer_Create(r->to, (CSLConstList)options);
    if (r->transformer == NULL)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "no way is known from the table's CRS to longitude and latitude, "
            "which %s is always in; write .gpkg",
            r->format->name);
    return ELC_OK;
}

/* Every format means longitude first by EPSG:4326, so CRS84 is written as that. */
static elc_status find_crs(elc_ogr_row *r, elc_error *err) {
    if (r->geometry < 0)
        return ELC_OK;
    char *text = NULL;
    OGRSpatialReferenceH stated = NULL;
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_schema_crs(r->schema.children[r->geometry], &text, err), status,
                 done);
    ELC_TRY_GOTO(elc_ogr_srs(text, &stated, err), status, done);
    bool lonlat = stated != NULL && elc_ogr_is_lonlat(stated);
    if (lonlat || (stated != NULL && r->format->lonlat))
        ELC_TRY_GOTO(elc_ogr_wgs84(&r->srs, err), status, done);
    if (stated != NULL && r->format->lonlat && !lonlat)
        ELC_TRY_GOTO(create_transformer(r, stated, err), status, done);
    if (stated != NULL && r->srs == NULL)
        r->srs = OSRClone(stated);
done:
    if (stated != NULL)
        OSRRelease(stated);
    free(text);
    return status;
}

elc_status elc_ogr_row_create(elc_ogr_row *r, const elc_format *format,
                              const struct ArrowSchema *schema, elc_error *err) {
    *r = (elc_ogr_row){.geometry = -1, .geometry_name = "geometry", .format = format};
    r->shapes = wkbUnknown;
    ELC_TRY(elc_schema_clone(schema, &r->schema, err));
    ELC_TRY(add_columns(r, err));
    ELC_TRY(find_crs(r, err));
    bool needs = format->code == ELC_FORMAT_SHP || format->code == ELC_FORMAT_FGB;
    if (needs && r->geometry < 0)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s holds no table without geometry; write .csv or .gpkg",
                        format->name);
    return ELC_OK;
}

void elc_ogr_row_free(elc_ogr_row *r) {
    if (r->transformer != NULL)
        OGR_GeomTransformer_Destroy(r->transformer);
    if (r->to != NULL)
        OCTDestroyCoordinateTransformation(r->to);
    if (r->srs != NULL)
        OSRRelease(r->srs);
    elc_schema_release(&r->schema);
    elc_string_free(&r->scratch);
    free(r->fields);
    *r = (elc_ogr_row){0};
}

/* ---- fields --------------------------------------------------------------- */

static bool is_text(const elc_ogr_row *r, const elc_field *field) {
    switch (field->type) {
    case ELC_DATE32:
    case ELC_TIMESTAMP:
        return r->format->text_times;
    case ELC_BINARY:
        return !r->format->blobs;
    case ELC_UTF8:
    case ELC_FLOATS:
        return true;
    case ELC_FLOAT32: /* OGR would cut them to 15 digits */
    case ELC_FLOAT64:
        return r->format->code == ELC_FORMAT_POSTGIS;
    case ELC_GEOMETRY: /* PostGIS's own has its bytes */
        return r->format->code != ELC_FORMAT_POSTGIS ||
               (int64_t)field->column != r->geometry;
    default:
        return false;
    }
}

static OGRFieldType field_type(const elc_ogr_row *r, const elc_field *field) {
    if (is_text(r, field))
        return OFTString;
    switch (field->type) {
    case ELC_INT32:
    case ELC_BOOL:
        return OFTInteger;
    case ELC_INT64:
        return OFTInteger64;
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        return OFTReal;
    case ELC_DATE32:
        return OFTDate;
    case ELC_TIMESTAMP:
        return OFTDateTime;
    default:
        return OFTBinary;
    }
}

static OGRFieldDefnH field_define(const elc_ogr_row *r, const elc_field *field,
                                  const char *name) {
    OGRFieldDefnH defn = OGR_Fld_Create(name, field_type(r, field));
    if (field->type == ELC_BOOL)
        OGR_Fld_SetSubType(defn, OFSTBoolean);
    if (field->type == ELC_FLOAT32)
        OGR_Fld_SetSubType(defn, OFSTFloat32);
    if (r->format->code == ELC_FORMAT_SHP && is_text(r, field))
        OGR_Fld_SetWidth(defn, elc_short_width(field->name));
    return defn;
}

/* KML's layers are born with "Name" and "Description", which maps show. */
static bool is_born(const elc_ogr_row *r, OGRFeatureDefnH defn, const char *name,
                    int *index) {
    *index = OGR_FD_GetFieldIndex(defn, name);
    bool taken = false;
    for (size_t i = 0; i < r->n_fields && r->fields[i].name != name; i++)
        taken = taken || r->fields[i].index == *index;
    return r->format->code == ELC_FORMAT_KML && *index >= 0 && *index < 2 && !taken;
}

/* Where a format's readers, or OGR's writer, take names of any case for the same. */
static bool folds_case(const elc_format *format) {
    return format->code == ELC_FORMAT_KML || format->code == ELC_FORMAT_GML ||
           format->code == ELC_FORMAT_GPKG;
}

static elc_status check_case(const elc_ogr_row *r, size_t i, elc_error *err) {
    const char *name = r->fields[i].name, *other = NULL;
    if (r->geometry >= 0 && strcasecmp(r->geometry_name, name) == 0)
        other = r->geometry_name;
    for (size_t k = 0; k < i && other == NULL; k++)
        if (strcasecmp(r->fields[k].name, name) == 0)
            other = r->fields[k].name;
    if (other == NULL || !folds_case(r->format))
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "columns '%s' and '%s' are the same to %s, which does not tell "
                    "capitals from small letters; write .geojson or .fgb",
                    other, name, r->format->name);
}

/* OGR writes them as they are, and the file would be no XML. */
static elc_status check_name(const elc_ogr_row *r, const char *name, elc_error *err) {
    if (r->format->code != ELC_FORMAT_KML || strpbrk(name, "<>&\"'\t\r\n") == NULL)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "column '%s' cannot be written to KML, for what its name has of "
                    "<, >, &, quotes or ends of lines; write .gpkg",
                    name);
}

/* OGR writes a file without its table then. */
static elc_status check_count(const elc_ogr_row *r, elc_error *err) {
    enum { MOST = 2000 }; /* SQLite's, row numbers and the geometry among them */
    size_t n = r->n_fields, most = MOST - 1 - (r->geometry >= 0);
    if (r->format->code != ELC_FORMAT_GPKG || n <= most)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "a table of %zu columns, and a GeoPackage has at most %zu beside "
                    "row numbers and geometry; write .parquet",
                    n, most);
}

elc_status elc_ogr_row_define(elc_ogr_row *r, OGRLayerH layer, OGRFeatureH *feature,
                              elc_ogr_scope *scope, elc_error *err) {
    elc_names taken = {0};
    elc_status status = ELC_OK;
    ELC_TRY(check_count(r, err));
    bool shorten = r->format->code == ELC_FORMAT_SHP;
    for (size_t i = 0; i < r->n_fields; i++) {
        const char *name = r->fields[i].name;
        ELC_TRY_GOTO(check_name(r, name, err), status, done);
        ELC_TRY_GOTO(check_case(r, i, err), status, done);
        if (shorten) {
            ELC_TRY_GOTO(elc_short_name(name, &taken, err), status, done);
            name = taken.items[i];
        }
        if (is_born(r, OGR_L_GetLayerDefn(layer), r->fields[i].name,
                    &r->fields[i].index))
            continue;
        OGRFieldDefnH defn = field_define(r, &r->fields[i], name);
        OGRErr result = OGR_L_CreateField(layer, defn, FALSE);
        OGR_Fld_Destroy(defn);
        r->fields[i].index = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer)) - 1;
        if (result != OGRERR_NONE) {
            status = elc_fail(err, ELC_E_UNSUPPORTED,
                              "column '%s' cannot be written to %s: %s", name,
                              r->format->name, elc_ogr_reason(scope));
            goto done;
        }
    }
    *feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    if (*feature == NULL)
        status = elc_fail(err, ELC_E_MEMORY, "no memory for a feature");
done:
    elc_names_free(&taken);
    return status;
}

/* ---- values --------------------------------------------------------------- */

static elc_status set_time(elc_ogr_row *r, const elc_field *field, int64_t value,
                           OGRFeatureH feature, elc_error *err) {
    bool day = field->type == ELC_DATE32;
    if (!(day ? elc_time_day_in_range(value) : elc_time_in_range(value)))
        return elc_ogr_row_fail(r, field, ELC_E_ARGUMENT,
                                "a time outside the years 0 to 9999", err);
    elc_time t = day ? elc_time_of_day(value) : elc_time_split(value);
    /* OGR has milliseconds; cut, since rounding could give a second of 60. */
    float second = (float)t.second + (float)(t.microsecond / 1000) / 1000.0F;
    OGR_F_SetFieldDateTimeEx(feature, field->index, t.year, t.month, t.day, t.hour,
                             t.minute, second, day ? 0 : 100);
    return ELC_OK;
}

/* A shapefile's numbers have 24 characters, and what does not fit would be cut. */
static elc_status set_real(elc_ogr_row *r, const elc_field *field, double value,
                           OGRFeatureH feature, elc_error *err) {
    if (r->format->finite && !isfinite(value)) {
        OGR_F_SetFieldNull(feature, field->index);
        return ELC_OK;
    }
    if (r->format->code == ELC_FORMAT_SHP && fabs(value) >= 1e22)
        return elc_ogr_row_fail(
            r, field, ELC_E_UNSUPPORTED,
            "a number of 1e22 or more, too long for a shapefile; write .gpkg", err);
    OGR_F_SetFieldDouble(feature, field->index, value);
    return ELC_OK;
}

static void see_shape(elc_ogr_row *r, OGRGeometryH shape) {
    OGRwkbGeometryType type = OGR_G_GetGeometryType(shape);
    r->dims |= OGR_G_Is3D(shape) ? ELC_DIMS_XYZ : ELC_DIMS_XY;
    if (r->any_shape && r->shapes != type)
        type = wkbUnknown;
    r->shapes = type;
    r->any_shape = true;
}

static elc_status set_wkb(elc_ogr_row *r, const elc_field *field, const elc_rows *rows,
                          size_t row, OGRFeatureH feature, elc_error *err) {
    OGRGeometryH shape = NULL;
    ELC_TRY(elc_ogr_row_geometry(r, rows, field->column, row, &shape, err));
    see_shape(r, shape);
    OGR_G_DestroyGeometry(shape);
    size_t n = 0;
    const char *bytes = elc_rows_bytes(rows, field->column, row, &n);
    if (n > INT32_MAX)
        return elc_ogr_row_fail(r, field, ELC_E_MEMORY, "a geometry of 2 GB or more",
                                err);
    OGR_F_SetFieldBinary(feature, field->index, (int)n, bytes);
    return ELC_OK;
}

static elc_status set_value(elc_ogr_row *r, const elc_field *field,
                            const elc_rows *rows, size_t row, OGRFeatureH feature,
                            elc_error *err) {
    if (is_text(r, field)) {
        ELC_TRY(elc_ogr_row_text(r, field, rows, row, err));
        OGR_F_SetFieldString(feature, field->index, r->scratch.data);
        return ELC_OK;
    }
    size_t n = 0;
    const char *bytes = NULL;
    switch (field->type) {
    case ELC_INT64:
        OGR_F_SetFieldInteger64(feature, field->index,
                                elc_rows_int(rows, field->column, row));
        return ELC_OK;
    case ELC_FLOAT32:
    case ELC_FLOAT64:
        return set_real(r, field, elc_rows_real(rows, field->column, row), feature,
                        err);
    case ELC_BINARY:
        bytes = elc_rows_bytes(rows, field->column, row, &n);
        OGR_F_SetFieldBinary(feature, field->index, (int)n, bytes);
        return ELC_OK;
    case ELC_GEOMETRY:
        return set_wkb(r, field, rows, row, feature, err);
    case ELC_DATE32:
    case ELC_TIMESTAMP:
        return set_time(r, field, elc_rows_int(rows, field->column, row), feature, err);
    default:
        OGR_F_SetFieldInteger(feature, field->index,
                              (int)elc_rows_int(rows, field->column, row));
        return ELC_OK;
    }
}

/* ---- geometry ------------------------------------------------------------- */

/* No CRS goes that far in any unit. GDAL 3.6 brings longitudes of Web Mercator into a
   turn by one turn at a time, which of farther ones takes hours, or never ends. */
static bool is_far(OGRGeometryH shape) {
    static const double farthest = 1e10;
    OGREnvelope box;
    OGR_G_GetEnvelope(shape, &box);
    return !(box.MinX >= -farthest && box.MaxX <= farthest && box.MinY >= -farthest &&
             box.MaxY <= farthest);
}

static elc_status transform(elc_ogr_row *r, OGRGeometryH *shape, elc_error *err) {
    OGRGeometryH moved = NULL;
    if (!is_far(*shape))
        moved = OGR_GeomTransformer_Transform(r->transformer, *shape);
    if (moved == NULL)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "row %llu: its geometry lies where its CRS has no longitude and "
            "latitude; write .gpkg, which keeps the CRS",
            (unsigned long long)r->rows + 1);
    OGR_G_DestroyGeometry(*shape);
    *shape = moved;
    return ELC_OK;
}

static elc_status to_lonlat(elc_ogr_row *r, OGRGeometryH *shape, elc_error *err) {
    if (r->srs == NULL)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "row %llu: %s is in longitude and latitude, and the table names "
            "no CRS to bring its geometry from; name it (--crs of `elcano sql`, --from "
            "of `elcano project`), or write .gpkg",
            (unsigned long long)r->rows + 1, r->format->name);
    if (elc_vacant_is(*shape)) {
        OGRGeometryH full = elc_vacant_drop(*shape);
        OGR_G_DestroyGeometry(*shape);
        *shape = full;
    }
    if (OGR_G_IsEmpty(*shape)) /* GDAL moves no empty point */
        return ELC_OK;
    if (r->transformer != NULL)
        ELC_TRY(transform(r, shape, err));
    if (elc_fold(shape))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "row %llu: its geometry reaches beyond 180 degrees, and cannot be "
                    "cut there for %s: it is not valid, or spans more than four turns; "
                    "`elcano overlay --op make-valid` mends it, and .gpkg has it as it "
                    "is",
                    (unsigned long long)r->rows + 1, r->format->name);
}
/* Whether its type has the marks of PostGIS's, which are no type's of ISO. */
static bool is_ewkb(const char *wkb, size_t n) {
    return n >= 5 && ((unsigned char)wkb[wkb[0] == 1 ? 4 : 1] & 0xe0) != 0;
}

static elc_status fail_wkb(const elc_ogr_row *r, const char *wkb, size_t n,
                           elc_error *err) {
    elc_error why = {0};
    elc_status checked = elc_wkb_check(wkb, n, &why);
    return elc_fail(
        err, ELC_E_FORMAT, "row %llu: its geometry is not WKB%s%s%s",
        (unsigned long long)r->rows + 1, is_ewkb(wkb, n) ? ", but PostGIS's EWKB" : "",
        checked != ELC_OK ? ": " : "", checked != ELC_OK ? why.message : "");
}

elc_status elc_ogr_row_geometry(elc_ogr_row *r, const elc_rows *rows, size_t column,
                                size_t row, OGRGeometryH *out, elc_error *err) {
    *out = NULL;
    if (elc_rows_null(rows, column, row))
        return ELC_OK;
    size_t n = 0;
    const char *wkb = elc_rows_bytes(rows, column, row, &n);
    OGRGeometryH shape = NULL;
    if (OGR_G_CreateFromWkbEx(wkb, NULL, &shape, n) != OGRERR_NONE || shape == NULL)
        return fail_wkb(r, wkb, n, err);
    elc_status status = ELC_OK;
    if (r->format->lonlat && (int64_t)column == r->geometry)
        status = to_lonlat(r, &shape, err);
    if (status == ELC_OK)
        *out = shape;
    else
        OGR_G_DestroyGeometry(shape);
    return status;
}

static elc_status set_geometry(elc_ogr_row *r, const elc_rows *rows, size_t row,
                               OGRFeatureH feature, elc_error *err) {
    OGRGeometryH shape = NULL;
    ELC_TRY(elc_ogr_row_geometry(r, rows, (size_t)r->geometry, row, &shape, err));
    if (shape != NULL)
        see_shape(r, shape);
    OGR_F_SetGeometryDirectly(feature, shape);
    return ELC_OK;
}

elc_status elc_ogr_row_set(elc_ogr_row *r, const elc_rows *rows, size_t row,
                           OGRFeatureH feature, elc_error *err) {
    OGR_F_SetFID(feature, OGRNullFID);
    for (size_t i = 0; i < r->n_fields; i++) {
        const elc_field *field = &r->fields[i];
        if (elc_rows_null(rows, field->column, row))
            OGR_F_SetFieldNull(feature, field->index);
        else
            ELC_TRY(set_value(r, field, rows, row, feature, err));
    }
    bool apart = r->geometry >= 0 && !is_plain(r->format);
    return !apart ? ELC_OK : set_geometry(r, rows, row, feature, err);
}
