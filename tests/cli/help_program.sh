# The program's page, whichever way it is asked for.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano help
elcano --help >long
elcano -h >short
elcano help | cmp - long
cmp long short
