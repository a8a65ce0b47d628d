/* yaml.c - the list of names in the YAML that describes a set of YOLO labels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"
#include "label/yolo.h"

#include <stdlib.h>
#include <string.h>

#define CLASSES_MAX 100000

/* Just so much of YAML as such files have: `names: [a, b]`, `names: {0: a}`, and both
   as blocks of lines, with texts in quotes or without. */
typedef struct yaml {
    elc_label_build place;
    elc_names *out;
    elc_string flow; /* of a list in brackets, until it is closed */
    bool inside;
} yaml;

/* The length of `text` up to a character of `ends` outside of quotes. */
static size_t span_to(const char *text, const char *ends) {
    char quote = '\0';
    size_t i = 0;
    for (; text[i] != '\0' && (quote || !strchr(ends, text[i])); i++) {
        if (quote == '"' && text[i] == '\\' && text[i + 1] != '\0')
            i++;
        else if (quote && text[i] == quote)
            quote = '\0';
        else if (!quote && (text[i] == '"' || text[i] == '\'') &&
                 (i == 0 || strchr(" \t[{,:-", text[i - 1])))
            quote = text[i];
    }
    return i;
}

/* Ends a line at a comment. */
static void cut_comment(char *line) {
    for (size_t i = span_to(line, "#"); line[i] == '#'; i += span_to(line + i, "#")) {
        if (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t') {
            line[i] = '\0';
            return;
        }
        i++;
    }
}

static char *trim(char *text) {
    text += strspn(text, " \t\r\n");
    char *end = text + strlen(text);
    while (end > text && strchr(" \t\r\n", end[-1]))
        *--end = '\0';
    return text;
}

/* Takes quotes off, in place: '' is ' within '', \x is x within "". */
static char *unquote(char *text) {
    char quote = text[0];
    size_t n = strlen(text);
    if ((quote != '"' && quote != '\'') || n < 2 || text[n - 1] != quote)
        return text;
    text[n - 1] = '\0';
    char *to = text;
    for (const char *from = text + 1; *from; from++) {
        bool escape = quote == '"' ? *from == '\\' : *from == '\'';
        from += escape && from[1] != '\0';
        *to++ = *from;
    }
    *to = '\0';
    return text;
}

/* ---- names ---------------------------------------------------------------- */

static elc_status add_name(yaml *y, char *text, elc_error *err) {
    char *name = unquote(trim(text));
    if (*name == '\0')
        return ELC_LABEL_FAIL(&y->place, err, ELC_E_FORMAT, "a class has no name");
    if (y->out->count == CLASSES_MAX)
        return ELC_LABEL_FAIL(&y->place, err, ELC_E_FORMAT, "more than %d classes",
                              CLASSES_MAX);
    return elc_names_add(y->out, name, err);
}

/* "3: car": the numbers must come in order, from 0. */
static elc_status add_numbered(yaml *y, char *text, elc_error *err) {
    size_t n = span_to(text, ":");
    int64_t id = -1;
    char *name = text + n + (text[n] == ':');
    text[n] = '\0';
    if (elc_parse_int(unquote(trim(text)), "id", &id, NULL) != ELC_OK ||
        id != (int64_t)y->out->count)
        return ELC_LABEL_FAIL(&y->place, err, ELC_E_FORMAT,
                              "'%.40s' where class %zu is expected: number the names "
                              "from 0 on, without a gap",
                              text, y->out->count);
    return add_name(y, name, err);
}

static elc_status take_flow(yaml *y, elc_error *err) {
    char *text = trim(y->flow.data), open = text[0];
    size_t n = strlen(text);
    text[n - 1] = '\0';
    for (text++; *(text += strspn(text, " \t")) != '\0';) {
        size_t item = span_to(text, ",");
        bool more = text[item] == ',';
        text[item] = '\0';
        ELC_TRY(open == '{' ? add_numbered(y, text, err) : add_name(y, text, err));
        text += item + more;
    }
    return ELC_OK;
}

/* ---- lines ---------------------------------------------------------------- */

static elc_status add_flow(yaml *y, const char *text, elc_error *err) {
    if (y->flow.size + strlen(text) > (size_t)1 << 20)
        return ELC_LABEL_FAIL(&y->place, err, ELC_E_FORMAT,
                              "a list of names longer than 1 MiB: is it closed?");
    ELC_TRY(elc_string_printf(&y->flow, err, "%s ", text));
    char *all = y->flow.data + strspn(y->flow.data, " \t\r");
    size_t n = span_to(all, "]}");
    if (all[n] == '\0')
        return ELC_OK;
    all[n + 1] = '\0';
    y->inside = false;
    elc_status status = take_flow(y, err);
    y->flow.size = 0;
    return status;
}

static elc_status take_block(yaml *y, char *line, elc_error *err) {
    bool indented = line[0] == ' ' || line[0] == '\t';
    char *text = trim(line);
    bool dash = text[0] == '-' && (text[1] == ' ' || text[1] == '\0');
    if (!indented && !dash) {
        y->inside = false;
        return ELC_OK;
    }
    return dash ? add_name(y, text + 1, err) : add_numbered(y, text, err);
}

/* Lines with key points look like outlines, and would be read as such. */
static elc_status take_key(yaml *y, char *line, elc_error *err) {
    if (strncmp(line, "kpt_shape:", 10) == 0)
        return ELC_LABEL_FAIL(&y->place, err, ELC_E_UNSUPPORTED,
                              "the labels have key points, which Elcano does not read; "
                              "keep the first five words of each line, and take this "
                              "line out");
    if (strncmp(line, "names:", 6) != 0)
        return ELC_OK;
    char *rest = trim(line + 6);
    y->inside = true;
    if (rest[0] == '\0')
        return ELC_OK;
    if (rest[0] == '[' || rest[0] == '{')
        return add_flow(y, rest, err);
    return ELC_LABEL_FAIL(&y->place, err, ELC_E_FORMAT,
                          "names is '%.40s': write a list of them, or number and name",
                          rest);
}

static elc_status take_line(yaml *y, char *line, elc_error *err) {
    cut_comment(line);
    if (line[strspn(line, " \t\r")] == '\0')
        return ELC_OK;
    if (y->inside && y->flow.size > 0)
        return add_flow(y, line, err);
    if (y->inside)
        ELC_TRY(take_block(y, line, err));
    return y->inside ? ELC_OK : take_key(y, line, err);
}

elc_status elc_label_yaml_names(const char *path, elc_names *out, elc_error *err) {
    yaml y = {.place = {.path = path, .unit = "line"}, .out = out};
    elc_label_file file = {0};
    elc_string line = {0};
    bool more = true;
    ELC_TRY(elc_label_file_open(path, &file, err));
    elc_status status = elc_label_file_line(&file, &line, &y.place.number, &more, err);
    while (status == ELC_OK && more) {
        status = take_line(&y, line.data, err);
        if (status == ELC_OK)
            status = elc_label_file_line(&file, &line, &y.place.number, &more, err);
    }
    if (status == ELC_OK && y.flow.size > 0)
        status = ELC_LABEL_FAIL(&y.place, err, ELC_E_FORMAT,
                                "the list of names is not closed");
    elc_label_file_close(&file);
    elc_string_free(&line);
    elc_string_free(&y.flow);
    return status;
}
