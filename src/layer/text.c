/* text.c - bytes to a file or to standard output, every failure seen. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENOUGH ((size_t)1 << 16)

elc_status elc_text_open(elc_text *text, const elc_output *output, elc_error *err) {
    *text = (elc_text){.output = output, .file = STDOUT_FILENO};
    if (output == NULL)
        return ELC_OK;
    text->file = open(elc_output_temporary(output),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return text->file >= 0 ? ELC_OK : elc_output_fail(output, strerror(errno), err);
}

elc_status elc_text_append(elc_text *text, const void *bytes, size_t n,
                           elc_error *err) {
    ELC_TRY(elc_string_append(&text->waiting, bytes, n, err));
    return text->waiting.size < ENOUGH ? ELC_OK : elc_text_flush(text, err);
}

static elc_status write_all(int file, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t written = write(file, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return ELC_E_IO;
        bytes += written;
        n -= (size_t)written;
    }
    return ELC_OK;
}

/* A reader that went away answers with SIGPIPE, which would end the program that we are
   only a library of: it is held back for this thread, and taken if it was ours. */
static elc_status write_to_pipe(int file, const char *bytes, size_t n) {
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    elc_status status = write_all(file, bytes, n);
    int reason = errno;
    if (status != ELC_OK && reason == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return status;
}

static elc_status fail_standard_output(int reason, elc_error *err) {
    if (reason == EPIPE)
        return elc_fail(err, ELC_E_IO,
                        "standard output: its reader went away before the end");
    return elc_fail(err, ELC_E_IO, "standard output: writing failed: %s",
                    strerror(reason));
}

elc_status elc_text_flush(elc_text *text, elc_error *err) {
    size_t n = text->waiting.size;
    text->waiting.size = 0;
    if (text->output == NULL && write_to_pipe(text->file, text->waiting.data, n) != 0)
        return fail_standard_output(errno, err);
    if (text->output != NULL && write_all(text->file, text->waiting.data, n) != ELC_OK)
        return elc_output_fail(text->output, strerror(errno), err);
    return ELC_OK;
}

elc_status elc_text_close(elc_text *text, elc_error *err) {
    ELC_TRY(elc_text_flush(text, err));
    if (text->output == NULL)
        return ELC_OK;
    int file = text->file;
    text->file = -1;
    return close(file) == 0 ? ELC_OK
                            : elc_output_fail(text->output, strerror(errno), err);
}

void elc_text_free(elc_text *text) {
    if (text->output != NULL && text->file >= 0)
        close(text->file);
    text->file = -1;
    elc_string_free(&text->waiting);
}
