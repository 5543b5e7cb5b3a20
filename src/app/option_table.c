/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of options. A config key without option is a row without name; an option without key is
 * of one run only.
 */
#include <config.h>

#include "options.h"

#include <assert.h>

#define OF(member) offsetof(struct options, member)

enum {
	EVERYWHERE = (1 << COMMAND_COUNT) - 1,
	LIST = 1 << COMMAND_LIST,
	RESOLVE = 1 << COMMAND_RESOLVE,
	NOWHERE = 0, /* in the config only */
};

const struct option_row option_rows[] = {
	{
		.name = "delay",
		.letter = 'd',
		.argument = "SECONDS",
		.kind = OPTION_SECONDS,
		.offset = OF(settings.interval_ms),
		.min = 100,
		.max = 3600000,
		.fallback = "1",
		.key = "delay",
		.help = "refresh every SECONDS, 0.1 to 3600",
		.commands = EVERYWHERE,
	},
	{
		.name = "numeric",
		.letter = 'n',
		.kind = OPTION_ON,
		.offset = OF(settings.numeric),
		.fallback = "no",
		.key = "numeric",
		.help = "numbers, not names of services and hosts",
		.commands = EVERYWHERE,
	},
	{
		.name = "netns",
		.argument = "NAME|PID|all",
		.kind = OPTION_TEXT,
		.offset = OF(netns),
		.help = "look into the network namespace of this name (ip netns), of this process, "
			"or into all of them",
		.commands = EVERYWHERE,
	},
	{
		.name = "no-color",
		.kind = OPTION_OFF,
		.offset = OF(settings.color),
		.fallback = "yes",
		.key = "color",
		.help = "no colours (so does the environment variable NO_COLOR)",
		.commands = EVERYWHERE,
	},
	{
		.name = "ascii",
		.kind = OPTION_ON,
		.offset = OF(settings.ascii),
		.fallback = "no",
		.key = "ascii",
		.help = "draw with ASCII characters only",
		.commands = EVERYWHERE,
	},
	{
		.name = "read-only",
		.kind = OPTION_ON,
		.offset = OF(settings.read_only),
		.fallback = "no",
		.key = "read_only",
		.help = "no actions: nothing can be closed or signalled",
		.commands = EVERYWHERE,
	},
	{
		.name = "config",
		.argument = "FILE",
		.kind = OPTION_TEXT,
		.offset = OF(config_path),
		.help = "read and save the settings here, not in $XDG_CONFIG_HOME/sockwatch/config",
		.commands = EVERYWHERE,
	},
	{
		.name = "version",
		.letter = 'V',
		.kind = OPTION_ASK,
		.offset = OF(ask),
		.min = OPTIONS_ASK_VERSION,
		.help = "print the version and end",
		.commands = EVERYWHERE,
	},
	{
		.name = "help",
		.letter = 'h',
		.kind = OPTION_ASK,
		.offset = OF(ask),
		.min = OPTIONS_ASK_HELP,
		.help = "print this help and end",
		.commands = EVERYWHERE,
	},
	{
		.name = "server",
		.argument = "ADDRESS[:PORT]",
		.kind = OPTION_TEXT,
		.offset = OF(server),
		.help = "ask this DNS server, not those of /etc/resolv.conf",
		.commands = RESOLVE,
	},
	{
		.name = "json",
		.kind = OPTION_FORMAT,
		.offset = OF(format),
		.min = REPORT_JSON,
		.help = "JSON Lines: an object a line, what is unknown left out",
		.commands = LIST | RESOLVE,
	},
	{
		.name = "csv",
		.kind = OPTION_FORMAT,
		.offset = OF(format),
		.min = REPORT_CSV,
		.help = "comma-separated values with a line of headings",
		.commands = LIST,
	},
	{
		.name = "sort",
		.argument = "FIELD[:asc|desc]",
		.kind = OPTION_ORDER,
		.offset = OF(sort),
		.second = OF(sort_descending),
		.help = "order by this field; without it as the kernel lists",
		.commands = LIST,
	},
	{
		.name = "fields",
		.argument = "FIELD,...",
		.kind = OPTION_FIELDS,
		.offset = OF(fields),
		.second = OF(field_count),
		.max = OPTIONS_FIELDS_MAX,
		.help = "these fields in this order, or a set of them by its name (sockwatch help "
			"fields "
			"names both)",
		.commands = LIST,
	},
	{
		.name = "group",
		.argument = "FIELD",
		.kind = OPTION_FIELD,
		.offset = OF(group),
		.help = "one row for all sockets that have this field in common, with sums",
		.commands = LIST,
	},
	{
		.name = "from",
		.argument = "FILE",
		.kind = OPTION_TEXT,
		.offset = OF(from),
		.help = "what a recording holds, not what is now; - is standard input",
		.commands = LIST,
	},
	{
		.name = "at",
		.argument = "TIME",
		.kind = OPTION_TEXT,
		.offset = OF(at),
		.help = "of the recording: the last snapshot that was complete at this time; "
			"RFC 3339, HH:MM:SS, or +SECONDS after its start",
		.commands = LIST,
	},
	{
		.argument = "FIELD,...",
		.kind = OPTION_FIELDS,
		.offset = OF(settings.columns),
		.second = OF(settings.column_count),
		.max = SETTINGS_COLUMNS_MAX,
		.fallback = "default",
		.key = "columns",
		.help = "the monitor's columns: fields, or the name of a set",
		.commands = NOWHERE,
	},
	{
		.argument = "FIELD[:asc|desc]",
		.kind = OPTION_ORDER,
		.offset = OF(settings.sort),
		.second = OF(settings.sort_descending),
		.fallback = "none",
		.key = "sort",
		.help = "the monitor's order; none: as the sockets came",
		.commands = NOWHERE,
	},
	{
		.argument = "FIELD",
		.kind = OPTION_FIELD,
		.offset = OF(settings.group),
		.fallback = "none",
		.key = "group",
		.help = "the monitor's grouping, or none",
		.commands = NOWHERE,
	},
	{
		.argument = "NAME",
		.kind = OPTION_WORD,
		.offset = OF(settings.theme),
		.max = sizeof((struct settings *)0)->theme,
		.fallback = "default",
		.key = "theme",
		.help = "the colours: a name that the setup screen (F2) offers",
		.commands = NOWHERE,
	},
	{
		.argument = "SECONDS",
		.kind = OPTION_SECONDS,
		.offset = OF(settings.linger_ms),
		.min = 0,
		.max = 600000,
		.fallback = "5",
		.key = "linger",
		.help = "so long a closed socket stays on the screen, 0 to 600",
		.commands = NOWHERE,
	},
	{
		.kind = OPTION_ON,
		.offset = OF(settings.mouse),
		.fallback = "yes",
		.key = "mouse",
		.help = "the mouse selects and scrolls",
		.commands = NOWHERE,
	},
	{
		.argument = "KEY ACTION",
		.kind = OPTION_BIND,
		.offset = OF(settings.binds),
		.second = OF(settings.bind_count),
		.max = SETTINGS_BINDS_MAX,
		.key = "bind",
		.help = "one line a key, without an equals sign: the names are those of KEYS",
		.commands = NOWHERE,
	},
};

const size_t option_row_count = sizeof option_rows / sizeof option_rows[0];
static_assert(sizeof option_rows / sizeof option_rows[0] <= OPTIONS_ROWS_MAX, "mask of rows given");
