# The bar is drawn over itself and erased, and warnings stand above it.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

. "$HERE/pty"
on_terminal 80 make-points a --model m --rows 40 --pause 10 --warn careful >all
grep -o 'E.*40 of 40 points \[#*\]' all | tr 'E' '\n' | tail -n 1
grep -c 'E 1 of 40 points \[#*\.*\]  1 found' all
grep -o 'E[^E]*$' all | head -n 1 | cut -c1-3
grep -n warning all | steady
tail -n 1 all | steady
echo "on a terminal that cannot draw:"
TERM=dumb on_terminal 80 make-points a --model m --rows 2 -o points.csv | steady
echo "none:"
on_terminal 80 make-points a --model m --rows 2 --progress none -o other.csv | steady
