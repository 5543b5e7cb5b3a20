/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the last line `user = NAME` of root's config. */
#include <config.h>

#include "user_setting.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/privilege/user.h>

#include "config_line.h"
#include "user_file.h"

static const char usual[] = "default";

static void
take_lines(struct text rest, char *name, size_t size)
{
	struct text text;

	while (text_next_line(&rest, &text)) {
		struct config_line line;

		if (config_line_read(&line, text.data, text.len, NULL) == 0 &&
			line.kind == CONFIG_LINE_VALUE && strcmp(line.row->key, "user") == 0)
			(void)snprintf(name, size, "%.*s", (int)size - 1,
				strlen(line.value) < size ? line.value : "?");
	}
}

static void
read_setting(const struct options *options, char *name, size_t size)
{
	char path[PATH_MAX];
	struct buffer text;

	if (options->config_path != NULL)
		snprintf(path, sizeof path, "%s", options->config_path);
	else if (user_file_path("config", path, sizeof path, NULL) != 0)
		return;
	buffer_init(&text, 2 * STORE_MAX);
	if (user_file_read(path, &text, NULL) == 0)
		take_lines((struct text){(const char *)text.data, text.len}, name, size);
	buffer_fini(&text);
}

int
user_setting_choose(const struct options *options, struct error *error)
{
	char name[sizeof options->settings.user];

	snprintf(name, sizeof name, "%s", usual);
	if (user_is_root_login())
		read_setting(options, name, sizeof name);
	return user_choose(strcmp(name, usual) != 0 ? name : NULL, error);
}
