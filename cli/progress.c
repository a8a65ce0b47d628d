/* progress.c - how far the work is: a bar for people, lines of JSON for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDEST = 40, BAR_LEAST = 5, TAIL = 40 };

/* Seconds between two drawings. */
static const double PAUSE = 0.1;

static double rate_of(const elc_cli_progress *p) {
    double seconds = p->last_time - p->first_time;
    return seconds > 0 ? (double)(p->last.done - p->first_done) / seconds : 0;
}

/* -1 where it cannot be told. */
static double seconds_left(const elc_cli_progress *p) {
    double rate = rate_of(p);
    if (rate <= 0 || p->last.total < p->last.done)
        return -1;
    return (double)(p->last.total - p->last.done) / rate;
}

static const char *unit_of(const elc_cli_progress *p) {
    return p->last.unit == NULL ? "parts" : p->last.unit;
}

/* ---- JSON ---------------------------------------------------------------- */

void elc_cli_json_line(json_t *line) {
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (text != NULL)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(line);
}

json_t *elc_cli_json_real(double value) {
    return json_real((double)(int64_t)(value * 1000 + 0.5) / 1000);
}

static void json_progress(const elc_cli_progress *p) {
    double left = seconds_left(p);
    elc_cli_json_line(json_pack(
        "{s:s*, s:s, s:I, s:I, s:I, s:o, s:o}", "step", p->step, "unit", unit_of(p),
        "done", (json_int_t)p->last.done, "total", (json_int_t)p->last.total, "found",
        (json_int_t)p->last.found, "rate", elc_cli_json_real(rate_of(p)),
        "seconds_left", left < 0 ? json_null() : elc_cli_json_real(left)));
}

/* ---- the bar ------------------------------------------------------------- */

static void head_text(const elc_cli_progress *p, char *out, size_t room) {
    char done[32], total[32];
    elc_cli_grouped(p->last.done, done);
    elc_cli_grouped(p->last.total, total);
    const char *step = p->step == NULL ? "" : p->step;
    const char *colon = p->step == NULL ? "" : ": ";
    if (p->last.total > 0)
        snprintf(out, room, "%s%s%*s of %s %s", step, colon, (int)strlen(total), done,
                 total, unit_of(p));
    else
        snprintf(out, room, "%s%s%s %s", step, colon, done, unit_of(p));
}

static void tail_text(const elc_cli_progress *p, char *out, size_t room) {
    char found[32], left[32], rate[32];
    elc_cli_grouped(p->last.found, found);
    int n = snprintf(out, room, "%s found", found);
    elc_cli_grouped((uint64_t)rate_of(p), rate);
    if (rate_of(p) >= 1000)
        n += snprintf(out + n, room - (size_t)n, ", %s/s", rate);
    else if (rate_of(p) > 0)
        n += snprintf(out + n, room - (size_t)n, ", %.3g/s", rate_of(p));
    if (seconds_left(p) < 0)
        return;
    elc_cli_duration(seconds_left(p), left);
    snprintf(out + n, room - (size_t)n, ", %s left", left);
}

static size_t filled_of(const elc_cli_progress *p, size_t width) {
    double share = (double)p->last.done / (double)p->last.total;
    return share >= 1 ? width : (size_t)(share * (double)width);
}

static void put_cells(const elc_cli_progress *p, size_t width, char *out) {
    bool utf8 = elc_cli_terminal_utf8();
    const char *full = utf8 ? "\u2588" : "#", *open = utf8 ? "\u2591" : ".";
    size_t filled = filled_of(p, width), n = 0;
    n += (size_t)sprintf(out, " [");
    for (size_t i = 0; i < width; i++)
        n += (size_t)sprintf(out + n, "%s", i < filled ? full : open);
    sprintf(out + n, "]");
}

/* The bar's cells: what a line of `room` columns leaves beside the head and a usual
   tail, so that the bar does not jump with every figure of the tail. */
static size_t bar_width(const elc_cli_progress *p, size_t room, size_t head) {
    size_t words = head + strlen(" []  ") + TAIL;
    size_t width = words < room ? room - words : 0;
    if (p->last.total == 0 || width < BAR_LEAST)
        return 0;
    return width < BAR_WIDEST ? width : BAR_WIDEST;
}

/* One line, and never the terminal's last column, where some go on to the next line. */
static void draw(elc_cli_progress *p) {
    char head[128], tail[128], cells[BAR_WIDEST * 3 + 8] = "";
    head_text(p, head, sizeof head);
    tail_text(p, tail, sizeof tail);
    size_t room = elc_cli_terminal_width(STDERR_FILENO) - 1;
    size_t width = bar_width(p, room, strlen(head));
    if (width > 0)
        put_cells(p, width, cells);
    size_t used = strlen(head) + (width > 0 ? width + strlen(" []") : 0);
    if (used + strlen("  ") + strlen(tail) > room)
        tail[0] = '\0';
    fprintf(stderr, "\r\033[K%.*s%s%s%s", (int)room, head, cells,
            tail[0] == '\0' ? "" : "  ", tail);
    p->drawn = true;
}

static void erase(elc_cli_progress *p) {
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}

/* ---- what the library calls ---------------------------------------------- */

static void show(elc_cli_progress *p, const elc_progress *now) {
    double time = elc_clock();
    bool last = now->total > 0 && now->done >= now->total;
    if (p->started && !last && time - p->last_time < PAUSE)
        return;
    if (!p->started) {
        p->started = true;
        p->first_time = time;
        p->first_done = now->done;
    }
    p->last_time = time;
    p->last = *now;
    if (p->kind == ELC_CLI_PROGRESS_JSON)
        json_progress(p);
    else
        draw(p);
}

void elc_cli_progress_update(void *arg, const elc_progress *now) {
    elc_cli_reporter *reporter = arg;
    elc_cli_progress *p = reporter->progress;
    pthread_mutex_lock(&p->lock);
    reporter->skipped = now->skipped;
    if (p->kind != ELC_CLI_PROGRESS_NONE && reporter->step == p->ended) {
        p->step = p->steps > 1 ? reporter->name : NULL;
        show(p, now);
    }
    pthread_mutex_unlock(&p->lock);
}

void elc_cli_progress_step_ends(const elc_cli_reporter *reporter) {
    elc_cli_progress *p = reporter->progress;
    pthread_mutex_lock(&p->lock);
    if (p->ended <= reporter->step) {
        p->ended = reporter->step + 1;
        p->started = false;
    }
    pthread_mutex_unlock(&p->lock);
}

/* A broken image may have a warning for each of a million chips: nobody reads them, and
   they hide what else is said. Programs get them all. */
enum { WARNINGS_SHOWN = 20 };

static void warn(elc_cli_progress *p, const char *line) {
    p->warnings++;
    if (p->kind == ELC_CLI_PROGRESS_JSON) {
        elc_cli_json_line(json_pack("{s:s}", "warning", line));
        return;
    }
    if (p->warnings > WARNINGS_SHOWN + 1)
        return;
    bool drawn = p->drawn;
    erase(p);
    if (p->warnings <= WARNINGS_SHOWN)
        fprintf(stderr, "elcano: warning: %s\n", line);
    else
        fprintf(stderr, "elcano: further warnings are counted, and shown with "
                        "--progress json\n");
    if (drawn)
        draw(p);
}

void elc_cli_progress_warn(void *arg, const char *line) {
    elc_cli_progress *p = ((elc_cli_reporter *)arg)->progress;
    pthread_mutex_lock(&p->lock);
    warn(p, line);
    pthread_mutex_unlock(&p->lock);
}

void elc_cli_progress_end(elc_cli_progress *progress) {
    erase(progress);
}
