/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch replay`: the monitor of a recording. */
#ifndef SOCKWATCH_APP_COMMAND_MONITOR_MONITOR_TIME_H
#define SOCKWATCH_APP_COMMAND_MONITOR_MONITOR_TIME_H

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/source/playback.h>
#include <sockwatch/tui/tui.h>

#include "app/option/options.h"

struct monitor_time {
	struct playback *playback; /* NULL: live */
	uint64_t at_ns;            /* where it begins */
	double speed;
	struct tui *tui;      /* who shows it */
	struct model **model; /* what it shows: it is freed and made anew for another time */
};

/* The hooks of a screen; the context of its hooks is a struct monitor whose first member is a
 * struct monitor_time. */
extern const struct tui_time_hooks monitor_time_hooks;

/* Opens what was named, after which this process has no rights. 0, or -EINVAL with a sentence. */
int monitor_time_open(
	struct monitor_time *time, const struct options *options, struct error *error);
/* Shows the first moment. 0, or negative errno with a sentence. */
int monitor_time_start(struct monitor_time *time, struct loop *loop, struct error *error);

#endif
