# Odd tables and options of heatmap: a message or a picture that says something, and nothing half-written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

one='lon,lat,w\n16,48,1\n'
printf "$one" >one.csv
# Bandwidths that are none.
for bandwidth in 0 -5m 1e9km nan inf '5 parsecs' 1e400m; do
    try heatmap one.csv --bandwidth "$bandwidth" --png no.png
done
# One place, with cells as wide as the bandwidth, and at the south pole, which no map in the browser shows.
for kernel in gaussian epanechnikov quartic; do
    try heatmap one.csv --bandwidth 10m --pixel 10m --kernel $kernel -o one.tif --html one.html --overwrite
done
printf 'lon,lat\n0,-90\n' >pole.csv
try heatmap pole.csv --bandwidth 30m -o pole.tif --png pole.png --html pole.html
# Empty texts and NULL are two values, as bin and cluster have them.
cat >classes.geojsonl <<'END'
{"type":"Feature","properties":{"class":""},"geometry":{"type":"Point","coordinates":[16,48]}}
{"type":"Feature","properties":{"class":null},"geometry":{"type":"Point","coordinates":[16,48]}}
{"type":"Feature","properties":{"class":"car"},"geometry":{"type":"Point","coordinates":[16,48]}}
{"type":"Feature","properties":{"class":"car"},"geometry":{"type":"Point","coordinates":[16,48]}}
END
try heatmap classes.geojsonl --bandwidth 10m --by class --html classes.html | sed 's/"weight.*//'
grep -o '"name":[^,]*' classes.html
# Weights that are less than 0, or that floats do not hold.
printf 'lon,lat,w\n16,48,-1\n16.001,48,-2\n' >less.csv
try heatmap less.csv --bandwidth 30m --weight w --png less.png --html less.html
printf 'lon,lat,w\n16,48,1e308\n16,48,1e308\n' >much.csv
try heatmap much.csv --bandwidth 30m --weight w -o no.tif
printf 'lon,lat,w\n16,48,1e29\n' >much.csv
try heatmap much.csv --bandwidth 1e-3m --weight w -o no.tif
# A million classes, and more cells than memory, are told before the work.
awk 'BEGIN { print "lon,lat,class"; for (i = 0; i < 1000000; i++) print "16,48,k" i }' >million.csv
try heatmap million.csv --bandwidth 30m --by class -o no.tif
try heatmap one.csv --bandwidth 100m --pixel 0.1m --memory 100 -o no.tif
# Images that show no place.
printf '{"type":"Polygon","coordinates":[[[16.1,48],[16.11,48],[16.11,48.01],[16.1,48.01],[16.1,48]]]}' >away.geojson
try heatmap one.csv --bandwidth 30m --per imaged-area --images away.geojson --html away.html
# Where a picture cannot be written, the raster goes too, unless one was there.
mkdir folder
try heatmap one.csv --bandwidth 10m -o new.tif --png new.png --html folder --overwrite
: >old.tif
try heatmap one.csv --bandwidth 10m -o old.tif --html folder --overwrite
try heatmap one.csv --bandwidth 10m --png /dev/full
try heatmap one.csv --bandwidth 10m --png /dev/null -q
# No file may grow over a block: a full disk in small.
for option in '-o new.tif' '--png new.png' '--html new.html'; do
    code=0
    (
        ulimit -f 1
        elcano heatmap one.csv --bandwidth 10m $option -q >rows 2>err
    ) || code=$?
    cut -d: -f1-4 err
    echo "exit $code"
done
rm rows err
# Ctrl-C, once something was said, and nothing is left. The image crosses itself, which is told first.
. "$HERE/interrupt"
printf '{"type":"Polygon","coordinates":[[[16,48],[16.02,48.02],[16.02,48],[16,48.02],[16,48]]]}' >bow.geojson
interrupt SIGINT elcano heatmap one.csv --bandwidth 50m --pixel 0.5m --per imaged-area --images bow.geojson \
    -o bow.tif --png bow.png --html bow.html
ls -A
