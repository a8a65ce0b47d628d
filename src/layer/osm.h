/* osm.h - OpenStreetMap's tags as OGR gives them; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_OSM_H
#define ELC_LAYER_OSM_H

#include <elcano/base.h>

/* By the name: .osm, .pbf, also packed. */
bool elc_osm_is(const char *path);
/* Makes a file in a folder of /vsimem that says which tags are columns. */
#define ELC_OSM_CONFIG "osm.ini"
elc_status elc_osm_configure(const char *folder, elc_error *err);
/* `"key"=>"value","key"=>"value"` as a JSON object. */
elc_status elc_osm_tags(const char *hstore, elc_string *out, elc_error *err);

#endif
