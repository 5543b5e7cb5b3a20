/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes what was inherited, finds the folders that may be written, and enters the sandbox. */
#include <config.h>

#include "confine.h"

#include <limits.h>
#include <unistd.h>

#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/inherited.h>
#include <sockwatch/privilege/lock.h>

void
confine(enum sandbox_role role)
{
	inherited_close();
	lock_directory();
	sandbox_enter(role, NULL);
}

void
confine_files(const struct confined_files *files)
{
	char settings[PATH_MAX], written[PATH_MAX], here[PATH_MAX];
	const struct sandbox_writes writes = {
		.folders = {settings, written, files->tui != NULL ? "." : NULL}};
	const bool has_folder = getcwd(here, sizeof here) != NULL;

	inherited_close();
	/* Saving says it again where this fails. */
	if (files->settings != NULL && !files->settings_are_named)
		(void)whole_file_make_directories(files->settings, NULL);
	sandbox_folder(files->settings, settings);
	sandbox_folder(files->written, written);
	sandbox_enter(SANDBOX_VIEWER, &writes);
	if (files->tui != NULL)
		tui_set_sandbox(files->tui, sandbox_bounds_files() && has_folder ? here : NULL,
			sandbox_lacks());
}

void
confine_lookup(void)
{
	sandbox_enter(SANDBOX_LOOKUP, NULL);
}
