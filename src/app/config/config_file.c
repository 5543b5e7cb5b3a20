/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "config_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/tui/tui.h>

#include "app/option/suggest.h"
#include "user_file.h"

static const char blanks[] = " \t\r";

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && memchr(blanks, (*text)[0], sizeof blanks - 1) != NULL) {
		++*text;
		--*len;
	}
	while (*len > 0 && memchr(blanks, (*text)[*len - 1], sizeof blanks - 1) != NULL)
		--*len;
}

static int
refuse_key(const char *key, size_t len, struct error *error)
{
	const char *best = NULL;
	char clean[64];

	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].key != NULL)
			best = suggest_nearer(key, len, best, option_rows[i].key);
	}
	text_clean((struct text){key, len}, clean, sizeof clean);
	if (best != NULL)
		error_set(error, "there is no setting \"%s\"; did you mean %s?", clean, best);
	else
		error_set(error, "there is no setting \"%s\"; the manual lists them", clean);
	return -EINVAL;
}

static int
take_value(struct config_line *line, enum config_line_kind kind, const struct option_row *row,
	struct text value, struct error *error)
{
	trim(&value.data, &value.len);
	if (value.len >= sizeof line->value || memchr(value.data, '\0', value.len) != NULL) {
		error_set(error, "the line is too long, or no text");
		return -EINVAL;
	}
	memcpy(line->value, value.data, value.len);
	line->value[value.len] = '\0';
	line->kind = kind;
	line->row = row;
	return 0;
}

int
config_line_read(struct config_line *line, const char *text, size_t len, struct error *error)
{
	static const char bind[] = "bind";
	const char *equals;
	const struct option_row *row;
	struct text key;

	line->kind = CONFIG_LINE_OTHER;
	line->row = NULL;
	trim(&text, &len);
	if (len == 0 || text[0] == '#') {
		line->kind = CONFIG_LINE_BLANK;
		return 0;
	}
	if (len >= sizeof bind && memcmp(text, bind, sizeof bind - 1) == 0 &&
		memchr(blanks, text[sizeof bind - 1], sizeof blanks - 1) != NULL)
		return take_value(line, CONFIG_LINE_BIND, option_by_key(bind, sizeof bind - 1),
			(struct text){text + sizeof bind, len - sizeof bind}, error);
	equals = memchr(text, '=', len);
	key = (struct text){text, equals != NULL ? (size_t)(equals - text) : len};
	trim(&key.data, &key.len);
	row = option_by_key(key.data, key.len);
	if (row == NULL)
		return refuse_key(key.data, key.len, error);
	if (equals == NULL || row->kind == OPTION_BIND) {
		error_set(error, "\"%s\" needs the form %s", row->key,
			row->kind == OPTION_BIND ? "bind KEY ACTION" : "key = value");
		return -EINVAL;
	}
	return take_value(line, CONFIG_LINE_VALUE, row,
		(struct text){equals + 1, len - (size_t)(equals + 1 - text)}, error);
}

static int
check_bind(const char *value, struct error *error)
{
	struct settings_bind bind;
	char rest;

	/* A line of another form is refused by option_set with its own sentence. */
	if (sscanf(value, "%15s %31s %c", bind.key, bind.action, &rest) != 2)
		return 0;
	return tui_check_bind(bind.key, bind.action, error);
}

static int
apply_line(struct options *options, const char *text, size_t len, struct error *error)
{
	struct config_line line;
	struct error inner = {.position = -1};
	int result = config_line_read(&line, text, len, error);

	if (result != 0 || line.kind == CONFIG_LINE_BLANK)
		return result;
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
	struct error first = {.position = -1};
	struct text rest = {text, len}, line;
	size_t number = 0;
	size_t first_number = 0;
	size_t refused = 0;
	int result = 0;

	while (text_next_line(&rest, &line)) {
		struct error here = {.position = -1};

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
remember_overridden(struct config_file *config, const struct options *options)
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
	struct error inner = {.position = -1};
	int result;

	config->path[0] = '\0';
	config->unreadable = false;
	buffer_init(&config->text, 2 * STORE_MAX);
	remember_overridden(config, options);
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
	if (result == -ENOENT && options->config_path == NULL)
		return 0;
	if (result != 0) {
		config->unreadable = result != -ENOENT;
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
		error_set(error, "%s could not be read, so it is not written either", config->path);
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
