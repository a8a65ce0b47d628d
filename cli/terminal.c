/* terminal.c - the terminal, the standard streams and the signals of this process. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

size_t elc_cli_terminal_width(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

bool elc_cli_terminal_draws(int fd) {
    const char *kind = getenv("TERM");
    return isatty(fd) && kind != NULL && strcmp(kind, "dumb") != 0;
}

/* POSIX: the first of these that is set and not empty decides. */
bool elc_cli_terminal_utf8(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL ||
                   strcasestr(value, "utf8") != NULL;
    }
    return false;
}

/* A closed one is opened the wrong way round, so that using it still fails. */
void elc_cli_guard_descriptors(void) {
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
            continue;
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _exit(elc_cli_exit_code(ELC_E_IO));
    }
}

bool elc_cli_reader_gone(void) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

elc_status elc_cli_flush(elc_status status, elc_error *err) {
    bool failed = fflush(stdout) != 0;
    int reason = errno;
    if ((!failed && !ferror(stdout)) || status != ELC_OK)
        return status;
    char text[128];
    return elc_fail(err, ELC_E_IO, "standard output: %s",
                    failed ? strerror_r(reason, text, sizeof text) : "writing failed");
}

/* ---- signals ------------------------------------------------------------- */

/* A handler reaches nothing else. */
static volatile int cancel_flag;
static volatile sig_atomic_t caught;

static void on_signal(int number) {
    caught = number;
    __atomic_store_n(&cancel_flag, 1, __ATOMIC_RELAXED);
}

/* A shell that ignores a signal for us (nohup, &) is obeyed. */
static void catch_signal(int number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        return;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void elc_cli_catch_signals(void) {
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    catch_signal(SIGHUP);
}

const volatile int *elc_cli_cancel_flag(void) {
    return &cancel_flag;
}

int elc_cli_signal(void) {
    return caught;
}
