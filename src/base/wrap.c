/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Breaks a paragraph into lines: help, questions on the screen. */
#include <config.h>

#include <sockwatch/base/wrap.h>

#include <string.h>

bool
wrap_next(const char **text, size_t columns, struct text *line)
{
	const char *const start = *text + strspn(*text, " ");
	size_t len = text_fit(start, columns);

	if (start[len] != '\0' && start[len] != ' ') {
		size_t end = len;

		while (end > 0 && start[end] != ' ' && start[end - 1] != ',')
			end--;
		len = end > 0 ? end : len;
	}
	/* A character that is wider than the line must not hold it up. */
	if (len == 0 && *start != '\0')
		len = strlen(start);
	*text = start + len + strspn(start + len, " ");
	while (len > 0 && start[len - 1] == ' ')
		len--;
	*line = (struct text){start, len};
	return len > 0;
}
