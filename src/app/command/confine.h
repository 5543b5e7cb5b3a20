/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox of a command's own process, the viewer. */
#ifndef SOCKWATCH_APP_COMMAND_CONFINE_H
#define SOCKWATCH_APP_COMMAND_CONFINE_H

#include <sockwatch/privilege/sandbox.h>
#include <sockwatch/tui/tui.h>

/*
 * For a command that only prints: it opens no file of the user any more. Call it when rights are
 * dropped and the files that the user named are open, before the first record is read.
 */
void confine(enum sandbox_role role);
struct confined_files {
	struct tui *tui; /* it is told; its exports go beneath the working directory. NULL: none */
	const char *settings;    /* path of the file, saved by the screen; NULL or "": none */
	bool settings_are_named; /* by --config: no folder is made for it before it is saved */
	const char *written; /* path of another file: a baseline, a recording; NULL or "": none */
};

/* For a command that writes files of the user: only into their folders. */
void confine_files(const struct confined_files *files);
/* While names are looked up by the C library; confine or confine_files follows. */
void confine_lookup(void);

#endif
