# Tables with places meet by them where nothing says how rows meet.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'lon,lat,n,count\n13.5,52.1,1,7\n1,1,2,7\n' >points.csv
printf 'easting,northing\n500000,5820000\n13.5,52.1\n' >metres.csv
printf 'n,count\n1,x\n' >bare.csv
cat >zones.geojson <<END
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"k": "z"}, "geometry":
{"type": "Polygon", "coordinates": [[[13, 52], [14, 52], [14, 53], [13, 52]]]}}]}
END
try join points.csv zones.geojson -o -
try pipeline read points.csv ! join zones.geojson ! write piped.csv
cat piped.csv
try join bare.csv zones.geojson -o -
try join zones.geojson bare.csv -o -

# What a name that is taken becomes.
try join points.csv zones.geojson --count -q -o counts.csv
head -n 1 counts.csv
try aggregate zones.geojson points.csv --on k=n -q -o counts_again.csv
head -n 1 counts_again.csv

# Metres beside degrees, in either table.
try join metres.csv zones.geojson --x easting --y northing -o -
cat >far.csv <<END
geometry,k
"POLYGON ((500000 5800000, 510000 5800000, 510000 5810000, 500000 5800000))",metres
END
try project far.csv --from EPSG:32633 --to EPSG:32633 -q -o far.gpkg
ogr2ogr -a_srs OGC:CRS84 lie.gpkg far.gpkg
try join points.csv lie.gpkg -o -

# Coordinates by other usual names.
printf 'LONGITUDE,Latitude,n\n13.5,52.1,1\n' >other.csv
try join other.csv zones.geojson -o -
try nearest other.csv points.csv -q -o near.csv
cat near.csv
printf 'id,wkt\n1,"POINT (1 2)"\n2,"LINESTRING (1 2, 3 x)"\n' >cut.csv
try read cut.csv
