/* check_rules.c - fuzzes the reader of rules as CSV. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <operators/check/rules.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rules_must(bool holds) {
    if (!holds)
        abort();
}

static void rules_check(const check_rules *rules) {
    rules_must(rules->count > 0);
    for (size_t i = 0; i < rules->count; i++) {
        const check_rule *rule = &rules->items[i];
        rules_must(rule->theme[0] != '\0' && rule->reason[0] != '\0');
        rules_must(rule->distance_m >= 0 && rule->distance_m <= CHECK_FARTHEST);
        rules_must(rule->near || rule->distance_m == 0);
        rules_must(rule->line > (i > 0 ? rules->items[i - 1].line : 1));
        for (size_t k = 0; k < rule->classes.count; k++)
            rules_must(rule->classes.items[k][0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    check_rules rules = {0};
    elc_error err = {0};
    /* A copy of the exact size: a sanitizer sees a byte read beyond it. */
    char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    if (elc_check_rules_parse("rules.csv", copy, size, &rules, &err) == ELC_OK)
        rules_check(&rules);
    else
        rules_must(err.message[0] != '\0' && rules.items == NULL);
    elc_check_rules_free(&rules);
    free(copy);
    return 0;
}
