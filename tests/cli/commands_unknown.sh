# A command that is not there, and none at all.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try
try make-pionts a
try mkae points a
try versoin
try zzzzzzzz
try ''
try --nothing
