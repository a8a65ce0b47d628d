/* serve.c - asks a map's server for tiles at a steady rate, and says how long they
   took.

   usage: bench-serve PORT LAYER WEST SOUTH EAST NORTH [RATE [SECONDS [QUERY]]]
          bench-serve PORT - 0 0 0 0 [RATE [SECONDS]]

   Tiles of zooms 6 to 15 that meet the box, each place by chance, as places or density
   as the server chooses, of the rows that a QUERY (class=car&score=0.5/1) lets pass;
   for the layer - one small file, which is what the machine and the connection take. A
   request's time counts from when it was due, so that one that waits for another is
   slow itself. Loopback alone. Prints seconds as JSON: "seconds" is the 99th
   percentile. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 8, MOST = 200000, LOWEST = 6, HIGHEST = 15 };

typedef struct load {
    int port;
    const char *layer; /* NULL: the small file */
    const char *query;
    double box[4], rate, start;
    size_t total;
} load;

typedef struct client {
    const load *load;
    size_t first; /* of every CLIENTS-th request */
    double *seconds;
    size_t failed, bytes;
} client;

static double chance(uint64_t *seed) { /* SplitMix64 */
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) / (double)(UINT64_C(1) << 53);
}

static void path_of(const load *l, size_t number, char *out, size_t size) {
    uint64_t seed = number * 1000003 + 17;
    elc_quad tile = {0};
    if (l->layer == NULL) {
        snprintf(out, size, "/web/icon.svg");
        return;
    }
    int zoom = LOWEST + (int)(chance(&seed) * (HIGHEST - LOWEST + 1));
    elc_point p = {l->box[0] + chance(&seed) * (l->box[2] - l->box[0]),
                   l->box[1] + chance(&seed) * (l->box[3] - l->box[1])};
    elc_quad_at(p, zoom, &tile, NULL);
    snprintf(out, size, "/tiles/points/%s/%d/%d/%d?%s", l->layer, zoom, tile.x, tile.y,
             l->query);
}

static int connect_to(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0) {
        perror("connect");
        exit(5);
    }
    return fd;
}

/* Reads one answer of a connection that stays open; false when it is no 200. */
static int read_answer(int fd, size_t *bytes) {
    static _Thread_local char buffer[1 << 20];
    size_t have = 0, wanted = SIZE_MAX;
    while (have < wanted) {
        ssize_t n = recv(fd, buffer + have, sizeof buffer - 1 - have, 0);
        if (n <= 0)
            return 0;
        have += (size_t)n;
        buffer[have] = '\0';
        const char *end = strstr(buffer, "\r\n\r\n");
        const char *length = strstr(buffer, "Content-Length: ");
        if (wanted == SIZE_MAX && end != NULL && length != NULL)
            wanted = (size_t)(end - buffer) + 4 + strtoul(length + 16, NULL, 10);
    }
    *bytes += have;
    return strncmp(buffer, "HTTP/1.1 200", 12) == 0;
}

static void wait_until(double when) {
    double left = when - elc_clock();
    if (left > 0) {
        struct timespec t = {(time_t)left, (long)((left - floor(left)) * 1e9)};
        nanosleep(&t, NULL);
    }
}

static void *run(void *arg) {
    client *c = arg;
    const load *l = c->load;
    char path[300], text[500];
    int fd = connect_to(l->port);
    for (size_t i = c->first; i < l->total; i += CLIENTS) {
        double due = l->start + (double)i / l->rate;
        path_of(l, i, path, sizeof path);
        int n =
            snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                     path, l->port);
        wait_until(due);
        if (send(fd, text, (size_t)n, MSG_NOSIGNAL) != n || !read_answer(fd, &c->bytes))
            c->failed++;
        c->seconds[i] = elc_clock() - due;
    }
    close(fd);
    return NULL;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void measure(load *l) {
    pthread_t threads[CLIENTS];
    client clients[CLIENTS];
    double *seconds = calloc(l->total, sizeof *seconds);
    size_t failed = 0, bytes = 0, n = l->total;
    if (seconds == NULL)
        exit(9);
    l->start = elc_clock() + 0.05;
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (client){.load = l, .first = i, .seconds = seconds};
        pthread_create(&threads[i], NULL, run, &clients[i]);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        failed += clients[i].failed;
        bytes += clients[i].bytes;
    }
    qsort(seconds, n, sizeof *seconds, by_value);
    printf("{\"seconds\": %.6f, \"median\": %.6f, \"worst\": %.6f, \"requests\": %zu, "
           "\"rate\": %g, \"failed\": %zu, \"kb_each\": %.1f}\n",
           seconds[n * 99 / 100], seconds[n / 2], seconds[n - 1], n, l->rate, failed,
           (double)bytes / (double)n / 1e3);
    free(seconds);
}

int main(int argc, char **argv) {
    if (argc < 7) {
        fprintf(stderr, "usage: bench-serve PORT LAYER WEST SOUTH EAST NORTH [RATE "
                        "[SECONDS [QUERY]]]\n");
        return 2;
    }
    load l = {.port = atoi(argv[1]), .rate = argc > 7 ? atof(argv[7]) : 200};
    double total = l.rate * (argc > 8 ? atof(argv[8]) : 10);
    if (!(l.rate > 0) || !(total >= 1 && total <= MOST))
        return 2;
    for (int i = 0; i < 4; i++)
        l.box[i] = atof(argv[3 + i]);
    l.total = (size_t)total;
    l.query = argc > 9 ? argv[9] : "";
    l.layer = strcmp(argv[2], "-") == 0 ? NULL : argv[2];
    measure(&l);
    return 0;
}
