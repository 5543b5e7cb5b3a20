/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the lines of sysctl files in and finds the one that sets a sysctl. */
#include <config.h>

#include "sysctl_settings.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/number.h>

#include "model/apply.h"
#include "model/model_private.h"

enum { PATH_SIZE = 256 };

void
sysctl_settings_clear(struct sysctl_settings *settings)
{
	free(settings->text);
	free(settings->rows);
	*settings = (struct sysctl_settings){.known = false};
}

static size_t
count_lines(struct text text)
{
	struct text line;
	size_t count = 0;

	while (text_next_line(&text, &line))
		count++;
	return count;
}

/* Ends the part before the next tab; returns what comes after it, or NULL. */
static char *
cut(char *part)
{
	char *const tab = strchr(part, '\t');

	if (tab == NULL)
		return NULL;
	*tab = '\0';
	return tab + 1;
}

/* "FILE\tLINE\tKEY\tVALUE", or without the last tab and value. */
static bool
read_row(char *line, struct sysctl_setting *row)
{
	char *const number = cut(line);
	char *const key = number != NULL ? cut(number) : NULL;
	uint64_t value;

	if (key == NULL || number_parse(number, 1, UINT32_MAX, &value) != 0)
		return false;
	*row = (struct sysctl_setting){
		.file = line, .line = (uint32_t)value, .value = cut(key), .key = key};
	return true;
}

static void
read_rows(struct sysctl_settings *settings)
{
	char *line = settings->text;

	while (*line != '\0') {
		char *const end = strchrnul(line, '\n');
		const bool is_last = *end == '\0';

		*end = '\0';
		if (read_row(line, &settings->rows[settings->count]))
			settings->count++;
		if (is_last)
			break;
		line = end + 1;
	}
}

void
apply_sysctl_files(struct model *model, const union message_body *body)
{
	const struct message_sysctl_files *const from = &body->sysctl_files;
	struct sysctl_settings *const settings = &model->own->sysctl_settings;

	model->changes++;
	sysctl_settings_clear(settings);
	settings->text = strndup(from->lines.data, from->lines.len);
	settings->rows = calloc(count_lines(from->lines) + 1, sizeof *settings->rows);
	/* Without memory they are not known. */
	if (settings->text == NULL || settings->rows == NULL)
		return;
	read_rows(settings);
	settings->known = true;
	settings->left_out = from->left_out;
	settings->unread = from->unread;
	text_add(settings->unread_file, sizeof settings->unread_file, 0, "%.*s",
		(int)from->unread_file.len, from->unread_file.data);
}

bool
model_sysctl_files_known(const struct model *model)
{
	return model->own->sysctl_settings.known;
}

size_t
model_sysctl_settings(const struct model *model)
{
	return model->own->sysctl_settings.count;
}

const struct sysctl_setting *
model_sysctl_setting(const struct model *model, size_t index)
{
	return &model->own->sysctl_settings.rows[index];
}

uint32_t
model_sysctl_settings_left_out(const struct model *model)
{
	return model->own->sysctl_settings.left_out;
}

uint32_t
model_sysctl_files_unread(const struct model *model, const char **first)
{
	*first = model->own->sysctl_settings.unread_file;
	return model->own->sysctl_settings.unread;
}

/* A copy in which slashes separate, as in the path of the file. */
static void
to_path(const char *name, char out[PATH_SIZE])
{
	text_add(out, PATH_SIZE, 0, "%s", name);
	for (; *out != '\0'; out++)
		*out = *out == '.' ? '/' : *out == '/' ? '.' : *out;
}

/* A star matches within one part of the path, as with glob(7). */
static bool
matches(const char *pattern, enum sysctl sysctl)
{
	char pattern_path[PATH_SIZE], path[PATH_SIZE];

	if (strpbrk(pattern, "*?[") == NULL)
		return false;
	to_path(pattern, pattern_path);
	to_path(sysctl_name(sysctl), path);
	return fnmatch(pattern_path, path, FNM_PATHNAME) == 0;
}

const struct sysctl_setting *
model_sysctl_set_by(const struct model *model, enum sysctl sysctl)
{
	const struct sysctl_settings *const settings = &model->own->sysctl_settings;
	const struct sysctl_setting *exact = NULL, *by_pattern = NULL;
	bool is_excluded = false;

	for (size_t i = 0; i < settings->count; i++) {
		const struct sysctl_setting *const row = &settings->rows[i];
		const bool is_name = strcmp(row->key, sysctl_name(sysctl)) == 0;

		if (is_name && row->value == NULL)
			is_excluded = true;
		else if (is_name)
			exact = row;
		else if (row->value != NULL && matches(row->key, sysctl))
			by_pattern = row;
	}
	return exact != NULL || is_excluded ? exact : by_pattern;
}
