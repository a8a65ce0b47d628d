/* render.h - run the scene renderer in a folder of its own, and read what it wrote. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SCENE_RENDER_H
#define TESTS_SCENE_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct planted {
    int xmin, ymin, xmax, ymax, kind;
    bool parked;
    double lon, lat, ring[5][2];
} planted;

typedef struct picture {
    int width, height, bands;
    uint8_t *pixels; /* bands interleaved */
    double affine[6];
} picture;

/* cmocka's fixtures: a new folder, which becomes the current one, and its end. */
int render_setup(void **state);
int render_teardown(void **state);

/* Runs `scene` with these arguments; gives its exit status, its talk is in "talk". */
int render(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Runs `python3 tools/<arguments>`; gives its exit status. */
int render_python(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Runs a command of the shell. */
int render_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *render_read(const char *path, size_t *size); /* a whole file; NULL when absent */
bool render_talked(const char *words);             /* are they in the talk? */

planted *render_truth(const char *path, size_t *count); /* free() it */
picture render_picture(const char *path);               /* free() the pixels */
double render_iou(const planted *a, const planted *b);

#endif
