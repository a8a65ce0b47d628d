/* folder.h - folders listed by name: what their files share (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_FOLDER_H
#define ELCANO_SRC_IMAGE_FOLDER_H

#include "image/find.h"

/* Adds the names in a folder, sorted bytewise, without those that begin with a dot;
   links are what they lead to. `folders` may be NULL. */
elc_status elc_folder_entries(const char *path, elc_names *files, elc_names *folders,
                              elc_error *err);

/* Adds a folder; `path` and `root` may be NULL. `*out` is good until the next one. */
elc_status elc_folder_add(elc_folder_list *list, const char *path, const char *root,
                          const char *prefix, elc_folder **out, elc_error *err);

void elc_names_sort(elc_names *names);

/* Drops files that a folder which was seen holds, and gives anyway. */
elc_status elc_folders_drop_known(elc_found_list *files, const elc_seen *seen,
                                  elc_error *err);
/* Different folders with one prefix, and those that hold a file of the name of one of
   `files`, take their whole paths as prefix, since ids are made of names. */
elc_status elc_folders_part_names(elc_folder_list *folders, const elc_found_list *files,
                                  elc_error *err);
/* How many files from `at` on are in one folder; and n of them as one. */
size_t elc_folders_same(const elc_found_list *files, size_t at);
elc_status elc_folders_group(const elc_found_list *files, size_t at, size_t n,
                             elc_folder_list *out, elc_error *err);

#endif
