# A signal that the caller ignores for us stays ignored.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

(
    trap '' INT TERM
    elcano make-points a --model m --rows 50 --pause 20 -q -o points.csv
) &
sleep 0.3
kill -INT $! && kill -TERM $!
wait $!
wc -l <points.csv
