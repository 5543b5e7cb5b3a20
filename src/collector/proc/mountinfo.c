/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the mounts, splits a line of /proc/PID/mountinfo into the fields that are used, and undoes
 * its escapes. */
#include <config.h>

#include "mountinfo.h"

#include <stdlib.h>
#include <unistd.h>

#include "pid_file.h"

/* "36 35 0:4 net:[4026532301] /run/docker/netns/1-abc rw shared:1 - nsfs nsfs rw" */
struct mountinfo
mountinfo_parse(struct text line)
{
	struct mountinfo mount;

	for (int field = 1; field <= 3; field++)
		(void)text_cut(&line, ' ');
	mount.root = text_cut(&line, ' ');
	mount.point = text_cut(&line, ' ');
	/* Options, some of them optional, then "-", then the type. */
	while (line.len != 0 && !text_equal(text_cut(&line, ' '), text_of("-")))
		;
	mount.type = text_cut(&line, ' ');
	(void)text_cut(&line, ' ');
	mount.options = text_cut(&line, ' ');
	return mount;
}

static bool
is_octal(const char *digits)
{
	return digits[0] >= '0' && digits[0] <= '3' && digits[1] >= '0' && digits[1] <= '7' &&
	       digits[2] >= '0' && digits[2] <= '7';
}

bool
mountinfo_unescape(struct text text, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; len++) {
		if (len + 1 >= size)
			return false;
		if (text.data[i] == '\\' && text.len - i >= 4 && is_octal(text.data + i + 1)) {
			out[len] = (char)((text.data[i + 1] - '0') << 6 |
					  (text.data[i + 2] - '0') << 3 | (text.data[i + 3] - '0'));
			i += 4;
		} else {
			out[len] = text.data[i++];
		}
	}
	out[len] = '\0';
	return true;
}

struct text
mountinfo_read(int proc, char **memory)
{
	ssize_t len = -1;

	*memory = malloc(MOUNTINFO_MAX);
	if (*memory != NULL)
		len = pid_file_read(proc, (uint32_t)getpid(), "mountinfo", *memory, MOUNTINFO_MAX);
	return len > 0 ? (struct text){*memory, (size_t)len} : (struct text){"", 0};
}
