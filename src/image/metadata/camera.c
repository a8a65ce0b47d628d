/* camera.c - EXIF and XMP of cameras: maker, time, where a drone was, where it looked.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/camera.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "image/metadata/format.h"

static const elc_rule rules[] = {
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "EXIF_Make"},
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "Description@Make"},
    {ELC_FACT_SENSOR, ELC_RULE_TEXT, "EXIF_Model"},
    {ELC_FACT_SENSOR, ELC_RULE_TEXT, "Description@Model"},
    {ELC_FACT_ALTITUDE, ELC_RULE_REAL, "Description@RelativeAltitude"},
    {ELC_FACT_ALTITUDE, ELC_RULE_REAL, "Description/RelativeAltitude"},
    {0}};

/* An XMP property is an attribute or an element. */
static bool xmp_real(const elc_record *record, const char *name, double *out) {
    char path[80];
    snprintf(path, sizeof path, "Description@%s", name);
    if (elc_record_real(record, path, out))
        return true;
    snprintf(path, sizeof path, "Description/%s", name);
    return elc_record_real(record, path, out);
}

/* "(53) (54) (12.3)" and "N". */
static bool gps_angle(const elc_record *record, const char *name, const char *name_ref,
                      const char *negative, double limit, double *out) {
    const char *text = elc_record_get(record, name);
    const char *ref = elc_record_get(record, name_ref);
    double dms[3] = {0};
    if (text == NULL || ref == NULL || elc_text_reals(text, dms, 3) == 0)
        return false;
    *out = dms[0] + dms[1] / 60 + dms[2] / 3600;
    if (ref[0] == negative[0])
        *out = -*out;
    return fabs(*out) <= limit;
}

static bool gps_height(const elc_record *record, double *out) {
    const char *ref = elc_record_get(record, "EXIF_GPSAltitudeRef");
    if (elc_record_real(record, "EXIF_GPSAltitude", out)) {
        bool below = ref != NULL && strchr(ref, '1') != NULL;
        *out = below ? -*out : *out;
        return true;
    }
    return xmp_real(record, "AbsoluteAltitude", out);
}

static elc_status find_position(const elc_record *record, elc_findings *f,
                                elc_error *err) {
    double at[3];
    const char *where = "EXIF_GPSLatitude";
    bool known = gps_angle(record, "EXIF_GPSLongitude", "EXIF_GPSLongitudeRef", "W",
                           180, &at[0]) &&
                 gps_angle(record, where, "EXIF_GPSLatitudeRef", "S", 90, &at[1]);
    if (!known) {
        where = "XMP GpsLatitude";
        known = (xmp_real(record, "GpsLongitude", &at[0]) ||
                 xmp_real(record, "GpsLongtitude", &at[0])) && /* as DJI once wrote */
                xmp_real(record, "GpsLatitude", &at[1]) &&
                fabs(at[0]) <= 180 && fabs(at[1]) <= 90;
    }
    if (!known || (at[0] == 0 && at[1] == 0))
        return ELC_OK;
    size_t n = gps_height(record, &at[2]) ? 3 : 2;
    return elc_findings_list(f, ELC_FACT_POSITION, at, n, where, err);
}

/* GPS time is UTC; a camera's clock has a zone beside it, or is taken for UTC. */
static elc_status find_time(const elc_record *record, elc_findings *f, elc_error *err) {
    const char *day = elc_record_get(record, "EXIF_GPSDateStamp");
    const char *clock = elc_record_get(record, "EXIF_GPSTimeStamp");
    const char *local = elc_record_get(record, "EXIF_DateTimeOriginal");
    const char *zone = elc_record_get(record, "EXIF_OffsetTimeOriginal");
    double hms[3];
    char text[80];
    if (day != NULL && clock != NULL && elc_text_reals(clock, hms, 3) == 3 &&
        hms[0] >= 0 && hms[0] < 24 && hms[1] >= 0 && hms[1] < 60 && hms[2] >= 0 &&
        hms[2] < 60) {
        int ms = (int)lround(hms[2] * 1000);
        snprintf(text, sizeof text, "%.10s %02d:%02d:%02d.%03dZ", day, (int)hms[0],
                 (int)hms[1], ms / 1000, ms % 1000);
        return elc_findings_time(f, ELC_FACT_ACQUIRED, text, "EXIF_GPSDateStamp", err);
    }
    if (local == NULL)
        return ELC_OK;
    snprintf(text, sizeof text, "%.30s%.10s", local, zone != NULL ? zone : "");
    return elc_findings_time(f, ELC_FACT_ACQUIRED, text, "EXIF_DateTimeOriginal", err);
}

/* A gimbal's pitch is -90 straight down. */
static elc_status find_view(const elc_record *record, elc_findings *f, elc_error *err) {
    double yaw, pitch;
    if (xmp_real(record, "GimbalPitchDegree", &pitch) && pitch >= -90 && pitch <= 90)
        ELC_TRY(elc_findings_real(f, ELC_FACT_OFF_NADIR, 90 + pitch,
                                  "XMP GimbalPitchDegree", err));
    if (xmp_real(record, "GimbalYawDegree", &yaw) && fabs(yaw) <= 360)
        ELC_TRY(elc_findings_real(f, ELC_FACT_VIEW_AZIMUTH, yaw < 0 ? yaw + 360 : yaw,
                                  "XMP GimbalYawDegree", err));
    return ELC_OK;
}

elc_status elc_camera_find(const elc_record *record, elc_findings *f, elc_error *err) {
    ELC_TRY(elc_rules_apply(rules, record, f, err));
    ELC_TRY(find_position(record, f, err));
    ELC_TRY(find_time(record, f, err));
    return find_view(record, f, err);
}
