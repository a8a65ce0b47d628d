/* cpus.c - how many processors this process may use. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "cpus.h"

#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- affinity ---------------------------------------------------------------- */

/* The kernel refuses a set smaller than its own, so the set grows until it is taken. */
static int affinity_cpus(void) {
    for (size_t cpus = 1024; cpus <= 1024 * 64; cpus *= 4) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (set == NULL)
            break;
        size_t size = CPU_ALLOC_SIZE(cpus);
        int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0)
            return count;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online < INT_MAX ? (int)online : 1;
}

/* ---- cgroup ------------------------------------------------------------------ */

/* First line of a file in a folder; false when there is none. */
static bool first_line(const char *folder, const char *name, char *line, int size) {
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = n > 0 && n < (int)sizeof path ? fopen(path, "re") : NULL;
    if (file == NULL)
        return false;
    bool read = fgets(line, size, file) != NULL;
    fclose(file);
    return read;
}

static int cpus_of(double quota, double period) {
    double cpus = ceil(quota / period);
    return quota > 0 && period > 0 && cpus < INT_MAX ? (int)cpus : INT_MAX;
}

/* v2: "max 100000" or "150000 100000" in cpu.max. */
static int quota_v2(const char *folder) {
    char line[80];
    long long quota, period;
    if (!first_line(folder, "cpu.max", line, sizeof line) ||
        sscanf(line, "%lld %lld", &quota, &period) != 2)
        return INT_MAX;
    return cpus_of((double)quota, (double)period);
}

/* v1: two files, the quota -1 when there is none. */
static int quota_v1(const char *folder) {
    char line[80];
    long long quota, period;
    if (!first_line(folder, "cpu.cfs_quota_us", line, sizeof line) ||
        sscanf(line, "%lld", &quota) != 1 ||
        !first_line(folder, "cpu.cfs_period_us", line, sizeof line) ||
        sscanf(line, "%lld", &period) != 1)
        return INT_MAX;
    return cpus_of((double)quota, (double)period);
}

/* The least of a folder and all above it up to `root`, for each level limits those
   under it. Inside a container the path is the host's and only the root is there. */
static int least_upwards(const char *root, const char *mount, const char *path,
                         int (*quota)(const char *folder)) {
    char folder[PATH_MAX];
    int n = snprintf(folder, sizeof folder, "%s%s%s", root, mount, path);
    if (n < 0 || n >= (int)sizeof folder)
        return INT_MAX;
    size_t top = strlen(root) + strlen(mount);
    int least = quota(folder);
    while (strlen(folder) > top) {
        char *slash = strrchr(folder + top, '/');
        if (slash == NULL)
            break;
        *slash = '\0';
        int here = quota(folder);
        least = here < least ? here : least;
    }
    return least;
}

static bool has_word(const char *words, const char *word) {
    size_t n = strlen(word);
    for (const char *at = words; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, word, n) == 0 && (at[n] == ',' || at[n] == '\0'))
            return true;
    }
    return false;
}

/* A line of the membership: "0::/user" (v2), "4:cpu,cpuacct:/docker/1f" (v1). */
static int quota_of_line(char *line, const char *root) {
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    char *path = controllers == NULL ? NULL : strchr(controllers + 1, ':');
    if (path == NULL)
        return INT_MAX;
    *path++ = '\0';
    controllers++;
    if (strcmp(path, "/") == 0)
        path = "";
    if (controllers[0] == '\0')
        return least_upwards(root, "", path, quota_v2);
    if (!has_word(controllers, "cpu"))
        return INT_MAX;
    int alone = least_upwards(root, "/cpu", path, quota_v1);
    int both = least_upwards(root, "/cpu,cpuacct", path, quota_v1);
    return alone < both ? alone : both;
}

int elc_cgroup_cpus(const char *membership, const char *root) {
    int least = INT_MAX;
    FILE *file = fopen(membership, "re");
    if (file == NULL)
        return least;
    char line[PATH_MAX + 256];
    while (fgets(line, sizeof line, file) != NULL) {
        int here = quota_of_line(line, root);
        least = here < least ? here : least;
    }
    fclose(file);
    return least;
}

int elc_cpu_count(void) {
    int affinity = affinity_cpus();
    int quota = elc_cgroup_cpus("/proc/self/cgroup", "/sys/fs/cgroup");
    return quota < affinity ? quota : affinity;
}
