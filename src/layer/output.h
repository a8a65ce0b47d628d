/* output.h - files that appear under their name only when whole; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_OUTPUT_H
#define ELC_LAYER_OUTPUT_H

#include <elcano/base.h>

#include <stdio.h>

/* The name of a file to be, and the hidden folder beside it in which it grows:
   ".NAME.part-HOST-XXXXXX". Same file system, so that a rename is all it takes. A
   process that is killed leaves that folder and nothing else, and the next output of
   that name removes it. */
typedef struct elc_output elc_output;

typedef struct elc_output_kind {
    const char *extension; /* the temporary file's, lower case: ".shp" */
    const char *const
        *parts; /* extensions renamed before it, NULL-terminated; or NULL */
    const char *const
        *leaves; /* what an older file of that name may have beside it, by
                    ending in place of the extension (".qix") or, with '+',
                    after the whole name ("+-wal"); NULL-terminated or NULL */
} elc_output_kind;

/* Checks folder and name and makes the temporary folder. `kind` is borrowed. */
elc_status elc_output_create(const char *path, const elc_output_kind *kind,
                             bool overwrite, elc_output **out, elc_error *err);
/* The name that was asked for, and where to write; borrowed. */
const char *elc_output_path(const elc_output *output);
const char *elc_output_temporary(const elc_output *output);
/* Syncs the files to disk, renames them, the main one last, and syncs the folder. */
elc_status elc_output_commit(elc_output *output, elc_error *err);
/* Removes what is temporary. */
void elc_output_free(elc_output *output);

/* The failure of writing `path`, for an errno or a library's reason; says that the disk
   is full where it is. */
elc_status elc_output_fail(const elc_output *output, const char *reason,
                           elc_error *err);

#endif
