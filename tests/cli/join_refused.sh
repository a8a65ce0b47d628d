# What cannot be joined is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,share,day\n1,0.5,2024-05-01\n' >left.csv
printf 'record,text,day\n1,"x",2024-05-01T10:00:00Z\n' >right.csv
try join left.csv
try join left.csv right.csv -o out.csv
try join left.csv right.csv left.csv --on id
try join left.csv right.csv --on rec -o out.csv
try join left.csv right.csv --on id=recrod -o out.csv
try join left.csv right.csv --on share=text -o out.csv
try join left.csv right.csv --on day -o out.csv
try join left.csv right.csv --on id=record --how outer -o out.csv
try join left.csv right.csv --on id=record --dry-run
try join left.csv right.csv --on ident --dry-run
ls
