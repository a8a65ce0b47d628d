/* find.h - the steps from an argument to the images that it names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_FIND_H
#define ELCANO_SRC_IMAGE_FIND_H

#include <elcano/image.h>

/* What a path is. */
typedef enum elc_nature {
    ELC_NATURE_NONE,
    ELC_NATURE_FILE,
    ELC_NATURE_ODD, /* a pipe, a device: nothing that is read */
    ELC_NATURE_FOLDER
} elc_nature;

/* Folders that are not there are NONE. `device` and `node` may be NULL; 0, 0 where the
   file system has no such numbers. */
elc_nature elc_path_nature(const char *path, uint64_t *device, uint64_t *node);
/* folder + "/" + entry, in a new string in `out`, which is emptied first. */
elc_status elc_path_join(elc_string *out, const char *folder, const char *entry,
                         elc_error *err);
/* The entries of a folder, sorted bytewise, without those that begin with a dot. */
elc_status elc_folder_read(const char *path, elc_names *out, elc_error *err);

/* Adds all images below a folder; names are `prefix` and the path below it. Links are
   followed, each folder is visited once. */
elc_status elc_folder_walk(const char *path, const char *prefix, elc_found_list *list,
                           elc_error *err);

bool elc_glob_is(const char *path);
/* Adds what a pattern matches: files as they are, folders with all images below. */
elc_status elc_glob_expand(const char *pattern, elc_found_list *list, elc_error *err);

/* The list. */
elc_status elc_found_add(elc_found_list *list, const char *path, const char *name,
                         elc_error *err);
void elc_found_sort(elc_found_list *list, size_t from);
/* Drops later ones of the same file, links and dots followed. */
elc_status elc_found_unique(elc_found_list *list, elc_error *err);
/* Different files of one name: each takes its whole path as name, since ids are made of
   names. */
elc_status elc_found_part_names(elc_found_list *list, elc_error *err);

#endif
