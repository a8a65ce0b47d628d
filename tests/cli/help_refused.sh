# Help for what is not there.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try help make-pionts
try help nothing-of-that-kind
try help pass operators
