/* as_ogr.h - files that are read without OGR, held to OGR. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LAYER_AS_OGR_H
#define TESTS_LAYER_AS_OGR_H

#include <elcano/table.h>

/* What reads plain files; it leaves the stream alone where one is not. */
typedef elc_status (*as_ogr_reader)(const char *path, const elc_context *context,
                                    struct ArrowArrayStream *out, elc_error *err);

/* Whether the reader takes the file. */
bool as_ogr_is_plain(const char *path, as_ogr_reader reader);

/* The look at a plain file ends when it is cancelled. */
void as_ogr_assert_cancels(const char *path, as_ogr_reader reader);

/* The table of the file, plain or not, is that of OGR: columns, CRS, values to the last
   bit. The file is opened a second time with its layer named, which only OGR does. */
void as_ogr_assert(const char *path, as_ogr_reader reader);

#endif
