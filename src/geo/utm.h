/* utm.h - the zones of UTM as projections, and CRSs that are one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_UTM_H
#define ELCANO_SRC_GEO_UTM_H

#include "geo/mercator.h"
#include "geo/proj.h"

#define WGS84_A 6378137.0 /* EPSG:7030, metres */
#define WGS84_F (1 / 298.257223563)

/* Zone 1 to 60. */
void elc_utm_create(elc_tm *tm, int zone, bool south);
/* True when a CRS is longitude and latitude in degrees on WGS 84, in either order. */
bool elc_utm_is_wgs84(elc_proj *p, const PJ *crs);
/* True when it is UTM on WGS 84 in metres, whatever it is called. */
bool elc_utm_is(elc_proj *p, const PJ *crs, int *zone, bool *south);
/* True when it is the web map's Mercator in metres (EPSG:3857), whatever it is called. */
bool elc_web_is(elc_proj *p, const PJ *crs);

#endif
