/* parquet_footer.h - a text in a Parquet file's footer, replaced; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_FOOTER_H
#define ELC_LAYER_PARQUET_FOOTER_H

#include <elcano/base.h>

/* Writes `new` over `old`, of the same size, in the footer of a Parquet file that
   DuckDB just wrote, where it stands once. */
elc_status elc_parquet_replace(const char *path, const elc_string *old,
                               const elc_string *new, elc_error *err);

#endif
