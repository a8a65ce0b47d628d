# Tables brought to other CRSs, beside ogr2ogr's and PROJ's results.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >survey.csv <<END
id,easting,northing
1,500000,4982950.400
2,405000.5,5820000.25
3,,5820000
4,1e12,5
END
try project survey.csv --from EPSG:32633 --x easting --y northing -o places.geojson
sed -n 's/.*"coordinates": //p' places.geojson

# Every kind of geometry, those without a place, and one that the other CRS has not.
cat >shapes.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [9.5, 51.25, 120]}},
{"type": "Feature", "properties": {"n": 2}, "geometry": {"type": "LineString", "coordinates": [[9, 50], [10, 51], [11, 52.5]]}},
{"type": "Feature", "properties": {"n": 3}, "geometry": {"type": "Polygon", "coordinates": [[[9, 50], [12, 50], [12, 53], [9, 50]], [[10, 50.5], [11.5, 51], [11, 50.5], [10, 50.5]]]}},
{"type": "Feature", "properties": {"n": 4}, "geometry": {"type": "MultiPoint", "coordinates": [[9, 50], [-3, 40]]}},
{"type": "Feature", "properties": {"n": 5}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 40], [1, 40], [1, 41], [0, 40]]], [[[5, 45], [6, 45], [6, 46], [5, 45]]]]}},
{"type": "Feature", "properties": {"n": 6}, "geometry": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [3, 44]}, {"type": "LineString", "coordinates": [[3, 44], [4, 45]]}]}},
{"type": "Feature", "properties": {"n": 7}, "geometry": null},
{"type": "Feature", "properties": {"n": 8}, "geometry": {"type": "Point", "coordinates": [9, 95]}}]}
END
try project shapes.geojson --to EPSG:3035 -o moved.csv
ogr2ogr -f CSV -lco GEOMETRY=AS_WKT -t_srs EPSG:3035 -where 'n < 7' oracle.csv shapes.geojson
python3 - <<'END'
import csv, re
def read(path, column):
    return {row["n"]: row[column] for row in csv.DictReader(open(path))}
ours, oracle = read("moved.csv", "geometry"), read("oracle.csv", "WKT")
number = re.compile(r"-?[0-9][0-9.]*(?:e-?[0-9]+)?")
worst = 0
for n, wkt in oracle.items():
    a, b = number.findall(ours[n]), number.findall(wkt)
    assert len(a) == len(b) > 0, n
    worst = max([worst] + [abs(float(x) - float(y)) for x, y in zip(a, b)])
print(len(oracle), "geometries like ogr2ogr's:", worst < 1e-6)
print("the others:", [ours["7"], ours["8"]])
END

# The same bytes for any threads; a table that says its CRS, and one that is wrong.
python3 -c '
print("n,lon,lat")
for n in range(10000):
    print(n, 6 + n % 97 / 9, 40 + n % 89 / 9, sep=",")' >many.csv
try project many.csv --from EPSG:4326 --to EPSG:32632 --x lon --y lat --threads 1 -q -o one.gpkg
try project many.csv --from EPSG:4326 --to EPSG:32632 --x lon --y lat --threads 3 -q -o three.gpkg
cmp one.gpkg three.gpkg && echo the same
try project one.gpkg -q -o back.csv
python3 - <<'END'
import csv
worst = max(max(abs(float(x) - float(row[k])) for x, k in
                zip(row["geometry"][7:-1].split(), ("lon", "lat")))
            for row in csv.DictReader(open("back.csv")))
print("there and back:", worst < 1e-12)
END
try project one.gpkg --from EPSG:32633 -q -o other.csv
printf 'n,lon,lat\n' >header.csv
try project header.csv --from EPSG:4326 --x lon --y lat -q -o none.csv
cat none.csv
# Columns of degrees are known by their names.
printf 'n,Latitude,LON\n1,50,15\n2,,\n' >degrees.csv
try project degrees.csv --to EPSG:32633 -q -o metres.csv
cat metres.csv
try project degrees.csv --from EPSG:4258 -q -o metres.geojson
printf 'n,lat,e\n1,50,15\n' >half.csv
try project half.csv -o none.geojson
