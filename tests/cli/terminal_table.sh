# On a terminal: twenty rows, the columns that fit, the rest counted.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

. "$HERE/pty"
on_terminal 80 make-points a b --model m --rows 15 -q
on_terminal 44 make-points a --model m --rows 4 --note 'a note' -q
on_terminal 10 make-points a --model m --rows 2 -q
on_terminal 80 make-points a --model m --rows 0 -q
on_terminal 80 make-points a --model m --rows 21 -q | tail -n 1
