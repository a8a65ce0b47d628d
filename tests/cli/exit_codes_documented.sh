# The table in docs/exit-codes.md is the command's own.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

sed -n 's/^| \([0-9]*\) | \(.*\) |$/\1 \2/p' "$SOURCE/docs/exit-codes.md" >documented
elcano help --man | sed -n '/^\.SH "EXIT/,/^\.SH "ENV/p' | sed -e '/^\./d' -e 's/\\(aq/'"'"'/g' \
    -e 's/\\-/-/g' | paste -d' ' - - >known
diff documented known && wc -l <known
