/* wide.c - whether this processor has the instructions of ELC_WIDE and ELC_WIDEST. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

bool elc_cpu_is_wide(void) {
#if defined __x86_64__
    return __builtin_cpu_supports("avx2");
#elif defined __aarch64__
    return true;
#else
    return false;
#endif
}

bool elc_cpu_is_widest(void) {
#if defined __x86_64__
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#else
    return false;
#endif
}
