/* process.c - this process's memory and clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* getrusage would give the peak too, but one that a child inherits from its parent. */
static size_t status_bytes(const char *pattern) {
    FILE *file = fopen("/proc/self/status", "re");
    if (file == NULL)
        return 0;
    char line[256];
    size_t kilobytes = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, pattern, &kilobytes) == 1)
            break;
    }
    fclose(file);
    return kilobytes * 1024;
}

size_t elc_memory_resident(void) {
    return status_bytes("VmRSS: %zu kB");
}

size_t elc_memory_peak(void) {
    return status_bytes("VmHWM: %zu kB");
}

/* Linux's second version of control groups, as containers see their own. */
static size_t group_bytes(void) {
    FILE *file = fopen("/sys/fs/cgroup/memory.max", "re");
    size_t bytes = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%zu", &bytes) != 1) /* "max" */
        bytes = 0;
    fclose(file);
    return bytes;
}

size_t elc_memory_total(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    size_t all = pages > 0 && size > 0 ? (size_t)pages * (size_t)size : 0;
    size_t group = group_bytes();
    return group > 0 && (all == 0 || group < all) ? group : all;
}

double elc_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
