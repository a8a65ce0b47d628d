# A full disk behind the standard output is a failure.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

for command in 'help' 'make-points a --model m' 'operators --json'; do
    code=0
    # shellcheck disable=SC2086
    elcano $command >/dev/full || code=$?
    echo "$command: exit $code"
done
code=0
elcano version >&- || code=$?
echo "closed: exit $code"
