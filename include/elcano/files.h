/* files.h - what comes with Elcano: files found by name, and files in the library. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_FILES_H
#define ELCANO_FILES_H

#include <elcano/base.h>

ELC_BEGIN

/* Appends the folder of the file that this library was loaded from, with its last '/';
   nothing where that is not known. */
elc_status elc_own_folder(elc_string *folder, elc_error *err);

/* Files of a kind that are found by name. */
typedef struct elc_installed {
    const char *what;         /* "network", in messages */
    const char *suffix;       /* ".onnx" */
    const char *variable;     /* of the environment: names a folder of one's own */
    const char *from_library; /* the installed folder, seen from the library's */
    const char *built;        /* the folder of the build */
} elc_installed;

/* Appends the path: `text` itself where it has a dot or a slash, else the file of that
   name in the first of the folders that has it. ELC_E_NOT_FOUND says where it was looked
   for and which name is near; `path` is untouched then. */
elc_status elc_installed_find(const elc_installed *kind, const char *text,
                              elc_string *path, elc_error *err);
/* Appends the names that can be given, sorted, each once. */
elc_status elc_installed_names(const elc_installed *kind, elc_names *names,
                               elc_error *err);

/* The bytes of a file that is in the library ("leaflet.js"); NULL: there is none of that
   name. They stay, and belong to the library. */
const char *elc_embedded_file(const char *name, size_t *size);

ELC_END
#endif
