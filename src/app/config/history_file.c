/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history of filters: a file beside the config, a filter a line, newest last. */
#include <config.h>

#include "history_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user_file.h"

enum { LINE_MAX_BYTES = 4096 };

int
history_file_path(const char *config_path, char *out, size_t size)
{
	const char *const slash = strrchr(config_path, '/');
	const char *const name = slash != NULL ? slash + 1 : config_path;
	const bool usual = strcmp(name, "config") == 0;
	const size_t kept = strlen(config_path) - (usual ? strlen(name) : 0);
	const int len = snprintf(
		out, size, "%.*s%s", (int)kept, config_path, usual ? "history" : ".history");

	return name[0] != '\0' && len > 0 && (size_t)len < size ? 0 : -ENAMETOOLONG;
}

/* Adds the newest filter; the oldest goes when there are too many. */
static void
add_filter(struct settings *settings, const char *text, size_t len)
{
	char *const copy = strndup(text, len);

	if (copy == NULL)
		return;
	if (settings->filter_count == SETTINGS_FILTERS_MAX)
		free(settings->filters[--settings->filter_count]);
	memmove(settings->filters + 1, settings->filters,
		settings->filter_count * sizeof settings->filters[0]);
	settings->filters[0] = copy;
	settings->filter_count++;
}

void
history_file_parse(struct settings *settings, const char *text, size_t len)
{
	struct text rest = {text, len}, line;

	while (text_next_line(&rest, &line)) {
		if (line.len > 0 && line.len < LINE_MAX_BYTES &&
			memchr(line.data, '\0', line.len) == NULL)
			add_filter(settings, line.data, line.len);
	}
}

void
history_file_load(const char *config_path, struct settings *settings)
{
	char path[PATH_MAX];
	struct buffer text;

	buffer_init(&text, 2 * STORE_MAX);
	if (history_file_path(config_path, path, sizeof path) == 0 &&
		user_file_read(path, &text, NULL) == 0)
		history_file_parse(settings, (const char *)text.data, text.len);
	buffer_fini(&text);
}

int
history_file_save(const char *config_path, const struct settings *settings, struct error *error)
{
	char path[PATH_MAX];
	struct buffer text;
	int result;

	if (history_file_path(config_path, path, sizeof path) != 0) {
		error_set(error, "there is no place to keep the history of filters in");
		return -ENOENT;
	}
	buffer_init(&text, STORE_MAX);
	for (size_t i = settings->filter_count; i-- > 0;) {
		/* Of the command line it may have several lines, which would be read as filters. */
		if (strpbrk(settings->filters[i], "\r\n") != NULL)
			continue;
		buffer_append_text(&text, settings->filters[i]);
		buffer_append_char(&text, '\n');
	}
	result = user_file_write(path, text.data, text.len, error);
	buffer_fini(&text);
	return result;
}
