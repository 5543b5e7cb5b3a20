/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "app/config/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/config/history_file.h"
#include "app/config/user_file.h"
#include "unit.h"

static char directory[40];

static int
parse(struct options *options, const char *text, struct error *error)
{
	options_init(options);
	return config_file_parse(options, "config", text, strlen(text), error);
}

static void
assert_renders(const struct options *options, const char *text, const struct buffer *overridden,
	const char *expected)
{
	struct buffer out;

	buffer_init(&out, 0);
	config_file_render(options, text, strlen(text), overridden, &out);
	buffer_append_char(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_fini(&out);
}

static const char whole[] = "# my settings\n"
			    "\n"
			    "delay = 2.5\n"
			    "  numeric=yes\t\n"
			    "columns = state, local,remote\n"
			    "sort = rtt:desc\n"
			    "group = process\n"
			    "theme = light\n"
			    "linger = 0\n"
			    "mouse = off\n"
			    "bind F5 quit\n"
			    "bind x  sort\n";

static void
reads_every_key(void **state)
{
	struct options options;
	struct error error = {.text = ""};

	(void)state;
	assert_int_equal(parse(&options, whole, &error), 0);
	assert_int_equal(options.settings.interval_ms, 2500);
	assert_true(options.settings.numeric);
	assert_int_equal(options.settings.column_count, 3);
	assert_string_equal(options.settings.sort->name, "rtt_us");
	assert_true(options.settings.sort_descending);
	assert_string_equal(options.settings.group->name, "process");
	assert_string_equal(options.settings.theme, "light");
	assert_int_equal(options.settings.linger_ms, 0);
	assert_false(options.settings.mouse);
	assert_int_equal(options.settings.bind_count, 2);
	assert_string_equal(options.settings.binds[1].key, "x");
	assert_string_equal(options.settings.binds[1].action, "sort");
	/* Settings that did not change are written as the user wrote them. */
	assert_renders(&options, whole, NULL, whole);
	options_fini(&options);
}

static void
names_file_line_and_what_is_right(void **state)
{
	static const struct {
		const char *text;
		const char *names;
		const char *right;
	} cases[] = {
		{"\n\ncolumn = state\n", "config:3:", "columns"},
		{"delay = 0\n", "config:1: delay: \"0\"", "0.1 to 3600"},
		{"delay\n", "config:1:", "key = value"},
		{"mouse = perhaps", "config:1: mouse: \"perhaps\"", "yes nor no"},
		{"columns = state,rttt\n", "rttt", "columns"},
		{"bind q depart\n", "bind: there is no action \"depart\"", "config:1:"},
		{"bind q\n", "bind:", "a key and an action"},
		/* What fits exactly is looked up, and one byte more is no name. */
		{"bind q a123456789b123456789c123456789d\n",
			"no action \"a123456789b123456789c123456789d\"", "config:1:"},
		{"bind q a123456789b123456789c123456789de\n", "is not a binding",
			"a key and an action"},
		{"bind = q quit\n", "bind", "a key and an action"},
		{"zzzzzzzz = 1\nmouse = 7\n", "config:1:", "1 more line"},
		{"delay = 1\nzzzzzzzz = 1\nmouse = 7\nmouse = 8\n", "config:2:", "2 more line"},
		{"\nrule.nothing.x = 5\n", "config:2:", "nothing"},
		{"\naccept nothing\n", "config:2:", "is not a rule of doctor"},
		{"rule.x\n", "config:1:", "rule.NAME.THRESHOLD = VALUE"},
	};

	(void)state;
	unit_each (i, cases) {
		struct options options;
		struct error error = {.text = ""};

		if (parse(&options, cases[i].text, &error) != -EINVAL)
			fail_msg("%s: is not refused", cases[i].text);
		if (strstr(error.text, cases[i].names) == NULL ||
			strstr(error.text, cases[i].right) == NULL)
			fail_msg("%s: \"%s\"", cases[i].text, error.text);
		options_fini(&options);
	}
}

static void
keeps_what_it_does_not_understand(void **state)
{
	static const char text[] = "from = the future\n"
				   "delay = never\n"
				   "mouse = no\n"
				   "bind q depart\n"
				   "# end";
	struct options options;

	(void)state;
	assert_int_equal(parse(&options, text, NULL), -EINVAL);
	assert_false(options.settings.mouse);
	/* The refused delay differs from the one in force: it is corrected. */
	assert_renders(&options, text, NULL,
		"from = the future\n"
		"delay = never\n"
		"mouse = no\n"
		"bind q depart\n"
		"# end\n");
	options.settings.mouse = true;
	options.settings.interval_ms = 5000;
	assert_renders(&options, text, NULL,
		"from = the future\n"
		"delay = 5\n"
		"mouse = yes\n"
		"bind q depart\n"
		"# end\n");
	options_fini(&options);
}

/* A refused line changes nothing: the line before it is in force, and is the one that is changed.
 */
static void
refused_line_after_another(void **state)
{
	static const char text[] = "delay = x\n"
				   "mouse = no\n"
				   "delay = 3\n"
				   "mouse = noo\n";
	struct options options;

	(void)state;
	assert_int_equal(parse(&options, text, NULL), -EINVAL);
	assert_false(options.settings.mouse);
	assert_int_equal(options.settings.interval_ms, 3000);
	assert_renders(&options, text, NULL, text);
	options.settings.mouse = true;
	options.settings.interval_ms = 5000;
	assert_renders(&options, text, NULL,
		"delay = x\n"
		"mouse = yes\n"
		"delay = 5\n"
		"mouse = noo\n");
	options_fini(&options);
}

static void
changes_only_what_changed(void **state)
{
	static const char text[] = "delay = 9\n"
				   "delay = 2\n"
				   "bind x quit\n"
				   "bind x sort\n";
	struct options options;

	(void)state;
	assert_int_equal(parse(&options, text, NULL), 0);
	assert_int_equal(options.settings.interval_ms, 2000);
	assert_renders(&options, text, NULL, text);
	options.settings.interval_ms = 3500;
	options.settings.linger_ms = 1000;
	strcpy(options.settings.binds[0].action, "quit");
	strcpy(options.settings.binds[1].key, "F7");
	strcpy(options.settings.binds[1].action, "sort");
	options.settings.bind_count = 2;
	assert_renders(&options, text, NULL,
		"delay = 9\n"
		"delay = 3.5\n"
		"bind x quit\n"
		"bind x quit\n"
		"linger = 1\n"
		"bind F7 sort\n");
	options_fini(&options);
}

static void
does_not_save_the_command_line(void **state)
{
	const char *const keys[] = {"delay", "color"};
	struct buffer overridden[OPTIONS_ROWS_MAX] = {{.len = 0}};
	struct options options;

	(void)state;
	options_init(&options);
	options.settings.interval_ms = 7000;
	options.settings.color = false;
	unit_each (i, keys) {
		const struct option_row *const row = option_by_key(keys[i], strlen(keys[i]));

		assert_non_null(row);
		option_print(row, &options, &overridden[row - option_rows]);
	}
	assert_renders(&options, "delay = 2\n", overridden, "delay = 2\n");
	/* Then changed on the screen: that is meant to last. */
	options.settings.interval_ms = 8000;
	assert_renders(&options, "delay = 2\n", overridden, "delay = 8\n");
	for (size_t i = 0; i < OPTIONS_ROWS_MAX; i++)
		buffer_fini(&overridden[i]);
	options_fini(&options);
}

static void
path_in(char *out, size_t size, const char *name)
{
	snprintf(out, size, "%s/%s", directory, name);
}

/* From the command line to the file and back: only what was set on the screen is saved. */
static void
command_line_is_not_saved(void **state)
{
	char words[4][12] = {"sockwatch", "--delay", "7", "--no-color"};
	char *arguments[] = {words[0], words[1], words[2], words[3], NULL};
	struct config_file config;
	struct options options;
	struct error error = {.text = ""};

	(void)state;
	setenv("XDG_CONFIG_HOME", directory, 1);
	options_init(&options);
	assert_int_equal(options_parse(&options, 4, arguments, &error), 0);
	assert_int_equal(config_file_load(&config, &options, &error), 0);
	assert_int_equal(options.settings.interval_ms, 7000);
	assert_false(options.settings.color);
	options.settings.ascii = true;
	assert_int_equal(config_file_save(&config, &options.settings, &error), 0);
	config_file_fini(&config);
	options_fini(&options);

	options_init(&options);
	assert_int_equal(config_file_load(&config, &options, &error), 0);
	assert_int_not_equal(options.settings.interval_ms, 7000);
	assert_true(options.settings.color);
	assert_true(options.settings.ascii);
	config_file_fini(&config);
	options_fini(&options);
	unsetenv("XDG_CONFIG_HOME");
}

static void
saves_and_loads(void **state)
{
	struct config_file config;
	struct options options;
	struct error error = {.text = ""};
	struct stat facts;
	char path[256];

	(void)state;
	setenv("XDG_CONFIG_HOME", directory, 1);
	options_init(&options);
	assert_int_equal(config_file_load(&config, &options, &error), 0);
	options.settings.interval_ms = 1500;
	if (config_file_save(&config, &options.settings, &error) != 0)
		fail_msg("%s", error.text);
	config_file_fini(&config);
	options_fini(&options);

	path_in(path, sizeof path, "sockwatch/config");
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
	options_init(&options);
	assert_int_equal(config_file_load(&config, &options, &error), 0);
	assert_string_equal(config.path, path);
	assert_int_equal(options.settings.interval_ms, 1500);
	config_file_fini(&config);
	options_fini(&options);
	unsetenv("XDG_CONFIG_HOME");
}

/* A named file that is not there is made when the settings are saved; its directories too. */
static void
named_file_is_made(void **state)
{
	struct config_file config;
	struct options options;
	struct error error = {.text = ""};
	char path[256];

	(void)state;
	path_in(path, sizeof path, "absent/directory/config");
	for (int round = 0; round < 2; round++) {
		options_init(&options);
		options.config_path = path;
		assert_int_equal(config_file_load(&config, &options, &error), 0);
		assert_int_equal(config.absent, round == 0);
		assert_false(config.unreadable);
		assert_int_equal(options.settings.interval_ms, round == 0 ? 1000 : 2500);
		options.settings.interval_ms = 2500;
		assert_int_equal(config_file_save(&config, &options.settings, &error), 0);
		config_file_fini(&config);
		options_fini(&options);
	}
}

/* What stands in the way of the file is an error at once, not when it is saved. */
static void
named_file_below_a_file(void **state)
{
	struct config_file config;
	struct options options;
	struct error error = {.text = ""};

	(void)state;
	options_init(&options);
	options.config_path = "/dev/null/config";
	assert_int_equal(config_file_load(&config, &options, &error), -ENOTDIR);
	assert_true(config.unreadable);
	assert_non_null(strstr(error.text, "/dev/null/config"));
	config_file_fini(&config);
	options_fini(&options);
}

static void
follows_ones_own_link_only(void **state)
{
	struct error error = {.text = ""};
	struct buffer text;
	struct stat facts;
	char link_path[256];
	char target[256];

	(void)state;
	path_in(link_path, sizeof link_path, "link");
	path_in(target, sizeof target, "target");
	assert_int_equal(user_file_write(target, "a\n", 2, &error), 0);
	assert_int_equal(symlink("target", link_path), 0);
	assert_int_equal(user_file_write(link_path, "b\n", 2, &error), 0);
	assert_int_equal(lstat(link_path, &facts), 0);
	assert_true(S_ISLNK(facts.st_mode));
	buffer_init(&text, 0);
	assert_int_equal(user_file_read(target, &text, &error), 0);
	assert_memory_equal(text.data, "b\n", 2);
	buffer_fini(&text);
	if (geteuid() != 0)
		return; /* only root can make a file of somebody else */
	assert_int_equal(chown(target, 65534, 65534), 0);
	assert_int_equal(user_file_write(link_path, "c\n", 2, &error), -EPERM);
	assert_non_null(strstr(error.text, "65534"));
	assert_int_equal(user_file_read(target, &text, &error), -EPERM);
	buffer_fini(&text);
}

static void
refuses_what_is_no_file(void **state)
{
	struct error error = {.text = ""};
	struct buffer text;
	char path[256];

	(void)state;
	path_in(path, sizeof path, "fifo");
	assert_int_equal(mkfifo(path, 0600), 0);
	buffer_init(&text, 0);
	assert_int_equal(user_file_read(path, &text, &error), -EINVAL);
	assert_int_equal(user_file_write(path, "x", 1, &error), -EINVAL);
	buffer_fini(&text);
}

static void
history_keeps_the_newest(void **state)
{
	struct options first;
	struct options second;
	struct error error = {.text = ""};
	char path[256];
	char line[32];

	(void)state;
	options_init(&first);
	options_init(&second);
	for (unsigned i = 0; i < SETTINGS_FILTERS_MAX + 10U; i++) {
		const int len = snprintf(line, sizeof line, "port %u\n", i);

		history_file_parse(&first.settings, line, (size_t)len);
	}
	assert_int_equal(first.settings.filter_count, SETTINGS_FILTERS_MAX);
	assert_string_equal(first.settings.filters[0], "port 73");
	/* Of a command line: two lines would be read as two filters. */
	free(first.settings.filters[0]);
	first.settings.filters[0] = strdup("state listen\nport 1");
	path_in(path, sizeof path, "config");
	assert_int_equal(history_file_save(path, &first.settings, &error), 0);
	history_file_load(path, &second.settings);
	assert_int_equal(second.settings.filter_count, SETTINGS_FILTERS_MAX - 1);
	assert_string_equal(second.settings.filters[0], "port 72");
	assert_string_equal(second.settings.filters[SETTINGS_FILTERS_MAX - 2], "port 10");
	path_in(path, sizeof path, "history");
	assert_int_equal(access(path, F_OK), 0);
	options_fini(&first);
	options_fini(&second);
}

static int
make_directory(void **state)
{
	(void)state;
	/* The same name when the tests run again: setenv keeps each value that it ever had. */
	snprintf(directory, sizeof directory, "/tmp/sockwatch-test-config.%d", (int)getpid());
	return mkdir(directory, 0700);
}

static int
remove_directory(void **state)
{
	static const char *const names[] = {"sockwatch/config", "sockwatch",
		"absent/directory/config", "absent/directory", "absent", "link", "target", "fifo",
		"history", "."};
	char path[256];

	(void)state;
	unit_each (i, names) {
		path_in(path, sizeof path, names[i]);
		remove(path);
	}
	return rmdir(directory);
}

/* As long as a path can be, and one byte more. */
static void
test_long_path(void **state)
{
	static char path[PATH_MAX + 1];
	static struct config_file config;
	struct options options = {.config_path = path};
	struct error error = {.text = ""};

	(void)state;
	memset(path, 'x', PATH_MAX);
	assert_int_equal(config_file_load(&config, &options, &error), -ENAMETOOLONG);
	assert_non_null(strstr(error.text, "too long"));
	buffer_fini(&config.text);
	path[PATH_MAX - 1] = '\0';
	assert_int_not_equal(config_file_load(&config, &options, &error), 0);
	assert_null(strstr(error.text, "the path is too long"));
	buffer_fini(&config.text);
}

/* What a load finds is told of this file, whatever was in memory before. */
static void
flags_of_a_load(void **state)
{
	char path[128];
	struct config_file config;
	struct options options;
	struct error error = {.text = ""};
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/flags", directory);
	for (unsigned is_there = 0; is_there < 2; is_there++) {
		if (is_there != 0) {
			file = fopen(path, "we");
			fputs("delay = 3\n", file);
			fclose(file);
		}
		options_init(&options);
		options.config_path = path;
		memset(&config, 0xff, sizeof config);
		assert_int_equal(config_file_load(&config, &options, &error), 0);
		assert_int_equal(config.absent, is_there == 0);
		assert_false(config.unreadable);
		assert_string_equal(config.path, path);
		config_file_fini(&config);
		options_fini(&options);
	}
	unlink(path);
	/* A folder is none: that is told, and it is not written to. */
	options_init(&options);
	options.config_path = directory;
	memset(&config, 0xff, sizeof config);
	assert_true(config_file_load(&config, &options, &error) < 0);
	assert_true(config.unreadable);
	assert_false(config.absent);
	assert_int_equal(config_file_save(&config, &options.settings, &error), -EPERM);
	assert_non_null(strstr(error.text, "could not be read, so it is not overwritten"));
	config_file_fini(&config);
	options_fini(&options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(names_file_line_and_what_is_right),
		cmocka_unit_test(keeps_what_it_does_not_understand),
		cmocka_unit_test(refused_line_after_another),
		cmocka_unit_test(changes_only_what_changed),
		cmocka_unit_test(does_not_save_the_command_line),
		cmocka_unit_test(command_line_is_not_saved),
		cmocka_unit_test(saves_and_loads),
		cmocka_unit_test(named_file_is_made),
		cmocka_unit_test(named_file_below_a_file),
		cmocka_unit_test(follows_ones_own_link_only),
		cmocka_unit_test(refuses_what_is_no_file),
		cmocka_unit_test(history_keeps_the_newest),
		cmocka_unit_test(flags_of_a_load),
	};

	return cmocka_run_group_tests_name("config_file", tests, make_directory, remove_directory);
}
