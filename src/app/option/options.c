/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the command line by the table of options.
 *   option_table.c                       the options
 *   option_fields.c                      the fields that they may name
 *   option_value.c                       their values from text and as text
 *   command_names.c                      the commands
 *   usage.c, options_help.c, paragraph.c --help and the manual
 *   completion.c, suggest.c              bash completion, "did you mean"
 */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command_names.h"
#include "suggest.h"

void
options_init(struct options *options)
{
	*options = (struct options){.format = REPORT_TEXT};
	doctor_settings_init(&options->settings.doctor);
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].fallback != NULL)
			option_set(&option_rows[i], options, option_rows[i].fallback, NULL);
	}
}

void
options_fini(struct options *options)
{
	for (size_t i = 0; i < options->settings.filter_count; i++)
		free(options->settings.filters[i]);
	options->settings.filter_count = 0;
	free(options->words);
	options->words = NULL;
}

const struct option_row *
option_by_key(const char *key, size_t len)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const char *const known = option_rows[i].key;

		if (known != NULL && strlen(known) == len && memcmp(known, key, len) == 0)
			return &option_rows[i];
	}
	return NULL;
}

static bool
is_for(const struct option_row *row, enum command command)
{
	return (row->commands >> command & 1) != 0;
}

/* The meaning of the letter for the command or, if it has none, for another. */
static const struct option_row *
row_by_letter(char letter, enum command command)
{
	const struct option_row *found = NULL;

	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].letter == letter &&
			(found == NULL || is_for(&option_rows[i], command)))
			found = &option_rows[i];
	}
	return found;
}

static const struct option_row *
row_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const char *const known = option_rows[i].name;

		if (known != NULL && strlen(known) == len && memcmp(known, name, len) == 0)
			return &option_rows[i];
	}
	return NULL;
}

/* How many words of the line this option takes; its argument may be the next one. */
static int
words_of_option(const char *word)
{
	const struct option_row *row;

	if (word[1] == '-') {
		const size_t len = strcspn(word + 2, "=");

		row = row_by_name(word + 2, len);
		return row != NULL && option_takes_word(row) && word[2 + len] == '\0' ? 2 : 1;
	}
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		row = row_by_letter(*letter, COMMAND_MONITOR);
		if (row != NULL && option_takes_word(row))
			return letter[1] == '\0' ? 2 : 1;
	}
	return 1;
}

enum command
options_take_command(int *argc, char **argv)
{
	enum command command;
	int i = 1;

	while (i < *argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		if (strcmp(argv[i], "--") == 0)
			return COMMAND_MONITOR;
		i += words_of_option(argv[i]);
	}
	if (i >= *argc)
		return COMMAND_MONITOR;
	command = command_names_find(argv[i]);
	if (command == COMMAND_COUNT)
		return COMMAND_MONITOR;
	/* argv ends in a NULL, which is moved as well. */
	memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof *argv);
	--*argc;
	return command;
}

static int
refuse_unknown(enum command command, const char *word, struct error *error)
{
	const size_t len = strcspn(word, "=");
	const struct option_row *const row =
		word[1] == '-' ? row_by_name(word + 2, len - 2) : row_by_letter(word[1], command);
	const char *best = NULL;
	char name[64];

	command_names_format(command, name, sizeof name);
	if (row != NULL && row->argument == NULL && word[len] == '=') {
		error_set(error, "the option %.*s is a switch and takes no value", (int)len, word);
		return -EINVAL;
	}
	if (row != NULL) {
		for (enum command other = 0; other < COMMAND_COUNT; other++) {
			if (!is_for(row, other))
				continue;
			command_names_format(other, name, sizeof name);
			break;
		}
		error_set(error, "the option %.*s belongs to `%s`", (int)len, word, name);
		return -EINVAL;
	}
	for (size_t i = 0; word[1] == '-' && i < option_row_count; i++) {
		if (option_rows[i].name != NULL && is_for(&option_rows[i], command))
			best = suggest_nearer(word + 2, len - 2, best, option_rows[i].name);
	}
	if (best != NULL)
		error_set(
			error, "there is no option %.*s; did you mean --%s?", (int)len, word, best);
	else
		error_set(error, "there is no option %.*s; `%s --help` lists them", (int)len, word,
			name);
	return -EINVAL;
}

/* The tables of getopt_long. The value of a long option is FIRST_NAME and the index of its row. */
struct getopt_tables {
	char letters[2 + 2 * OPTIONS_ROWS_MAX + 1];
	struct option names[OPTIONS_ROWS_MAX + 1];
};

enum { FIRST_NAME = 256 };

static void
fill_tables(struct getopt_tables *tables, enum command command)
{
	size_t letters = 0;
	size_t names = 0;

	tables->letters[letters++] = ':'; /* getopt then returns ":" for a missing argument */
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (!is_for(row, command) || row->name == NULL)
			continue;
		tables->names[names++] = (struct option){
			.name = row->name,
			.has_arg = row->argument == NULL    ? no_argument
				   : option_takes_word(row) ? required_argument
							    : optional_argument,
			.val = FIRST_NAME + (int)i,
		};
		if (row->letter == 0)
			continue;
		tables->letters[letters++] = row->letter;
		if (option_takes_word(row))
			tables->letters[letters++] = ':';
	}
	tables->letters[letters] = '\0';
	tables->names[names] = (struct option){.name = NULL};
}

static int
take_option(struct options *options, const struct option_row *row, bool by_letter, const char *text,
	struct error *error)
{
	struct error inner;
	int result;

	if (row->kind == OPTION_ON)
		text = "yes";
	else if (row->kind == OPTION_OFF)
		text = "no";
	result = option_set(row, options, text, &inner);
	options->given[row - option_rows] = true;
	if (result == 0)
		return 0;
	if (by_letter)
		error_set(error, "-%c: %s", row->letter, inner.text);
	else
		error_set(error, "--%s: %s", row->name, inner.text);
	return result;
}

static int
refuse_missing(enum command command, const char *word, int code, struct error *error)
{
	const struct option_row *const row = code >= FIRST_NAME
						     ? &option_rows[code - FIRST_NAME]
						     : row_by_letter((char)code, command);

	error_set(
		error, "the option %s needs a value: %s", word, row != NULL ? row->argument : "?");
	return -EINVAL;
}

static int
join_words(struct options *options, int count, char **words, struct error *error)
{
	struct buffer joined;

	buffer_init(&joined, 0);
	for (int i = 0; i < count; i++) {
		if (i != 0)
			buffer_append_char(&joined, ' ');
		buffer_append_text(&joined, words[i]);
	}
	buffer_append_char(&joined, '\0');
	if (joined.failed) {
		buffer_fini(&joined);
		error_set(error, "there is not enough memory for the command line");
		return -ENOMEM;
	}
	options->words = (char *)joined.data;
	return 0;
}

/* Which fields it names depends on other options, so that it is read after them. */
static bool
names_fields(const struct option_row *row)
{
	return row->kind == OPTION_FIELD || row->kind == OPTION_ORDER || row->kind == OPTION_FIELDS;
}

/* Takes the options that name fields, or all others. 0, or -EINVAL with a sentence. */
static int
take_options(struct options *options, int argc, char **argv, bool fields, struct error *error)
{
	struct getopt_tables tables;

	fill_tables(&tables, options->command);
	optind = 0; /* GNU: start again */
	opterr = 0;
	for (;;) {
		const int at = optind == 0 ? 1 : optind;
		const int code = getopt_long(argc, argv, tables.letters, tables.names, NULL);
		const struct option_row *row;
		int result;

		if (code == -1)
			return 0;
		if (code == ':')
			return refuse_missing(options->command, argv[optind - 1], optopt, error);
		if (code == '?' && optopt != 0 && optopt < FIRST_NAME) {
			const char letter[] = {'-', (char)optopt, '\0'};

			return refuse_unknown(options->command, letter, error);
		}
		if (code == '?')
			return refuse_unknown(options->command,
				argv[optind - 1][0] == '-' ? argv[optind - 1] : argv[at], error);
		row = code >= FIRST_NAME ? &option_rows[code - FIRST_NAME]
					 : row_by_letter((char)code, options->command);
		if (row == NULL)
			return refuse_unknown(options->command, argv[at], error);
		if (names_fields(row) != fields)
			continue;
		result = take_option(options, row, code < FIRST_NAME, optarg, error);
		if (result != 0)
			return result;
	}
}

int
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	int result = take_options(options, argc, argv, false, error);

	if (result == 0)
		result = take_options(options, argc, argv, true, error);
	return result == 0 ? join_words(options, argc - optind, argv + optind, error) : result;
}

bool
option_is_given(const struct options *options, const void *member)
{
	const size_t offset = (size_t)((const char *)member - (const char *)options);

	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].offset == offset && option_given(options, &option_rows[i]))
			return true;
	return false;
}

void
options_read_environment(struct options *options)
{
	const char *const no_color = getenv("NO_COLOR");

	if (no_color == NULL || no_color[0] == '\0')
		return;
	options->settings.color = false;
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].offset == offsetof(struct options, settings.color))
			options->given[i] = true;
	}
}
