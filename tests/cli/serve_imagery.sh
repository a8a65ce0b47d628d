# Imagery of the map's server: pictures round rows.
# SPDX-License-Identifier: Apache-2.0
# The picture is a JPEG where all of it is there, else a PNG.
pictures() { # LAYER ROW...
    for row in $(seq 0 $(($2 - 1))); do
        curl -s -o /dev/null -w '%{http_code} %{content_type}\n' "$(cat address)layers/chip/$1/$row"
    done | sort | uniq -c
}
image() { # NAME WEST EAST
    gdal_create -q -of GTiff -outsize 40 40 -bands 3 -burn 90 -a_srs EPSG:4326 -a_ullr "$2" 0.2 "$3" -0.2 "im/$1"
}
mkdir im
image west.tif -84.7 -84.3
image left.tif 179.6 180
image right.tif -180 -179.6
awk 'BEGIN {
    print "geometry,class"
    for (i = 0; i < 40; i++) {
        w = -84.6 + i * 0.0031234567; e = w + 0.0123457 + i / 12345; s = -0.05; n = s + 0.0213
        printf "\"POLYGON((%.9f %.9f,%.9f %.9f,%.9f %.9f,%.9f %.9f))\",house\n", w, s, e, s, e, n, w, s
    }
}' >houses.csv
cat >islands.csv <<'CSV'
geometry,class
"MULTIPOLYGON(((179.95 0,180 0,180 0.05,179.95 0.05,179.95 0)),((-180 0,-179.9 0,-179.9 0.05,-180 0.05,-180 0)))",island
"MULTIPOLYGON(((179.9 0,180 0,180 0.05,179.9 0.05,179.9 0)),((-180 0,-179.95 0,-179.95 0.05,-180 0.05,-180 0)))",island
"POLYGON((-179.99 0,-179.97 0,-179.97 0.02,-179.99 0))",island
CSV
elcano serve houses.csv islands.csv --imagery im >address & server=$!
until [ -s address ]; do sleep 0.05; done
pictures houses 40
pictures islands 3
kill -TERM $server; wait $server; echo "exit $?"
# What cannot be read does not hide the rest.
printf x >im/bad.tif
rm address
elcano serve houses.csv --imagery im >address & server=$!
until [ -s address ]; do sleep 0.05; done
pictures houses 1
kill -TERM $server; wait $server; echo "exit $?"
mkdir bad; printf x >bad/a.tif; printf y >bad/b.tif
timeout 20 elcano serve houses.csv --imagery bad; echo "exit $?"
# Images across 180 degrees, and those as wide as that, are left out.
mkdir wide; cp im/west.tif wide
image across.tif 179.6 180.4; mv im/across.tif wide
image half.tif -100 100; mv im/half.tif wide
gdal_create -q -of GTiff -outsize 9 9 -bands 3 wide/nowhere.tif
rm address
elcano serve houses.csv --imagery wide >address & server=$!
until [ -s address ]; do sleep 0.05; done
pictures houses 1
kill -TERM $server; wait $server; echo "exit $?"
