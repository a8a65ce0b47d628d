/* page.c - pages of help, as plain text and as roff. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

enum { INDENT = 2, TERM = 26, WIDEST = 100 };

/* ---- roff (man(7), groff_char(7)) ---------------------------------------- */

static size_t roff_wide(FILE *out, const unsigned char *u) {
    size_t n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
    unsigned code = u[0] & (0xffU >> (n + 1));
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (u[i] & 0x3fU);
    fprintf(out, "\\[u%04X]", code);
    return n;
}

/* '-' is a hyphen and '\'' a closing quote unless escaped; neither could be copied. */
static void roff_char(FILE *out, char c) {
    switch (c) {
    case '\\':
        fputs("\\e", out);
        break;
    case '-':
        fputs("\\-", out);
        break;
    case '\'':
        fputs("\\(aq", out);
        break;
    case '`':
        fputs("\\(ga", out);
        break;
    case '^':
        fputs("\\(ha", out);
        break;
    case '~':
        fputs("\\(ti", out);
        break;
    case '"':
        fputs("\\(dq", out);
        break;
    default:
        fputc(c, out);
    }
}

/* A line of a request begins with '.', so text is kept from it by \&. */
static void roff_line(FILE *out, const char *text) {
    if (text[0] == '.')
        fputs("\\&", out);
    for (size_t i = 0; text[i] != '\0';) {
        if ((unsigned char)text[i] >= 0xc2 && elc_utf8_valid(text, strlen(text)))
            i += roff_wide(out, (const unsigned char *)text + i);
        else
            roff_char(out, text[i++]);
    }
    fputc('\n', out);
}

/* ---- plain text ---------------------------------------------------------- */

static void blanks(FILE *out, size_t n) {
    fprintf(out, "%*s", (int)n, "");
}

static size_t line_width(const elc_cli_page *page) {
    return page->width > WIDEST ? WIDEST : page->width < 40 ? 40 : page->width;
}

/* Breaks between words; `at` is the column where the first line stands already. */
static void wrap(const elc_cli_page *page, size_t indent, size_t at, const char *text) {
    bool first = true;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        size_t columns = elc_cli_columns(text, n);
        if (!first && at + 1 + columns >= line_width(page)) {
            fputc('\n', page->out);
            blanks(page->out, indent);
            at = indent;
            first = true;
        }
        fprintf(page->out, "%s%.*s", first ? "" : " ", (int)n, text);
        at += columns + (first ? 0 : 1);
        first = false;
        text += n + strspn(text + n, " ");
    }
    fputc('\n', page->out);
}

/* ---- the parts of a page ------------------------------------------------- */

void elc_cli_page_title(const elc_cli_page *page, const char *name,
                        const char *summary) {
    if (!page->roff) {
        fprintf(page->out, "%s - %s\n", name, summary);
        return;
    }
    char upper[64];
    elc_cli_upper(name, upper);
    fprintf(page->out, ".TH \"%s\" 1 \"\" \"Elcano %s\" \"Elcano\"\n.SH NAME\n", upper,
            elc_version());
    char line[512];
    snprintf(line, sizeof line, "%s - %s", name, summary);
    roff_line(page->out, line);
}

void elc_cli_page_section(const elc_cli_page *page, const char *title) {
    if (!page->roff) {
        fprintf(page->out, "\n%s\n", title);
        return;
    }
    char upper[64];
    elc_cli_upper(title, upper);
    fprintf(page->out, ".SH \"%s\"\n", upper);
}

void elc_cli_page_text(const elc_cli_page *page, const char *text) {
    if (page->roff) {
        fputs(".PP\n", page->out);
        roff_line(page->out, text);
        return;
    }
    blanks(page->out, INDENT);
    wrap(page, INDENT, INDENT, text);
}

void elc_cli_page_item(const elc_cli_page *page, const char *term, const char *text) {
    if (page->roff) {
        fputs(".TP\n", page->out);
        roff_line(page->out, term);
        roff_line(page->out, text);
        return;
    }
    size_t end = INDENT + elc_cli_columns(term, strlen(term));
    blanks(page->out, INDENT);
    fputs(term, page->out);
    if (end + 2 > TERM) {
        fputc('\n', page->out);
        end = 0;
    }
    blanks(page->out, TERM - end);
    wrap(page, TERM, TERM, text);
}

void elc_cli_page_code(const elc_cli_page *page, const char *text) {
    if (!page->roff) {
        blanks(page->out, INDENT);
        fprintf(page->out, "%s\n", text);
        return;
    }
    fputs(".PP\n.EX\n", page->out);
    roff_line(page->out, text);
    fputs(".EE\n", page->out);
}
