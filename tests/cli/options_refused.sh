# Options that cannot be meant: one line, and how it is called.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try make-points a --modle m
try make-points a --model
try make-points a --model --rows 3
try make-points a --model m --rows many
try make-points a --model m --rows -1
try make-points a --model m --fail nowhere
try make-points a --model m --no-rows
try make-points a --model m --south=perhaps
try make-points a --model m --threads 5000
try make-points a --model m --progress loud
try make-points a --model m -x
try make-points a --model m -o
try make-points a --model ''
try make-points a --
try version --model
try make-points a --=x
