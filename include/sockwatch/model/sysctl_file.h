/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of the files of sysctl.d(5) and of /etc/sysctl.conf that set something of net, in the
 * order in which they are applied: of two that set the same, the later one counts. They are the
 * files of the place where the collector runs, and say what is set at boot; what is in force now is
 * in sysctl.h. Written by the model from MESSAGE_SYSCTL_FILES; all live until the next record.
 */
#ifndef SOCKWATCH_MODEL_SYSCTL_FILE_H
#define SOCKWATCH_MODEL_SYSCTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/sysctl.h>

struct model;

struct sysctl_setting {
	const char *file; /* its path, not clean */
	uint32_t line;
	const char *key;   /* as sysctl(8) prints names, or a pattern of them ("*"); not clean */
	const char *value; /* not clean; NULL: a name that patterns shall not match ("-name") */
};

/* They were read; else nothing below is known. */
bool model_sysctl_files_known(const struct model *model);
size_t model_sysctl_settings(const struct model *model);
/* index: below that number. */
const struct sysctl_setting *model_sysctl_setting(const struct model *model, size_t index);

/*
 * The line that sets this sysctl at boot, or NULL. A line with its name goes before one with a
 * pattern, whatever their order.
 */
const struct sysctl_setting *model_sysctl_set_by(const struct model *model, enum sysctl sysctl);

/* Lines that had no room. */
uint32_t model_sysctl_settings_left_out(const struct model *model);
/* Files and directories that could not be read, or not whole; *first: the first of them, not clean,
 * or "". */
uint32_t model_sysctl_files_unread(const struct model *model, const char **first);

#endif
