/* whole.h - whether all rows are in a file that was written; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_WHOLE_H
#define ELC_LAYER_WHOLE_H

#include "sink.h"

/* OGR's drivers do not all look at what closing a file returns, so that its last bytes
   may be missing: counts the rows of what is there. */
elc_status elc_sink_check_whole(elc_sink *sink, elc_error *err);

#endif
