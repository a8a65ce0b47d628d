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

#endif
