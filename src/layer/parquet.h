/* parquet.h - Parquet and GeoParquet files, through DuckDB; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_H
#define ELC_LAYER_PARQUET_H

#include <elcano/table.h>

/* The files that a reference means (parquet_files.h) as one table, as elc_layer_read gives
   it: the primary geometry first; DuckDB reads it on so many threads. */
elc_status elc_parquet_read(const char *path, int threads, struct ArrowArrayStream *out,
                            elc_error *err);

#endif
