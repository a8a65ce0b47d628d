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
