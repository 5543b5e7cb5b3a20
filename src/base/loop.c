/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass: wait, call what is ready, free what was removed meanwhile, call `after`, then `idle`.
 * Level triggered, so a handler need not read everything and nothing is lost by leaving a pass
 * early. loop_source.c makes and changes the sources.
 */
#include <config.h>

#include "loop_source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_PER_PASS = 64 };

struct loop *
loop_new(void)
{
	struct loop *const loop = calloc(1, sizeof *loop);

	if (loop == NULL)
		return NULL;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		free(loop);
		return NULL;
	}
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	/*
	 * Closed first: a forked child that frees its copy must not take descriptors out of the
	 * set, which it shares with its parent.
	 */
	close(loop->epoll_fd);
	loop->epoll_fd = -1;
	for (struct loop_source *source = loop->sources; source != NULL; source = source->next)
		loop_remove(source);
	loop_sweep(loop);
	free(loop);
}

void
loop_set_after(struct loop *loop, void (*after)(void *context), void *context)
{
	loop->after = after;
	loop->after_context = context;
}

void
loop_set_idle(struct loop *loop, bool (*idle)(void *context), void *context)
{
	loop->idle = idle;
	loop->idle_context = context;
	loop->idle_wanted = true;
}

void
loop_wake_idle(struct loop *loop)
{
	loop->idle_wanted = true;
}

void
loop_stop(struct loop *loop, int status)
{
	loop->stopped = true;
	loop->status = status;
}

static unsigned
from_epoll(const struct loop_source *source, uint32_t came)
{
	unsigned events = 0;

	if ((came & EPOLLIN) != 0)
		events |= LOOP_READ;
	if ((came & EPOLLOUT) != 0)
		events |= LOOP_WRITE;
	/* The end or an error (ENOBUFS of netlink) is found by reading or writing. */
	if ((came & (EPOLLERR | EPOLLHUP)) != 0)
		events |= source->wanted;
	events &= source->wanted;
	if ((came & EPOLLHUP) != 0 || events == 0)
		events |= LOOP_HANGUP;
	return events;
}

static bool
has_always_ready(const struct loop *loop)
{
	if (loop->always_ready_count == 0)
		return false;
	for (const struct loop_source *source = loop->sources; source != NULL;
		source = source->next) {
		if (loop_source_is_always_ready(source))
			return true;
	}
	return false;
}

static void
dispatch_always_ready(struct loop *loop)
{
	if (loop->always_ready_count == 0)
		return;
	/* What a callback adds comes before us in the list, what it removes stays until the sweep.
	 */
	for (struct loop_source *source = loop->sources; source != NULL; source = source->next) {
		if (loop_source_is_always_ready(source))
			source->dispatch(source, source->wanted);
	}
}

static int
run_pass(struct loop *loop, bool sleep)
{
	struct epoll_event ready[EVENTS_PER_PASS];
	const int timeout_ms = sleep && !has_always_ready(loop) ? -1 : 0;
	int count = epoll_wait(loop->epoll_fd, ready, EVENTS_PER_PASS, timeout_ms);

	if (count < 0) {
		if (errno != EINTR)
			return -errno;
		count = 0;
	}
	for (int i = 0; i < count; i++) {
		struct loop_source *const source = ready[i].data.ptr;
		const bool ends = (ready[i].events & (EPOLLERR | EPOLLHUP)) != 0;

		/* Both may have changed since epoll_wait, by the callbacks before this one. */
		if (!source->removed && (ends || (ready[i].events & loop_source_mask(source)) != 0))
			source->dispatch(source, from_epoll(source, ready[i].events));
	}
	dispatch_always_ready(loop);
	loop_sweep(loop);
	if (loop->after != NULL)
		loop->after(loop->after_context);
	return 0;
}

int
loop_run(struct loop *loop)
{
	bool sleep = false; /* the first pass may have things to draw */
	int status;

	while (!loop->stopped) {
		const int failure = run_pass(loop, sleep);

		if (failure != 0)
			return failure;
		sleep = true;
		if (loop->stopped || loop->idle == NULL || !loop->idle_wanted)
			continue;
		/* Cleared before: it may ask for itself. */
		loop->idle_wanted = false;
		if (loop->idle(loop->idle_context))
			loop->idle_wanted = true;
		/* What it has done is for `after` to draw, before we sleep. */
		sleep = false;
	}
	status = loop->status;
	loop->stopped = false;
	return status;
}
