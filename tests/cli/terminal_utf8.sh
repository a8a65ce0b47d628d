# Text of any script lines up, is cut, and commands nothing.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

. "$HERE/pty"
escape=$(printf '\033[31mred')
export LC_ALL=C.UTF-8
on_terminal 100 make-points 'Zürich.tif' '東京.tif' --model m --rows 1 --note "$escape" -q
on_terminal 100 make-points 'a.tif' '日本語の長い名前はここで切られますよね.tif' --model m --rows 1 -q
LC_ALL=C
on_terminal 100 make-points 'a.tif' 'a name of more than thirty-two columns.tif' --model m --rows 1 -q
