/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rights of a process in words. */
#ifndef SOCKWATCH_APP_COMMAND_RIGHTS_RIGHTS_WORDS_H
#define SOCKWATCH_APP_COMMAND_RIGHTS_RIGHTS_WORDS_H

#include <sys/types.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/privilege/process_rights.h>

struct rights_process {
	const char *name;
	pid_t pid;
	const char *files; /* which it may name */
	int is_dumpable;   /* -1: what /proc shows counts */
	struct process_rights rights;
};

void rights_words(const struct rights_process *process, struct buffer *out);

#endif
