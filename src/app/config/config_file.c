/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The config file: finding, reading and saving it; config_line.c and config_render.c do the text.
 */
#include <config.h>

#include "config_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/tui/tui.h>

#include "config_line.h"
#include "user_file.h"

static int
check_bind(const char *value, struct error *error)
{
	struct settings_bind bind;
	char rest;

	/* option_set refuses a line of another form with its own sentence. */
	if (sscanf(value, "%15s %31s %c", bind.key, bind.action, &rest) != 2)
		return 0;
	return tui_check_bind(bind.key, bind.action, error);
}

static int
apply_line(struct options *options, const char *text, size_t len, struct error *error)
{
	struct config_line line;
	struct error inner;
	int result = config_line_read(&line, text, len, error);

	if (result != 0 || line.kind == CONFIG_LINE_BLANK)
		return result;
	if (line.kind == CONFIG_LINE_RULE)
		return doctor_settings_set(&options->settings.doctor, line.name, line.value, error);
	if (line.kind == CONFIG_LINE_ACCEPT)
		return doctor_settings_accept(&options->settings.doctor, line.value, error);
	if (line.kind == CONFIG_LINE_BIND)
		result = check_bind(line.value, &inner);
	if (result == 0 && !option_given(options, line.row))
		result = option_set(line.row, options, line.value, &inner);
	if (result != 0)
		error_set(error, "%s: %s", line.row->key, inner.text);
	return result;
}

int
config_file_parse(struct options *options, const char *name, const char *text, size_t len,
	struct error *error)
{
	struct error first;
	struct text rest = {text, len}, line;
	size_t number = 0;
	size_t first_number = 0;
	size_t refused = 0;
	int result = 0;

	while (text_next_line(&rest, &line)) {
		struct error here;

		number++;
		if (apply_line(options, line.data, line.len, &here) != 0 && refused++ == 0) {
			first = here;
			first_number = number;
			result = -EINVAL;
		}
	}
	if (refused == 1)
		error_set(error, "%s:%zu: %s", name, first_number, first.text);
	else if (refused > 1)
		error_set(error, "%s:%zu: %s (and %zu more lines)", name, first_number, first.text,
			refused - 1);
	return result;
}

static void
note_overridden(struct config_file *config, const struct options *options)
{
	for (size_t i = 0; i < option_row_count; i++) {
		buffer_init(&config->overridden[i], 0);
		if (option_given(options, &option_rows[i]) && option_rows[i].key != NULL)
			option_print(&option_rows[i], options, &config->overridden[i]);
	}
}

int
config_file_load(struct config_file *config, struct options *options, struct error *error)
{
	struct error inner;
	int result;

	config->path[0] = '\0';
	config->unreadable = config->absent = false;
	buffer_init(&config->text, 2 * STORE_MAX);
	note_overridden(config, options);
	if (options->config_path != NULL) {
		if (strlen(options->config_path) >= sizeof config->path) {
			error_set(error, "--config: the path is too long");
			return -ENAMETOOLONG;
		}
		memcpy(config->path, options->config_path, strlen(options->config_path) + 1);
	} else if (user_file_path("config", config->path, sizeof config->path, &inner) != 0) {
		config->path[0] = '\0';
		return 0;
	}
	result = user_file_read(config->path, &config->text, &inner);
	config->absent = result == -ENOENT;
	if (config->absent)
		return 0;
	if (result != 0) {
		config->unreadable = true;
		error_set(error, "%s", inner.text);
		return result;
	}
	return config_file_parse(
		options, config->path, (const char *)config->text.data, config->text.len, error);
}

int
config_file_save(struct config_file *config, const struct settings *settings, struct error *error)
{
	const struct options options = {.settings = *settings};
	struct buffer rendered;
	int result;

	if (config->path[0] == '\0') {
		error_set(error, "there is no home directory to save the settings in");
		return -ENOENT;
	}
	if (config->unreadable) {
		error_set(error, "%s could not be read, so it is not overwritten", config->path);
		return -EPERM;
	}
	buffer_init(&rendered, 2 * STORE_MAX);
	config_file_render(&options, (const char *)config->text.data, config->text.len,
		config->overridden, &rendered);
	if (rendered.failed) {
		error_set(error, "the settings are too long to be saved");
		buffer_fini(&rendered);
		return -ENOMEM;
	}
	result = user_file_write(config->path, rendered.data, rendered.len, error);
	if (result == 0) {
		buffer_fini(&config->text);
		config->text = rendered;
	} else {
		buffer_fini(&rendered);
	}
	return result;
}

void
config_file_fini(struct config_file *config)
{
	buffer_fini(&config->text);
	for (size_t i = 0; i < option_row_count; i++)
		buffer_fini(&config->overridden[i]);
}
