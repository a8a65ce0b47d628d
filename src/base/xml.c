/* xml.c - XML read as a stream, from bytes that nobody vouches for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#define LEVELS_MAX     256
#define PATH_MAX_BYTES 4096
#define OWN_MAX        (1 << 20) /* bytes of text, or of attributes, of one element */
/* What may pass without an element, text or comment ending: a tag of OWN_MAX
   attributes, as UTF-16, and what is read ahead. */
#define SILENCE_MAX (3 << 20)
/* libxml2 compares the attributes of a tag pair by pair; a tag holds no '<'. */
#define QUOTES_MAX 4096

typedef struct {
    size_t path, text, attributes; /* where an open element's own begin */
} level;

typedef struct {
    const char *name;
    elc_xml_source source;
    void *source_arg;
    uint64_t limit, taken;
    size_t silence, quotes;
    elc_xml_element element;
    void *arg;
    xmlParserCtxtPtr parser;
    size_t depth;
    level levels[LEVELS_MAX];
    elc_string path, text, attributes; /* of all open elements, one after the other */
    const char **pointers;
    size_t capacity;
    char complaint[300];
    elc_status status;
    elc_error *err;
} reading;

/* ---- how a reading ends before its time ------------------------------------------ */

static void stop(reading *r, elc_status status) {
    r->status = status;
    xmlStopParser(r->parser);
}

static int line_of(const reading *r) {
    return r->parser != NULL ? xmlSAX2GetLineNumber(r->parser) : 0;
}

static void refuse_entity(reading *r, const xmlChar *name) {
    if (r->status == ELC_OK)
        stop(r,
             elc_fail(r->err, ELC_E_FORMAT,
                      "%s: line %d: the entity \"%.60s\" is refused: only &amp; &lt; "
                      "&gt; &quot; &apos; and characters are read; write it out",
                      r->name, line_of(r), (const char *)name));
}

static elc_status too_much(const reading *r, const char *what, size_t limit) {
    return elc_fail(r->err, ELC_E_FORMAT, "%s: line %d: %s; at most %zu are read",
                    r->name, line_of(r), what, limit);
}

static elc_status broken(const reading *r, int line, const char *why) {
    return elc_fail(r->err, ELC_E_FORMAT, "%s: not well-formed XML: line %d: %s",
                    r->name, line, why);
}

/* What ends the document for libxml2 ends the reading: it goes on itself to tell of
   more, and of a comment with many "--" takes the square of its length. */
#if LIBXML_VERSION >= 21200
static void complain(void *arg, const xmlError *error) {
#else
static void complain(void *arg, xmlErrorPtr error) {
#endif
    reading *r = arg;
    if (error == NULL || error->message == NULL || r->status != ELC_OK ||
        error->level < XML_ERR_ERROR)
        return;
    char text[300];
    snprintf(text, sizeof text, "%s", error->message);
    text[strcspn(text, "\n")] = '\0';
    if (error->level == XML_ERR_FATAL)
        r->status = broken(r, error->line, text);
    else if (r->complaint[0] == '\0')
        memcpy(r->complaint, text, sizeof text);
}

/* ---- bytes in -------------------------------------------------------------------- */

static void count_quotes(reading *r, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '<')
            r->quotes = 0;
        r->quotes += bytes[i] == '"' || bytes[i] == '\'';
    }
}

/* The status of what was just read. libxml2 is in the middle of its buffer: it must not
   be stopped here, and ends by itself where its input does. */
static elc_status check_bytes(reading *r, int64_t n, int size) {
    if (n < 0 || n > size)
        return elc_fail(r->err, ELC_E_IO, "%s: cannot be read to its end", r->name);
    if (r->taken > r->limit)
        return elc_fail(r->err, ELC_E_FORMAT,
                        "%s: larger than the %llu bytes that such a file may have",
                        r->name, (unsigned long long)r->limit);
    if (r->silence > SILENCE_MAX)
        return too_much(r, "one tag or comment of more than 1 MiB of bytes", OWN_MAX);
    if (r->quotes > QUOTES_MAX)
        return too_much(r, "a tag of too many attributes", QUOTES_MAX / 2);
    return ELC_OK;
}

static int fetch(void *arg, char *buffer, int size) {
    reading *r = arg;
    if (r->status != ELC_OK || size <= 0)
        return -1;
    int64_t n = r->source(r->source_arg, buffer, (size_t)size);
    if (n > 0 && n <= size) {
        r->taken += (uint64_t)n;
        r->silence += (size_t)n;
        count_quotes(r, buffer, (size_t)n);
    }
    r->status = check_bytes(r, n, size);
    return r->status == ELC_OK ? (int)n : -1;
}

/* ---- what libxml2 says
 * ------------------------------------------------------------------ */

static void heard(reading *r) {
    r->silence = r->quotes = 0;
}

static elc_status keep_attribute(reading *r, const xmlChar *const *a) {
    size_t n = (size_t)(a[4] - a[3]);
    ELC_TRY(elc_string_append(&r->attributes, a[0], strlen((const char *)a[0]) + 1,
                              r->err));
    ELC_TRY(elc_string_append(&r->attributes, a[3], n, r->err));
    return elc_string_append(&r->attributes, "", 1, r->err);
}

static elc_status open_level(reading *r, const char *name, int n,
                             const xmlChar **attributes) {
    if (r->depth == LEVELS_MAX)
        return too_much(r, "elements nested too deep", LEVELS_MAX);
    level *now = &r->levels[r->depth++];
    *now = (level){r->path.size, r->text.size, r->attributes.size};
    ELC_TRY(elc_string_printf(&r->path, r->err, "%s%s", r->depth > 1 ? "/" : "", name));
    ELC_TRY(elc_string_append(&r->text, "", 0, r->err));
    for (int i = 0; i < n; i++)
        ELC_TRY(keep_attribute(r, attributes + 5 * i));
    if (r->path.size > PATH_MAX_BYTES)
        return too_much(r, "names of nested elements too long together",
                        PATH_MAX_BYTES);
    if (r->attributes.size - now->attributes > OWN_MAX)
        return too_much(r, "an element with too many bytes of attributes", OWN_MAX);
    return ELC_OK;
}

static void start_element(void *arg, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int n_namespaces,
                          const xmlChar **namespaces, int n_attributes, int n_defaulted,
                          const xmlChar **attributes) {
    (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    reading *r = arg;
    heard(r);
    if (r->status != ELC_OK)
        return;
    elc_status status = open_level(r, (const char *)name, n_attributes, attributes);
    if (status != ELC_OK)
        stop(r, status);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* White space before an element's own text is left out as it comes: between a million
   children there is much of it. */
static void take_text(void *arg, const xmlChar *text, int n) {
    reading *r = arg;
    heard(r);
    if (r->status != ELC_OK || r->depth == 0)
        return;
    size_t own = r->text.size - r->levels[r->depth - 1].text;
    for (; own == 0 && n > 0 && is_space((char)*text); n--)
        text++;
    if (n <= 0)
        return;
    elc_status status =
        own + (size_t)n > OWN_MAX
            ? too_much(r, "an element with too many bytes of text", OWN_MAX)
            : elc_string_append(&r->text, text, (size_t)n, r->err);
    if (status != ELC_OK)
        stop(r, status);
}

static elc_status point_at_attributes(reading *r, size_t from) {
    size_t n = 0;
    for (size_t i = from; i < r->attributes.size; n++)
        i += strlen(r->attributes.data + i) + 1;
    ELC_TRY(
        elc_reserve(&r->pointers, &r->capacity, n + 1, sizeof *r->pointers, r->err));
    n = 0;
    for (size_t i = from; i < r->attributes.size;) {
        r->pointers[n++] = r->attributes.data + i;
        i += strlen(r->attributes.data + i) + 1;
    }
    r->pointers[n] = NULL;
    return ELC_OK;
}

/* The own text of the innermost element, without the white space at its end. */
static const char *own_text(elc_string *text, size_t at) {
    while (text->size > at && is_space(text->data[text->size - 1]))
        text->size--;
    text->data[text->size] = '\0';
    return text->data + at;
}

static void cut(elc_string *s, size_t size) {
    s->size = size;
    if (s->data != NULL)
        s->data[size] = '\0';
}

static void end_element(void *arg, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    reading *r = arg;
    heard(r);
    if (r->status != ELC_OK || r->depth == 0)
        return;
    level own = r->levels[r->depth - 1];
    elc_status status = point_at_attributes(r, own.attributes);
    if (status == ELC_OK)
        status = r->element(r->arg, r->path.data, own_text(&r->text, own.text),
                            r->pointers, r->err);
    cut(&r->path, own.path);
    cut(&r->text, own.text);
    cut(&r->attributes, own.attributes);
    r->depth--;
    if (status != ELC_OK)
        stop(r, status);
}

static void pass_comment(void *arg, const xmlChar *text) {
    (void)text;
    heard(arg);
}

static void pass_instruction(void *arg, const xmlChar *target, const xmlChar *data) {
    (void)target, (void)data;
    heard(arg);
}

/* ---- what is refused ------------------------------------------------------------- */

static void declare_entity(void *arg, const xmlChar *name, int type,
                           const xmlChar *public_id, const xmlChar *system_id,
                           xmlChar *content) {
    (void)type, (void)public_id, (void)system_id, (void)content;
    refuse_entity(arg, name);
}

static xmlEntityPtr find_entity(void *arg, const xmlChar *name) {
    refuse_entity(arg, name);
    return NULL;
}

static void meet_reference(void *arg, const xmlChar *name) {
    refuse_entity(arg, name);
}

/* Attributes by default would make many bytes of few. */
static void declare_attribute(void *arg, const xmlChar *element, const xmlChar *name,
                              int type, int def, const xmlChar *value,
                              xmlEnumerationPtr tree) {
    (void)element, (void)type, (void)def;
    reading *r = arg;
    xmlFreeEnumeration(tree);
    if (value != NULL && r->status == ELC_OK)
        stop(r, elc_fail(r->err, ELC_E_FORMAT,
                         "%s: line %d: the attribute \"%.60s\" has a default value, "
                         "which is refused; take the declaration out",
                         r->name, line_of(r), (const char *)name));
}

/* ---- public ---------------------------------------------------------------------- */

static void initialise(void) {
    xmlInitParser();
}

static void describe_handler(xmlSAXHandler *handler) {
    *handler = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = take_text,
        .cdataBlock = take_text,
        .comment = pass_comment,
        .processingInstruction = pass_instruction,
        .entityDecl = declare_entity,
        .attributeDecl = declare_attribute,
        .getEntity = find_entity,
        .getParameterEntity = find_entity,
        .reference = meet_reference,
        .serror = complain,
    };
}

static elc_status parse(reading *r) {
    xmlSAXHandler handler;
    describe_handler(&handler);
    r->parser =
        xmlCreateIOParserCtxt(&handler, r, fetch, NULL, r, XML_CHAR_ENCODING_NONE);
    if (r->parser == NULL)
        return r->status != ELC_OK ? r->status
                                   : elc_fail(r->err, ELC_E_MEMORY,
                                              "%s: no memory to read it", r->name);
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET);
    xmlParseDocument(r->parser);
    if (r->status != ELC_OK || r->parser->wellFormed)
        return r->status;
    return broken(r, line_of(r), r->complaint[0] ? r->complaint : "it ends early");
}

static void free_reading(reading *r) {
    if (r->parser != NULL) {
        xmlFreeDoc(r->parser->myDoc);
        xmlFreeParserCtxt(r->parser);
    }
    elc_string_free(&r->path);
    elc_string_free(&r->text);
    elc_string_free(&r->attributes);
    free(r->pointers);
    free(r);
}

elc_status elc_xml_read(const char *name, elc_xml_source source, void *source_arg,
                        uint64_t limit, elc_xml_element element, void *arg,
                        elc_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    reading *r = NULL;
    ELC_TRY(elc_alloc(1, sizeof *r, &r, err));
    r->name = name;
    r->source = source;
    r->source_arg = source_arg;
    r->limit = limit;
    r->element = element;
    r->arg = arg;
    r->err = err;
    /* What libxml2 does not blame on a parser goes to the thread's own handler. */
    xmlStructuredErrorFunc before = xmlStructuredError;
    void *before_arg = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(r, complain);
    elc_status status = parse(r);
    xmlSetStructuredErrorFunc(before_arg, before);
    free_reading(r);
    return status;
}

typedef struct {
    const char *bytes;
    size_t left;
} memory;

static int64_t take_memory(void *arg, char *buffer, size_t size) {
    memory *m = arg;
    size_t n = size < m->left ? size : m->left;
    if (n > 0)
        memcpy(buffer, m->bytes, n);
    m->bytes += n;
    m->left -= n;
    return (int64_t)n;
}

elc_status elc_xml_read_bytes(const char *name, const void *bytes, size_t n,
                              elc_xml_element element, void *arg, elc_error *err) {
    memory m = {bytes, n};
    return elc_xml_read(name, take_memory, &m, n, element, arg, err);
}
