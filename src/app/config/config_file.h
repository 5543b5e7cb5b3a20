/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The config file: `key = value` by the table of options, `bind KEY ACTION`, and # for comments.
 * A line that is not understood is reported with its number, and kept when the file is saved.
 */
#ifndef SOCKWATCH_APP_CONFIG_CONFIG_FILE_H
#define SOCKWATCH_APP_CONFIG_CONFIG_FILE_H

#include <limits.h>
#include <stddef.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/error.h>

#include "app/option/options.h"

struct config_file {
	char path[PATH_MAX]; /* "": there is no home to keep one in */
	struct buffer text;  /* as it was read or last saved */
	/* Values from the command line, by row: they are for this run only and not saved. */
	struct buffer overridden[OPTIONS_ROWS_MAX];
	bool unreadable; /* the file exists but cannot be read, so it is never overwritten */
	bool absent;     /* there is no such file: saving makes it, and its directories */
};

/*
 * Reads the settings into options, except those that the command line gave. A file that is not
 * there is no error: saving makes it. 0; or negative errno with a sentence that names file
 * and line; all other lines are in force then.
 */
int config_file_load(struct config_file *config, struct options *options, struct error *error);
/* 0, or negative errno with a sentence. */
int config_file_save(
	struct config_file *config, const struct settings *settings, struct error *error);
void config_file_fini(struct config_file *config);

/* Reading and rendering without a file. name: what the sentence calls the text. */
int config_file_parse(struct options *options, const char *name, const char *text, size_t len,
	struct error *error);
/*
 * Appends the text with the values of options in place of its own. A row whose value is still that
 * of overridden (by row; may be NULL) is left as it is in the text.
 */
void config_file_render(const struct options *options, const char *text, size_t len,
	const struct buffer *overridden, struct buffer *out);

#endif
