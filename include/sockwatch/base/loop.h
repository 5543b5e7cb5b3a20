/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop: one epoll, timers (timerfd), signals (signalfd). Each process has one and no
 * threads. A callback may add, change and remove any source, its own too; a removed source is
 * called no more.
 */
#ifndef SOCKWATCH_BASE_LOOP_H
#define SOCKWATCH_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_source;

enum loop_event { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 };

/* NULL when the kernel refuses (errno set). */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/*
 * events: enum loop_event bits to wait for, and those that came. The loop does not own fd; remove
 * the source before closing it. A regular file is always ready. The end and errors come as what the
 * source waits for, so that its read or write finds them: the end (EPOLLHUP) with LOOP_HANGUP
 * besides, an error with LOOP_HANGUP only when the source waits for nothing. NULL: errno.
 */
struct loop_source *loop_add(struct loop *loop, int fd, unsigned events,
	void (*on_ready)(void *context, unsigned events), void *context);
/* events 0 keeps the source but waits for nothing but a hang-up. */
int loop_change(struct loop_source *source, unsigned events);
void loop_remove(struct loop_source *source);

/* A timer, not armed. on_expire gets the number of expirations since the last call. */
struct loop_source *loop_add_timer(
	struct loop *loop, void (*on_expire)(void *context, uint64_t times), void *context);
/* First after first_ns (0 disarms), then every interval_ns (0: once). */
int loop_arm(struct loop_source *timer, uint64_t first_ns, uint64_t interval_ns);

/* Blocks the signal and delivers it here, until the source is removed. */
struct loop_source *loop_add_signal(
	struct loop *loop, int signal, void (*on_signal)(void *context, int signal), void *context);

/*
 * Called once per pass, after all ready sources: the place to draw and to flush. Also called before
 * the loop first sleeps, and after each call of the idle handler.
 */
void loop_set_after(struct loop *loop, void (*after)(void *context), void *context);

/*
 * Runs until loop_stop. Returns its status, or negative errno. When want_idle (see loop_set_idle)
 * is set the loop does not sleep but calls the idle handler after each pass: for long work taken in
 * slices.
 */
int loop_run(struct loop *loop);
/* idle returns true while there is more to do. */
void loop_set_idle(struct loop *loop, bool (*idle)(void *context), void *context);
/* Ask for the idle handler to be called again (it is not called while it last returned false). */
void loop_wake_idle(struct loop *loop);
/*
 * The pass is finished, `after` is called, then loop_run returns status; when it is not running
 * yet, it will return at once.
 */
void loop_stop(struct loop *loop, int status);

#endif
