/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what help knows of states and counters for the manual page. */
#include <config.h>

#include "app/docgen_topics.h"

#include <string.h>

#include <sockwatch/base/roff.h>

/* A sentence has its full stop; what begins small has none. */
static void
print_part(const char *text, FILE *out)
{
	const size_t len = strlen(text);

	roff_print(out, text);
	fputs(len > 0 && text[len - 1] == '.' ? "\n" : ".\n", out);
}

void
docgen_print_topics(enum topic_kind kind, FILE *out)
{
	struct topic topic;

	for (size_t i = 0; topic_at(kind, i, &topic); i++) {
		fputs(".TP\n\\fB", out);
		roff_print(out, topic.name);
		fputs("\\fR\n", out);
		for (size_t k = 0; k < topic.count; k++) {
			if (k > 0)
				fprintf(out, "\\fI%s\\fR: ", topic.parts[k].label);
			print_part(topic.parts[k].text, out);
		}
	}
}
