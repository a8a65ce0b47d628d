# A GeoPackage that finds no room: why, without the statement, and nothing is left of it.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >found.csv <<END
image,class,score,xmin_px,ymin_px,xmax_px,ymax_px
"a.tif","car",0.9,0,0,10,10
END
printf 'image,class,xmin,ymin,xmax,ymax\na.tif,car,0,0,10,10\n' >truth.csv
# No file may grow over so many blocks: a full disk in small.
for blocks in 2 40 80; do
    code=0
    (
        ulimit -f $blocks
        elcano evaluate found.csv truth.csv -q -o scores.gpkg 2>err
    ) || code=$?
    echo "exit $code"
    cut -d: -f1-4 err
    grep -E 'INSERT|SQL|sqlite3|no reason' err || true
done
ls -A
