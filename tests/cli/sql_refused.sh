# What SQL may not do, and cannot be meant.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,name\n1,"a"\n' >one.csv
mkdir sub
cp one.csv sub
try sql
try sql "SELECT 1"
try sql "" one.csv
try sql "SELEC 1" one.csv
try sql "SELECT 1; SELECT 2" one.csv
try sql "SELECT nam FROM input" one.csv
try sql "SELECT * FROM two" one.csv
try sql "SELECT * FROM input, one" one.csv one.csv
try sql "SELECT * FROM input, sub" one.csv sub=one.csv sub=sub/one.csv
try sql "SELECT * FROM input" one.csv "my table=one.csv"
printf 'a,b,A\n1,2,3\n' >alike.csv
try sql "SELECT a FROM input" alike.csv
try sql "SELECT * FROM input, two" one.csv two=alike.csv
try sql "DROP TABLE input" one.csv
try sql "PRAGMA version" one.csv
try sql "; -- a
/* b */ pragma database_list" one.csv
try sql "COPY input TO 'out.csv'" one.csv
try sql "SELECT * FROM read_csv('one.csv')" one.csv
try sql "SELECT sum(id) + 9223372036854775807::HUGEINT AS s FROM input" one.csv -o -
try sql "SELECT st_geomfromtext(name) AS geometry FROM input" one.csv -o out.gpkg
try sql "SELECT st_nothing(id) FROM input" one.csv
try sql "SELECT * FROM input" one.csv -o one.csv --overwrite
ELCANO_DUCKDB=/nowhere/libduckdb.so try sql "SELECT 1" one.csv
ELCANO_DUCKDB=/nowhere/libduckdb.so try sql "SELECT 1" one.csv -o out.parquet
ls -A
