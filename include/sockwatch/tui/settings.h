/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings that the user chooses and that the config file keeps. Read and written by
 * app/config, changed by tui's setup screen.
 */
#ifndef SOCKWATCH_TUI_SETTINGS_H
#define SOCKWATCH_TUI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/field.h>

enum {
	SETTINGS_COLUMNS_MAX = 64,
	SETTINGS_BINDS_MAX = 128,
	SETTINGS_FILTERS_MAX = 64,
	SETTINGS_PATH_SIZE = 512
};

struct settings_bind {
	char key[16]; /* as the help screen prints it: "F3", "s", "C-l" */
	char action[32];
};

struct settings {
	const struct field *columns[SETTINGS_COLUMNS_MAX];
	size_t column_count;
	const struct field *sort;
	bool sort_descending;
	const struct field *group; /* NULL: none */
	char theme[32];            /* "default", "light", "mono" … */
	char user[32];             /* that the program becomes for root; "default" */
	uint32_t interval_ms;
	uint32_t linger_ms;  /* closed rows stay that long */
	uint64_t past_bytes; /* of what was seen are kept in memory; 0: nothing is */
	bool numeric;        /* no names of hosts at all */
	bool names;          /* in the tables of sockets: names in place of remote addresses */
	bool events;         /* their pane stands below the table from the start */
	bool own;            /* sockets of the program itself are shown */
	bool mouse;
	bool ascii;
	bool color;
	bool read_only;
	struct settings_bind binds[SETTINGS_BINDS_MAX];
	size_t bind_count;
	bool has_doctor;
	struct doctor_settings doctor;
	char baseline[SETTINGS_PATH_SIZE];   /* file of what is known; "none" */
	char *filters[SETTINGS_FILTERS_MAX]; /* history, newest first; owned */
	size_t filter_count;
};

#endif
