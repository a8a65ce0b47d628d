# Ctrl-C and SIGTERM end the work in order and leave nothing behind.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"
. "$HERE/interrupt"

work() { # what takes 20 s, and speaks first
    signal=$1
    shift
    interrupt "$signal" "$toys" make-points a --model m --rows 1000 --pause 20 --warn begun \
        -o points.gpkg "$@"
}
for signal in SIGINT SIGTERM SIGHUP; do
    work $signal
done
work SIGINT --progress json
ls -A
