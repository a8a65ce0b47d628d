/* hidden.h - folders in which outputs grow, and what killed runs left of them; inside
   layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_HIDDEN_H
#define ELC_LAYER_HIDDEN_H

#include <elcano/base.h>

/* FOLDER/.NAME.part-HOST-XXXXXX, locked as long as its run lives. Start with {0}. */
typedef struct elc_hidden {
    char *path; /* NULL: none */
    int lock;
} elc_hidden;

/* Removes those of the same name whose run is no longer alive, and makes one. A lock
   that is free tells that; HOST, made from this host's name, keeps from those of other
   hosts, whose locks a shared file system may not show. `subject` is for messages. */
elc_status elc_hidden_make(const char *folder, const char *name, const char *subject,
                           elc_hidden *out, elc_error *err);
/* With all that is in it. */
void elc_hidden_remove(elc_hidden *hidden);

#endif
