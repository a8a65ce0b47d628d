/* seeds.h - the seeds of the fuzz targets, as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_SEEDS_H
#define ELCANO_TESTS_SEEDS_H

#include <elcano/base.h>

/* Calls body() with each of fuzz/seeds/TARGET/START*, and gives how many there are. The
   body may change the bytes. */
size_t seeds_each(const char *target, const char *start,
                  void (*body)(elc_string *seed));

/* Feeds a target with a seed cut short at each byte, and with each byte replaced by
   some that JSON gives a meaning to. */
void seeds_neighbours(elc_string *seed, int (*target)(const uint8_t *, size_t));

/* The tests that most targets have, as a program's main: `read` accepts the seeds good-*
   and refuses bad-*, of which there are at least so many, and `target`, which aborts
   when a promise is broken, bears all of them and their neighbours. */
typedef struct seeds_program {
    const char *target;
    elc_status (*read)(const elc_string *seed);
    int (*fuzz)(const uint8_t *, size_t);
    size_t good, bad;
} seeds_program;

int seeds_main(const seeds_program *program);

#endif
