# A report of very many classes stays a page: those with the most objects, and it says so.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - <<'END'
with open("found.csv", "w") as found, open("truth.csv", "w") as truth:
    print("image,class,score,xmin_px,ymin_px,xmax_px,ymax_px", file=found)
    print("image,class,xmin,ymin,xmax,ymax", file=truth)
    for i in range(2000):
        for n in range(1 + (i % 20 == 7)):
            print(f"{i}.tif,kind {i},0.9,{30 * n},0,{30 * n + 20},20", file=found)
            print(f"{i}.tif,kind {i},{30 * n},1,{30 * n + 20},20", file=truth)
END
try evaluate found.csv truth.csv --report page.html --json all.json -q -o scores.gpkg
python3 - <<'END'
import json, re
page = open("page.html").read()
print("under a megabyte:", len(page) < 1 << 20)
print(re.search("<p>Of [^<]*", page)[0])
shown = set(re.findall("</i>kind (\\d+)<", page))
print(len(shown), "rows of classes, with the most objects:", all(int(c) % 20 == 7 for c in shown))
print(page.count("<g stroke"), "curves")
print(len(json.load(open("all.json"))["classes"]), "classes in --json")
END
ogr2ogr -f CSV /vsistdout/ scores.gpkg -sql 'SELECT count(*) AS n FROM classes'
