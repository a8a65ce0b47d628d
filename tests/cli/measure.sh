# Geometries get their sizes, places and validity.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

feature() { echo "{\"type\": \"Feature\", \"properties\": {\"name\": \"$1\"}, \"geometry\": $2}"; }
{
    feature box '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}'
    feature fiji '{"type": "Polygon", "coordinates": [[[179.5, 0], [179.5, 1], [-179.5, 1], [-179.5, 0], [179.5, 0]]]}'
    feature way '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}'
    feature tree '{"type": "Point", "coordinates": [3, 4]}'
    feature tie '{"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}'
    feature nowhere null
    feature none '{"type": "Polygon", "coordinates": []}'
} >places.geojsonl
show() {
    cut -d'"' -f3- $1 | sed 's/^,//'
}
try measure places.geojsonl -o usual.csv
show usual.csv
try measure places.geojsonl --centroid --bounds -q -o where.csv
show where.csv
try measure places.geojsonl --planar --area --length -q -o planar.csv
show planar.csv
# Another geometry in place of the table's own.
try measure places.geojsonl --geometry centroid -q -o centroids.csv
cat centroids.csv
try measure places.geojsonl --geometry hull --area -q -o hulls.csv
cat hulls.csv
# A name that the table has already.
try measure usual.csv --area --planar -q -o twice.csv
try measure twice.csv --planar --area -q -o thrice.csv
head -1 thrice.csv
# The same bytes for any number of threads.
try measure places.geojsonl --threads 3 -q -o threads.csv
cmp usual.csv threads.csv
# A projected CRS: metres on the ellipsoid, and those of its grid.
printf 'name,geometry\nutm,"POLYGON ((500000 5400000, 501000 5400000, 501000 5401000, 500000 5401000, 500000 5400000))"\nfar,"POLYGON ((0 0, 1 0, 1e30 1, 0 0))"\n' >utm.csv
ogr2ogr -a_srs EPSG:32633 utm.gpkg utm.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try measure utm.gpkg --area -o utm_area.csv
show utm_area.csv
try measure utm.gpkg --area --planar -q -o utm_grid.csv
show utm_grid.csv
# What cannot be measured.
try measure utm.csv -o refused.csv
try measure utm.csv --planar --perimeter -q -o plain.csv
show plain.csv
printf 'name,size\na,1\n' >table.csv
try measure table.csv -o refused.csv
# Of columns of degrees, points.
printf 'id,Longitude,LAT\na,10,50\nb,,\nc,190,0.5\n' >degrees.csv
try measure degrees.csv --bounds -q -o degrees_bounds.csv
show degrees_bounds.csv
try measure utm.gpkg --geometry middle -o refused.csv
try measure utm.gpkg utm.gpkg -o refused.csv
ls
