# What overlay cannot mean is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,bytes,geometry\n1,x,"POLYGON((0 0,4 0,4 4,0 4,0 0))"\n' >a.csv
printf 'id,name\n1,x\n' >table.csv
ogr2ogr -a_srs EPSG:4326 a.gpkg a.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
printf 'id,geometry\n1,"LINESTRING(0 0,90 0)"\n' >long.csv
ogr2ogr -a_srs EPSG:4326 long.gpkg long.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try overlay a.csv -o out.csv
try overlay a.csv --op clip -o out.csv
try overlay a.csv --op union -o out.csv
try overlay a.csv a.csv --op buffer --distance 1 -o out.csv
try overlay a.csv table.csv --op union -o out.csv
try overlay a.csv a.gpkg --op union -o out.csv
try overlay a.gpkg a.csv --op union -o out.csv
try overlay a.csv --op buffer -o out.csv
try overlay a.csv --op buffer --distance 10m -o out.csv
try overlay a.gpkg --op buffer --distance 10 -o out.csv
try overlay a.gpkg --op buffer --distance far -o out.csv
try overlay a.csv --op simplify --tolerance=-1 -o out.csv
try overlay a.csv --op make-valid --distance 1 -o out.csv
try overlay a.csv --op buffer --distance 1 --by id -o out.csv
try overlay a.csv --op dissolve --by nothing -o out.csv
try overlay a.csv --op dissolve --by geometry -o out.csv
try overlay long.gpkg --op buffer --distance 10m -o out.csv
ls
