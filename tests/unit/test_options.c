/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "app/option/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option/command_names.h"
#include <sockwatch/stream/message_probe.h>

#include "unit.h"

enum { WORDS_MAX = 24 };

/* Parses a line whose words are separated by single spaces. */
static int
parse(const char *line, struct options *options, struct error *error)
{
	static char copy[512];
	char *argv[WORDS_MAX + 1] = {copy};
	int argc = 0;
	char *rest = NULL;

	assert_true(strlen(line) < sizeof copy);
	strcpy(copy, line);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		assert_true(argc < WORDS_MAX);
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	options_init(options);
	options->command = options_take_command(&argc, argv);
	return options_parse(options, argc, argv, error);
}

static void
assert_parses(const char *line, struct options *options)
{
	struct error error = {.text = ""};

	if (parse(line, options, &error) != 0)
		fail_msg("%s: %s", line, error.text);
}

static const char *
name_of(const struct option_row *row)
{
	return row->name != NULL ? row->name : row->key != NULL ? row->key : "(no name)";
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void
row_holds_together(size_t index)
{
	const struct option_row *const row = &option_rows[index];

	if (row->name == NULL && row->key == NULL)
		fail_msg("row %zu has neither a name nor a config key", index);
	if (row->help == NULL)
		fail_msg("row %s has no help", name_of(row));
	if (row->name != NULL && row->commands == 0)
		fail_msg("row %s has a name but no command takes it", name_of(row));
	if (row->min > row->max && row->max != 0)
		fail_msg("row %s has a minimum above its maximum", name_of(row));
	for (size_t i = 0; i < index; i++) {
		const struct option_row *const other = &option_rows[i];

		/* A name too; and the command is found before it is known which one is meant. */
		if (is_same(row->name, other->name) &&
			((row->commands & other->commands) != 0 ||
				option_takes_word(row) != option_takes_word(other)))
			fail_msg("two rows have the name %s in one command", row->name);
		if (is_same(row->key, other->key))
			fail_msg("two rows have the config key %s", row->key);
		/* A letter may mean two things in two commands only. */
		if (row->letter != 0 && row->letter == other->letter &&
			(row->commands & other->commands) != 0)
			fail_msg("rows %s and %s share the letter %c in one command",
				name_of(other), name_of(row), row->letter);
	}
}

static void
table_holds_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++)
		row_holds_together(i);
}

/* Prints the value as text that ends in NUL. */
static void
print_value(const struct option_row *row, const struct options *options, struct buffer *out)
{
	buffer_init(out, 0);
	option_print(row, options, out);
	buffer_append_char(out, '\0');
}

static void
default_is_read_and_printed(const struct option_row *row, const struct options *options)
{
	struct options again = {.ask = OPTIONS_ASK_NOTHING};
	struct error error = {.position = -1};
	struct buffer first, second;

	print_value(row, options, &first);
	if (first.len <= 1)
		fail_msg("the default of row %s is printed as nothing", name_of(row));
	if (option_set(row, &again, (const char *)first.data, &error) != 0)
		fail_msg("row %s does not take its own default: %s", name_of(row), error.text);
	print_value(row, &again, &second);
	if (strcmp((const char *)first.data, (const char *)second.data) != 0)
		fail_msg("row %s prints its default as \"%s\", and after reading that as \"%s\"",
			name_of(row), (const char *)first.data, (const char *)second.data);
	buffer_fini(&first);
	buffer_fini(&second);
}

static void
defaults_are_read_and_printed(void **state)
{
	struct options options;

	(void)state;
	options_init(&options);
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].fallback != NULL)
			default_is_read_and_printed(&option_rows[i], &options);
	}
	assert_int_equal(options.settings.interval_ms, 1000);
	assert_true(options.settings.color);
	assert_true(options.settings.column_count > 5);
	options_fini(&options);
}

static void
finds_the_command(void **state)
{
	static const struct {
		const char *line;
		enum command command;
		const char *words;
	} cases[] = {
		{"sockwatch", COMMAND_MONITOR, ""},
		{"sockwatch list", COMMAND_LIST, ""},
		{"sockwatch -n -d 2 list port 80", COMMAND_LIST, "port 80"},
		{"sockwatch -nd2 list", COMMAND_LIST, ""},
		{"sockwatch -nd 2 list", COMMAND_LIST, ""},
		{"sockwatch --netns list list", COMMAND_LIST, ""},
		{"sockwatch --netns=list collect", COMMAND_COLLECT, ""},
		{"sockwatch state listen", COMMAND_MONITOR, "state listen"},
		{"sockwatch port 80 list", COMMAND_MONITOR, "port 80 list"},
		{"sockwatch -- list", COMMAND_MONITOR, "list"},
		{"sockwatch list state listen --json", COMMAND_LIST, "state listen"},
		{"sockwatch list -- --json", COMMAND_LIST, "--json"},
		{"sockwatch help list", COMMAND_HELP, "list"},
	};

	(void)state;
	unit_each (i, cases) {
		struct options options;

		assert_parses(cases[i].line, &options);
		assert_int_equal(options.command, cases[i].command);
		assert_string_equal(options.words, cases[i].words);
		options_fini(&options);
	}
}

static void
reads_values(void **state)
{
	struct options options;

	(void)state;
	assert_parses(
		"sockwatch list --json --sort=rtt --fields state,rtt_us,local --group process "
		"-d 0.25 --no-color --ascii --from x.pcap --at +5 --read-only --netns blue",
		&options);
	assert_int_equal(options.format, REPORT_JSON);
	assert_string_equal(options.sort->name, "rtt_us");
	assert_int_equal(options.sort_descending, options.sort->descending);
	assert_int_equal(options.field_count, 3);
	assert_string_equal(options.fields[1]->name, "rtt_us");
	assert_string_equal(options.group->name, "process");
	assert_int_equal(options.settings.interval_ms, 250);
	assert_false(options.settings.color);
	assert_true(options.settings.ascii);
	assert_true(options.settings.read_only);
	assert_string_equal(options.from, "x.pcap");
	assert_string_equal(options.at, "+5");
	assert_string_equal(options.netns, "blue");
	options_fini(&options);

	assert_parses("sockwatch list --sort rtt:asc", &options);
	assert_false(options.sort_descending);
	options_fini(&options);
	assert_parses("sockwatch list --sort state:desc --fields health", &options);
	assert_true(options.sort_descending);
	assert_true(options.field_count > 5);
	options_fini(&options);
	assert_parses("sockwatch -d 3600 -h", &options);
	assert_int_equal(options.settings.interval_ms, 3600000);
	assert_int_equal(options.ask, OPTIONS_ASK_HELP);
	options_fini(&options);
	assert_parses("sockwatch list -V", &options);
	assert_int_equal(options.ask, OPTIONS_ASK_VERSION);
	options_fini(&options);
}

static void
knows_what_was_given(void **state)
{
	struct options options;

	(void)state;
	assert_parses("sockwatch probe --size 32 --tos 0xB8 --mark 4294967295 x", &options);
	assert_true(option_is_given(&options, &options.probe.size));
	assert_true(option_is_given(&options, &options.probe.tos));
	assert_false(option_is_given(&options, &options.probe.cycles));
	assert_false(option_is_given(&options, &options.words));
	assert_int_equal(options.probe.tos, 0xb8);
	assert_int_equal(options.probe.mark, UINT32_MAX);
	options_fini(&options);
	assert_parses("sockwatch probe --mark 0x00000000000000ff x", &options);
	assert_int_equal(options.probe.mark, 255);
	options_fini(&options);
	assert_parses("sockwatch list --group process --group none", &options);
	assert_null(options.group);
	options_fini(&options);
	assert_parses("sockwatch probe -I eth0 -i 2 --all one two", &options);
	assert_string_equal(options.probe.interface, "eth0");
	assert_null(options.interface);
	assert_int_equal(options.probe.interval_ms, 2000);
	assert_true(options.probe.all);
	assert_string_equal(options.words, "one two");
	options_fini(&options);
	assert_parses("sockwatch probe --tcp=81 x", &options);
	assert_int_equal(options.probe.protocol, PROBE_PROTOCOL_TCP);
	assert_int_equal(options.probe.port, 81);
	options_fini(&options);
	/* The last one counts, with its own port. */
	assert_parses("sockwatch probe --tcp=81 --udp -4 x", &options);
	assert_int_equal(options.probe.protocol, PROBE_PROTOCOL_UDP);
	assert_int_equal(options.probe.port, 0);
	assert_int_equal(options.probe.family, 4);
	options_fini(&options);
	assert_parses("sockwatch events -i eth0 --interface eth1", &options);
	assert_string_equal(options.interface, "eth1");
	assert_null(options.probe.interface);
	options_fini(&options);
}

static void
errors_name_what_would_be_right(void **state)
{
	static const struct {
		const char *line;
		const char *names; /* words of the sentence */
		const char *right;
	} cases[] = {
		{"sockwatch list --jsn", "--jsn", "--json"},
		{"sockwatch list --qqqqqq", "--qqqqqq", "sockwatch list --help"},
		{"sockwatch --json", "--json", "sockwatch list"},
		{"sockwatch -x", "-x", "sockwatch --help"},
		{"sockwatch list --json=yes", "--json", "takes no value"},
		{"sockwatch list --sort", "--sort", "FIELD[:asc|desc]"},
		{"sockwatch -d", "-d", "SECONDS"},
		{"sockwatch -d 0", "\"0\"", "0.1 to 3600"},
		{"sockwatch -d 3601", "\"3601\"", "0.1 to 3600"},
		{"sockwatch -d soon", "\"soon\"", "0.1 to 3600"},
		{"sockwatch --delay=-1", "--delay", "0.1 to 3600"},
		{"sockwatch list --sort rt", "\"rt\"", "rtt"},
		{"sockwatch list --sort rtt:down", "\"down\"", "asc or desc"},
		{"sockwatch list --group nonsenseword", "\"nonsenseword\"", "help fields"},
		{"sockwatch list --fields state,nonsenseword", "nonsenseword", "--fields"},
		{"sockwatch probe --tos 256", "\"256\"", "0 to 255"},
		{"sockwatch probe --tos 0x100", "\"0x100\"", "0 to 255"},
		{"sockwatch probe --tos 0x", "\"0x\"", "0 to 255"},
		{"sockwatch probe --tos 0xg", "\"0xg\"", "0 to 255"},
		{"sockwatch probe --mark 0x100000000", "\"0x100000000\"", "0 to 4294967295"},
		{"sockwatch probe --mark 0x10000000000000001", "--mark", "0 to 4294967295"},
		{"sockwatch list -I eth0", "-I", "sockwatch probe"},
	};

	(void)state;
	unit_each (i, cases) {
		struct options options;
		struct error error = {.text = ""};

		assert_int_equal(parse(cases[i].line, &options, &error), -EINVAL);
		if (strstr(error.text, cases[i].names) == NULL ||
			strstr(error.text, cases[i].right) == NULL)
			fail_msg("%s: \"%s\" does not name %s and %s", cases[i].line, error.text,
				cases[i].names, cases[i].right);
		options_fini(&options);
	}
}

static void
no_color_is_heard(void **state)
{
	struct options options;

	(void)state;
	options_init(&options);
	setenv("NO_COLOR", "", 1);
	options_read_environment(&options);
	assert_true(options.settings.color);
	setenv("NO_COLOR", "1", 1);
	options_read_environment(&options);
	assert_false(options.settings.color);
	assert_true(option_is_given(&options, &options.settings.color));
	assert_false(option_is_given(&options, &options.settings.group));
	unsetenv("NO_COLOR");
	options_fini(&options);
}

static void
commands_are_found_and_suggested(void **state)
{
	(void)state;
	assert_int_equal(command_names_find("list"), COMMAND_LIST);
	assert_int_equal(command_names_find(""), COMMAND_COUNT);
	assert_int_equal(command_names_find("lists"), COMMAND_COUNT);
	assert_int_equal(command_names_suggest("lsit"), COMMAND_LIST);
	assert_int_equal(command_names_suggest("colect"), COMMAND_COLLECT);
	assert_int_equal(command_names_suggest("nginx"), COMMAND_COUNT);
}

/* An option of other commands: the first of them is named. */
static void
of_another_command(void **state)
{
	unsigned refused = 0;

	(void)state;
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];
		enum command first = 0;

		/* Where a name has two rows, the first that the command takes is meant. */
		if (row->name == NULL || strcmp(row->name, "help") == 0)
			continue;
		while ((row->commands >> first & 1) == 0)
			first++;
		for (enum command other = 0; other < COMMAND_COUNT; other++) {
			char word[64], name[64];
			char *argv[] = {word, word, NULL};
			struct options options;
			struct error error = {.text = ""};
			bool is_taken = false;

			for (size_t k = 0; k < option_row_count; k++)
				is_taken |= option_rows[k].name != NULL &&
					    strcmp(option_rows[k].name, row->name) == 0 &&
					    (k < i || (option_rows[k].commands >> other & 1) != 0);
			if (is_taken)
				continue;
			snprintf(word, sizeof word, "--%s", row->name);
			options_init(&options);
			options.command = other;
			/* The beginning of a longer name that is taken will do. */
			if (options_parse(&options, 2, argv, &error) == 0) {
				options_fini(&options);
				continue;
			}
			refused++;
			command_names_format(first, name, sizeof name);
			if (strstr(error.text, "belongs to `") == NULL ||
				strstr(error.text, name) == NULL)
				fail_msg("%s: %s, not %s", word, error.text, name);
			options_fini(&options);
		}
	}
	assert_true(refused > 100);
}

/* Whose fields are meant is said by an option that may come after them. */
static void
fields_come_last(void **state)
{
	static const char *const lines[] = {
		"sockwatch list --sort accept_rate --listeners",
		"sockwatch list --listeners --sort accept_rate",
		"sockwatch list --fields accept_rate --listeners",
	};
	struct options options;
	struct error error = {.text = ""};

	(void)state;
	unit_each (i, lines) {
		assert_parses(lines[i], &options);
		options_fini(&options);
	}
	assert_int_equal(parse("sockwatch list --sort accept_rate", &options, &error), -EINVAL);
	/* What was freed is not freed again. */
	options_fini(&options);
	options_fini(&options);
	assert_int_equal(options.settings.filter_count, 0);
}

/* Nothing is printed by getopt itself; the words after the options are kept. */
static void
an_end_ends(void **state)
{
	struct options options;

	(void)state;
	assert_parses("sockwatch list -- --json x", &options);
	assert_string_equal(options.words, "--json x");
	options_fini(&options);
	assert_parses("sockwatch list", &options);
	assert_string_equal(options.words, "");
	options_fini(&options);
}

/* Sizes in bytes, at both bounds and one beyond. */
static void
sizes(void **state)
{
	static const struct {
		const char *line;
		uint64_t bytes; /* 0: refused */
	} cases[] = {
		{"sockwatch record --max-size 1048576 x", UINT64_C(1) << 20},
		{"sockwatch record --max-size 1048575 x", 0},
		{"sockwatch record --max-size 64M x", UINT64_C(64) << 20},
		{"sockwatch record --max-size 1125899906842624 x", UINT64_C(1) << 50},
		{"sockwatch record --max-size 1125899906842625 x", 0},
		{"sockwatch record --max-size much x", 0},
	};

	(void)state;
	unit_each (i, cases) {
		struct options options;
		struct error error = {.text = ""};

		assert_int_equal(
			parse(cases[i].line, &options, &error), cases[i].bytes != 0 ? 0 : -EINVAL);
		if (cases[i].bytes != 0)
			assert_true(options.record.max_bytes == cases[i].bytes);
		else
			assert_non_null(strstr(error.text, "is not a number of bytes; use 1"));
		options_fini(&options);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_holds_together),
		cmocka_unit_test(defaults_are_read_and_printed),
		cmocka_unit_test(finds_the_command),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(knows_what_was_given),
		cmocka_unit_test(errors_name_what_would_be_right),
		cmocka_unit_test(no_color_is_heard),
		cmocka_unit_test(commands_are_found_and_suggested),
		cmocka_unit_test(of_another_command),
		cmocka_unit_test(fields_come_last),
		cmocka_unit_test(an_end_ends),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
