/* planted.c - rendered towns and test networks, made afresh in a folder of the test's
 * own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[256];
static pid_t owner;

static void remove_folder(void) {
    char command[300];
    if (getpid() != owner)
        return;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s: left behind\n", folder);
}

const char *planted_folder(void) {
    if (*folder)
        return folder;
    snprintf(folder, sizeof folder, "%s/planted-XXXXXX", ELCANO_BINARY_DIR);
    if (!mkdtemp(folder))
        fail_msg("%s: cannot be made", folder);
    owner = getpid();
    atexit(remove_folder);
    return folder;
}

const char *planted_path(const char *name) {
    static char paths[8][512];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", planted_folder(), name);
    return path;
}

void planted_run(const char *format, ...) {
    char command[4096], line[5000];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    snprintf(line, sizeof line, "cd '%s' && %s", planted_folder(), command);
    if (system(line) != 0)
        fail_msg("failed: %s", command);
}

const char *planted_scene(const char *name, const char *arguments) {
    char file[256];
    planted_run("'%s/scene' --out %s.tif --truth %s.geojson %s >/dev/null 2>&1",
                ELCANO_BINARY_DIR, name, name, arguments);
    snprintf(file, sizeof file, "%s.tif", name);
    return planted_path(file);
}

const char *planted_instrument(const char *name, const char *arguments) {
    planted_run("python3 '%s/tools/instrument.py' %s %s", ELCANO_SOURCE_DIR, name,
                arguments);
    return planted_path(name);
}

const char *planted_data(const char *name) {
    static char path[1024];
    const char *data = getenv("ELCANO_DATA");
    snprintf(path, sizeof path, "%s/%s",
             data ? data : ELCANO_SOURCE_DIR "/../shared/data", name);
    if (access(path, R_OK) == 0)
        return path;
    fprintf(stderr, "[  SKIPPED ] no %s: set ELCANO_DATA\n", path);
    return NULL;
}
