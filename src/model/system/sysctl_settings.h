/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of sysctl files, as the model keeps them. All is zero as long as none came. */
#ifndef SOCKWATCH_MODEL_SYSTEM_SYSCTL_SETTINGS_H
#define SOCKWATCH_MODEL_SYSTEM_SYSCTL_SETTINGS_H

#include <sockwatch/base/text.h>
#include <sockwatch/model/sysctl_file.h>

struct sysctl_settings {
	bool known;
	char *text; /* what the rows point to */
	struct sysctl_setting *rows;
	size_t count;
	uint32_t left_out, unread;
	char unread_file[256];
};

void sysctl_settings_clear(struct sysctl_settings *settings);

#endif
