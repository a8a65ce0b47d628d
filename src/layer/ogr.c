/* ogr.c - GDAL kept quiet, and CRSs between tables and OGR. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ogr.h"

#include "calendar.h"

#include <elcano/table.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <cpl_string.h>

static const char *after_last(const char *text, const char *mark) {
    const char *after = NULL;
    for (const char *at = text; (at = strstr(at, mark)) != NULL;)
        after = at += strlen(mark);
    return after;
}

/* SQLite's reason stands after the statement, which is ours, long, and no help. */
static const char *without_statement(const char *text) {
    static const char *const marks[][2] = {{"failed to prepare SQL: ", " - "},
                                           {"sqlite3_exec(", ") failed: "}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool has = strncmp(text, marks[i][0], strlen(marks[i][0])) == 0;
        const char *reason = has ? after_last(text, marks[i][1]) : NULL;
        if (reason != NULL && reason[0] != '\0')
            return reason;
    }
    return text;
}

/* Messages are lines: a database's have several. */
static void one_line(char *text) {
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    for (; *text != '\0'; text++)
        if (*text == '\n' || *text == '\r' || *text == '\t')
            *text = ' ';
}

static void keep_first(CPLErr class, CPLErrorNum number, const char *text) {
    (void)number;
    elc_ogr_scope *scope = CPLGetErrorHandlerUserData();
    if (class < CE_Failure || scope->first[0] != '\0')
        return;
    CPLStrlcpy(scope->first, without_statement(text), sizeof scope->first);
    one_line(scope->first);
}

/* The result of no bytes is GDAL's to free; NULL would have it fetch. */
static CPLHTTPResult *refuse_fetch(const char *url, CSLConstList options,
                                   GDALProgressFunc progress, void *progress_arg,
                                   CPLHTTPFetchWriteFunc write, void *write_arg,
                                   void *user) {
    const elc_ogr_scope *scope = user;
    (void)options;
    (void)progress;
    (void)progress_arg;
    (void)write;
    (void)write_arg;
    if (scope->fetches)
        return NULL;
    CPLError(CE_Failure, CPLE_HttpResponse, ELC_OGR_NOT_FETCHED "%.200s", url);
    return CPLCalloc(1, sizeof(CPLHTTPResult));
}

int64_t elc_ogr_clock(void) {
    const char *text = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = 0;
    if (text != NULL &&
        elc_parse_int(text, "SOURCE_DATE_EPOCH", &seconds, NULL) == ELC_OK &&
        seconds >= 0 && seconds < 253402300800) /* to the end of 9999 */
        return seconds;
    return 1577836800; /* 2020-01-01 */
}

/* The file is written under a temporary name and thrown away when anything fails, so
   SQLite needs neither journal nor sync; commit syncs once. Its R-tree thread is off
   because it prints, and is only used where there are two processors. */
static void set_writer_settings(void) {
    char now[ELC_TIME_TEXT];
    elc_time_clock_text(elc_ogr_clock(), now);
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", now);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", "OFF");
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
    CPLSetThreadLocalConfigOption("PG_USE_COPY", "YES");
    CPLSetThreadLocalConfigOption("PGSQL_OGR_FID", "no column is OGR's");
    CPLSetThreadLocalConfigOption("OGR_GPKG_ALLOW_THREADED_RTREE", "NO");
}

void elc_ogr_enter(elc_ogr_scope *scope, elc_ogr_use use) {
    elc_gdal_ready();
    scope->first[0] = '\0';
    scope->settings = CPLGetThreadLocalConfigOptions();
    CPLSetThreadLocalConfigOption("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO");
    if (!scope->fetches) /* else it is an error that there is no schema */
        CPLSetThreadLocalConfigOption("GML_DOWNLOAD_WFS_SCHEMA", "NO");
    if (use == ELC_OGR_WRITE)
        set_writer_settings();
    CPLPushErrorHandlerEx(keep_first, scope);
    CPLHTTPPushFetchCallback(refuse_fetch, scope);
}

void elc_ogr_leave(elc_ogr_scope *scope) {
    CPLHTTPPopFetchCallback();
    CPLPopErrorHandler();
    CPLSetThreadLocalConfigOptions((const char *const *)scope->settings);
    CSLDestroy(scope->settings);
    scope->settings = NULL;
}

bool elc_ogr_failed(const elc_ogr_scope *scope) {
    return scope->first[0] != '\0';
}

const char *elc_ogr_reason(const elc_ogr_scope *scope) {
    return elc_ogr_failed(scope) ? scope->first : "no reason was given";
}

/* Asked for the size of a .gz, GDAL leaves a file beside it. */
VSILFILE *elc_ogr_open_again(const char *path) {
    static const char gzip[] = "/vsigzip/";
    VSIStatBufL info;
    bool packed = strncmp(path, gzip, sizeof gzip - 1) == 0;
    const char *file = packed ? path + sizeof gzip - 1 : path;
    int what = VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG;
    if (strncmp(path, "/vsistdin", 9) == 0 || VSIStatExL(file, &info, what) != 0)
        return NULL;
    return VSI_ISREG(info.st_mode) || VSI_ISDIR(info.st_mode) ? VSIFOpenL(path, "rb")
                                                              : NULL;
}

/* ---- CRS ------------------------------------------------------------------ */

/* OSRSetFromUserInput would open a file or an address; these never do. */
static bool is_definition(const char *text) {
    if (text[0] == '{')
        return true;
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    if (n > 0 && (text[n] == '[' || text[n] == '('))
        return true;
    if (n == 0 || text[n] != ':')
        return false;
    for (n++; isalnum((unsigned char)text[n]); n++)
        continue;
    return text[n] == '\0';
}

elc_status elc_ogr_srs(const char *text, OGRSpatialReferenceH *out, elc_error *err) {
    if (text[0] == '\0') {
        *out = NULL;
        return ELC_OK;
    }
    if (!is_definition(text))
        return elc_fail(err, ELC_E_FORMAT,
                        "'%.80s' is no CRS; give PROJJSON, WKT or EPSG:n", text);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (srs == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a CRS");
    /* By its name, PROJ finds at once what it takes 20 ms to make of the text. */
    if (elc_crs_text_is_crs84(text))
        text = "OGC:CRS84";
    if (OSRSetFromUserInput(srs, text) != OGRERR_NONE) {
        OSRRelease(srs);
        return elc_fail(err, ELC_E_FORMAT, "'%.80s…' is a CRS that PROJ does not read",
                        text);
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    *out = srs;
    return ELC_OK;
}

elc_status elc_ogr_wgs84(OGRSpatialReferenceH *out, elc_error *err) {
    return elc_ogr_srs("EPSG:4326", out, err);
}

bool elc_ogr_is_lonlat(OGRSpatialReferenceH srs) {
    static const char *const how[] = {"CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
                                      "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL};
    OGRSpatialReferenceH wgs84 = NULL;
    if (elc_ogr_wgs84(&wgs84, NULL) != ELC_OK)
        return false;
    bool same = OSRIsGeographic(srs) && OSRIsSameEx(srs, wgs84, how);
    OSRRelease(wgs84);
    return same;
}
