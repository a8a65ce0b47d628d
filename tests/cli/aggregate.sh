# Rows counted by the zones that they lie in.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >zones.csv <<END
zone,WKT
west,"POLYGON ((0 0,2 0,2 2,0 2,0 0))"
east,"POLYGON ((2 0,4 0,4 2,2 2,2 0))"
nowhere,
END
cat >points.csv <<END
id,class,lon,lat,score
1,car,1,1,0.5
2,bus,2,1,0.25
3,car,3,1,1
4,,2.5,1,
5,car,9,9,2
6,bus,1.5,1,4
7,truck,,,8
END
try aggregate points.csv zones.csv --predicate within --sum score --mean score -q -o a.csv
sed 's|"POLYGON[^"]*"|area|' a.csv
try aggregate points.csv zones.csv --predicate intersects --by class -q -o b.csv
sed 's|"POLYGON[^"]*"|area|' b.csv
try aggregate points.csv zones.csv --ownership -q -o c.csv
sed 's|"POLYGON[^"]*"|area|' c.csv
try aggregate points.csv points.csv --on class --sum score -q -o d.csv
cat d.csv
# The same from Parquet: of columns of coordinates, and of geometries.
elcano read points.csv -q -o points.parquet
elcano project points.csv --from OGC:CRS84 --x lon --y lat -q -o places.parquet 2>warnings
for file in points places; do
    elcano aggregate $file.parquet zones.csv --predicate within --sum score --mean score \
        -q -o $file.csv.csv 2>warnings
    cmp a.csv $file.csv.csv && echo "$file: the same"
done

# Sums of very unlike numbers are Python's, to the last bit, for any number of threads.
python3 - <<'END'
import random
random.seed(6)
with open("many.csv", "w") as file:
    file.write("x,y,class,v\n")
    for i in range(60000):
        v = random.uniform(-1, 1) * 10.0 ** random.randint(-30, 30)
        file.write(f"{random.randrange(-5, 105) / 4},{random.randrange(400) / 8},"
                   f"{random.choice('abc')},{v!r}\n")
with open("boxes.csv", "w") as file:
    file.write("box,WKT\n")
    for i in range(2000):
        x, y, w, h = (random.randrange(1, 240) / 10 for _ in range(4))
        file.write(f'{i},"POLYGON (({x} {y},{x + w} {y},{x + w} {y + h},{x} {y + h},{x} {y}))"\n')
END
for threads in 1 3; do
    elcano aggregate many.csv boxes.csv --x x --y y --predicate within --sum v --by class \
        -q --threads $threads -o sums$threads.csv 2>warnings
done
cmp sums1.csv sums3.csv
elcano project many.csv --from OGC:CRS84 --x x --y y -q -o many.parquet
elcano aggregate many.parquet boxes.csv --predicate within --sum v --by class -q -o sums.csv 2>warnings
cmp sums1.csv sums.csv
# Most row groups lie elsewhere, and are not read; the counts are those of all of them.
elcano sql "SELECT * FROM input, range(20) AS r(i)" many.parquet -q -o wide.parquet
elcano sql "SELECT * FROM input ORDER BY st_x(geometry)" wide.parquet -q -o sorted.parquet
head -2 boxes.csv >box.csv
for file in wide sorted; do
    elcano aggregate $file.parquet box.csv --predicate within --sum v -q -o $file.csv 2>warnings
    elcano join $file.parquet box.csv --predicate within -q -o - 2>warnings | sort >$file.rows
done
cmp wide.csv sorted.csv
cmp wide.rows sorted.rows
wc -l <sorted.rows
python3 - <<'END'
import csv, math, re
boxes, cells, wanted = [], {}, {}
for row in csv.DictReader(open("many.csv")):
    key = (float(row["x"]), float(row["y"]))
    cells.setdefault(key, []).append((row["class"], float(row["v"])))
for row in csv.DictReader(open("sums1.csv")):
    wanted.setdefault(row["box"], {})[row["class"]] = (row["count"], row["v_sum"])
n = 0
for i, row in enumerate(csv.DictReader(open("boxes.csv"))):
    if i % 10:
        continue
    c = [float(v) for v in re.findall(r"[-\d.e]+", row["WKT"][9:])]
    got = {}
    for (x, y), values in cells.items():
        if c[0] < x < c[4] and c[1] < y < c[5]:
            for word, v in values:
                got.setdefault(word, []).append(v)
    for word, values in got.items():
        count, total = wanted[row["box"]].pop(word)
        assert int(count) == len(values)
        assert float(total) == math.fsum(values), (total, math.fsum(values))
        n += 1
    assert set(wanted[row["box"]]) <= {""}
print("sums are those of math.fsum" if n > 300 else n)
END

# What cannot be meant.
printf 'name,n\nx,1\n' >bare.csv
try aggregate points.csv bare.csv -o out.csv
try aggregate points.csv zones.csv --predicate within --by klass -o out.csv
try aggregate points.csv zones.csv --predicate within --sum class -o out.csv
try aggregate points.csv zones.csv --predicate within --on id -o out.csv
try aggregate points.csv -o out.csv
test ! -e out.csv

# Degrees by their names, said to be in the CRS of a grid.
printf 'id,Lon,Lat\n1,15,50\n' >degrees.csv
printf 'zone,geometry\na,"POLYGON ((4e5 5e6, 6e5 5e6, 6e5 6e6, 4e5 6e6, 4e5 5e6))"\n' >grid.csv
elcano project grid.csv --from EPSG:32633 --to EPSG:32633 -q -o grid.gpkg
try aggregate degrees.csv grid.gpkg --x Lon --y Lat -q -o none.csv
try aggregate degrees.csv grid.gpkg -q -o one.csv
try join degrees.csv grid.gpkg --x Lon --y Lat --distance 1m -q -o joined.csv
try nearest degrees.csv grid.gpkg --x Lon --y Lat -q -o far.csv
try nearest grid.gpkg degrees.csv --x Lon --y Lat -q -o back.csv
sed 's/"POLYGON[^"]*"/area/' none.csv one.csv
