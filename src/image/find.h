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

/* What GDAL calls an address that people write: "s3://b/a.tif" becomes
   "/vsis3/b/a.tif"; others stay. */
elc_status elc_path_spell(const char *argument, elc_string *out, elc_error *err);
/* The prefix with which GDAL lists an archive; NULL for other files. */
const char *elc_path_archive(const char *path);
/* True for a file that ends like an image, or that GDAL identifies as one and that does
   not end like a side file. `siblings` as GDAL takes them; NULL: it looks itself. */
bool elc_path_is_image(const char *path, const char *const *siblings);
/* A name with the bytes that are not UTF-8 as %XX, which would break the rows that carry
   it. */
elc_status elc_name_readable(const char *name, char **out, elc_error *err);

/* Folders met, as a hash table; start with {0}. */
typedef struct elc_seen {
    struct elc_seen_id {
        uint64_t device, node;
    } *ids; /* empty slots have node 0 */
    size_t count, capacity; /* capacity: 0 or a power of two */
} elc_seen;

/* True in `*first` when the folder was not met yet; one without numbers never was. */
elc_status elc_seen_visit(elc_seen *seen, uint64_t device, uint64_t node, bool *first,
                          elc_error *err);
bool elc_seen_has(const elc_seen *seen, uint64_t device, uint64_t node);
void elc_seen_free(elc_seen *seen);

/* Adds all images below a folder; names are `prefix` and the path below it. Links are
   followed, each folder is visited once. */
elc_status elc_folder_walk(const char *path, const char *prefix, elc_found_list *list,
                           elc_error *err);

bool elc_glob_is(const char *path);
/* Adds what a pattern matches: files as they are, folders with all images below. */
elc_status elc_glob_expand(const char *pattern, elc_found_list *list, elc_error *err);
/* The same, with the folders themselves in a list of their own. */
elc_status elc_glob_match(const char *pattern, elc_found_list *files,
                          elc_found_list *folders, elc_error *err);

/* Arguments with lists in them: "@list.txt" stands for the lines of that file, without
   blank ones and those that begin with '#'. A file of that very name comes first. */
typedef struct elc_argument {
    char *text;
    bool listed; /* it came from a list */
} elc_argument;

typedef struct elc_arguments {
    elc_argument *items;
    size_t count, capacity;
} elc_arguments;

elc_status elc_arguments_expand(const char *const *arguments, size_t n,
                                elc_arguments *out, elc_error *err);
void elc_arguments_free(elc_arguments *arguments);

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
