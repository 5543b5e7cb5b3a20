/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws what the analysis wrote: parts of a line, and severities, in the roles that they have. */
#include <config.h>

#include "draw.h"

static const enum role roles[MEANING_COUNT] = {
	[MEANING_PLAIN] = ROLE_NORMAL,
	[MEANING_STRONG] = ROLE_STRONG,
	[MEANING_DIM] = ROLE_DIM,
	[MEANING_GOOD] = ROLE_GOOD,
	[MEANING_WARNING] = ROLE_WARNING,
	[MEANING_CRITICAL] = ROLE_CRITICAL,
	[MEANING_WAITING] = ROLE_WAITING,
	[MEANING_CHANGED] = ROLE_CHANGED,
	[MEANING_DATA] = ROLE_LISTEN,
	[MEANING_RULE] = ROLE_SECTION,
	[MEANING_HERE] = ROLE_MATCH,
};

enum role
draw_severity_role(enum severity severity)
{
	switch (severity) {
	case SEVERITY_INFO: break;
	case SEVERITY_WARNING: return ROLE_WARNING;
	case SEVERITY_CRITICAL: return ROLE_CRITICAL;
	}
	return ROLE_NORMAL;
}

void
draw_strip(struct pen *pen, const struct strip *strip)
{
	size_t begin = 0;

	for (size_t i = 0; i < strip->count; i++) {
		const size_t end = strip->parts[i].end;

		draw_format(pen, roles[strip->parts[i].meaning], "%.*s", (int)(end - begin),
			strip->text + begin);
		begin = end;
	}
}
