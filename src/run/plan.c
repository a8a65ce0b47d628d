/* plan.c - the parts that a call is cut into. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/run.h>

#include <stdlib.h>
#include <string.h>

elc_status elc_plan_add(elc_plan *plan, const void *bytes, size_t size, uint64_t scope,
                        double weight, elc_error *err) {
    if (plan->count > 0 && scope < plan->parts[plan->count - 1].scope)
        return elc_fail(err, ELC_E_INTERNAL,
                        "plan: part %zu is of scope %llu, after one of scope %llu; "
                        "please report this",
                        plan->count, (unsigned long long)scope,
                        (unsigned long long)plan->parts[plan->count - 1].scope);
    ELC_TRY(elc_reserve(&plan->parts, &plan->capacity, plan->count + 1,
                        sizeof *plan->parts, err));
    void *copy;
    ELC_TRY(elc_alloc(size, 1, &copy, err));
    if (size > 0)
        memcpy(copy, bytes, size);
    plan->parts[plan->count++] =
        (elc_part){.bytes = copy, .size = size, .scope = scope, .weight = weight};
    return ELC_OK;
}

void elc_plan_clear(elc_plan *plan) {
    for (size_t i = 0; i < plan->count; i++)
        free(plan->parts[i].bytes);
    free(plan->parts);
    *plan = (elc_plan){0};
}
