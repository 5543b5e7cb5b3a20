/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters that were typed, kept beside the config: one a line, newest last. */
#ifndef SOCKWATCH_APP_CONFIG_HISTORY_FILE_H
#define SOCKWATCH_APP_CONFIG_HISTORY_FILE_H

#include <stddef.h>

#include <sockwatch/base/error.h>
#include <sockwatch/tui/settings.h>

/*
 * "history" beside "config"; "NAME.history" beside a file that --config named. 0, or -ENAMETOOLONG.
 */
int history_file_path(const char *config_path, char *out, size_t size);

/* Fills settings->filters from the file beside the config. No file is no error. */
void history_file_load(const char *config_path, struct settings *settings);
/* 0, or negative errno with a sentence. */
int history_file_save(
	const char *config_path, const struct settings *settings, struct error *error);

/* The same without a file. */
void history_file_parse(struct settings *settings, const char *text, size_t len);

#endif
