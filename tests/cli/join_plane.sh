# A join of degrees goes across 180, either way round; SQL's functions are on the plane.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'geometry,n\nPOINT (-175 5),p\nPOINT (180 5),q\n' >points.csv
printf 'geometry,zone\n"POLYGON ((170 0, 190 0, 190 9, 170 9, 170 0))",z\n' >zones.csv
for table in points zones; do
    elcano project $table.csv --from OGC:CRS84 -q -o $table.gpkg
done
try join points.gpkg zones.gpkg --predicate within -q -o -
try join zones.gpkg points.gpkg --predicate contains -q -o -
try sql "SELECT n, st_intersects(input.geometry, zones.geometry) AS plane,
    st_intersects(input.geometry, st_antimeridiansafegeom(zones.geometry)) AS cut
FROM input, zones" points.gpkg zones.gpkg -q -o -
