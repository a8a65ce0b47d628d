/* test_process_internal.c - processors, cgroup quotas, memory, clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cpus.h"

/* ---- cgroups, laid out in a folder of our own -------------------------------- */

static char root[40];

static int setup(void **state) {
    (void)state;
    strcpy(root, "/tmp/elcano-cgroup-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int teardown(void **state) {
    (void)state;
    char command[60];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static void put(const char *name, const char *text) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *slash = path + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int cpus(void) {
    char membership[60];
    snprintf(membership, sizeof membership, "%s/membership", root);
    return elc_cgroup_cpus(membership, root);
}

static void test_no_quota_is_no_limit(void **state) {
    (void)state;
    assert_int_equal(cpus(), INT_MAX);
    put("membership", "0::/a\n");
    assert_int_equal(cpus(), INT_MAX);
    put("a/cpu.max", "max 100000\n");
    assert_int_equal(cpus(), INT_MAX);
}

static void test_a_quota_is_rounded_up(void **state) {
    (void)state;
    put("membership", "0::/a\n");
    put("a/cpu.max", "150000 100000\n");
    assert_int_equal(cpus(), 2);
    put("a/cpu.max", "10000 100000\n");
    assert_int_equal(cpus(), 1);
    put("a/cpu.max", "400000 100000\n");
    assert_int_equal(cpus(), 4);
}

static void test_the_least_quota_above_counts(void **state) {
    (void)state;
    put("membership", "0::/a/b/c\n");
    put("a/b/c/cpu.max", "800000 100000\n");
    put("a/cpu.max", "300000 100000\n");
    assert_int_equal(cpus(), 3);
}

static void test_a_container_sees_only_its_root(void **state) {
    (void)state;
    put("membership", "0::/system.slice/docker-1f.scope\n");
    put("cpu.max", "200000 100000\n");
    assert_int_equal(cpus(), 2);
    put("membership", "0::/\n");
    assert_int_equal(cpus(), 2);
}

static void test_the_first_version_has_two_files(void **state) {
    (void)state;
    put("membership", "5:cpuset:/x\n4:cpu,cpuacct:/docker/1f\n1:name=systemd:/\n");
    put("cpu,cpuacct/docker/1f/cpu.cfs_quota_us", "250000\n");
    put("cpu,cpuacct/docker/1f/cpu.cfs_period_us", "100000\n");
    assert_int_equal(cpus(), 3);
    put("cpu,cpuacct/docker/1f/cpu.cfs_quota_us", "-1\n");
    assert_int_equal(cpus(), INT_MAX);
    put("cpu/cpu.cfs_quota_us", "100000\n");
    put("cpu/cpu.cfs_period_us", "100000\n");
    assert_int_equal(cpus(), 1);
}

static void test_nonsense_is_no_limit(void **state) {
    (void)state;
    put("membership", "\n::\n0:\n0::/a\nrubbish\n");
    put("a/cpu.max", "1 0\n");
    assert_int_equal(cpus(), INT_MAX);
    put("a/cpu.max", "-5 100000\n");
    assert_int_equal(cpus(), INT_MAX);
    put("a/cpu.max", "");
    assert_int_equal(cpus(), INT_MAX);
}

/* ---- this process ------------------------------------------------------------ */

static void test_cpu_count_follows_affinity(void **state) {
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_in_range(elc_cpu_count(), 1, CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &before))
            CPU_SET(i, &one);
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(elc_cpu_count(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void test_memory_grows_with_what_is_touched(void **state) {
    (void)state;
    enum { SIZE = 64 << 20 };
    size_t before = elc_memory_resident();
    char *room = malloc(SIZE);
    for (volatile char *page = room; page < room + SIZE; page += 4096)
        *page = 1;
    size_t during = elc_memory_resident();
    free(room);
    assert_true(before > 0);
    assert_true(during >= before + SIZE * 9 / 10);
    assert_true(elc_memory_peak() >= before + SIZE * 9 / 10);
}

static void test_clock_runs_forward_in_seconds(void **state) {
    (void)state;
    double start = elc_clock();
    usleep(20000);
    double passed = elc_clock() - start;
    assert_true(passed >= 0.02 && passed < 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_quota_is_no_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_quota_is_rounded_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_least_quota_above_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_container_sees_only_its_root, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_first_version_has_two_files, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_nonsense_is_no_limit, setup, teardown),
        cmocka_unit_test(test_cpu_count_follows_affinity),
        cmocka_unit_test(test_memory_grows_with_what_is_touched),
        cmocka_unit_test(test_clock_runs_forward_in_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
