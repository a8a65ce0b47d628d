/* reference.h - the names of files, databases and layers; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_REFERENCE_H
#define ELC_LAYER_REFERENCE_H

#include <elcano/base.h>

/* True for "PG:key=value …" and "postgresql://…". */
bool elc_reference_is_postgres(const char *reference);
/* Where the layer's name begins in "file:layer" or "PG:…:table"; NULL: the whole is the
   name of a file or database, as in "PG:dbname=x", "https://host/file", "odd:name.csv".
 */
const char *elc_reference_layer(const char *reference);
/* True when GDAL finds a file or folder of that name. */
bool elc_reference_exists(const char *path);
/* Checks a connection's grammar, so that nothing else quotes it in a message. */
elc_status elc_reference_check(const char *reference, elc_error *err);
/* Any text without the passwords that `reference` has. */
elc_status elc_reference_scrub(const char *reference, const char *text, char **out,
                               elc_error *err);

#endif
