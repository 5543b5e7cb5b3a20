/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: a line of words, each ending in NUL, as the program gets them; then what some
 * commands make of their own words: a filter, a time, counters, rules. What a value is printed as
 * is read as the same value.
 */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/base/clock.h>

#include "app/option/command_names.h"
#include "app/option/options.h"
#include "fuzz.h"

enum { WORDS_MAX = 24, BYTES_MAX = 2048 };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Of each row that was given. */
static void
check_values(const struct options *options)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];
		struct options again = *options;
		struct buffer first = {0}, second = {0};
		struct error error = {.text = ""};

		if (!option_given(options, row) || row->key == NULL || row->kind == OPTION_BIND)
			continue;
		option_print(row, options, &first);
		buffer_append_char(&first, '\0');
		require(option_set(row, &again, (const char *)first.data, &error) == 0);
		option_print(row, &again, &second);
		buffer_append_char(&second, '\0');
		require(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
		buffer_fini(&first);
		buffer_fini(&second);
	}
}

static void
check_words(const struct options *options)
{
	static const struct clock_span span = {
		.begin_ns = UINT64_C(1700000000000000000), .end_ns = UINT64_C(1700000100000000000)};
	static struct doctor_settings settings;
	struct error error = {.position = -1, .text = ""};
	struct filter *const filter = filter_parse(options->words, option_fields(options), &error);
	uint64_t time_ns;
	char word[64];

	snprintf(word, sizeof word, "%s", options->words);
	(void)command_names_suggest(word);
	(void)clock_parse(options->words, &span, &time_ns);
	require(filter != NULL || error.text[0] != '\0');
	filter_free(filter);
	if (options->at != NULL)
		(void)clock_parse(options->at, &span, &time_ns);
	if (options->rules != NULL && settings.thresholds[0][0] == 0)
		doctor_settings_init(&settings);
	if (options->rules != NULL)
		(void)doctor_settings_choose(&settings, options->rules, &error);
}

/* Any option with these words as its value. */
static void
check_value(const struct options *options, size_t number)
{
	struct options copy = *options;
	struct error error = {.text = ""};

	copy.settings.filter_count = 0;
	if (option_set(&option_rows[number % option_row_count], &copy, options->words, &error) != 0)
		require(error.text[0] != '\0');
}

static void
parse(int argc, char **argv)
{
	static struct options usual;
	struct options options;
	struct error error = {.position = -1, .text = ""};

	if (usual.settings.interval_ms == 0)
		options_init(&usual);
	options = usual;
	options.command = options_take_command(&argc, argv);
	require(options.command < COMMAND_COUNT && argc >= 1);
	if (options_parse(&options, argc, argv, &error) == 0) {
		require(options.words != NULL);
		check_values(&options);
		check_words(&options);
		check_value(&options, strlen(options.words) * (unsigned char)options.words[0]);
	} else {
		require(error.text[0] != '\0');
	}
	options_fini(&options);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *argv[WORDS_MAX + 2] = {NULL};
	static char name[] = "sockwatch";
	char *words[WORDS_MAX];
	int argc = 0;

	if (len > BYTES_MAX)
		return 0;
	/* Each in a block of its own. */
	while (len > 0 && argc < WORDS_MAX) {
		const uint8_t *const end = memchr(data, '\0', len);
		const size_t size = end != NULL ? (size_t)(end - data) : len;

		words[argc] = strndup((const char *)data, size);
		require(words[argc] != NULL);
		argv[argc + 1] = words[argc];
		argc++;
		data += size + (end != NULL);
		len -= size + (end != NULL);
	}
	argv[0] = name;
	parse(argc + 1, argv);
	for (int i = 0; i < argc; i++)
		free(words[i]);
	return 0;
}
