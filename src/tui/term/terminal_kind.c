/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What TERM says of the terminal, and which description stands in for one that is not there. */
#include <config.h>

#include "terminal_kind.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/base/text.h>

/* Last: it makes macros of common names, such as columns. */
#include <term.h>

int
terminal_kind_refuse(struct error *error, const char *name, const char *why)
{
	char shown[64];

	text_clean(text_of(name), shown, sizeof shown);
	error_set(error,
		"the terminal \"%s\" %s; set TERM to what it is, or use \"sockwatch list\"", shown,
		why);
	return -ENOTTY;
}

/*
 * Terminals of today whose descriptions come in a package of their own (ncurses-term), if at all.
 * Each does what the second one does. Longer beginnings first.
 */
static const struct {
	const char *begin;
	const char *like;
} fallbacks[] = {
	{"xterm", "xterm-256color"},
	{"alacritty", "xterm-256color"},
	{"foot", "xterm-256color"},
	{"kitty", "xterm-256color"},
	{"wezterm", "xterm-256color"},
	{"ghostty", "xterm-256color"},
	{"contour", "xterm-256color"},
	{"konsole", "xterm-256color"},
	{"gnome", "xterm-256color"},
	{"vte", "xterm-256color"},
	{"rio", "xterm-256color"},
	{"st-", "xterm-256color"},
	{"iTerm", "xterm-256color"},
	{"mintty", "xterm-256color"},
	{"ms-terminal", "xterm-256color"},
	{"tmux", "screen-256color"},
	{"screen", "screen"},
	{"rxvt", "rxvt-unicode-256color"},
};

/* Is there a description of it? Leaves nothing behind. */
static bool
is_described(const char *name)
{
	int status = 0;
	TERMINAL *const before = cur_term;
	const bool found = setupterm(name, STDOUT_FILENO, &status) == OK;

	if (cur_term != before) {
		TERMINAL *const made = set_curterm(before);

		if (made != NULL)
			del_curterm(made);
	}
	return found || status == 1; /* 1: it is there, and a printer */
}

/* The terminal to take it for, or NULL. */
static const char *
find_fallback(const char *name)
{
	for (size_t i = 0; i < sizeof fallbacks / sizeof fallbacks[0]; i++) {
		if (strncmp(name, fallbacks[i].begin, strlen(fallbacks[i].begin)) == 0 &&
			is_described(fallbacks[i].like))
			return fallbacks[i].like;
	}
	return NULL;
}

/* The library does not tell a name that it does not know from a file that it cannot open. */
static void
refuse_unknown(const char *name, struct error *error)
{
	const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		error_set(error, "what the terminal can do cannot be read: %s", file_words(errno));
		return;
	}
	close(fd);
	(void)terminal_kind_refuse(error, name, "is not in the terminfo database");
}

const char *
terminal_kind_choose(const char *name, char *notice, size_t size, struct error *error)
{
	const char *const like = is_described(name) ? name : find_fallback(name);
	char shown[64];

	notice[0] = '\0';
	if (like == NULL) {
		refuse_unknown(name, error);
	} else if (like != name) {
		text_clean(text_of(name), shown, sizeof shown);
		snprintf(notice, size,
			"TERM=%s is not in the terminfo database (ncurses-term has more of them): taken for %s",
			shown, like);
	}
	return like;
}

int
terminal_kind_check(struct error *error)
{
	const char *const name = getenv("TERM");
	const bool in = isatty(STDIN_FILENO) == 1;

	if (!in || isatty(STDOUT_FILENO) == 0) {
		error_set(error,
			"the monitor needs a terminal, and standard %s is none; `sockwatch list` prints the sockets once",
			in ? "output" : "input");
		return -ENOTTY;
	}
	if (name == NULL || name[0] == '\0') {
		error_set(error,
			"TERM is %s, so nobody knows how to draw on this terminal; try TERM=xterm-256color, or use \"sockwatch list\"",
			name == NULL ? "not set" : "empty");
		return -ENOTTY;
	}
	if (strcmp(name, "dumb") == 0)
		return terminal_kind_refuse(error, name, "cannot move its cursor");
	return 0;
}
