/* parquet_files.h - which Parquet files a reference means; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_PARQUET_FILES_H
#define ELC_LAYER_PARQUET_FILES_H

#include <elcano/base.h>

/* Files that are one table together. Start with {0}. */
typedef struct elc_parquet_files {
    elc_names paths; /* in the order of their bytes */
    elc_names keys;  /* columns of the folders named COLUMN=VALUE, as Hive has them, that
                        they lie in below the folder or pattern */
} elc_parquet_files;

/* True for the name or pattern of Parquet files, by its ending, and for a folder, or a
   pattern that meets one, with such a file in it or in folders named COLUMN=VALUE. */
bool elc_is_parquet(const char *reference);

/* The file of that name; or all of a folder and of the folders in it, without those
   whose names begin with a dot or an underscore, as other programs have it; or what a
   pattern of *, ? and [] meets. None is ELC_E_NOT_FOUND. */
elc_status elc_parquet_files_find(const char *reference, elc_parquet_files *out,
                                  elc_error *err);
void elc_parquet_files_free(elc_parquet_files *files);

#endif
