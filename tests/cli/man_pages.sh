# Every man page is roff that groff and man take without a warning.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

command -v groff >/dev/null && command -v man >/dev/null || {
    echo "SKIPPED: no groff or no man here" >&2
    exit 77
}
elcano help --man >elcano.1
elcano operators | sed 's|  .*||; s| |-|' >names
printf '%s\n' operators functions help model version >>names
while read -r name; do
    elcano help "$name" --man >"elcano-$name.1"
done <names
ls
for page in *.1; do
    groff -man -ww -z "$page"
    MANWIDTH=80 man --warnings -l "$page" >"$page.txt"
done
sed 's/[^ -~]//g' elcano-make-points.1.txt | grep -v '^ELCANO' | head -n 20
