/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu of signals. */
#include <config.h>

#include "signals.h"

#include <signal.h>
#include <stdio.h>

#include "tui/overlay/menu.h"

static const struct signal_name signals[] = {
	{SIGTERM, "TERM", "asks it to end"},
	{SIGINT, "INT", "as Ctrl-C does"},
	{SIGHUP, "HUP", "many daemons read their configuration again"},
	{SIGKILL, "KILL", "ends at once, cleans up nothing"},
	{SIGQUIT, "QUIT", "ends with a core dump"},
	{SIGSTOP, "STOP", "stops until CONT"},
	{SIGCONT, "CONT", "goes on"},
	{SIGUSR1, "USR1", "depends on the program"},
	{SIGUSR2, "USR2", "depends on the program"},
};

void
signals_open(struct tui *tui, const struct menu_ops *ops, const char *title)
{
	menu_begin(tui, ops, title);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		char label[80];

		snprintf(label, sizeof label, "%-5s %s", signals[i].name, signals[i].help);
		menu_add(tui, label, NULL, &signals[i], MENU_NO_COUNT);
	}
	menu_open(tui, NULL);
}
