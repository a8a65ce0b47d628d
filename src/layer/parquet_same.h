/* parquet_same.h - whether Parquet files are one table; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_SAME_H
#define ELC_LAYER_PARQUET_SAME_H

#include "parquet_query.h"

/* Takes the geo metadata of the files, which must mean the same table. */
elc_status elc_parquet_read_geo(elc_parquet *o, const elc_names *paths, elc_error *err);
/* Fails where the files do not have the columns of the first, and names one of those,
   or where columns of theirs have the names of folders. */
elc_status elc_parquet_compare(elc_parquet *o, const elc_names *paths, elc_error *err);

#endif
