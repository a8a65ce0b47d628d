# An operator's page comes from its descriptor alone.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano help make-points
elcano make-points --help >long
elcano make-points a.tif -h --rows 2 >short
elcano help make_points | cmp - long
cmp long short
