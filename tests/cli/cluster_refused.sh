# What cannot be clustered is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,lon,lat\n1,0,0\n2,1,1\n' >points.csv
printf 'id,x,y\n1,0,0\n2,1e12,1\n' >plane.csv
printf 'id,name\n1,a\n' >bare.csv
try cluster points.csv
try cluster points.csv --eps 0m -o out.csv
try cluster points.csv --eps -5m -o out.csv
try cluster points.csv --eps 1mm -o out.csv
try cluster points.csv --eps 0.01m -o out.csv
try cluster points.csv --eps 1001km -o out.csv
try cluster points.csv --eps 15 -o out.csv
try cluster points.csv --eps 15m --min-points 0 -o out.csv
try cluster points.csv --eps 15m --by kind -o out.csv
try cluster points.csv --eps 15m --class kind --shapes hull -o out.csv
try cluster points.csv --eps 15m --shapes circle -o out.csv
try cluster bare.csv --eps 15m -o out.csv
try cluster plane.csv --eps 15m --x x --y y -o out.csv
try cluster plane.csv --eps 15m --x x -o out.csv
try cluster plane.csv --eps 1 --x x --y y -o out.csv
try cluster plane.csv --eps 1e308 --x x --y y -o out.csv
ls
# Places that are nowhere are told of, and are in no cluster.
printf 'id,lon,lat\n1,0,91\n2,,1\n3,5,5\n' >off.csv
try cluster off.csv --eps 15m --min-points 1 -o off_rows.csv
cat off_rows.csv
# A table without rows has no clusters, and its columns.
printf 'id,lon,lat\n' >none.csv
try cluster none.csv --eps 15m -q -o none_rows.csv
cat none_rows.csv
try cluster none.csv --eps 15m --shapes hull -q -o none_lots.csv
cat none_lots.csv
# A column of ids makes a group of each row.
python3 -c 'print("id,x,y"); [print(f"{i},{i % 7},{i % 5}") for i in range(20000)]' >many.csv
try cluster many.csv --x x --y y --eps 1 --min-points 1 --by id -o ids.csv
