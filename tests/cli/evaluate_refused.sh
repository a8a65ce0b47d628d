# What cannot be compared is refused with what to do, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

head='image,class,score,xmin_px,ymin_px,xmax_px,ymax_px'
printf '%s\n"a.tif","car",0.9,0,0,10,10\n' "$head" >found.csv
printf 'image,class,xmin,ymin,xmax,ymax\na.tif,car,0,0,10,10\n' >truth.csv
printf 'image,class,xmin,ymin,xmax,ymax\nb.tif,car,0,0,10,10\n' >other.csv
printf '%s\n"a.tif","car",nan,0,0,10,10\n' "$head" >nan.csv
printf '%s\n"a.tif","car",0.9,0,0,10,10\n"a.tif","car",0.9,9,0,1,10\n' "$head" >turned.csv
printf '%s\n"a.tif","car",0.9,-1,0,10,10\n' "$head" >negative.csv
printf '%s\n"a.tif","car",1.5,0,0,10,10\n' "$head" >over.csv
printf 'image,class,xmin_px,ymin_px,xmax_px,ymax_px\n"a.tif","car",0,0,10,10\n' >bare.csv
try evaluate found.csv
try evaluate found.csv truth.csv other.csv -o out.csv
try evaluate found.csv other.csv -o out.csv
printf 'class,score,xmin_px,ymin_px,xmax_px,ymax_px\n"car",0.9,0,0,10,10\n' >nowhere.csv
try evaluate nowhere.csv truth.csv -o out.csv
try evaluate nan.csv truth.csv -o out.csv
try evaluate turned.csv truth.csv -o out.csv
try evaluate negative.csv truth.csv --scorer xview -o out.csv
try evaluate over.csv truth.csv --scorer xview -o out.csv
try evaluate bare.csv truth.csv -o out.csv
try evaluate found.csv truth.csv --by group -o out.csv
try evaluate found.csv truth.csv --zone-name x -o out.csv
try evaluate found.csv truth.csv --chip 100 --overlap 100 -o out.csv
try evaluate found.csv truth.csv --json truth.csv -o out.csv
try evaluate found.csv truth.csv --json truth.csv --overwrite -o out.csv
try evaluate found.csv truth.csv --json x --report x -o out.csv
ls

# Nothing found, and nothing there.
printf '%s\n' "$head" >none.csv
printf 'image,class,xmin,ymin,xmax,ymax\n' >nothing.csv
try evaluate none.csv truth.csv -q -o none_found.csv
cut -d, -f1-4,9-16 none_found.csv
try evaluate found.csv nothing.csv -q -o none_there.csv
cut -d, -f1-4,9-16 none_there.csv
try evaluate none.csv nothing.csv -q -o none_at_all.csv
cut -d, -f1-4,9-16 none_at_all.csv
