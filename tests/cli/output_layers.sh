# Side tables are layers of a GeoPackage and are left out elsewhere.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano make-points a b --model m --rows 2 -q -o points.gpkg
ogrinfo -q points.gpkg | cut -d' ' -f2
ogrinfo -q points.gpkg files | sed -n 's/^ *\(file\|n\) .*= /\1 /p'
elcano make-points a b --model m --rows 2 -q -o points.geojson
ogrinfo -q points.geojson | cut -d' ' -f2
