/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options: one table row each. getopt, --help, the manual's OPTIONS, the bash completion and the
 * keys of the config file come from it. A row without a name is a key of the config only; a row
 * without a key is for one run only.
 */
#ifndef SOCKWATCH_APP_OPTION_OPTIONS_H
#define SOCKWATCH_APP_OPTION_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>
#include <sockwatch/report/report.h>
#include <sockwatch/tui/settings.h>

enum command {
	COMMAND_MONITOR,
	COMMAND_LIST,
	COMMAND_EVENTS,
	COMMAND_COLLECT,
	COMMAND_RECORD,
	COMMAND_REPLAY,
	COMMAND_PROBE,
	COMMAND_CONNECT,
	COMMAND_RESOLVE,
	COMMAND_COUNTERS,
	COMMAND_PORTS,
	COMMAND_METRICS,
	COMMAND_DOCTOR,
	COMMAND_HELP,
	COMMAND_COUNT
};

enum options_ask { OPTIONS_ASK_NOTHING, OPTIONS_ASK_HELP, OPTIONS_ASK_VERSION, OPTIONS_ASK_RIGHTS };

enum { OPTIONS_FIELDS_MAX = 128, OPTIONS_ROWS_MAX = 128 };

/* Options of `probe` and `connect`. */
struct options_probe {
	int protocol;    /* enum probe_protocol */
	uint16_t port;   /* 0: the protocol's own */
	int family;      /* 4, 6, or 0: either */
	uint32_t cycles; /* 0: until stopped */
	uint32_t interval_ms, timeout_ms;
	uint32_t first_ttl, max_ttl, flows, size, router_rate, tos, mark;
	const char *source, *interface;
	bool report, dont_fragment, all;
};

/* Options of `record`. */
struct options_record {
	uint64_t max_bytes;  /* 0: no bound */
	uint32_t max_age_ms; /* 0: no bound */
	uint32_t files;
	bool append, force, quiet, no_events;
};

/* Options of `metrics`. */
struct options_metrics {
	bool openmetrics;
	const char *write; /* NULL: standard output */
	uint32_t every_ms; /* 0: once */
	uint32_t limit;
};

/* The values from command line and config. Texts point into argv. */
struct options {
	enum command command;
	enum options_ask ask;
	const char *config_path;
	const char *netns;
	const char *from;
	const char *at;
	const char *write;       /* events: a capture to write, or NULL */
	const char *begin, *end; /* times of the recording; NULL: its start, its end */
	const char *against;     /* list: a recording, or a time of the one of `from` */
	const char *server;      /* resolve */
	const char *interface;   /* events */
	const char *speed;       /* replay */
	const char *read;
	uint32_t count; /* lines; 0: no end */
	uint32_t for_ms;
	bool data;
	bool tunnels;
	bool listeners;    /* list: not sockets, but listeners with what belongs to them */
	const char *rules; /* doctor: their names, or NULL: all */
	bool list_rules;
	bool save_baseline; /* doctor: add what is open to it */
	bool all_counters;
	const char *counters; /* counters: names of those to print; NULL: the usual ones */
	bool no_first;        /* counters: not the totals, only what changes */
	enum report_format format;
	const struct field *fields[OPTIONS_FIELDS_MAX]; /* --fields; none: the usual ones */
	size_t field_count;
	const struct field *sort;
	bool sort_descending;
	const struct field *group;
	struct options_probe probe;
	struct options_record record;
	struct options_metrics metrics;
	struct settings settings;
	char *words; /* all other words, joined by spaces: a filter, a host, a command for help */
	bool given[OPTIONS_ROWS_MAX]; /* rows that the command line or the environment set */
};

enum option_kind {
	OPTION_ON,      /* a switch: bool */
	OPTION_OFF,     /* a switch that clears it */
	OPTION_SECONDS, /* uint32_t milliseconds */
	OPTION_TEXT,    /* const char *: as typed */
	OPTION_WORD,    /* char[max] */
	OPTION_FIELD,   /* const struct field *; "none": NULL */
	OPTION_ORDER,   /* the field, with :asc or :desc; second: bool descending */
	OPTION_FIELDS,  /* const struct field *[max]; second: size_t count */
	OPTION_FORMAT,  /* enum report_format: value */
	OPTION_ASK,     /* enum options_ask: value */
	OPTION_BIND,    /* struct settings_bind[max]; second: size_t count */
	OPTION_NUMBER,  /* uint32_t */
	OPTION_BYTES,   /* uint64_t */
	OPTION_PICK,    /* int: value; second: uint16_t for a port that may follow */
};

struct option_row {
	const char *name;     /* long name, or NULL */
	char letter;          /* or 0 */
	const char *argument; /* "[=NUMBER]": may be left out */
	enum option_kind kind;
	size_t offset; /* in struct options */
	size_t second;
	uint64_t min, max;    /* of a number, in the member's unit; max: also how many, or bytes */
	int value;            /* that FORMAT, ASK and PICK set */
	const char *fallback; /* default, as it would be typed; NULL: nothing */
	const char *key;      /* in the config, or NULL */
	const char *help;
	unsigned commands; /* 1 << enum command */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* Sets everything to its default. */
void options_init(struct options *options);
void options_fini(struct options *options);

/*
 * The command whose name is the first word, which is taken out of argv; COMMAND_MONITOR when the
 * first word is not the name of a command.
 */
enum command options_take_command(int *argc, char **argv);

/* The fields that --fields, --sort and the filter of this command are about. */
const struct field_table *option_fields(const struct options *options);
/* Reads argv by the rows of options->command. 0, or -EINVAL with a sentence. */
int options_parse(struct options *options, int argc, char **argv, struct error *error);
/* NO_COLOR (no-color.org). */
void options_read_environment(struct options *options);

/* Sets a row from text, as given on the command line or in the config. 0, or -EINVAL with a
 * sentence that does not name the row. */
int option_set(const struct option_row *row, struct options *options, const char *text,
	struct error *error);
/* Its argument may be the next word of the line. */
static inline bool
option_takes_word(const struct option_row *row)
{
	return row->argument != NULL && row->argument[0] != '[';
}
/* Appends the value as option_set would read it; for OPTION_BIND nothing. */
void option_print(const struct option_row *row, const struct options *options, struct buffer *out);
/* The row of a config key, or NULL. */
const struct option_row *option_by_key(const char *key, size_t len);
static inline bool
option_given(const struct options *options, const struct option_row *row)
{
	return options->given[row - option_rows];
}

/* Whether the row that sets this member of options was given. */
bool option_is_given(const struct options *options, const void *member);

/* Print the options of one command, or all of them for the manual, the config and the completion.
 */
void options_print_help(FILE *out, enum command command);
void options_print_roff(FILE *out);
void options_print_config_roff(FILE *out);
void options_print_completion(FILE *out);

#endif
