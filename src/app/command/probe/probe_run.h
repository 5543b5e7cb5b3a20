/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run of `sockwatch probe`, as its files share it: command_probe.c owns it, probe_targets.c fills
 * in what is probed, probe_end.c reads when that is over, probe_print.c what came of it.
 */
#ifndef SOCKWATCH_APP_COMMAND_PROBE_PROBE_RUN_H
#define SOCKWATCH_APP_COMMAND_PROBE_PROBE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/path.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>

#include "app/command/host.h"
#include "app/option/options.h"
#include "app/output.h"
#include "probe_screen.h"

/* As many as the collector and the model take. */
enum { PROBE_RUN_TARGETS_MAX = 256 };

/* One address that is probed. */
struct probe_target {
	char name[HOST_NAME_SIZE]; /* as the user named it */
	struct message_probe_start start;
	uint64_t last_sent_ns; /* CLOCK_MONOTONIC: when its last probe was sent; 0: not yet */
};

struct probe_run {
	struct options *options;
	struct probe_target targets[PROBE_RUN_TARGETS_MAX];
	size_t count;
	struct source *source;
	struct loop *loop;
	struct loop_source *timer;
	struct model *model;
	struct resolver *resolver; /* NULL: no names */
	struct output output;
	bool is_live;
	bool is_stopped;      /* by the user */
	bool is_source_ended; /* error says why */
	uint64_t settled_ns;  /* CLOCK_MONOTONIC: when all answers had come; 0: not yet */
	struct probe_screen screen;
	struct error error;
};

/* NULL: the collector has not reported it yet. */
const struct path *probe_run_path(const struct probe_run *run, size_t target);
/* Whether the report shall have names of hosts. */
bool probe_run_wants_names(const struct probe_run *run);

/* Makes targets of the command line; looks their names up, which may block. 0, or -EINVAL with a
 * sentence. */
int probe_targets_take(struct probe_run *run, struct error *error);
/* Ends the loop when every answer that can be expected has come, and the names of the hops. */
void probe_end_check(struct probe_run *run);
/*
 * Writes the report of each target, and on standard error why one cannot be probed. 0 when each
 * target answered at least once, else -EHOSTUNREACH or another negative errno, of writing with a
 * sentence.
 */
int probe_print(struct probe_run *run);

#endif
