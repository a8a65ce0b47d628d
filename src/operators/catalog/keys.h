/* keys.h - columns from folder names such as "year=2024". */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CATALOG_KEYS_H
#define ELCANO_SRC_OPERATORS_CATALOG_KEYS_H

#include <elcano/base.h>

enum { ELC_CATALOG_KEYS_MAX = 256 };

/* Adds the columns that the folders in a name ("year=2024/x/a.tif") give and that are
   not there yet. A key that is a column of the catalogue already, or begins with '_',
   becomes "key_…". */
elc_status elc_catalog_keys_collect(elc_names *keys, const char *name, elc_error *err);

/* The index of a column whatever its case, or -1. */
int elc_catalog_key_find(const elc_names *keys, const char *column);
/* True for what can be a column beside those of the catalogue. */
bool elc_catalog_key_good(const char *column);

/* Calls `take` with each column that a name gives and its value; NULL for none. */
typedef elc_status (*elc_catalog_key_take)(void *arg, size_t column, const char *value,
                                           elc_error *err);
elc_status elc_catalog_keys_each(const elc_names *keys, const char *name,
                                 elc_catalog_key_take take, void *arg, elc_error *err);

#endif
