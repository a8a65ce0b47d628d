/* serve.c - `elcano serve`: a map in the browser, until Ctrl-C. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <elcano/image.h>
#include <elcano/serve.h>

#include <poll.h>
#include <stdlib.h>

enum { CACHE = 256 << 20, LOOK_MS = 50 };

const elc_option elc_cli_serve_options[] = {
    {.name = "imagery",
     .type = ELC_OPTION_LIST,
     .help =
         "images that are shown beneath, with commas between: files, globs, folders"},
    {.name = "zones",
     .type = ELC_OPTION_LIST,
     .help = "layers of polygons that are drawn beneath, with commas between"},
    {.name = "class",
     .type = ELC_OPTION_TEXT,
     .help = "the column of classes, text or whole numbers; without: class"},
    {.name = "score",
     .type = ELC_OPTION_TEXT,
     .help = "the column of scores; without: score"},
    {.name = "time",
     .type = ELC_OPTION_TEXT,
     .help = "the column of times; without: acquired, else the first that has times"},
    {.name = "port",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 65535,
     .help = "the port of 127.0.0.1 to listen at; 0 is any that is free"},
    {.name = "threads",
     .type = ELC_OPTION_INT,
     .fallback = "0",
     .min = 0,
     .max = 1024,
     .help = "threads that draw images and count; 0 is one for each processor"},
    {.name = "memory",
     .type = ELC_OPTION_INT,
     .unit = "MB",
     .fallback = "0",
     .min = 0,
     .max = 1e9,
     .help = "give up where the tables make the command take more; 0 is three quarters "
             "of the machine's"},
    {.name = NULL},
};

static void warn(void *arg, const char *line) {
    (void)arg;
    fprintf(stderr, "elcano serve: warning: %s\n", line);
}

static const char *const *items(const elc_names *names) {
    return (const char *const *)(const void *)names->items;
}

static elc_server_options options_of(const elc_cli_call *call) {
    const elc_names *zones = elc_options_list(call->own, "zones");
    const elc_names *imagery = elc_options_list(call->own, "imagery");
    return (elc_server_options){
        .layers = items(&call->words),
        .n_layers = call->words.count,
        .zones = items(zones),
        .n_zones = zones->count,
        .imagery = items(imagery),
        .n_imagery = imagery->count,
        .class_column = elc_options_text(call->own, "class"),
        .score_column = elc_options_text(call->own, "score"),
        .time_column = elc_options_text(call->own, "time"),
        .port = (int)elc_options_int(call->own, "port"),
    };
}

static elc_context context_of(const elc_cli_call *call) {
    size_t wish = (size_t)elc_options_int(call->own, "memory");
    return (elc_context){
        .threads = (int)elc_options_int(call->own, "threads"),
        .cancel = elc_cli_cancel_flag(),
        .warn = warn,
        .memory = wish > 0 ? wish * 1000000 : elc_memory_total() / 4 * 3,
    };
}

/* Until a signal asks for the end, which is how a server ends well. */
static void wait_for_end(void) {
    while (!__atomic_load_n(elc_cli_cancel_flag(), __ATOMIC_RELAXED))
        poll(NULL, 0, LOOK_MS);
}

elc_status elc_cli_serve(elc_cli_call *call, elc_error *err) {
    if (call->words.count == 0) {
        call->misuse = true;
        return elc_fail(err, ELC_E_ARGUMENT, "no LAYER given: what is to be shown");
    }
    elc_server_options options = options_of(call);
    elc_context context = context_of(call);
    elc_server *server;
    if (getenv("GDAL_CACHEMAX") == NULL)
        elc_image_set_cache(CACHE);
    elc_cli_catch_signals();
    ELC_TRY(elc_server_create(&options, &context, &server, err));
    printf("http://127.0.0.1:%d/\n", elc_server_port(server));
    elc_status status = elc_cli_flush(ELC_OK, err);
    if (status == ELC_OK)
        wait_for_end();
    elc_server_free(server);
    return status;
}
