/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends a command that prints until it is told to stop. */
#ifndef SOCKWATCH_APP_COMMAND_STOPS_H
#define SOCKWATCH_APP_COMMAND_STOPS_H

#include <sockwatch/base/loop.h>

#include "app/output.h"

struct stops {
	struct loop *loop;
	struct output *output;
	/* SIGINT, SIGTERM or SIGHUP came. */
	void (*on_signal)(void *context);
	/* Nobody reads the output any more; output->closed is set. */
	void (*on_closed)(void *context);
	void *context;
};

/*
 * Watches the signals and standard output in the loop; keep `stops` where it is. 0, or negative
 * errno.
 */
int stops_watch(struct stops *stops);

#endif
