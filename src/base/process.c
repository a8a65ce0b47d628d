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

double elc_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
