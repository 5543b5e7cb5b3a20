/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch replay`: the monitor of a recording. */
#ifndef SOCKWATCH_APP_COMMAND_MONITOR_MONITOR_TIME_H
#define SOCKWATCH_APP_COMMAND_MONITOR_MONITOR_TIME_H

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/recording/recorder.h>
#include <sockwatch/source/playback.h>
#include <sockwatch/tui/tui.h>

#include "app/option/options.h"

struct monitor_time {
	struct playback *playback; /* NULL: live */
	uint64_t at_ns;            /* where it begins */
	double speed;
	struct recorder *recorder; /* live: keeps what comes; NULL: nothing is kept */
	struct model *live;        /* while the past is shown: the model of now; else NULL */
	struct loop *loop;
	struct tui *tui;      /* who shows it */
	struct model **model; /* what it shows: it is freed and made anew for another time */
};

/* Keeps what comes, in so many bytes of memory; 0: keeps nothing. 0, or negative errno with a
 * sentence. */
int monitor_time_keep(struct monitor_time *time, uint64_t bytes, struct error *error);
/* Bytes of the stream came; NULL: another collector begins. */
void monitor_time_take(struct monitor_time *time, const void *bytes, size_t len);
/* A key frame is to be asked for. */
bool monitor_time_wants_key(const struct monitor_time *time);
void monitor_time_fini(struct monitor_time *time);

/* The hooks of a screen; the context of its hooks is a struct monitor whose first member is a
 * struct monitor_time. */
extern const struct tui_time_hooks monitor_time_hooks;

/* Opens what was named, after which this process has no rights. 0, or -EINVAL with a sentence. */
int monitor_time_open(
	struct monitor_time *time, const struct options *options, struct error *error);
/* Shows the first moment. 0, or negative errno with a sentence. */
int monitor_time_start(struct monitor_time *time, struct error *error);

#endif
