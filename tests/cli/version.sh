# The version, and that it is the header's.
# SPDX-License-Identifier: Apache-2.0
sed -n 's/^#define ELC_VERSION "\(.*\)"/elcano \1/p' "$SOURCE/include/elcano/base.h" >header
elcano version | diff header -
elcano --version | diff header -
elcano -V | diff header -
wc -l <header
