/* sidecars_stated.h - the sidecars of a folder that name their images inside. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_SIDECARS_STATED_H
#define ELCANO_SRC_IMAGE_SIDECARS_STATED_H

#include <elcano/base.h>

/* Which images' names the sidecars state that no stem leads to; read once, when first
   asked for, by whichever thread. */
typedef struct elc_stated elc_stated;

elc_status elc_stated_create(elc_stated **out, elc_error *err);
void elc_stated_free(elc_stated *stated);

/* Adds to `out` the names of those that state `image`. `names` are the folder's, sorted
   with upper and lower case alike; at most 256 of them are read. */
elc_status elc_stated_find(elc_stated *stated, const char *folder,
                           const elc_names *names, const char *image, elc_names *out,
                           elc_error *err);

#endif
