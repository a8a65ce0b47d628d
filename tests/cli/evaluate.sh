# Detections against a truth: counts, confusion, places, zones, groups.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >found.csv <<END
image,class,score,xmin_px,ymin_px,xmax_px,ymax_px,lon,lat,gsd_m
"a.tif","car",0.9,10,10,30,20,11.0001,48.0001,0.5
"a.tif","car",0.8,50,10,70,20,11.0002,48.0001,0.5
"a.tif","truck",0.7,90,10,120,24,11.0003,48.0001,0.5
"a.tif","car",0.2,200,200,220,210,11.0009,48.0009,0.5
"b.tif","car",0.6,10,10,30,20,11.1,48.1,0.5
"b.tif","car",0.55,11,10,31,20,11.1,48.1,0.5
END
cat >truth.csv <<END
image,class,xmin,ymin,xmax,ymax
a.tif,Car,12,10,32,20
a.tif,Car,52,10,72,20
a.tif,Car,90,10,120,24
b.tif,Car,10,10,30,20
c.tif,Bus,0,0,100,40
END
try evaluate found.csv truth.csv -o scores.gpkg
for table in classes images splits confusion mistakes; do
    ogr2ogr -f CSV /vsistdout/ scores.gpkg "$table"
done

# Cars and trucks as one; a score that is asked for.
cp "$SOURCE/share/styles/vehicles.csv" .
try evaluate found.csv truth.csv --styles vehicles.csv --by group \
    --score 0.5 -q -o groups.csv
cat groups.csv
# The same bytes for any number of threads.
for threads in 1 3; do
    elcano evaluate found.csv truth.csv -q --threads $threads --json "$threads.json" \
        --report "$threads.html" -o "$threads.gpkg" 2>/dev/null
done
for kind in json html gpkg; do
    cmp 1.$kind 3.$kind && rm ?.$kind
done
# Which chips the detector saw.
try evaluate found.csv truth.csv --chip 60 --overlap 0 -q -o chips.gpkg
ogr2ogr -f CSV /vsistdout/ chips.gpkg splits -where "split = 'border'"
# The files are whole, and stay as they are unless told.
try evaluate found.csv truth.csv --json a.json --report a.html -q -o a.csv
try evaluate found.csv truth.csv --json a.json --report a.html -q -o b.csv
python3 - <<'END'
import html.parser, json
print(sorted(json.load(open("a.json"))))
class Parser(html.parser.HTMLParser):
    depth, void = 0, {"meta", "br"}
    def handle_starttag(self, tag, attributes):
        self.depth += tag not in self.void
    def handle_endtag(self, tag):
        self.depth -= 1
parser = Parser()
parser.feed(open("a.html").read())
print("open tags:", parser.depth)
END
ls
