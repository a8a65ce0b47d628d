/* main.c - the `scene` command: options in, a picture and its truth out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdio.h>

static bool render(const elc_scene_options *options, elc_scene_error *err) {
    elc_town town = {0};
    bool ok =
        elc_town_open(&town, options, err) &&
        (options->truth == NULL ||
         elc_truth_write(&town, options->truth, false, err)) &&
        (options->pools == NULL || elc_truth_write(&town, options->pools, true, err)) &&
        elc_raster_write(&town, options->out, err);
    if (ok)
        fprintf(stderr, "%s: %d x %d px, %lld objects: %lld in streets, %lld in rows\n",
                options->out, options->width, options->height,
                (long long)(town.streets_wanted + town.parked_wanted),
                (long long)town.streets_wanted, (long long)town.parked_wanted);
    if (!ok && options->truth != NULL)
        remove(options->truth);
    if (!ok && options->pools != NULL)
        remove(options->pools);
    elc_town_close(&town);
    return ok;
}

int main(int argc, char **argv) {
    elc_scene_options options;
    elc_scene_error err = {""};
    if (!elc_options_parse(argc, argv, &options, &err)) {
        fprintf(stderr, "scene: %s\n", err.text);
        return 2;
    }
    if (options.help)
        return fputs(elc_options_help, stdout) < 0;
    if (!render(&options, &err)) {
        fprintf(stderr, "scene: %s\n", err.text);
        return 1;
    }
    return 0;
}
