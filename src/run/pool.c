/* pool.c - threads that open the parts of a plan, and their batches in order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include "queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often the consumer looks at the caller's cancel flag while it waits: a flag set
   by a signal handler wakes nobody. */
enum { LOOK_NS = 20 * 1000 * 1000 };

/* One part, from when it is claimed until its last batch is taken. */
typedef struct {
    elc_context context;
    elc_call call;
    elc_pool *pool;
    elc_progress told; /* what the part reported last */
    int stop;          /* context.cancel */
    bool opened, done;
    elc_status status;
    elc_error err;
    struct ArrowSchema schema;
    elc_queue queue;
} slot;

/* `claiming` is held by the thread that fetches the next part, which may wait for
   input; `lock` guards all that changes. Part i is in slot i modulo n_slots. */
struct elc_pool {
    const elc_call *call;
    const elc_plan *plan;
    elc_inputs *inputs;
    bool drives;
    elc_threads share;
    pthread_t *threads;
    int n_threads;
    pthread_mutex_t claiming, lock;
    pthread_cond_t room, news; /* for threads; for the consumer */
    slot *slots;
    size_t n_slots;
    size_t head, next, end; /* part of the consumer; not yet claimed; number of parts */
    size_t fetched;         /* parts of the driving input; under `claiming` */
    bool failed, stopped;
    elc_progress sum; /* over all parts */
};

/* What a thread has claimed. */
typedef struct {
    slot *slot;
    size_t index;
    elc_part part;
    elc_batches slice; /* of the driving input */
} claim;

/* ---- claiming a part ------------------------------------------------------------ */

static bool may_claim(const elc_pool *pool) {
    return !pool->stopped && !pool->failed && pool->next < pool->end;
}

static bool wait_for_slot(elc_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    while (may_claim(pool) && pool->next >= pool->head + pool->n_slots)
        pthread_cond_wait(&pool->room, &pool->lock);
    bool may = may_claim(pool);
    pthread_mutex_unlock(&pool->lock);
    return may;
}

/* The parts' reports become one, of all of them. */
static void report_part(void *arg, const elc_progress *now) {
    slot *s = arg;
    elc_pool *pool = s->pool;
    pthread_mutex_lock(&pool->lock);
    pool->sum.unit = now->unit;
    pool->sum.done += now->done - s->told.done;
    pool->sum.found += now->found - s->told.found;
    pool->sum.total += now->total - s->told.total;
    pool->sum.skipped += now->skipped - s->told.skipped;
    if (pool->plan->units > 0)
        pool->sum.total = pool->plan->units;
    s->told = *now;
    elc_progress sum = pool->sum;
    pthread_mutex_unlock(&pool->lock);
    elc_report(pool->call->context, &sum);
}

static void warn_part(void *arg, const char *line) {
    const slot *s = arg;
    elc_warn(s->pool->call->context, "%s", line);
}

static void slot_prepare(elc_pool *pool, slot *s) {
    const elc_context *given = pool->call->context;
    memset(s, 0, sizeof *s);
    s->pool = pool;
    if (given != NULL)
        s->context = *given;
    if (given != NULL && given->progress != NULL) {
        s->context.progress = report_part;
        s->context.warn = warn_part;
        s->context.arg = s;
    }
    s->context.threads = pool->share.each;
    s->context.cancel = &s->stop;
    s->call = *pool->call;
    s->call.context = &s->context;
}

/* With the lock held. */
static slot *take_slot(elc_pool *pool, claim *c) {
    c->index = pool->next++;
    c->slot = &pool->slots[c->index % pool->n_slots];
    if (!pool->drives)
        c->part = pool->plan->parts[c->index];
    slot_prepare(pool, c->slot);
    return c->slot;
}

/* The input's end, or its failure, which is that of the part it would have made. */
static bool settle_input(elc_pool *pool, elc_status status, const elc_error *err,
                         claim *c) {
    bool failed = status != ELC_OK;
    bool more = pool->next == 0 || pool->call->op->folds;
    if (failed || more)
        take_slot(pool, c);
    pool->end = pool->next;
    if (failed) {
        c->slot->status = status;
        c->slot->err = *err;
        c->slot->done = true;
        pool->failed = true;
    }
    pthread_cond_broadcast(&pool->news);
    return !failed && more; /* a part of no rows, which says the columns */
}

/* Where parts fold what a batch gives, the fewer the better, once all threads have
   something to do. */
static size_t batches_a_part(const elc_pool *pool) {
    return pool->call->op->folds ? 1 + pool->fetched / (2 * pool->n_slots) : 1;
}

static bool fetch(elc_pool *pool, claim *c) {
    elc_error err = {0};
    elc_status status = ELC_OK;
    if (pool->drives)
        status = elc_inputs_next(pool->inputs, batches_a_part(pool), &c->slice, &err);
    pool->fetched++;
    pthread_mutex_lock(&pool->lock);
    bool got = may_claim(pool);
    if (got && pool->drives && c->slice.count == 0)
        got = settle_input(pool, status, &err, c);
    else if (got)
        take_slot(pool, c);
    pthread_mutex_unlock(&pool->lock);
    if (!got)
        elc_batches_release(&c->slice);
    return got;
}

static bool claim_part(elc_pool *pool, claim *c) {
    *c = (claim){.part.weight = 1, .slice.count = 0};
    pthread_mutex_lock(&pool->claiming);
    bool got = wait_for_slot(pool) && fetch(pool, c);
    pthread_mutex_unlock(&pool->claiming);
    return got;
}

/* ---- opening it ----------------------------------------------------------------- */

static elc_status open_part(elc_pool *pool, claim *c, struct ArrowArrayStream *out,
                            elc_error *err) {
    size_t n = elc_inputs_streams(pool->inputs);
    struct ArrowArrayStream *in;
    elc_status status = elc_alloc(n, sizeof *in, &in, err);
    if (status != ELC_OK) {
        elc_batches_release(&c->slice);
        return status;
    }
    status = elc_inputs_open(pool->inputs, &c->slice, in, err);
    if (status == ELC_OK)
        status = elc_run_open_part(&c->slot->call, &c->part, in, out, err);
    for (size_t i = 0; i < n; i++)
        elc_stream_release(&in[i]);
    free(in);
    return status;
}

/* Waits for room. A part that is told to stop loses the batch. */
static void push(elc_pool *pool, slot *s, struct ArrowArray *batch) {
    size_t bytes = elc_queue_weigh(&s->schema, batch);
    pthread_mutex_lock(&pool->lock);
    while (s->stop == 0 && elc_queue_full(&s->queue, bytes))
        pthread_cond_wait(&pool->room, &pool->lock);
    if (s->stop == 0)
        elc_queue_push(&s->queue, batch, bytes);
    pthread_cond_signal(&pool->news);
    pthread_mutex_unlock(&pool->lock);
    elc_array_release(batch);
}

static elc_status say_schema(elc_pool *pool, slot *s, struct ArrowArrayStream *stream,
                             elc_error *err) {
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_stream_schema(stream, &schema, err));
    pthread_mutex_lock(&pool->lock);
    s->schema = schema;
    s->opened = true;
    pthread_cond_signal(&pool->news);
    pthread_mutex_unlock(&pool->lock);
    return ELC_OK;
}

static elc_status read_part(elc_pool *pool, slot *s, struct ArrowArrayStream *stream,
                            elc_error *err) {
    ELC_TRY(say_schema(pool, s, stream, err));
    for (;;) {
        struct ArrowArray batch = {0};
        ELC_TRY(elc_check_cancel(&s->context, err));
        ELC_TRY(elc_check_cancel(pool->call->context, err));
        ELC_TRY(elc_stream_next(stream, &batch, err));
        if (batch.release == NULL)
            return ELC_OK;
        push(pool, s, &batch);
    }
}

static void tell_to_stop(slot *s) {
    __atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
}

/* With the lock held: the parts after a failed one have no use. */
static void stop_after(elc_pool *pool, size_t index) {
    for (size_t i = index + 1; i < pool->next; i++)
        tell_to_stop(&pool->slots[i % pool->n_slots]);
    pool->failed = true;
    pthread_cond_broadcast(&pool->room);
}

static void run_part(elc_pool *pool, claim *c) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    elc_status status = open_part(pool, c, &stream, &err);
    if (status == ELC_OK)
        status = read_part(pool, c->slot, &stream, &err);
    elc_stream_release(&stream);
    pthread_mutex_lock(&pool->lock);
    c->slot->status = status;
    c->slot->err = err;
    c->slot->done = true;
    if (status != ELC_OK)
        stop_after(pool, c->index);
    pthread_cond_signal(&pool->news);
    pthread_mutex_unlock(&pool->lock);
}

static void *work(void *arg) {
    elc_pool *pool = arg;
    claim c;
    while (claim_part(pool, &c))
        run_part(pool, &c);
    return NULL;
}

/* ---- taking turns --------------------------------------------------------------- */

static void look_time(struct timespec *at) {
    clock_gettime(CLOCK_MONOTONIC, at);
    at->tv_nsec += LOOK_NS;
    at->tv_sec += at->tv_nsec / 1000000000;
    at->tv_nsec %= 1000000000;
}

/* With the lock held. */
static elc_status wait_for_news(elc_pool *pool, elc_error *err) {
    const elc_context *context = pool->call->context;
    if (context == NULL || context->cancel == NULL) {
        pthread_cond_wait(&pool->news, &pool->lock);
        return ELC_OK;
    }
    struct timespec at;
    look_time(&at);
    pthread_cond_timedwait(&pool->news, &pool->lock, &at);
    return elc_check_cancel(context, err);
}

static elc_status slot_failure(const slot *s, elc_error *err) {
    if (err != NULL) {
        *err = s->err;
        err->status = s->status;
    }
    return s->status;
}

static bool is_known(const elc_pool *pool) {
    const slot *s = &pool->slots[pool->head % pool->n_slots];
    return pool->head < pool->next ? s->opened || s->done : pool->head >= pool->end;
}

static bool is_alone(const elc_pool *pool) {
    const elc_part *parts = pool->plan->parts;
    size_t i = pool->head;
    return !pool->drives && (i == 0 || parts[i - 1].scope != parts[i].scope) &&
           (i + 1 == pool->plan->count || parts[i + 1].scope != parts[i].scope);
}

/* With the lock held. */
static elc_status turn_to_head(elc_pool *pool, elc_turn *turn, elc_error *err) {
    while (!is_known(pool))
        ELC_TRY(wait_for_news(pool, err));
    if (pool->head >= pool->end) {
        *turn = (elc_turn){.end = true};
        return ELC_OK;
    }
    const slot *s = &pool->slots[pool->head % pool->n_slots];
    if (!s->opened)
        return slot_failure(s, err);
    *turn = (elc_turn){.alone = is_alone(pool),
                       .scope = pool->drives ? 0 : pool->plan->parts[pool->head].scope,
                       .schema = &s->schema};
    return ELC_OK;
}

static elc_status part(void *state, elc_turn *turn, elc_error *err) {
    elc_pool *pool = state;
    pthread_mutex_lock(&pool->lock);
    elc_status status = turn_to_head(pool, turn, err);
    pthread_mutex_unlock(&pool->lock);
    return status;
}

/* With the lock held. The part's end makes its slot free. */
static elc_status take(elc_pool *pool, struct ArrowArray *out, elc_error *err) {
    slot *s = &pool->slots[pool->head % pool->n_slots];
    while (s->queue.count == 0 && !s->done)
        ELC_TRY(wait_for_news(pool, err));
    if (s->queue.count > 0) {
        elc_queue_pop(&s->queue, out);
    } else if (s->status != ELC_OK) {
        return slot_failure(s, err);
    } else {
        elc_schema_release(&s->schema);
        pool->head++;
    }
    pthread_cond_broadcast(&pool->room);
    return ELC_OK;
}

static elc_status batch(void *state, struct ArrowArray *out, elc_error *err) {
    elc_pool *pool = state;
    pthread_mutex_lock(&pool->lock);
    elc_status status = take(pool, out, err);
    pthread_mutex_unlock(&pool->lock);
    return status;
}

elc_feed elc_pool_feed(elc_pool *pool) {
    return (elc_feed){part, batch, pool};
}

/* ---- life ----------------------------------------------------------------------- */

elc_threads elc_pool_threads(const elc_call *call, const elc_plan *plan, bool drives) {
    int threads = elc_context_threads(call->context), parts = threads;
    if (!drives && plan->count < (size_t)threads)
        parts = plan->count > 0 ? (int)plan->count : 1;
    return (elc_threads){parts, threads / parts};
}

static void init_locks(elc_pool *pool) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->news, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_cond_init(&pool->room, NULL);
    pthread_mutex_init(&pool->claiming, NULL);
    pthread_mutex_init(&pool->lock, NULL);
}

/* With fewer threads than asked for the work is done too; with none it is not. */
static elc_status start_threads(elc_pool *pool, elc_error *err) {
    int code = 0;
    while (pool->n_threads < pool->share.parts && code == 0) {
        code = pthread_create(&pool->threads[pool->n_threads], NULL, work, pool);
        pool->n_threads += code == 0;
    }
    if (pool->n_threads > 0)
        return ELC_OK;
    char text[128];
    return elc_fail(err, ELC_E_MEMORY,
                    "threads: none can be started: %s; free memory, or raise the limit "
                    "on processes",
                    strerror_r(code, text, sizeof text));
}

static elc_status make_room(elc_pool *pool, elc_error *err) {
    size_t n = (size_t)pool->share.parts;
    pool->n_slots = 2 * n;
    ELC_TRY(elc_alloc(pool->n_slots, sizeof *pool->slots, &pool->slots, err));
    return elc_alloc(n, sizeof *pool->threads, &pool->threads, err);
}

elc_status elc_pool_create(const elc_call *call, const elc_plan *plan,
                           elc_inputs *inputs, elc_pool **out, elc_error *err) {
    elc_pool *pool;
    ELC_TRY(elc_alloc(1, sizeof *pool, &pool, err));
    init_locks(pool);
    pool->call = call;
    pool->plan = plan;
    pool->inputs = inputs;
    pool->drives = elc_inputs_drive(inputs);
    pool->share = elc_pool_threads(call, plan, pool->drives);
    pool->end = pool->drives ? SIZE_MAX : plan->count;
    elc_status status = make_room(pool, err);
    if (status == ELC_OK)
        status = start_threads(pool, err);
    if (status != ELC_OK) {
        elc_pool_free(pool);
        return status;
    }
    *out = pool;
    return ELC_OK;
}

void elc_pool_stop(elc_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    pool->stopped = true;
    for (size_t i = 0; pool->slots != NULL && i < pool->n_slots; i++)
        tell_to_stop(&pool->slots[i]);
    pthread_cond_broadcast(&pool->room);
    pthread_mutex_unlock(&pool->lock);
    for (; pool->n_threads > 0; pool->n_threads--)
        pthread_join(pool->threads[pool->n_threads - 1], NULL);
}

void elc_pool_free(elc_pool *pool) {
    if (pool == NULL)
        return;
    elc_pool_stop(pool);
    for (size_t i = 0; pool->slots != NULL && i < pool->n_slots; i++) {
        elc_queue_clear(&pool->slots[i].queue);
        elc_schema_release(&pool->slots[i].schema);
    }
    pthread_cond_destroy(&pool->room);
    pthread_cond_destroy(&pool->news);
    pthread_mutex_destroy(&pool->claiming);
    pthread_mutex_destroy(&pool->lock);
    free(pool->slots);
    free(pool->threads);
    free(pool);
}
