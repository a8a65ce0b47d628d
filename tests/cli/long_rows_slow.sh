# long_rows_slow - 2,100 rows of over 1 MB each, which are more than a batch can hold: made, written, read.
# SPDX-License-Identifier: Apache-2.0
echo 'lon,lat' >one.csv
echo '1,2' >>one.csv
elcano sql "SELECT r.i, repeat(chr((65 + r.i % 26)::INT), 1100000) AS t FROM input, range(2100) r(i)" \
    one.csv --memory 8000 -q -o long.parquet
elcano sql "SELECT count(*) AS n, sum(length(t)) AS size, count(*) FILTER (t[1] <> chr((65 + i % 26)::INT)) AS wrong FROM input" \
    long.parquet --memory 8000 -q -o -
