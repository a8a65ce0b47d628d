# A reader that goes early is no failure to talk about.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

mkfifo pipe
head -n 1 pipe >first &
code=0
elcano make-points a --model m --rows 100000 >pipe 2>err || code=$?
wait
echo "exit $code"
cat err
wc -l <first
