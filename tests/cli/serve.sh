# The map's server: what it needs, how it begins, and how it ends.
# SPDX-License-Identifier: Apache-2.0
elcano serve; echo "exit $?"
elcano serve no.gpkg; echo "exit $?"
echo 'a,b' >plain.csv; echo '1,2' >>plain.csv
elcano serve plain.csv; echo "exit $?"
cat >v.geojson <<'JSON'
{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"car","n":1.5},
"geometry":{"type":"Point","coordinates":[10,20]}}]}
JSON
elcano serve v.geojson --class colour; echo "exit $?"
elcano serve v.geojson --class n; echo "exit $?"
elcano serve v.geojson --port 70000; echo "exit $?"
elcano serve v.geojson --imagery none/; echo "exit $?"
elcano serve v.geojson --class kind >address & server=$!
until [ -s address ]; do sleep 0.05; done
sed 's/[0-9]*\/$/PORT\//' address
kill -TERM $server; wait $server; echo "exit $?"
# Places are columns of numbers.
printf 'Latitude,LONGITUDE,class\n20,10,car\n,,bus\n' >points.csv
rm address
elcano serve points.csv >address & server=$!
until [ -s address ]; do sleep 0.05; done
curl -s "$(cat address)ogc/collections/points/items?bbox=9,19,11,21" | tr , '\n' | grep -e Matched -e class -e coordinates
curl -s "$(cat address)layers/download/points?format=csv"
kill -TERM $server; wait $server; echo "exit $?"
# An empty table is a map with nothing on it. Rows without numbers are left out, and told.
printf 'lon,lat,class\n' >empty.csv
printf 'lon,lat,class\n10,20,car\nnan,20,bus\n11, 21 ,car\n,5,bus\ninf,3,bus\n5,86,bus\n' >words.csv
printf 'lon,lat\neast,north\n' >none.csv
elcano serve none.csv; echo "exit $?"
rm address
elcano serve empty.csv words.csv >address & server=$!
until [ -s address ]; do sleep 0.05; done
curl -s "$(cat address)info.json" | grep -o '"rows":[0-9]*,"placed":[0-9]*'
curl -s "$(cat address)layers/summary/empty"; echo
curl -s "$(cat address)layers/download/empty?format=csv"
curl -s "$(cat address)ogc/collections/words/items" | tr , '\n' | grep -e Matched -e coordinates
kill -TERM $server; wait $server; echo "exit $?"
# What a server that was killed was writing goes with the next download.
awk 'BEGIN { print "lon,lat,class"; for (i = 0; i < 400000; i++) printf "%.4f,%.6f,car\n", i % 1000 / 1e4, i / 1e7 }' >many.csv
mkdir tmp
export TMPDIR="$PWD/tmp"
rm address
elcano serve many.csv >address & server=$!
until [ -s address ]; do sleep 0.05; done
curl -s "$(cat address)layers/download/many?format=gpkg" >/dev/null & curl=$!
while kill -0 $curl 2>/dev/null && [ -z "$(find tmp -type f)" ]; do sleep 0.01; done
kill -9 $server
wait $server $curl 2>/dev/null
find tmp -mindepth 1 | grep -q . && echo "something is left"
rm address
elcano serve points.csv >address & server=$!
until [ -s address ]; do sleep 0.05; done
curl -s "$(cat address)layers/download/points?format=csv" | wc -l
ls -A tmp
kill -TERM $server; wait $server; echo "exit $?"
