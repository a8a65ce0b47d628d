/* job.c - what check is asked: rules, themes, and where a map has them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "find.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables --------------------------------------------------------------------- */

typedef elc_status (*parser)(const char *name, const void *bytes, size_t size,
                             void *out, elc_error *err);

/* Messages call it as the user does. */
static elc_status read_table(const char *text, parser parse, void *out,
                             elc_error *err) {
    elc_string path = {0}, bytes = {0};
    elc_status status = elc_check_find(text, &path, err);
    if (status == ELC_OK)
        status = elc_file_read(path.data, CHECK_CSV_BYTES, &bytes, err);
    if (status == ELC_OK)
        status = parse(text, bytes.data, bytes.size, out, err);
    elc_string_free(&path);
    elc_string_free(&bytes);
    return status;
}

static elc_status parse_rules(const char *name, const void *bytes, size_t size,
                              void *out, elc_error *err) {
    return elc_check_rules_parse(name, bytes, size, out, err);
}

static elc_status parse_themes(const char *name, const void *bytes, size_t size,
                               void *out, elc_error *err) {
    return elc_check_themes_parse(name, bytes, size, out, err);
}

/* ---- layers --------------------------------------------------------------------- */

static elc_status take_given(check_job *job, const char *word, elc_error *err) {
    ELC_TRY(elc_names_add(&job->words, word, err));
    char *theme = job->words.items[job->words.count - 1], *equals = strchr(theme, '=');
    if (equals == NULL || equals == theme || equals[1] == '\0')
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--layers %s: write THEME=FILE or THEME=FILE:LAYER, as in "
                        "water=lakes.gpkg:lakes",
                        word);
    *equals = '\0';
    if (strcmp(theme, "none") == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--layers %s: none means no theme; call it otherwise", word);
    job->given[job->n_given++] = (check_given){theme, equals + 1};
    return ELC_OK;
}

static elc_status take_layers(check_job *job, const elc_options *options,
                              elc_error *err) {
    const elc_names *words = elc_options_list(options, "layers");
    ELC_TRY(elc_alloc(words->count, sizeof *job->given, &job->given, err));
    for (size_t i = 0; i < words->count; i++)
        ELC_TRY(take_given(job, words->items[i], err));
    if (job->osm == NULL && job->n_given == 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "nothing says what the map has: give --osm FILE, or --layers "
                        "THEME=FILE:LAYER");
    return ELC_OK;
}

static bool is_given(const check_job *job, const char *theme) {
    for (size_t i = 0; i < job->n_given; i++)
        if (strcmp(job->given[i].theme, theme) == 0)
            return true;
    return false;
}

/* ---- the themes of rules -------------------------------------------------------- */

/* Those of the table and of --layers, each once, and a NULL. */
static elc_status list_known(const check_job *job, const char ***out, elc_error *err) {
    size_t n = 0;
    const char **known;
    ELC_TRY(
        elc_alloc(job->themes.n_names + job->n_given + 1, sizeof *known, &known, err));
    for (size_t i = 0; i < job->themes.n_names; i++)
        known[n++] = job->themes.names[i].name;
    for (size_t i = 0; i < job->n_given; i++) {
        size_t at = 0;
        while (at < n && strcmp(known[at], job->given[i].theme) != 0)
            at++;
        known[at] = job->given[i].theme;
        n += at == n;
    }
    *out = known;
    return ELC_OK;
}

static elc_status say_unknown(const check_job *job, const check_rule *rule,
                              const char *const *known, elc_error *err) {
    const char *near = elc_nearest_word(rule->theme, known);
    elc_string all = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; known[i] != NULL && status == ELC_OK; i++)
        status = elc_string_printf(&all, err, "%s%s", i == 0 ? "" : ", ", known[i]);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "%s: line %zu: unknown theme %s%s%s%s; known are %s",
                          job->rules_name, rule->line, rule->theme,
                          near != NULL ? " (did you mean " : "",
                          near != NULL ? near : "", near != NULL ? "?)" : "", all.data);
    elc_string_free(&all);
    return status;
}

static bool is_known(const char *theme, const char *const *known) {
    while (*known != NULL && strcmp(*known, theme) != 0)
        known++;
    return *known != NULL;
}

static elc_status ask_rules(check_job *job, const char *const *known,
                            const elc_context *context, elc_error *err) {
    size_t n = 0;
    for (size_t i = 0; i < job->rules.count; i++) {
        const check_rule *rule = &job->rules.items[i];
        if (!is_known(rule->theme, known))
            return say_unknown(job, rule, known, err);
        job->asked[i] = job->osm != NULL || is_given(job, rule->theme);
        n += job->asked[i];
        if (!job->asked[i])
            elc_warn(context,
                     "%s: line %zu: nothing gives the theme %s, so that the rule is "
                     "not asked; give --osm, or --layers %s=FILE",
                     job->rules_name, rule->line, rule->theme, rule->theme);
    }
    if (n > 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: no rule can be asked, for nothing gives their themes; give "
                    "--osm, or --layers %s=FILE",
                    job->rules_name, job->rules.items[0].theme);
}

static elc_status find_themes(check_job *job, const elc_context *context,
                              elc_error *err) {
    const char **known = NULL;
    ELC_TRY(elc_alloc(job->rules.count, sizeof *job->asked, &job->asked, err));
    elc_status status = list_known(job, &known, err);
    if (status == ELC_OK)
        status = ask_rules(job, known, context, err);
    free(known);
    return status;
}

/* ---- life ----------------------------------------------------------------------- */

static elc_status fill(check_job *job, const elc_call *call, elc_error *err) {
    const elc_options *options = call->options;
    if (!elc_options_has(options, "rules"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--rules is not given; name a table that comes with Elcano "
                        "(vehicles, ships, aircraft, buildings) or a file");
    job->osm = elc_options_text(options, "osm");
    ELC_TRY(take_layers(job, options, err));
    job->rules_name = elc_options_text(options, "rules");
    ELC_TRY(read_table(job->rules_name, parse_rules, &job->rules, err));
    ELC_TRY(read_table(elc_options_text(options, "themes"), parse_themes, &job->themes,
                       err));
    return find_themes(job, call->context, err);
}

elc_status elc_check_job_create(const elc_call *call, check_job **out, elc_error *err) {
    check_job *job;
    ELC_TRY(elc_alloc(1, sizeof *job, &job, err));
    elc_status status = fill(job, call, err);
    if (status != ELC_OK) {
        elc_check_job_free(job);
        return status;
    }
    *out = job;
    return ELC_OK;
}

void elc_check_job_free(check_job *job) {
    if (job == NULL)
        return;
    elc_check_rules_free(&job->rules);
    elc_check_themes_free(&job->themes);
    elc_names_free(&job->words);
    free(job->given);
    free(job->asked);
    free(job);
}
