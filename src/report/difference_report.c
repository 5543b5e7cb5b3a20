/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about two looks. */
#include <config.h>

#include <sockwatch/report/difference_report.h>

#include <string.h>

#include <sockwatch/base/clock.h>

static void
append_time(const struct model *model, struct buffer *out)
{
	char time[CLOCK_TEXT_SIZE];

	clock_format_rfc3339(model_wall_ns(model, model->now_ns), time, sizeof time);
	time[strcspn(time, ".")] = '\0';
	buffer_append_text(out, time);
}

void
difference_report_words(const struct difference *difference, struct buffer *out)
{
	const struct host_facts *const before = &difference->before->host;
	const struct host_facts *const after = &difference->after->host;
	char left[sizeof before->host], right[sizeof after->host];

	buffer_append_format(out,
		"in all %zu came, %zu went, %zu in another state, %zu grew\nfrom ",
		difference->counts[DIFFERENCE_CAME], difference->counts[DIFFERENCE_WENT],
		difference->counts[DIFFERENCE_STATE], difference->counts[DIFFERENCE_GREW]);
	append_time(difference->before, out);
	buffer_append_text(out, " to ");
	append_time(difference->after, out);
	buffer_append_char(out, '\n');
	if (difference->is_same_boot)
		return;
	text_clean(text_of(before->host), left, sizeof left);
	text_clean(text_of(after->host), right, sizeof right);
	if (strcmp(before->host, after->host) != 0)
		buffer_append_format(out,
			"the first is of %s, the second of %s: sockets are the same where their addresses are\n",
			left, right);
	else
		buffer_append_text(out,
			"the box was started again in between: sockets are the same where their addresses are\n");
}
