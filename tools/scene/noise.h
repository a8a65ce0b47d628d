/* noise.h - hashes and small random streams; the town is a function of its seed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SCENE_NOISE_H
#define ELC_SCENE_NOISE_H

#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators). */
static inline uint64_t elc_noise_mix(uint64_t z) {
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A hash of a seed, a place and a purpose, the same wherever it is asked for. */
static inline uint64_t elc_noise_at(uint64_t seed, int64_t x, int64_t y, uint64_t use) {
    uint64_t z = elc_noise_mix(seed ^ (use * 0xD6E8FEB86659FD93u));
    z = elc_noise_mix(z ^ (uint64_t)x);
    return elc_noise_mix(z ^ (uint64_t)y);
}

/* A hash of a pixel: 32 bits, cheap, for grain only. */
static inline uint32_t elc_noise_pixel(uint32_t seed, uint32_t x, uint32_t y) {
    uint32_t h = (x * 0x9E3779B1u) ^ (y * 0x85EBCA77u + seed);
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    return h ^ (h >> 15);
}

typedef struct elc_noise {
    uint64_t state;
} elc_noise;

static inline uint64_t elc_noise_next(elc_noise *noise) {
    noise->state += 0x9E3779B97F4A7C15u;
    return elc_noise_mix(noise->state);
}

/* Uniform in [0, 1). */
static inline double elc_noise_unit(elc_noise *noise) {
    return (double)(elc_noise_next(noise) >> 11) * 0x1p-53;
}

static inline double elc_noise_between(elc_noise *noise, double low, double high) {
    return low + (high - low) * elc_noise_unit(noise);
}

#endif
