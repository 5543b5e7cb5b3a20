/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch probe` on a terminal: the monitor's screen of paths, with this one path. */
#ifndef SOCKWATCH_APP_COMMAND_PROBE_PROBE_SCREEN_H
#define SOCKWATCH_APP_COMMAND_PROBE_PROBE_SCREEN_H

#include <stdbool.h>

#include <sockwatch/base/error.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>
#include <sockwatch/tui/tui.h>

#include "app/config/config_file.h"
#include "app/option/options.h"

/* Everything but config and tui belongs to the caller and outlives the screen. */
struct probe_screen {
	struct options *options;
	struct loop *loop;
	struct model *model;
	struct source *source;
	struct resolver *resolver; /* NULL: no names */
	const char *host;          /* as the user named it */
	struct config_file config;
	bool is_loaded; /* config is read */
	struct error config_error;
	struct tui *tui; /* NULL: not open */
};

/*
 * Reads the settings, of which only options is needed. A mistake in them is shown on the screen,
 * unless the file was named. 0, or negative errno with a sentence.
 */
int probe_screen_load(struct probe_screen *screen, struct error *error);

/* Takes the terminal and requests the path; reads the settings if they were not yet. 0, or negative
 * errno with a sentence. */
int probe_screen_open(
	struct probe_screen *screen, const struct message_probe_start *start, struct error *error);
/* A name was found. */
void probe_screen_take_name(const struct probe_screen *screen, const struct message_name *name);
void probe_screen_close(struct probe_screen *screen);

#endif
