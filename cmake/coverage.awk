# coverage.awk - what gcovr counted (its CSV), by room; fails under `least` of 100 lines.
# SPDX-License-Identifier: Apache-2.0
# usage: awk -F, -v least=90 -f coverage.awk lines.csv
NR > 1 {
    split($1, folder, "/")
    room = folder[2]
    if (!(room in lines)) rooms[++n] = room
    lines[room] += $2
    run[room] += $3
    all += $2
    ran += $3
}
function row(name, part, whole) {
    printf "%-12s %6d of %6d lines  %5.1f %%\n", name, part, whole, 100 * part / whole
}
END {
    if (!all) {
        print "coverage: nothing was counted" >"/dev/stderr"
        exit 1
    }
    for (i = 1; i <= n; i++) row(rooms[i], run[rooms[i]], lines[rooms[i]])
    row("all", ran, all)
    if (100 * ran < least * all) {
        print "coverage: under " least " %" >"/dev/stderr"
        exit 1
    }
}
