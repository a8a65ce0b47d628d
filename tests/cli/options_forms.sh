# The ways to write an option.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

set -- --model m -q --dry-run
for form in '--rows 5' '--rows=5' '--ROWS=5' '--rows 4 --rows 5'; do
    # shellcheck disable=SC2086
    echo "$form: $(elcano make-points a "$@" $form | grep points)"
done
latitude() { elcano make-points a --model m -q --rows 2 "$@" | tail -n 1 | grep -o '"lat": *[-0-9.]*'; }
latitude
latitude --no-south
latitude --south=no
latitude --no-south --south
count() { elcano make-points --model m --dry-run "$@" | grep files; }
count a -- --b -c
count - a
