/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The config file: any text is read; saved without a change it means the same and keeps every line;
 * saved after a change and read again it gives the settings that were saved.
 */
#include <config.h>

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/edit_distance.h>

#include "app/config/config_file.h"

size_t __wrap_edit_distance(struct text a, struct text b);

/* Linked with -Wl,--wrap=edit_distance: what a wrong word may have meant takes most of the time. */
size_t
__wrap_edit_distance(struct text a, struct text b)
{
	return a.len > b.len ? a.len - b.len : b.len - a.len;
}

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

static void
read_settings(struct options *options, const uint8_t *data, size_t size, struct buffer *out)
{
	struct error error = {.position = -1};

	options_init(options);
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
	return 0;
}
