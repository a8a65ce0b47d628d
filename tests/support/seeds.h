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
   some that JSON gives a meaning to, or with some of its bits turned. */
void seeds_neighbours(elc_string *seed, int (*target)(const uint8_t *, size_t));
void seeds_flipped(elc_string *seed, int (*target)(const uint8_t *, size_t));

/* Feeds a target so many times with seeds that were cut, joined and changed at random,
   which are the same each time. */
void seeds_storm(const char *name, int (*target)(const uint8_t *, size_t), long times);

/* The tests that most targets have, as a program: `read` accepts the seeds good-* and
   refuses bad-*, of which there are at least so many, and `fuzz`, which aborts when a
   promise is broken, bears all of them and their neighbours. */
typedef struct seeds_program {
    const char *target;
    elc_status (*read)(const elc_string *seed);
    int (*fuzz)(const uint8_t *, size_t);
    size_t good, bad;
    bool binary; /* bits are turned instead of bytes replaced */
} seeds_program;

#define SEEDS_PROGRAM(...)                                                             \
    int main(void) {                                                                   \
        static const seeds_program seeds_of_this = {                                   \
            .read = read_seed, .fuzz = LLVMFuzzerTestOneInput, __VA_ARGS__};           \
        return seeds_main(&seeds_of_this);                                             \
    }

int seeds_main(const seeds_program *program);

#endif
