# A table that is held in memory and does not fit is refused in words, and nothing is left.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,lon,lat\n1,1,1\n2,2,2\n' >few.csv
python3 - <<'END'
with open("many.csv", "w") as file:
    file.write("id,text,lon,lat\n")
    for i in range(60000):
        file.write(f"{i},{'x' * 1500},{i % 360 - 180},{i % 180 - 90}\n")
END
try join few.csv many.csv --on id --memory 100 -q -o out.csv
try join few.csv many.csv --predicate equals --memory 100 -q -o out.csv
try aggregate few.csv many.csv --on id --memory 100 -q -o out.csv
try join many.csv few.csv --on id --how semi --memory 3000 -q -o out.csv
cat out.csv | cut -c1-20
# The left table streams, however large it is.
try aggregate many.csv few.csv --on id -q -o counts.csv
cat counts.csv
ls
