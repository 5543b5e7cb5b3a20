/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files the opener is started for. */
#include <config.h>

#include "root_files.h"

#include <limits.h>

#include <sockwatch/privilege/opener.h>
#include <sockwatch/privilege/user.h>

#include "app/config/history_file.h"

int
root_files_open(const char *config_path, const char *other_path, struct error *error)
{
	static char history[PATH_MAX];
	const char *const files[OPENER_FILES_MAX] = {config_path, history, other_path};

	if (!user_is_root_login())
		return 0;
	if (history_file_path(config_path, history, sizeof history) != 0)
		history[0] = '\0';
	return opener_start(files, error);
}
