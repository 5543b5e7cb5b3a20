/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sources of the event loop: descriptors, timers and signals, made, changed and removed. */
#include <config.h>

#include "loop_source.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

uint32_t
loop_source_mask(const struct loop_source *source)
{
	return ((source->wanted & LOOP_READ) != 0 ? (uint32_t)EPOLLIN : 0) |
	       ((source->wanted & LOOP_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0);
}

bool
loop_source_is_always_ready(const struct loop_source *source)
{
	return source->always_ready && !source->removed &&
	       (source->wanted & (LOOP_READ | LOOP_WRITE)) != 0;
}

void
loop_sweep(struct loop *loop)
{
	struct loop_source **link = &loop->sources;

	if (!loop->has_removed)
		return;
	loop->has_removed = false;
	while (*link != NULL) {
		struct loop_source *const source = *link;

		if (source->removed) {
			*link = source->next;
			free(source);
		} else {
			link = &source->next;
		}
	}
}

static int
tell_epoll(struct loop_source *source, int operation)
{
	struct epoll_event event = {.events = loop_source_mask(source), .data.ptr = source};

	if (epoll_ctl(source->loop->epoll_fd, operation, source->fd, &event) == 0)
		return 0;
	return -errno;
}

/* Takes a filled-in source into the loop. What the source owns is the caller's to close on failure.
 */
static struct loop_source *
add(struct loop *loop, const struct loop_source *filled)
{
	struct loop_source *const source = malloc(sizeof *source);
	int status;

	if (source == NULL)
		return NULL;
	*source = *filled;
	source->loop = loop;
	status = tell_epoll(source, EPOLL_CTL_ADD);
	if (status == -EPERM) {
		/* A regular file, or /dev/null: never blocks, and epoll refuses it. */
		source->always_ready = true;
		loop->always_ready_count++;
	} else if (status != 0) {
		free(source);
		errno = -status;
		return NULL;
	}
	source->next = loop->sources;
	loop->sources = source;
	return source;
}

static void
dispatch_ready(struct loop_source *source, unsigned events)
{
	source->on_ready(source->context, events);
}

struct loop_source *
loop_add(struct loop *loop, int fd, unsigned events,
	void (*on_ready)(void *context, unsigned events), void *context)
{
	return add(loop, &(struct loop_source){
				 .dispatch = dispatch_ready,
				 .on_ready = on_ready,
				 .context = context,
				 .fd = fd,
				 .wanted = events & (LOOP_READ | LOOP_WRITE),
			 });
}

int
loop_change(struct loop_source *source, unsigned events)
{
	const unsigned wanted = events & (LOOP_READ | LOOP_WRITE);

	if (source->wanted == wanted)
		return 0;
	source->wanted = wanted;
	return source->always_ready ? 0 : tell_epoll(source, EPOLL_CTL_MOD);
}

static void
unblock(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void
loop_remove(struct loop_source *source)
{
	if (source == NULL || source->removed)
		return;
	source->removed = true;
	source->loop->has_removed = true;
	if (source->always_ready)
		source->loop->always_ready_count--;
	else
		tell_epoll(source, EPOLL_CTL_DEL);
	if (source->owns_fd)
		close(source->fd);
	if (source->unblock_signal)
		unblock(source->signal);
}

static void
dispatch_timer(struct loop_source *source, unsigned events)
{
	uint64_t times;

	(void)events;
	/* Nothing to read when a callback of this pass has armed it again. */
	if (read(source->fd, &times, sizeof times) == (ssize_t)sizeof times)
		source->on_expire(source->context, times);
}

struct loop_source *
loop_add_timer(struct loop *loop, void (*on_expire)(void *context, uint64_t times), void *context)
{
	const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct loop_source *source;
	int saved;

	if (fd < 0)
		return NULL;
	source = add(loop, &(struct loop_source){
				   .dispatch = dispatch_timer,
				   .on_expire = on_expire,
				   .context = context,
				   .fd = fd,
				   .wanted = LOOP_READ,
				   .owns_fd = true,
			   });
	if (source == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return source;
}

int
loop_arm(struct loop_source *timer, uint64_t first_ns, uint64_t interval_ns)
{
	const struct itimerspec times = {
		.it_value.tv_sec = (time_t)(first_ns / CLOCK_NS_PER_S),
		.it_value.tv_nsec = (long)(first_ns % CLOCK_NS_PER_S),
		.it_interval.tv_sec = (time_t)(interval_ns / CLOCK_NS_PER_S),
		.it_interval.tv_nsec = (long)(interval_ns % CLOCK_NS_PER_S),
	};

	return timerfd_settime(timer->fd, 0, &times, NULL) == 0 ? 0 : -errno;
}

static void
dispatch_signal(struct loop_source *source, unsigned events)
{
	struct signalfd_siginfo info;

	(void)events;
	if (read(source->fd, &info, sizeof info) == (ssize_t)sizeof info)
		source->on_signal(source->context, source->signal);
}

struct loop_source *
loop_add_signal(
	struct loop *loop, int signal, void (*on_signal)(void *context, int signal), void *context)
{
	struct loop_source *source = NULL;
	sigset_t before;
	sigset_t set;
	int saved;
	int fd;

	if (sigemptyset(&set) != 0 || sigaddset(&set, signal) != 0 ||
		sigprocmask(SIG_BLOCK, &set, &before) != 0)
		return NULL;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		source = add(loop, &(struct loop_source){
					   .dispatch = dispatch_signal,
					   .on_signal = on_signal,
					   .context = context,
					   .fd = fd,
					   .signal = signal,
					   .wanted = LOOP_READ,
					   .owns_fd = true,
					   .unblock_signal = sigismember(&before, signal) == 0,
				   });
	if (source == NULL) {
		saved = errno;
		if (fd >= 0)
			close(fd);
		sigprocmask(SIG_SETMASK, &before, NULL);
		errno = saved;
	}
	return source;
}
