/* inputs.c - which files are which input, from JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job.h"

#include <jansson.h>
#include <string.h>

static elc_status add_file(elc_names *files, const json_t *file, const char *input,
                           elc_error *err) {
    if (!json_is_string(file))
        return elc_fail(err, ELC_E_ARGUMENT, "the input %s has a path that is no text",
                        input);
    return elc_names_add(files, json_string_value(file), err);
}

/* A path, or a list of them. */
static elc_status add_files(elc_names *files, const json_t *given, const char *input,
                            elc_error *err) {
    if (!json_is_array(given))
        return add_file(files, given, input, err);
    size_t i;
    json_t *file;
    json_array_foreach(given, i, file) {
        ELC_TRY(add_file(files, file, input, err));
    }
    return ELC_OK;
}

static elc_status unknown_input(const elc_job *job, const char *name, elc_error *err) {
    elc_string known = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < job->n_inputs && status == ELC_OK; i++)
        status = elc_string_printf(&known, err, "%s%s", i == 0 ? "" : ", ",
                                   job->op->inputs[i].name);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_ARGUMENT, "%s has no input %s; it has %s",
                          job->op->name, name, known.data);
    elc_string_free(&known);
    return status;
}

static elc_status take_input(elc_job *job, const char *name, const json_t *given,
                             elc_error *err) {
    for (size_t i = 0; i < job->n_inputs; i++)
        if (strcmp(job->op->inputs[i].name, name) == 0)
            return add_files(&job->files[i], given, name, err);
    return unknown_input(job, name, err);
}

static elc_status check_number(const elc_job *job, size_t i, elc_error *err) {
    const elc_input *input = &job->op->inputs[i];
    if (job->files[i].count == 0 && !input->optional)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: no %s given%s%s", job->op->name,
                        input->name, input->help == NULL ? "" : ": ",
                        input->help == NULL ? "" : input->help);
    if (job->files[i].count > 1 && input->cut != ELC_CUT_SOURCE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: the input %s is one table, and %zu files are given",
                        job->op->name, input->name, job->files[i].count);
    return ELC_OK;
}

static elc_status take_all(elc_job *job, const json_t *root, elc_error *err) {
    const char *name;
    json_t *given;
    json_object_foreach((json_t *)root, name, given) {
        ELC_TRY(take_input(job, name, given, err));
    }
    for (size_t i = 0; i < job->n_inputs; i++)
        ELC_TRY(check_number(job, i, err));
    return ELC_OK;
}

elc_status elc_job_take_inputs(elc_job *job, const char *json, elc_error *err) {
    json_error_t where;
    json_t *root =
        json_loads(json == NULL ? "{}" : json, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object(root)) {
        json_decref(root);
        return elc_fail(err, ELC_E_ARGUMENT,
                        "inputs are no JSON object of lists of paths: %s",
                        root == NULL ? where.text : "it is of another kind");
    }
    elc_status status = take_all(job, root, err);
    json_decref(root);
    return status;
}
