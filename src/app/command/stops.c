/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals and a reader that goes away, for commands that run in a loop. */
#include <config.h>

#include "stops.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void
on_signal(void *context, int number)
{
	struct stops *const stops = context;

	(void)number;
	stops->output->is_interrupted = true;
	stops->on_signal(stops->context);
}

/* This need not wait for the next line. */
static void
on_output(void *context, unsigned ready)
{
	struct stops *const stops = context;

	if ((ready & LOOP_HANGUP) == 0)
		return;
	stops->output->closed = true;
	stops->on_closed(stops->context);
}

int
stops_watch(struct stops *stops)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		if (loop_add_signal(stops->loop, signals[i], on_signal, stops) == NULL)
			return -errno;
	}
	stops->output->is_interruptible = true;
	/* Where the output cannot be watched, a write finds its end. */
	(void)loop_add(stops->loop, STDOUT_FILENO, 0, on_output, stops);
	return 0;
}
