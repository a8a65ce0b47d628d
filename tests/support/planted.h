/* planted.h - rendered towns and test networks, made afresh in a folder of the test's
 * own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_PLANTED_H
#define ELCANO_TESTS_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

/* A folder that is removed when the test ends. */
const char *planted_folder(void);

/* "FOLDER/name"; one of a few static buffers, good for some further calls. */
const char *planted_path(const char *name);

/* Runs a command line, given as printf does, in the folder; fails the test when it
 * fails. */
void planted_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Renders FOLDER/name.tif and FOLDER/name.geojson: arguments of the scene renderer. */
const char *planted_scene(const char *name, const char *arguments);

/* Writes FOLDER/name with tools/instrument.py. */
const char *planted_instrument(const char *name, const char *arguments);

/* "$ELCANO_DATA/name", or NULL after saying loudly that it is not there. */
const char *planted_data(const char *name);

#endif
