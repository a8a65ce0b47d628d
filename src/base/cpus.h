/* cpus.h - the quota of a cgroup; inside base only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_BASE_CPUS_H
#define ELC_BASE_CPUS_H

/* Processors that cgroups leave to the process, rounded up, from a file like
   /proc/self/cgroup and a folder like /sys/fs/cgroup; INT_MAX where nothing limits
   it. */
int elc_cgroup_cpus(const char *membership, const char *root);

#endif
