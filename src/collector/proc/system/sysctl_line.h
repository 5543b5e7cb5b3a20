/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a file of sysctl.d(5). */
#ifndef SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_LINE_H
#define SOCKWATCH_COLLECTOR_PROC_SYSTEM_SYSCTL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/base/text.h>

enum { SYSCTL_LINE_KEY_SIZE = 256 };

struct sysctl_line {
	/*
	 * As sysctl(8) prints it ("net.ipv4.tcp_fin_timeout"), or a pattern of such ("*"). A minus
	 * before it, which only means that errors are ignored, is left out.
	 */
	char key[SYSCTL_LINE_KEY_SIZE];
	bool has_value; /* false: "-key", which patterns shall not match */
	struct text value;
};

/* false: it is empty, a comment, malformed, or not about net. The value points into the line. */
bool sysctl_line_parse(struct text line, struct sysctl_line *out);

#endif
