/* context.c - cancel, warnings and progress of long work. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "format.h"

#include <pthread.h>

/* One call to a caller's callback at a time, in the whole process: an elc_context is a
   plain borrowed struct and has no room for a lock. Recursive, so that a callback may
   itself warn. */
static pthread_mutex_t callback_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

elc_status elc_check_cancel(const elc_context *context, elc_error *err) {
    if (context == NULL || context->cancel == NULL ||
        __atomic_load_n(context->cancel, __ATOMIC_RELAXED) == 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_CANCELLED, "cancelled");
}

elc_status elc_check_memory(const elc_context *context, elc_error *err) {
    size_t taken = context != NULL && context->memory > 0 ? elc_memory_resident() : 0;
    if (taken == 0 || taken <= context->memory)
        return ELC_OK;
    return elc_fail(err, ELC_E_MEMORY,
                    "memory: more than %zu MB are taken, which is the limit (--memory)",
                    context->memory / 1000000);
}

void elc_warn(const elc_context *context, const char *format, ...) {
    if (context == NULL || context->warn == NULL)
        return;
    char line[sizeof((elc_error *)0)->message];
    va_list args;
    va_start(args, format);
    elc_format_line(line, sizeof line, format, args);
    va_end(args);
    pthread_mutex_lock(&callback_lock);
    context->warn(context->arg, line);
    pthread_mutex_unlock(&callback_lock);
}

void elc_report(const elc_context *context, const elc_progress *now) {
    if (context == NULL || context->progress == NULL)
        return;
    pthread_mutex_lock(&callback_lock);
    context->progress(context->arg, now);
    pthread_mutex_unlock(&callback_lock);
}

int elc_context_threads(const elc_context *context) {
    return context == NULL || context->threads <= 0 ? elc_cpu_count()
                                                    : context->threads;
}
