# Side tables are layers of a GeoPackage and are left out elsewhere.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano make-points a b --model m --rows 2 -q -o points.gpkg
try pass points.gpkg
elcano pass points.gpkg:points -q -o - | wc -l
elcano pass points.gpkg:files -q -o files.csv
cat files.csv
elcano make-points a b --model m --rows 2 -q -o points.geojson
elcano pass points.geojson -q -o - | wc -l
