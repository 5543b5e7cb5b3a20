/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The config file: any text is read; saved without a change it means the same and keeps every line;
 * saved after a change and read again it gives the settings that were saved. The same through the
 * file, with an option of the command line that must not get into it, and where there is none.
 */
#include <config.h>

#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/config/config_file.h"
#include "memory_user_file.h"

static void
print_settings(const struct options *options, struct buffer *out)
{
	for (size_t i = 0; i < option_row_count; i++) {
		option_print(&option_rows[i], options, out);
		buffer_append_char(out, '\n');
	}
	for (size_t i = 0; i < options->settings.bind_count; i++)
		buffer_append_format(out, "%s %s\n", options->settings.binds[i].key,
			options->settings.binds[i].action);
}

/* To make them takes longer than to read most inputs. */
static void
begin(struct options *options)
{
	static struct options usual;

	if (usual.settings.interval_ms == 0)
		options_init(&usual);
	*options = usual;
}

static void
read_settings(struct options *options, const uint8_t *data, size_t size, struct buffer *out)
{
	struct error error = {.position = -1};

	begin(options);
	config_file_parse(options, "config", (const char *)data, size, &error);
	print_settings(options, out);
}

static size_t
count_lines(const uint8_t *data, size_t size)
{
	size_t lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return size > 0 && data[size - 1] != '\n' ? lines + 1 : lines;
}

static void
check_round_trip(const struct options *options, const uint8_t *data, size_t size,
	const struct buffer *settings)
{
	struct options again;
	struct buffer saved;
	struct buffer settings_again;

	buffer_init(&saved, 0);
	buffer_init(&settings_again, 0);
	config_file_render(options, (const char *)data, size, NULL, &saved);
	if (count_lines(saved.data, saved.len) < count_lines(data, size))
		abort();
	read_settings(&again, saved.data, saved.len, &settings_again);
	if (settings_again.len != settings->len ||
		memcmp(settings_again.data, settings->data, settings->len) != 0)
		abort();
	options_fini(&again);
	buffer_fini(&saved);
	buffer_fini(&settings_again);
}

/* Loads, changes a setting and saves. given: an option that the command line has. */
static void
save(const struct option_row *given, int read_error, int write_error)
{
	static struct config_file config;
	struct error error = {.text = ""};
	struct options options;

	begin(&options);
	options.config_path = "/config";
	if (given != NULL) {
		options.given[given - option_rows] = true;
		(void)option_set(given, &options, given->kind == OPTION_ON ? "yes" : "3", &error);
	}
	memory_user_file.error = read_error;
	if (config_file_load(&config, &options, &error) != 0 && error.text[0] == '\0')
		abort();
	if (config.absent != (read_error == -ENOENT) ||
		config.unreadable != (read_error != 0 && read_error != -ENOENT))
		abort();
	options.settings.mouse = !options.settings.mouse;
	memory_user_file.error = write_error;
	error.text[0] = '\0';
	if (config_file_save(&config, &options.settings, &error) != 0 && error.text[0] == '\0')
		abort();
	config_file_fini(&config);
	options_fini(&options);
}

static void
check_file(const uint8_t *data, size_t size)
{
	static const int errors[] = {0, -ENOENT, -EACCES};
	const uint8_t choice = size != 0 ? data[size - 1] : 0;

	memory_user_file.data = data;
	memory_user_file.len = size;
	save(choice % 4 == 0 ? option_by_key("interval", strlen("interval")) : NULL,
		errors[choice / 4 % 3], choice / 16 % 4 == 3 ? -ENOSPC : 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options options;
	struct buffer settings;

	buffer_init(&settings, 0);
	read_settings(&options, data, size, &settings);
	check_round_trip(&options, data, size, &settings);
	options.settings.mouse = !options.settings.mouse;
	options.settings.interval_ms = 12345;
	buffer_clear(&settings);
	print_settings(&options, &settings);
	check_round_trip(&options, data, size, &settings);
	options_fini(&options);
	buffer_fini(&settings);
	check_file(data, size);
	return 0;
}
