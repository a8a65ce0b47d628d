# A command's page.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano help operators
elcano help model >page
elcano model --help | cmp - page
